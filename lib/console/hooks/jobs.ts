import { useEffect, useState } from 'preact/hooks';
import { definedOf } from '../../../lambdas/contract/defined-of.ts';
import type { Job } from '../../client/index.ts';
import { hashOf, type JobsFilter } from '../model/route.ts';
import { useFailure } from './failure.ts';
import { useRefresh } from './refresh.ts';
import { useRetry } from './retry.ts';
import { useSession } from './session.ts';

const PAGE = 50;
/** Maximum number of jobs of a request. */
const LARGEST_PAGE = 1000;
/** Interval at which the list is read again while a listed job is in progress, and else. */
const BUSY_MS = 5_000;
const QUIET_MS = 30_000;

interface JobList {
  /** The address of the list. */
  address: string;
  jobs: readonly Job[];
  hasMore: boolean;
  /** When it was read, in epoch ms. */
  readAt: number;
}

/** Reads the team's jobs, newest first, and again from time to time. */
export function useJobs(filter: JobsFilter) {
  const { client } = useSession();
  const { error, fail, clear } = useFailure();
  const address = hashOf({ page: 'jobs', filter });
  const [read, setRead] = useState<JobList>();
  const [wanted, setWanted] = useState(PAGE);
  const [round, setRound] = useState(0);
  const list = read?.address === address ? read : undefined;

  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    const { status: completionStatus, procedure, text: name } = filter;
    // One more than is shown, to know whether there are more.
    const limit = Math.min(wanted + 1, LARGEST_PAGE);
    const options = { limit, ...definedOf({ completionStatus, procedure, name }) };
    const readJobs = async () => {
      const jobs: Job[] = [];
      // What is shown is read again soon.
      const attempts = list === undefined ? {} : { attempts: 1 };
      for await (const job of client({ signal, ...attempts }).jobs(options)) {
        jobs.push(job);
        if (jobs.length > wanted) break;
      }
      if (signal.aborted) return;
      setRead({ address, jobs: jobs.slice(0, wanted), hasMore: jobs.length > wanted, readAt: Date.now() });
      clear();
    };
    readJobs().catch(fail);
    return () => controller.abort();
  }, [client, address, wanted, round, fail, clear]);

  const again = () => setRound((before) => before + 1);
  const isBusy = list?.jobs.some(({ completionStatus }) => completionStatus === 'IN_PROGRESS') === true;
  useRefresh(again, isBusy ? BUSY_MS : QUIET_MS, read);
  useRetry(error, again);

  const tryAgain = () => {
    clear();
    again();
  };
  return { list, error, tryAgain, showMore: () => setWanted(wanted + PAGE) };
}
