import type { JobStatus } from '../contract/statuses.ts';
import type { StoredJob } from './job.ts';

/** Which jobs are listed: all of them, if nothing is asked for. */
export interface JobFilter {
  completionStatus?: JobStatus | undefined;
  /** Short id. */
  procedure?: string | undefined;
  /** Part of the name, regardless of case. */
  name?: string | undefined;
}

/** Whether a job is of the procedure and has the name that are asked for, by its header. Its results tell its status. */
export function fitsByHeader({ procedure, name }: StoredJob, asked: JobFilter): boolean {
  return (
    (asked.procedure === undefined || procedure === asked.procedure) &&
    (asked.name === undefined || (name !== undefined && comparable(name).includes(comparable(asked.name))))
  );
}

/** macOS writes the accents in a file's name apart from their letters, and people do not. */
function comparable(text: string): string {
  return text.normalize('NFC').toUpperCase();
}
