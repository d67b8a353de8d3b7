import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { EntriesOptions, Entry, Job } from '../../client/index.ts';
import { processedOf } from '../model/progress.ts';
import { useFailure } from './failure.ts';
import { useSession } from './session.ts';

const PAGE = 1000;
/** Interval at which the entries of a running job are read again, if it has changed. */
const REFRESH_MS = 3000;

/** Which entries are listed. Undefined for any. */
export type EntriesFilter = Pick<EntriesOptions, 'completionStatus' | 'outcome' | 'identifier'>;

/** The entries that were read, and their filter. */
interface Reading {
  filter: string;
  entries: readonly Entry[];
}

const NONE: readonly Entry[] = [];

/** Reads the entries of a job page by page. Shown entries stay until newer ones with the same filter are loaded. */
export function useEntries(job: Job, entriesFilter: EntriesFilter) {
  const { client } = useSession();
  const { error, fail, clear } = useFailure();
  const [reading, setReading] = useState<Reading>();
  const filter = JSON.stringify(entriesFilter);
  const entries = reading?.filter === filter ? (reading?.entries ?? NONE) : NONE;
  const [isLoading, setIsLoading] = useState(true);
  const revision = useRevision(job);
  const shown = useRef(0);
  shown.current = entries.length;
  const [attempt, setAttempt] = useState(0);
  const more = useRef<() => Promise<void>>(undefined);

  // A new revision is read from the start.
  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    const options = { limit: PAGE, ...entriesFilter };
    const reader = client({ signal }).entries(job.id, options);
    const read: Entry[] = [];
    let isBusy = false;
    const readUntil = async (length: number) => {
      if (isBusy) return;
      isBusy = true;
      setIsLoading(true);
      try {
        while (read.length < length) {
          const { value, done } = await reader.next();
          if (done === true || value === undefined) break;
          read.push(value);
        }
        if (signal.aborted) return;
        setReading({ filter, entries: [...read] });
        clear();
        setIsLoading(false);
      } catch (failure) {
        if (!signal.aborted) setIsLoading(false);
        fail(failure);
      } finally {
        isBusy = false;
      }
    };
    more.current = () => readUntil(read.length + PAGE);
    void readUntil(Math.max(shown.current, PAGE));
    return () => controller.abort();
  }, [client, job.id, filter, revision, attempt, fail, clear]);

  const loadMore = useCallback(() => void more.current?.(), []);
  /** A generator that threw does not continue. */
  const tryAgain = () => setAttempt(attempt + 1);
  const isOther = reading?.filter !== filter && error === undefined;
  return { entries, isLoading: isLoading || isOther, error, loadMore, tryAgain };
}

/** Changes when the entries should be read again. */
function useRevision(job: Job): string {
  const newest = useRef(job);
  newest.current = job;
  const [revision, setRevision] = useState(() => revisionOf(job));
  useEffect(() => {
    setRevision(revisionOf(newest.current));
    if (job.completionStatus !== 'IN_PROGRESS') return;
    const timer = setInterval(() => setRevision(revisionOf(newest.current)), REFRESH_MS);
    return () => clearInterval(timer);
  }, [job.completionStatus]);
  return revision;
}

function revisionOf(job: Job): string {
  return `${job.completionStatus} ${processedOf(job)}`;
}
