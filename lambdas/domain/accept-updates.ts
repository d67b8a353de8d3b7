import { checkItem, type ValidItem } from './check-item.ts';
import { type ApiError, RequestError } from './errors.ts';
import type { Job } from './job.ts';
import type { Jobs, UpdateQueue } from './ports.ts';
import type { Procedure } from './procedure.ts';
import { SubmissionWriter, type SubmittedEntry } from './submission.ts';
import { MAX_ENTRIES, orderOf, type UpdateMessage } from './update-message.ts';

/** A request whose frame is checked: the items are not yet. */
export interface UpdateRequest {
  procedure: Procedure;
  items: readonly unknown[];
  /** What the JSON text showed to be wrong with an item, by its index. */
  textErrors: ReadonlyMap<number, readonly ApiError[]>;
}

export interface AcceptPorts {
  jobs: Jobs;
  queue: UpdateQueue;
  now: () => number;
  newId: () => string;
  /** When the function's time limit ends this invocation, in epoch ms. */
  deadline: () => number;
}

export interface Accepted {
  job: Job;
  /** How many of the entries are on the queue. */
  queued: number;
}

/** Sending stops so long before the deadline, which leaves time to record what is not queued. */
const RESERVE_MS = 5_000;

/**
 * Accepts a request: checks the items, stores the job with all of them, then queues the valid ones.
 *
 * The job is stored first, so whatever dies afterwards, nothing accepted is unknown.
 *
 * @throws RequestError when there are no items or too many, or when nothing at all could be queued
 */
export async function acceptUpdates(request: UpdateRequest, ports: AcceptPorts): Promise<Accepted> {
  checkCount(request.items.length);
  const { jobs, queue, now } = ports;
  const submission = new SubmissionWriter();
  const valid = checkItems(request, submission);

  const { team, shortId } = request.procedure;
  const createdAt = now();
  const job: Job = {
    id: ports.newId(),
    team,
    procedure: shortId,
    sequence: await jobs.nextSequence(team),
    createdAt,
    total: request.items.length,
    invalid: request.items.length - valid.length,
    chunkStarts: submission.chunkStarts,
    acceptingUntil: ports.deadline(),
    ...(valid.length === 0 ? { queuedAt: createdAt } : {}),
  };
  await jobs.create(job, submission);
  if (valid.length === 0) return { job, queued: 0 };

  const unsent = await queue.send(messagesOf(job, valid), () => now() > ports.deadline() - RESERVE_MS);
  const queuedAt = now();
  if (unsent.length === valid.length) {
    await jobs.markFailed(job.id, queuedAt - 1);
    throw new RequestError(
      'QUEUE_UNAVAILABLE',
      'None of the updates could be queued, and none will be processed. Send the request again.',
    );
  }
  if (unsent.length > 0) {
    await jobs.appendResults(job.id, {
      startedAt: createdAt,
      completedAt: queuedAt,
      results: unsent.map(({ index }) => ({ index, result: { error: 'NOT_QUEUED' }, attempts: 0 })),
    });
  }
  await jobs.markQueued(job.id, queuedAt);
  return { job: { ...job, queuedAt }, queued: valid.length - unsent.length };
}

function checkCount(count: number): void {
  if (count === 0) {
    throw new RequestError(
      'PROCESSES_EMPTY',
      `"processes" is empty. Send 1 to ${MAX_ENTRIES} items.`,
      '/processes',
    );
  }
  if (count > MAX_ENTRIES) {
    throw new RequestError(
      'TOO_MANY_PROCESSES',
      `"processes" has ${count} items; a request takes at most ${MAX_ENTRIES}. Split it into several requests.`,
      '/processes',
    );
  }
}

type IndexedItem = ValidItem & { index: number };

/** Checks every item and writes all of them, the invalid ones with their errors, to the submission. */
function checkItems(
  { items, procedure, textErrors }: UpdateRequest,
  submission: SubmissionWriter,
): IndexedItem[] {
  const valid: IndexedItem[] = [];
  for (const [index, item] of items.entries()) {
    const checked = checkItem(item, index, procedure, textErrors.get(index));
    if ('valid' in checked) {
      valid.push({ index, ...checked.valid });
      submission.add({ item });
    } else {
      submission.add(invalidEntry(item, checked.errors, procedure));
    }
  }
  submission.end();
  return valid;
}

/** Of an item too large to be kept, the identifier is. */
function invalidEntry(item: unknown, errors: ApiError[], { primaryKey }: Procedure): SubmittedEntry {
  if (!errors.some(({ code }) => code === 'UPDATE_TOO_LARGE')) return { item, errors };
  const names = ['id', primaryKey];
  const isShort = (value: unknown) =>
    typeof value === 'number' || (typeof value === 'string' && value.length < 2048);
  const identifier = Object.entries(item as object).filter(
    ([name, value]) => names.includes(name) && isShort(value),
  );
  return { item: Object.fromEntries(identifier), errors };
}

function* messagesOf(job: Job, items: readonly IndexedItem[]): Generator<UpdateMessage> {
  const { id: jobId, team, procedure, sequence } = job;
  for (const { index, target, update } of items) {
    yield { jobId, index, team, procedure, order: orderOf(sequence, index), target, update };
  }
}
