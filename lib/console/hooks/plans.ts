import { useEffect, useState } from 'preact/hooks';
import type { Job } from '../../client/index.ts';
import { isPlanned } from '../model/planned.ts';
import { useFailure } from './failure.ts';
import { useRefresh } from './refresh.ts';
import { useRetry } from './retry.ts';
import { useSession } from './session.ts';

/** Interval at which the jobs are read again while one is in progress, and else. */
const BUSY_MS = 2_000;
const QUIET_MS = 15_000;

interface Reading {
  jobs: readonly Job[];
  /** In epoch ms. */
  readAt: number;
}

/** Reads the plans that a file was saved as, and again from time to time. @param jobIds - in the order of the file */
export function usePlans(jobIds: readonly string[]) {
  const { client } = useSession();
  const { error, fail, clear } = useFailure();
  const [reading, setReading] = useState<Reading>();
  const [round, setRound] = useState(0);

  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    const read = async () => {
      const jobs: Job[] = [];
      for (const id of jobIds) {
        const known = reading?.jobs.find((job) => job.id === id);
        // What has ended stays as it is.
        jobs.push(known === undefined || isOpen(known) ? await client({ signal }).job(id) : known);
      }
      if (signal.aborted) return;
      setReading({ jobs, readAt: Date.now() });
      clear();
    };
    read().catch((failure: unknown) => {
      if (!signal.aborted) fail(failure);
    });
    return () => controller.abort();
  }, [client, round, fail, clear]);

  const again = () => setRound((before) => before + 1);
  const isBusy = reading?.jobs.some(({ completionStatus }) => completionStatus === 'IN_PROGRESS') === true;
  useRefresh(again, isBusy ? BUSY_MS : QUIET_MS, reading);
  useRetry(error, again);

  const tryAgain = () => {
    clear();
    again();
  };
  return { reading, error, again, tryAgain };
}

function isOpen(job: Job): boolean {
  return isPlanned(job) || job.completionStatus === 'IN_PROGRESS';
}
