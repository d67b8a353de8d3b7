import { definedOf } from '../contract/defined-of.ts';
import { type HeldUpdate, holdUpdates } from './held-updates.ts';
import type { StoredJob } from './job.ts';
import type { HeldUpdates, JobChecks, Jobs, Submissions } from './ports.ts';
import { SubmissionWriter, type SubmittedEntry } from './submission.ts';

export interface ReleasedPorts {
  jobs: Jobs;
  submissions: Submissions;
  heldUpdates: HeldUpdates;
  jobChecks: JobChecks;
  now: () => number;
  /** When the function's time limit ends this invocation, in epoch ms. */
  deadline: () => number;
  newId: () => string;
}

/** What a job has of the one whose entries it is about. */
type Origin = Pick<
  StoredJob,
  'team' | 'procedure' | 'primaryKey' | 'name' | 'file' | 'sequence' | 'undoes' | 'parent'
>;

/** Stores entries and their updates, for a job of one step that the job check releases. @returns its header */
export async function storeReleased(
  { team, procedure, primaryKey, name, file, sequence, undoes, parent }: Origin,
  { entries, updates }: { entries: readonly SubmittedEntry[]; updates: readonly HeldUpdate[] },
  { submissions, heldUpdates, jobChecks, now, deadline, newId }: ReleasedPorts,
): Promise<StoredJob> {
  const id = newId();
  const createdAt = now();
  const acceptingUntil = deadline();
  const submission = new SubmissionWriter();
  for (const entry of entries) submission.add(entry);
  submission.end();
  const total = entries.length;
  const steps = [{ to: total, valid: total }];
  const held = holdUpdates(updates, [{ to: total, valid: updates.length }], 0);
  await submissions.store(id, submission.chunks, createdAt);
  await heldUpdates.store(id, held.chunks, createdAt);
  await jobChecks.schedule(definedOf({ jobId: id, acceptingUntil, undoes }), 1);
  return definedOf({
    ...{ id, team, procedure, primaryKey, name, file, sequence, createdAt, total, invalid: 0 },
    chunkStarts: submission.chunkStarts,
    acceptingUntil,
    queuedAt: createdAt,
    steps,
    heldStarts: held.starts,
    releasedTo: 0,
    undoes,
    parent,
  });
}
