import { useEffect, useState } from 'preact/hooks';
import type { Job } from '../../client/index.ts';
import { isPlanned } from '../model/planned.ts';
import { processedOf, type Sample, withSample } from '../model/progress.ts';
import { useFailure } from './failure.ts';
import { useRefresh } from './refresh.ts';
import { useRetry } from './retry.ts';
import { useSession } from './session.ts';

/** Maximum interval between two reports of a running job. */
const EVERY_SECONDS = 1;
/** Interval at which a plan is read again: somebody else may approve or discard it. */
const PLAN_EVERY_MS = 15_000;

/** Follows a job until it has ended, and a plan until it is approved. */
export function useJob(jobId: string) {
  const { client } = useSession();
  const { error, fail, clear } = useFailure();
  const [job, setJob] = useState<Job>();
  const [readAt, setReadAt] = useState(0);
  const [samples, setSamples] = useState<readonly Sample[]>([]);
  const [attempt, setAttempt] = useState(0);

  // A new attempt follows the job again.
  useEffect(() => {
    const controller = new AbortController();
    const follow = async () => {
      const { signal } = controller;
      for await (const next of client({ signal }).watch(jobId, { everySeconds: EVERY_SECONDS })) {
        if (signal.aborted) return;
        clear();
        setJob(next);
        setReadAt(Date.now());
        setSamples((before) => withSample(before, { at: Date.now(), processed: processedOf(next) }));
      }
    };
    follow().catch(fail);
    return () => controller.abort();
  }, [client, jobId, fail, clear, attempt]);

  const again = () => setAttempt((before) => before + 1);
  useRefresh(() => job !== undefined && isPlanned(job) && again(), PLAN_EVERY_MS, readAt);
  useRetry(error, again);
  const tryAgain = () => {
    clear();
    again();
  };
  return { job, readAt, samples, error, again, tryAgain };
}
