import { useEffect, useState } from 'preact/hooks';
import type { Job } from '../../client/index.ts';
import { useSession } from './session.ts';

/** Follows a job that a page links to, such as the undo of a job. Without it, the link has no name. */
export function useLinkedJob(jobId: string | undefined): Job | undefined {
  const { client } = useSession();
  const [job, setJob] = useState<Job>();
  useEffect(() => {
    if (jobId === undefined) return;
    const controller = new AbortController();
    const { signal } = controller;
    const follow = async () => {
      for await (const next of client({ signal }).watch(jobId)) {
        if (signal.aborted) return;
        setJob(next);
      }
    };
    follow().catch(() => {});
    return () => controller.abort();
  }, [client, jobId]);
  return job?.id === jobId ? job : undefined;
}
