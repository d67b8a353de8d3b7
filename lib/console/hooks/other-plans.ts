import { useEffect, useState } from 'preact/hooks';
import type { Job } from '../../client/index.ts';
import { useSession } from './session.ts';

const NONE: readonly Job[] = [];
/** More plans of a name are found in the list of jobs. */
const MAX_PLANS = 100;

/** Reads the plans of the same name that wait for their approval, with the plan itself, in the order they were saved. */
export function useOtherPlans({ id, name, procedure }: Job): readonly Job[] {
  const { client } = useSession();
  const [plans, setPlans] = useState(NONE);
  useEffect(() => {
    if (name === null) return;
    const controller = new AbortController();
    const { signal } = controller;
    const read = async () => {
      const found: Job[] = [];
      const options = { completionStatus: 'PLANNED', procedure, name } as const;
      for await (const job of client({ signal }).jobs(options)) {
        if (job.name === name) found.push(job);
        if (found.length === MAX_PLANS) break;
      }
      if (!signal.aborted) setPlans(found.reverse());
    };
    // The page works without them.
    read().catch(() => {});
    return () => controller.abort();
  }, [client, id, name, procedure]);
  return plans;
}
