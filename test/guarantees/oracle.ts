import type { Procedure } from '../../lambdas/contract/procedure.ts';
import type { Process } from '../../lambdas/contract/process.ts';
import { ENTRY_STATUSES, type EntryCounts, type JobStatus } from '../../lambdas/contract/statuses.ts';
import type { Entry, ProcessView } from '../../lambdas/contract/views.ts';
import { processView } from '../../lambdas/domain/process.ts';

/** An item of a request, and what its sender knows about it. */
export interface SentItem {
  /** As it is sent. */
  item: Readonly<Record<string, unknown>>;
  /** Whether it is wrong in itself, whatever processes there are. */
  isInvalid: boolean;
}

/** A job that has ended. */
export interface JudgedJob {
  id: string;
  procedure: Procedure;
  items: readonly SentItem[];
  entries: readonly Entry[];
  status: JobStatus;
  counts: EntryCounts;
  /** What its acknowledgment said; undefined when its client never had one. */
  acknowledged: { total: number; queued: number; invalid: number } | undefined;
  /** Whether its client ever asked to cancel it. */
  isCancelAsked: boolean;
}

/** All that is needed to tell whether the guarantees were kept. */
export interface Evidence {
  /** The processes before the first job. */
  before: readonly Process[];
  /** What a client reads of each process after the last job, by id; null when that is 404. */
  after: ReadonlyMap<string, ProcessView | null>;
  /** In the order of acceptance of each team, the oldest first. */
  jobs: readonly JudgedJob[];
}

/** An entry with what it was sent as and the process that this names. */
interface JudgedEntry {
  name: string;
  job: JudgedJob;
  sent: SentItem;
  entry: Entry;
  /** The end that is due when nothing interferes. */
  due: 'INVALID' | 'PROCESS_NOT_FOUND' | 'PRIMARY_KEY_MISMATCH' | 'SUCCESS';
  /** Undefined where another end than success is due. */
  process: Process | undefined;
}

/**
 * Judges what became of jobs and processes, by the guarantees alone and without knowing how they are kept.
 * @returns what is wrong, a sentence each; empty when the guarantees were kept
 */
export function violations({ before, after, jobs }: Evidence): string[] {
  const entries = jobs.flatMap((job) => judgedEntries(job, before));
  return [
    ...jobs.flatMap(violationsOfJob),
    ...violationsOfEntries(entries),
    ...before.flatMap((process) =>
      violationsOfProcess(
        process,
        after.get(process.id) ?? null,
        entries.filter((entry) => entry.process === process && standing(entry) === 'SUCCESS'),
      ),
    ),
  ];
}

function judgedEntries(job: JudgedJob, processes: readonly Process[]): JudgedEntry[] {
  return job.entries.map((entry, index) => {
    const sent = job.items[index] ?? { item: {}, isInvalid: true };
    const due = sent.isInvalid ? 'INVALID' : dueOf(sent, job.procedure, processes);
    const isDueToSucceed = typeof due !== 'string';
    return {
      name: `entry ${index} of job ${job.id}`,
      job,
      sent,
      entry,
      due: isDueToSucceed ? 'SUCCESS' : due,
      process: isDueToSucceed ? due : undefined,
    };
  });
}

/** The process that an item names among its own team's, or why there is none. */
function dueOf({ item }: SentItem, { team, shortId, primaryKey }: Procedure, processes: readonly Process[]) {
  const ours = processes.filter((process) => process.team === team && process.procedure === shortId);
  const key = item[primaryKey] === undefined ? undefined : String(item[primaryKey]);
  if (item.id === undefined) return ours.find((process) => process.primaryKey === key) ?? 'PROCESS_NOT_FOUND';
  const named = ours.find(({ id }) => id === item.id);
  if (named === undefined) return 'PROCESS_NOT_FOUND';
  return key === undefined || key === named.primaryKey ? named : 'PRIMARY_KEY_MISMATCH';
}

function violationsOfJob({ id, status, counts, entries, items, acknowledged, isCancelAsked }: JudgedJob) {
  const wrong: string[] = [];
  const say = (text: string) => wrong.push(`job ${id} ${text}`);
  if (status === 'IN_PROGRESS') say('has not ended');
  if (status === 'CANCELLED' && !isCancelAsked) say('is CANCELLED, and nobody asked for that');
  if (status === 'FAILED' && acknowledged !== undefined) say('is FAILED, and was acknowledged');
  if (entries.length !== items.length) say(`has ${entries.length} entries of ${items.length} items`);
  for (const counted of ENTRY_STATUSES) {
    const listed = entries.filter(({ completionStatus }) => completionStatus === counted).length;
    if (counts[counted] !== listed) say(`counts ${counts[counted]} ${counted} and lists ${listed}`);
  }
  if (acknowledged === undefined) return wrong;
  const invalid = items.filter(({ isInvalid }) => isInvalid).length;
  if (acknowledged.total !== items.length || acknowledged.invalid !== invalid) {
    say(
      `was acknowledged as ${JSON.stringify(acknowledged)}, of ${items.length} items with ${invalid} invalid`,
    );
  }
  const notQueued = entries.filter(({ errors }) => errors[0]?.code === 'NOT_QUEUED').length;
  const refused = acknowledged.total - acknowledged.invalid - acknowledged.queued;
  if (notQueued > refused) say(`has ${notQueued} entries NOT_QUEUED, and ${refused} were not queued`);
  return wrong;
}

function violationsOfEntries(entries: readonly JudgedEntry[]): string[] {
  const deleted = new Set<Process>();
  return entries.flatMap((judged) => {
    const { name, process, entry, sent, job } = judged;
    const end = standing(judged);
    const wrong: string[] = [];
    const allowed = allowedEnds(judged, process !== undefined && deleted.has(process));
    if (!allowed.includes(end)) wrong.push(`${name} is ${end} instead of ${allowed.join(' or ')}`);
    if (end === 'SUCCESS' && entry.processId !== process?.id) {
      wrong.push(`${name} tells process ${entry.processId} instead of ${process?.id}`);
    }
    const isDeletion = fieldsOf(sent, job.procedure).get('isDeleted') === true;
    if (process !== undefined && isDeletion && end === 'SUCCESS') deleted.add(process);
    return wrong;
  });
}

/** @param isAfterDeletion - whether an earlier entry deleted the process, which arrived before it or not */
function allowedEnds({ due, job }: JudgedEntry, isAfterDeletion: boolean): string[] {
  if (due === 'INVALID') return [due];
  const wereAllQueued = job.acknowledged !== undefined && isAllQueued(job.acknowledged);
  return [
    due,
    ...(due === 'SUCCESS' && isAfterDeletion ? ['PROCESS_DELETED'] : []),
    // A redrive does not bring back what was given up in a job that is cancelled.
    ...(job.status === 'CANCELLED' ? ['CANCELLED', 'PROCESSING_FAILED'] : []),
    ...(wereAllQueued ? [] : ['NOT_QUEUED']),
  ];
}

function isAllQueued({ total, queued, invalid }: NonNullable<JudgedJob['acknowledged']>): boolean {
  return queued + invalid === total;
}

/** How an entry stands: its status, and of an error its code. */
function standing({ entry }: JudgedEntry): string {
  const { completionStatus, errors } = entry;
  return completionStatus === 'ERROR' ? (errors[0]?.code ?? 'ERROR') : completionStatus;
}

/** @param applied - the entries that succeeded, in order of acceptance */
function violationsOfProcess(
  process: Process,
  after: ProcessView | null,
  applied: readonly JudgedEntry[],
): string[] {
  const name = `process ${process.id}`;
  const expected = new Map<string, { value: unknown; source: string }>();
  for (const [field, value] of fieldsOfView(processView(process)))
    expected.set(field, { value, source: 'its start' });
  for (const { name: source, sent, job } of applied) {
    for (const [field, value] of fieldsOf(sent, job.procedure)) expected.set(field, { value, source });
  }
  const isDeleted = expected.get('isDeleted')?.value === true;
  if (isDeleted)
    return after === null ? [] : [`${name} is there, and ${expected.get('isDeleted')?.source} deleted it`];
  if (after === null) return [`${name} is gone, and nothing deleted it`];

  const actual = fieldsOfView(after);
  return [...new Set([...expected.keys(), ...actual.keys()])].flatMap((field) => {
    const { value = null, source = 'nothing' } = expected.get(field) ?? {};
    const found = actual.get(field) ?? null;
    if (found === value) return [];
    return `${name} has ${JSON.stringify(found)} in ${field} instead of ${JSON.stringify(value)}, set by ${source}`;
  });
}

/** The fields of a process by name, its attributes as `data.city`; not when it was written last, nor how often. */
function fieldsOfView({
  data,
  updatedAt: _updatedAt,
  version: _version,
  ...fields
}: ProcessView): Map<string, unknown> {
  return new Map([...Object.entries(fields), ...namedAttributes(data)]);
}

/** The fields that an item sets, wrapped in `update` or flat, with the values that they get. */
function fieldsOf({ item }: SentItem, { primaryKey, attributes }: Procedure): Map<string, unknown> {
  const { id: _id, [primaryKey]: _key, update, ...flat } = item;
  const { data = {}, ...fields } = (update ?? flat) as Record<string, unknown> & {
    data?: Record<string, unknown>;
  };
  const isNumber = (field: string) =>
    field === 'nextActionAt' ||
    ['integer', 'decimal'].includes(attributes[field.replace('data.', '')]?.type ?? '');
  const named = [...Object.entries(fields), ...namedAttributes(data)];
  return new Map(
    named.map(([field, value]) => [
      field,
      typeof value === 'string' && isNumber(field) ? Number(value) : value,
    ]),
  );
}

function namedAttributes(data: Readonly<Record<string, unknown>>): [string, unknown][] {
  return Object.entries(data).map(([attribute, value]) => [`data.${attribute}`, value]);
}
