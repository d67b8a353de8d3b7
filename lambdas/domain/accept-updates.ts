import { definedOf } from '../contract/defined-of.ts';
import type { ErrorBody } from '../contract/errors.ts';
import { isObject } from '../contract/is-object.ts';
import { MAX_ENTRIES } from '../contract/limits.ts';
import type { UpdateOptions } from '../contract/options.ts';
import type { Procedure } from '../contract/procedure.ts';
import { marksOf } from './announced-creates.ts';
import { checkItem, MAX_ITEM_BYTES, type TextErrors } from './check-item.ts';
import { identifierOf } from './entry.ts';
import { holdUpdates, type IndexedItem } from './held-updates.ts';
import { InvalidItems } from './invalid-items.ts';
import type { StoredJob } from './job.ts';
import type { Announcements, HeldUpdates, JobChecks, Jobs, Submissions, UpdateQueue } from './ports.ts';
import { secondsToProcess } from './progress.ts';
import { firstOf, messagesOf, releaseOf } from './release.ts';
import { type Creates, RequestCheck } from './request-check.ts';
import { RequestError } from './request-error.ts';
import { referenceOf, SubmissionWriter, type SubmittedEntry } from './submission.ts';
import type { ProcessReference } from './update-message.ts';

/** A request whose frame is checked: the items are not yet. */
export interface UpdateRequest {
  procedure: Procedure;
  items: readonly unknown[];
  /** What the JSON text showed to be wrong with an item, by its index; told on demand. */
  textErrors: ReadonlyMap<number, (maxListed: number) => TextErrors>;
  /** Why rows of a file are no items, by their index. */
  faults?: ReadonlyMap<number, ErrorBody[]>;
  /** What to call the job, where the items come from, and in which steps they are applied. */
  options?: UpdateOptions;
  /** Whether all items create their process; else the options say whether they may. */
  creates?: 'all';
  /** The job whose entries are sent again, and the order numbers that they keep. */
  retried?: { parent: string; orders: readonly number[] };
}

export interface AcceptPorts {
  jobs: Jobs;
  announcements: Pick<Announcements, 'announce'>;
  submissions: Submissions;
  heldUpdates: HeldUpdates;
  jobChecks: JobChecks;
  queue: UpdateQueue;
  now: () => number;
  /** When the function's time limit ends this invocation, in epoch ms. */
  deadline: () => number;
}

export interface AcceptedJob {
  job: StoredJob;
  /** How many of the entries are on the queue, or wait for their release. */
  queued: number;
}

/** How long before the deadline sending stops, which leaves time to record what is not queued. */
const RESERVE_MS = 5_000;

/**
 * Accepts a request: checks the items, stores all of them and then the job, and queues the valid ones, or the first step
 * of them.
 *
 * The job is stored first, and its first check is scheduled before that: whatever dies afterwards, nothing
 * accepted is unknown, and the job ends.
 *
 * @throws RequestError when there are no items or too many, when invalid ones are not to be skipped, or when the queue
 *   confirmed none of the updates
 */
export async function acceptUpdates(
  jobId: string,
  request: UpdateRequest,
  ports: AcceptPorts,
): Promise<AcceptedJob> {
  checkCount(request.items.length);
  const { jobs, queue, now } = ports;
  const { retried, options = {} } = request;
  const submission = new SubmissionWriter();
  const refused = options.onInvalid === 'reject' ? new InvalidItems() : undefined;
  const valid = checkItems(request, (entry) => {
    if (entry.errors !== undefined) refused?.add(entry.errors);
    submission.add(entry);
  });
  refused?.refuse(request.items.length);
  submission.end();

  const release = releaseOf(valid, options);
  const held = release.steps && holdUpdates(valid, release.steps, 1);
  const createdAt = now();
  await announceCreates(jobId, request, valid, ports);
  const job: StoredJob = definedOf({
    ...(await newJob(jobId, request, submission.chunkStarts, { ...ports, createdAt, valid: valid.length })),
    queuedAt: valid.length === 0 ? createdAt : undefined,
    parent: retried?.parent,
    ...release,
    heldStarts: held?.starts,
  });
  await ports.submissions.store(jobId, submission.chunks, createdAt);
  if (held !== undefined) await ports.heldUpdates.store(jobId, held.chunks, createdAt);
  const { acceptingUntil } = job;
  const first = firstOf(valid, release);
  await ports.jobChecks.schedule({ jobId, acceptingUntil }, secondsToProcess(first.length));
  await jobs.create(job);
  if (valid.length === 0) return { job, queued: 0 };

  const unsent = await queue.send(messagesOf(job, first), () => now() > ports.deadline() - RESERVE_MS);
  const queuedAt = now();
  if (unsent.length === first.length) {
    await jobs.markBrokenOff(jobId, queuedAt);
    throw new RequestError(
      'QUEUE_UNAVAILABLE',
      // A response of the queue may be lost, and apply does what is delivered until it has noticed.
      'The queue confirmed none of the updates. Those that reached it all the same may be applied within seconds, the others never are. Send the request again with the same Idempotency-Key: applying an update twice changes nothing.',
    );
  }
  const notQueued = unsent.map(({ index }) => index);
  await jobs.markQueued(jobId, queuedAt, notQueued);
  return { job: { ...job, queuedAt }, queued: valid.length - unsent.length };
}

/** Which items of a request may create their process. */
export function createsOf({
  creates,
  options,
}: Pick<UpdateRequest, 'creates' | 'options'>): Creates | undefined {
  return creates ?? (options?.onMissing === 'create' ? 'missing' : undefined);
}

/** Tells which processes a request may create, before it takes its place in the order of acceptance. */
export async function announceCreates(
  jobId: string,
  { procedure }: Pick<UpdateRequest, 'procedure'>,
  valid: readonly IndexedItem[],
  { announcements, deadline }: Pick<AcceptPorts, 'announcements' | 'deadline'>,
): Promise<void> {
  const keys = valid.flatMap(({ create, target }) => (create === undefined ? [] : [target.primaryKey ?? '']));
  if (keys.length === 0) return;
  const { team, shortId } = procedure;
  await announcements.announce({
    ...{ team, procedure: shortId, jobId },
    marks: marksOf(keys),
    acceptingUntil: deadline(),
  });
}

/**
 * The header of a job before anything is known of its updates.
 * @param valid - how many items of the request are valid
 */
export async function newJob(
  id: string,
  request: UpdateRequest,
  chunkStarts: number[],
  { jobs, deadline, createdAt, valid }: NewJobPorts,
): Promise<StoredJob> {
  const { procedure, items, options = {} } = request;
  return definedOf({
    id,
    team: procedure.team,
    procedure: procedure.shortId,
    primaryKey: procedure.primaryKey,
    name: options.name,
    file: options.source?.file,
    creates: createsOf(request),
    sequence: await jobs.nextSequence(procedure.team, createdAt),
    createdAt,
    total: items.length,
    invalid: items.length - valid,
    chunkStarts,
    acceptingUntil: deadline(),
  });
}

interface NewJobPorts extends Pick<AcceptPorts, 'jobs' | 'deadline'> {
  createdAt: number;
  valid: number;
}

export function checkCount(count: number): void {
  if (count === 0) {
    throw new RequestError('PROCESSES_EMPTY', `"processes" is empty. Send 1 to ${MAX_ENTRIES} items.`, {
      pointer: '/processes',
    });
  }
  if (count > MAX_ENTRIES) {
    throw new RequestError(
      'TOO_MANY_PROCESSES',
      `"processes" has ${count} items; a request takes at most ${MAX_ENTRIES}. Split it into several requests.`,
      { pointer: '/processes' },
    );
  }
}

/**
 * Checks every item.
 * @param onEntry - told of each as it was sent, in order, with its errors if it has some
 * @returns the valid ones
 */
export function checkItems(update: UpdateRequest, onEntry: (entry: SubmittedEntry) => void): IndexedItem[] {
  const { items, procedure, textErrors, faults, options = {}, retried } = update;
  const valid: IndexedItem[] = [];
  const request = new RequestCheck(procedure, createsOf(update));
  /** Where an item was the last one that may create the process of a primary key. */
  const creating = new Map<string, number>();
  for (const [index, item] of items.entries()) {
    const fault = faults?.get(index);
    const found = textErrors.get(index)?.(request.maxErrors);
    const checked =
      fault === undefined ? checkItem(item, index, procedure, found, request) : { errors: fault };
    const order = definedOf({ order: retried?.orders[index] });
    const kept = { ...order, ...definedOf({ line: options.source?.lines?.[index] }) };
    if ('valid' in checked) {
      const { target, create } = checked.valid;
      // Without what the procedure requires, it is for the process of an earlier one.
      const isCreating = create !== undefined && create.missing === undefined;
      const after =
        !isCreating && target.id === undefined ? creating.get(target.primaryKey ?? '') : undefined;
      if (isCreating) creating.set(target.primaryKey ?? '', index);
      valid.push({ index, ...checked.valid, ...order, ...definedOf({ after }) });
      onEntry({
        item,
        ...textOf(found),
        ...kept,
        ...keyOf(item, target, procedure.primaryKey),
      });
    } else {
      const key = update.creates === 'all' ? keyInData(item, procedure) : {};
      onEntry({ ...invalidEntry({ item, ...key }, found, checked.errors, procedure), ...kept });
    }
  }
  return valid;
}

/** The primary key is kept where the item alone does not tell how it is indexed. */
function keyOf(item: unknown, target: ProcessReference, primaryKey: string): { key?: string } {
  const key = target.primaryKey;
  return key === undefined || key === referenceOf({ item }, primaryKey).primaryKey ? {} : { key };
}

/** The item as it is written, unless that is too large to be kept. */
function textOf(found: TextErrors | undefined): Pick<SubmittedEntry, 'text'> {
  return found !== undefined && Buffer.byteLength(found.text) <= MAX_ITEM_BYTES ? { text: found.text } : {};
}

/** The primary key of an item that names what it creates in its "data", as it was sent. */
function keyInData(item: unknown, { primaryKey }: Procedure): { key?: string } {
  const isInData = isObject(item) && isObject(item.data) && Object.hasOwn(item.data, primaryKey);
  return isInData ? { key: String((item.data as Record<string, unknown>)[primaryKey]) } : {};
}

/** Of an item too large to be kept, the identifier is. */
function invalidEntry(
  sent: Pick<SubmittedEntry, 'item' | 'key'>,
  found: TextErrors | undefined,
  errors: ErrorBody[],
  { primaryKey }: Procedure,
): SubmittedEntry {
  if (!errors.some(({ code }) => code === 'UPDATE_TOO_LARGE')) {
    return { ...sent, ...textOf(found), errors };
  }
  const isShort = (value: unknown) =>
    typeof value === 'number' || JSON.isRawJSON(value) || typeof value === 'string';
  const named = Object.entries(identifierOf({ ...sent, ...(found && { text: found.text }) }, primaryKey));
  const identifier = named.filter(([, value]) => isShort(value) && JSON.stringify(value).length <= 2048);
  const text = JSON.stringify(Object.fromEntries(identifier));
  return { item: JSON.parse(text), text, errors };
}
