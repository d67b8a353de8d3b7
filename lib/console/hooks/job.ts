import { useEffect, useState } from 'preact/hooks';
import type { Job } from '../../client/index.ts';
import { processedOf, type Sample, withSample } from '../model/progress.ts';
import { useFailure } from './failure.ts';
import { useSession } from './session.ts';

/** Maximum interval between two reports of a running job. */
const EVERY_SECONDS = 1;

/** Follows a job until it has ended. */
export function useJob(jobId: string) {
  const { client } = useSession();
  const { error, fail, clear } = useFailure();
  const [job, setJob] = useState<Job>();
  const [samples, setSamples] = useState<readonly Sample[]>([]);
  const [attempt, setAttempt] = useState(0);

  // A new attempt follows the job again.
  useEffect(() => {
    const controller = new AbortController();
    const follow = async () => {
      const { signal } = controller;
      for await (const next of client({ signal }).watch(jobId, { everySeconds: EVERY_SECONDS })) {
        if (signal.aborted) return;
        setJob(next);
        setSamples((before) => withSample(before, { at: Date.now(), processed: processedOf(next) }));
      }
    };
    follow().catch(fail);
    return () => controller.abort();
  }, [client, jobId, fail, attempt]);

  const tryAgain = () => {
    clear();
    setAttempt((before) => before + 1);
  };
  return { job, samples, error, tryAgain };
}
