import { useEffect, useState } from 'preact/hooks';
import { useSession } from './session.ts';

/** So many of the newest jobs tell which procedures are in use; the API lists none. */
const JOBS = 100;

/** Procedures of the newest jobs, the newest first, for a field that can be typed into as well. */
export function useProcedureNames(): string[] {
  const { client } = useSession();
  const [names, setNames] = useState<string[]>([]);
  useEffect(() => {
    const controller = new AbortController();
    const read = async () => {
      const found = new Set<string>();
      let left = JOBS;
      for await (const { procedure } of client({ signal: controller.signal }).jobs({ limit: JOBS })) {
        found.add(procedure);
        left -= 1;
        if (left === 0) break;
      }
      setNames([...found]);
    };
    // Without suggestions the field does as well.
    read().catch(() => undefined);
    return () => controller.abort();
  }, [client]);
  return names;
}
