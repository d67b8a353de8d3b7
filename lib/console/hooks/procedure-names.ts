import { useEffect, useState } from 'preact/hooks';
import { useSession } from './session.ts';

/** Number of newest jobs whose procedures are suggested, as the API does not list procedures. */
const JOBS = 100;

/** Reads the procedures of the newest jobs, as suggestions for a text field. */
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
    // The field works without suggestions.
    read().catch(() => undefined);
    return () => controller.abort();
  }, [client]);
  return names;
}
