/**
 * What has to hold of every schedule, by the contract alone: nothing here is imported from what is tested.
 *
 * Each function tells what is wrong, a sentence each. test/repository/guarantees.test.ts says which of README.md's
 * guarantees each of them holds.
 */
import { creationViolations, isOfNewKey } from './creation-invariants.ts';
import {
  type Evidence,
  isUndoWrite,
  type SeenEntry,
  type SeenJob,
  type SeenResult,
  type SeenWrite,
} from './evidence.ts';
import type { Item } from './expressions.ts';
import { FIELDS, mayDie, type Plan } from './plan.ts';
import {
  allowedUndoEnds,
  fateOf,
  keptViolations,
  onceUndoneViolations,
  sentEntryOf,
  wasTakenBackBy,
} from './undo-invariants.ts';
import { isNewKey, TRANSITIONS } from './workload.ts';

const ALL_FIELDS = [...FIELDS, 'isDeleted'] as const;
type AnyField = (typeof ALL_FIELDS)[number];

export { creationViolations };

/** @param isRedriven - whether the dead letters were sent again */
export function violations(plan: Plan, evidence: Evidence, isRedriven: boolean): string[] {
  const all = evidence.jobs.flatMap((job) => job.entries);
  const isOfUndo = ({ job }: SeenEntry) => job.header.undoes !== undefined;
  const [sent, undoing] = [all.filter((entry) => !isOfUndo(entry)), all.filter(isOfUndo)];
  const isOfOld = (entry: SeenEntry) => !isOfNewKey(entry);
  // Which process a new primary key names depends on when it is asked.
  const [entries, undos] = [sent.filter(isOfOld), undoing.filter(isOfOld)];
  const old = evidence.processes.filter(({ primaryKey }) => !isNewKey(primaryKey));
  return [
    ...evidence.jobs.flatMap((job) => [
      ...violationsOfJob(job, evidence),
      ...safeguardViolations(job, sent, evidence),
      ...abortViolations(job, evidence),
      ...planViolations(job, sent, evidence),
      ...onceUndoneViolations(job, evidence),
    ]),
    ...undos.flatMap((undo) => undoViolations(undo, entries, plan, evidence)),
    ...endViolations(plan, evidence, isRedriven),
    ...orderViolations(evidence),
    ...onceViolations(evidence),
    ...entries.flatMap((entry) => [
      ...violationsOfEnd(entry, entries, plan, evidence, isRedriven),
      ...violationsOfOutcome(entry, entries, undos, evidence),
      ...violationsOfRefusal(entry, entries, evidence),
      ...violationsOfPrecondition(entry, entries, plan, evidence),
    ]),
    ...versionViolations(entries, evidence),
    ...old.flatMap((process) => violationsOfProcess(process, entries, undos, evidence)),
    ...stateViolations(entries, {
      ...evidence,
      writes: evidence.writes.filter(({ after }) => !isNewKey(after.primaryKey)),
    }),
    ...creationViolations(sent.filter(isOfNewKey), undoing.filter(isOfNewKey), plan, evidence, isRedriven),
  ];
}

/** A job has ended and was announced, and its counts and status are those of its entries. */
export function violationsOfJob(
  { id, status, counts, entries, header }: SeenJob,
  evidence: Evidence,
): string[] {
  const wrong: string[] = [];
  const say = (text: string) => wrong.push(`${id} ${text}`);
  const statuses = entries.map(({ end }) => statusOf(end));
  for (const [counted, count] of Object.entries(counts)) {
    const listed = statuses.filter((one) => one === counted).length;
    if (listed !== count) say(`counts ${count} ${counted} and lists ${listed}`);
  }
  if (entries.length !== header.total) say(`has ${entries.length} entries of ${header.total}`);
  if (counts.NOT_STARTED !== 0) say(`has not ended: ${JSON.stringify(counts)}`);
  if (!evidence.announced.has(id)) say('was never announced');

  const hasCancelled = statuses.includes('CANCELLED');
  if (status === 'CANCELLED' && !evidence.cancelAsked.has(id) && !hasExpired(header)) {
    say('is CANCELLED, and nobody asked for that');
  }
  // A plan that is discarded ends so, also one of which nothing could be applied.
  const isDiscarded = header.plan !== undefined && header.approved === undefined && status === 'CANCELLED';
  if (!isDiscarded && hasCancelled !== ['CANCELLED', 'ABORTED'].includes(status)) {
    say(`is ${status} with ${JSON.stringify(counts)}`);
  }
  if (status === 'FAILED' && evidence.acknowledged.some(({ jobId }) => jobId === id)) {
    say('is FAILED and was acknowledged');
  }
  const { at: stoppedAt } = (header.stopped ?? {}) as { at?: number };
  const cancelledBy = evidence.cancelledBy.get(id);
  // By the clock of the function, which may be ahead.
  if (cancelledBy !== undefined && Number(stoppedAt) > cancelledBy + 2_000) {
    say(`is stopped from ${stoppedAt} on, and was cancelled by ${cancelledBy}`);
  }
  return wrong;
}

/** After how many of its valid entries the results of a job are looked at, in ascending order. */
function looksOf({ safeguards: { canary = 0, abortOn } }: SeenJob): number[] {
  const looks = [canary, ...(abortOn === undefined || abortOn.after <= canary ? [] : [abortOn.after])];
  return looks.filter((look) => look > 0);
}

const percentOf = ({ safeguards }: SeenJob): number => safeguards.abortOn?.errorPercent ?? 0;

const validOf = ({ entries }: SeenJob): SeenEntry[] => entries.filter(({ end }) => end !== 'INVALID');

/** Nothing beyond a canary, or a first look, is applied before all that it looks at has results, with few enough errors. */
export function safeguardViolations(job: SeenJob, all: readonly SeenEntry[], evidence: Evidence): string[] {
  const valid = validOf(job);
  const recorded = evidence.results.filter(({ jobId }) => jobId === job.id);
  return looksOf(job).flatMap((look) => {
    const looked = valid.slice(0, look);
    const hasPassed = (at: number) => {
      const codes = looked.map(({ index }) =>
        recorded.filter((result) => result.index === index && result.at <= at).map(({ code }) => code),
      );
      const failed = codes.filter((each) => !each.some(isSuccess)).length;
      return codes.every((each) => each.length > 0) && failed * 100 <= percentOf(job) * look;
    };
    return valid.slice(look).flatMap((entry) => {
      if (isSentTwice(entry, all)) return [];
      const early = appliedAt(entry, recorded, evidence).filter((at) => !hasPassed(at));
      return early.length === 0
        ? []
        : [`${entry.name} was applied at ${early[0]}, before the first ${look} had passed`];
    });
  });
}

/** When an entry was written, or a result of its processing recorded. */
function appliedAt(entry: SeenEntry, recorded: readonly SeenResult[], evidence: Evidence): number[] {
  const { index } = entry;
  const written = broughtBy(entry, evidence);
  const ended = recorded.filter(
    (result) => result.index === index && !['CANCELLED', 'NOT_QUEUED'].includes(result.code),
  );
  return [...written, ...ended].map(({ at }) => at);
}

const isSuccess = (code: string): boolean => ['APPLIED', 'CREATED', 'UNCHANGED', 'SUPERSEDED'].includes(code);

/** A job is aborted only if at some time too many of its processed entries had failed. */
export function abortViolations(job: SeenJob, evidence: Evidence): string[] {
  if (job.status !== 'ABORTED') return [];
  const { canary = Number.POSITIVE_INFINITY, abortOn } = job.safeguards;
  const percent = percentOf(job);
  const valid = validOf(job);
  const first = valid.slice(0, canary).map(({ index }) => index);
  const processed = new Set<number>();
  const failed = new Set<number>();
  const exceeds = (indexes: Iterable<number>, count: number) =>
    [...indexes].filter((index) => failed.has(index)).length * 100 > percent * count;
  for (const { jobId, index, code } of evidence.results) {
    if (jobId !== job.id || code === 'CANCELLED') continue;
    processed.add(index);
    // A second copy may have succeeded when the first had been looked at.
    if (!isSuccess(code)) failed.add(index);
    const isCanary = first.length === canary && first.every((each) => processed.has(each));
    if (isCanary && exceeds(first, canary)) return [];
    const isLookedAt = abortOn !== undefined && processed.size >= Math.min(abortOn.after, valid.length);
    if (isLookedAt && exceeds(processed, processed.size)) return [];
  }
  return [`${job.id} is ABORTED, and its threshold was not crossed`];
}

function statusOf(end: string): string {
  return ['SUCCESS', 'INVALID', 'CANCELLED', 'NOT_STARTED'].includes(end) ? end : 'ERROR';
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** Whether a job is a plan that nobody approved for a day. */
function hasExpired({ plan, approved, stopped, createdAt }: Item): boolean {
  const { at = 0 } = (stopped ?? {}) as { at?: number };
  // By the clocks of two functions.
  return plan !== undefined && approved === undefined && at > Number(createdAt) + DAY_MS - 2_000;
}

/**
 * Nothing of a plan is written before it is approved, nothing at all that was planned to fail, and the rest only where its
 * fields had what the plan tells, or what the plan itself has set.
 */
export function planViolations(job: SeenJob, all: readonly SeenEntry[], evidence: Evidence): string[] {
  const { header, entries } = job;
  if (header.plan === undefined) return [];
  const approved = header.approved as { at: number; sequence: number } | undefined;
  const from = approved === undefined ? Number.POSITIVE_INFINITY : approved.at - 2_000;
  const isOurs = (clock: unknown) => Math.floor(Number(clock) / 10_000) === approved?.sequence;
  return entries.flatMap((entry) => {
    const { name, item, plan, end } = entry;
    if (plan === undefined) return [`${name} tells no plan`];
    if (plan.completionStatus === 'ERROR' && !['CANCELLED', plan.errors[0]?.code].includes(end))
      return [`${name} was planned as ${plan.errors[0]?.code}, and is ${end}`];
    if (isSentTwice(entry, all)) return [];
    return broughtBy(entry, evidence).flatMap(({ at, before }) => {
      if (at < from) return [`${name} was written at ${at}, and approved at ${approved?.at}`];
      if (plan.completionStatus !== 'SUCCESS') return [`${name} was written, and planned to fail`];
      const changed = fieldsOf(item).filter(
        (field) =>
          Object.hasOwn(plan.before, field) &&
          (valueIn(before, field) ?? null) !== plan.before[field] &&
          !isOurs(clockOfValue(before, field)),
      );
      return changed.length === 0
        ? []
        : [`${name} was written, though ${changed} had changed since the plan`];
    });
  });
}

/** The order number of the update that brought a value, which an undo may have given back. */
function clockOfValue({ clocks, origins }: Item, field: AnyField): unknown {
  const clock = (clocks as Item | undefined)?.[field];
  const origin = (origins as Record<string, Item> | undefined)?.[field];
  return origin?.at === clock ? (origin?.of ?? clock) : clock;
}

/** The writes that brought a value that only this item brings. */
function broughtBy({ item }: SeenEntry, { writes }: Evidence): SeenWrite[] {
  const unique = fieldsOf(item).filter((field) => isUnique(item, field));
  // What an undo of an undo brings back was brought before.
  const brought = writes.filter((write) => !isUndoWrite(write));
  return brought.filter(({ before, after }) =>
    unique.some(
      (field) =>
        valueIn(after, field) === valueIn(item, field) && valueIn(before, field) !== valueIn(item, field),
    ),
  );
}

/** An undo ended as it may, and keeps nothing without a reason. */
export function undoViolations(
  undo: SeenEntry,
  entries: readonly SeenEntry[],
  plan: Plan,
  evidence: Evidence,
): string[] {
  const wrong: string[] = [];
  const allowed = allowedUndoEnds(undo, plan, evidence);
  if (!allowed.includes(undo.end)) wrong.push(`${undo.name} is ${undo.end}, not ${allowed.join(' or ')}`);
  const sent = sentEntryOf(undo);
  const [process] = processesOf(sent.job, sent.item, evidence.processes);
  const setters = (field: string) =>
    entries.filter(
      ({ job, item, end }) =>
        MAY_BE_APPLIED.includes(end) &&
        valueIn(item, field as AnyField) !== undefined &&
        processesOf(job, item, evidence.processes)[0] === process,
    );
  const hasNewest = (field: string) =>
    evidence.newest.some((write) => write.process === process?.id && write.field === field);
  return [...wrong, ...keptViolations(undo, fieldsOf(sent.item), setters, hasNewest, evidence.isApart)];
}

/** Delays and all attempts included, of entries that are released together. */
const LONGEST_JOB_MS = 3 * 60 * 60 * 1000;

/** A job ends in good time, and the end that was told stands unless a message was in the queue twice. */
export function endViolations(
  { faults, outage }: Plan,
  { jobs, expired }: Evidence,
  isRedriven: boolean,
): string[] {
  if (isRedriven) return [];
  const mayBeTwice = faults.duplicated + faults.answerLost + faults.late + faults.killed + faults.stalled > 0;
  return jobs.flatMap((job) => {
    const { id, header, counts, entries } = job;
    const end = header.end as { counts: Record<string, number>; completedAt: number } | undefined;
    if (end === undefined) return [`${id} has no end`];
    const wrong: string[] = [];
    const tookMs = end.completedAt - Number(header.createdAt);
    const isHeldBack = entries.some(({ name }) => expired.has(name));
    const plannedMs = header.plan === undefined ? 0 : DAY_MS + LONGEST_JOB_MS;
    const longestMs = LONGEST_JOB_MS * (1 + looksOf(job).length) + (outage?.forMs ?? 0) + plannedMs;
    if (!isHeldBack && tookMs > longestMs) wrong.push(`${id} took ${tookMs} ms`);
    for (const [status, count] of Object.entries(counts)) {
      if (!mayBeTwice && end.counts[status] !== count) {
        wrong.push(`${id} ended with ${end.counts[status]} ${status}, and has ${count}`);
      }
    }
    return wrong;
  });
}

/** Clients that had an acknowledgment before they sent their next request are served in that order. */
export function orderViolations({ jobs, acknowledged }: Evidence): string[] {
  const known = new Map(jobs.map((job) => [job.id, job]));
  return acknowledged.flatMap(({ client, jobId, queued }, position) => {
    const job = known.get(jobId);
    if (job === undefined) return [`${jobId} was acknowledged and does not exist`];
    const wrong: string[] = [];
    const before = acknowledged.slice(0, position).findLast((other) => other.client === client);
    const earlier = before === undefined ? undefined : known.get(before.jobId);
    if (earlier !== undefined && Number(earlier.header.sequence) >= Number(job.header.sequence)) {
      wrong.push(`${jobId} comes before ${earlier.id}, which was acknowledged before it was sent`);
    }
    const refused = job.entries.filter(({ end }) => end === 'NOT_QUEUED').length;
    const invalid = job.entries.filter(({ end }) => end === 'INVALID').length;
    if (job.entries.length - invalid - queued < refused) {
      wrong.push(`${jobId}: ${queued} were said to be queued, and ${refused} are NOT_QUEUED`);
    }
    return wrong;
  });
}

/** No request is accepted twice, however often it is sent with its Idempotency-Key. */
export function onceViolations({ jobs, sent }: Evidence): string[] {
  const accepted = jobs.filter(
    ({ header }) =>
      header.queuedAt !== undefined && header.parent === undefined && header.undoes === undefined,
  );
  const itemsOf = ({ entries }: SeenJob) => JSON.stringify(entries.map(({ item }) => item));
  return [...Map.groupBy(accepted, itemsOf)].flatMap(([items, group]) => {
    const requests = sent.filter((request) => request === items).length;
    if (group.length <= requests) return [];
    return [`${group.map(({ id }) => id)} are ${group.length} jobs of ${requests} requests`];
  });
}

/** Each entry ended as it may. */
export function violationsOfEnd(
  entry: SeenEntry,
  all: readonly SeenEntry[],
  plan: Plan,
  evidence: Evidence,
  isRedriven: boolean,
): string[] {
  const allowed = allowedEnds(entry, all, plan, evidence, isRedriven);
  if (allowed.includes(entry.end)) return [];
  return [`${entry.name} is ${entry.end}, not ${allowed.join(' or ')}: ${JSON.stringify(entry.item)}`];
}

function allowedEnds(
  { job, name, index, item, order, plan: planned }: SeenEntry,
  all: readonly SeenEntry[],
  plan: Plan,
  evidence: Evidence,
  isRedriven: boolean,
): string[] {
  if (item.status !== undefined) return ['INVALID'];
  const allowed: string[] = [];
  const expected = item.expect as Item | undefined;
  const namesCity = [item.data, expected?.data].some((data) => Object.hasOwn(data ?? {}, 'city'));
  if (namesCity && plan.procedureChange?.to === 'withoutCity') allowed.push('INVALID');
  const [firstLook = 0] = looksOf(job);
  const isBeyond = validOf(job).findIndex((entry) => entry.index === index) >= firstLook;
  const isStopped =
    evidence.cancelAsked.has(job.id) || (job.status === 'ABORTED' && isBeyond) || hasExpired(job.header);
  if (isStopped) allowed.push('CANCELLED');
  const wasAcknowledged = evidence.acknowledged.find(({ jobId }) => jobId === job.id);
  const invalid = job.entries.filter(({ end }) => end === 'INVALID').length;
  if (wasAcknowledged === undefined || wasAcknowledged.queued + invalid < job.entries.length) {
    allowed.push('NOT_QUEUED');
  }
  // A redrive does not bring back what was given up in a job that is stopped or undone.
  const isUndone = job.header.undoneBy !== undefined;
  const isGivenUp = evidence.cancelAsked.has(job.id) || job.status === 'ABORTED' || isUndone;
  if (evidence.expired.has(name) || (mayDie(plan.faults) && (!isRedriven || isGivenUp))) {
    allowed.push('PROCESSING_FAILED');
  }

  // What was planned to fail fails so, whatever has come since.
  if (planned?.completionStatus === 'ERROR') return [...allowed, planned.errors[0]?.code ?? ''];
  const isWhole = item.expect !== undefined || planned !== undefined;
  const found = processesOf(job, item, evidence.processes);
  const [process] = found;
  if (process === undefined) return [...allowed, 'PROCESS_NOT_FOUND'];
  if (found.length > 1) return [...allowed, 'AMBIGUOUS_PRIMARY_KEY'];
  if (isCreatedLate(process, plan)) allowed.push('PROCESS_NOT_FOUND');
  if (item.lead_id !== undefined && item.lead_id !== process.primaryKey) {
    return [...allowed, 'PRIMARY_KEY_MISMATCH'];
  }
  // Which of a deletion and a later update arrives first is not promised.
  const isAfterDeletion = all.some(
    (other) =>
      other.item.isDeleted === true &&
      // What expects something of a process expects it to be there.
      (other.order < order || isWhole) &&
      processesOf(other.job, other.item, evidence.processes)[0] === process,
  );
  if (isAfterDeletion) allowed.push('PROCESS_DELETED');
  if (item.state !== undefined && mayHaveRefused(process, item, all, evidence))
    allowed.push('STATE_NOT_ALLOWED');
  if (isWhole) allowed.push('PRECONDITION_FAILED');
  return [...allowed, 'SUCCESS'];
}

/** Whether another system may have created a process after it was named first. */
function isCreatedLate({ id }: Item, { clients }: Plan): boolean {
  const isLate = clients.some(({ requests }) =>
    requests.some(({ createsProcess }) => Number(createsProcess) > 0),
  );
  return isLate && String(id).includes('FRESH');
}

/** Whether a process ever had a state that an item's may not follow, be it between two steps of one write. */
function mayHaveRefused(
  process: Item,
  { state }: Item,
  all: readonly SeenEntry[],
  evidence: Evidence,
): boolean {
  const written = evidence.writes.filter((write) => write.process === process.id);
  const states = [
    process.state,
    ...written.flatMap(({ before, after }) => [before.state, after.state]),
    ...stepsOf(process.id, all, evidence),
  ];
  return states.some((from) => from !== undefined && !mayFollow(from, state));
}

/** Entries that ended so may have been applied, and overtaken before that was recorded. */
const MAY_BE_APPLIED = ['SUCCESS', 'CANCELLED', 'NOT_QUEUED', 'PROCESSING_FAILED'];

/** The states that entries may have brought. */
function stepsOf(process: unknown, all: readonly SeenEntry[], { processes }: Evidence): unknown[] {
  return all
    .filter(
      ({ job, item, end }) =>
        MAY_BE_APPLIED.includes(end) && processesOf(job, item, processes)[0]?.id === process,
    )
    .map(({ item }) => item.state);
}

function mayFollow(from: unknown, to: unknown): boolean {
  return from === to || TRANSITIONS[String(from)]?.includes(String(to)) === true;
}

/** States follow one another only as the procedure allows; one write may bring two steps, of two entries. */
export function stateViolations(entries: readonly SeenEntry[], evidence: Evidence): string[] {
  // They do not bind an undo.
  const updates = evidence.writes.filter((write) => !isUndoWrite(write));
  return updates.flatMap(({ process, before, after }) => {
    if (before.state === undefined || mayFollow(before.state, after.state)) return [];
    const isOfTwo = stepsOf(process, entries, evidence).some(
      (step) => mayFollow(before.state, step) && mayFollow(step, after.state),
    );
    return isOfTwo ? [] : [`${process} went from ${before.state} to ${after.state}`];
  });
}

/** An outcome tells what an update did: newer ones had set all of it, or it changed something, or nothing. */
export function violationsOfOutcome(
  entry: SeenEntry,
  all: readonly SeenEntry[],
  undos: readonly SeenEntry[],
  evidence: Evidence,
): string[] {
  const { name, outcome, order, job, item } = entry;
  const [process] = processesOf(job, item, evidence.processes);
  if (process === undefined) return [];
  const fields = fieldsOf(item);
  if (outcome === 'SUPERSEDED') {
    const recorded = evidence.results.filter(({ jobId, index }) => jobId === job.id && index === entry.index);
    // Entries that are sent again share the fate of their first job.
    const endedAt = job.header.parent === undefined ? Math.min(...recorded.map(({ at }) => at)) : 0;
    const set = (field: AnyField) =>
      evidence.newest.some(
        (write) => write.process === process.id && write.field === field && write.order > order,
      ) ||
      all.some(
        (other) =>
          other.order > order &&
          valueIn(other.item, field) !== undefined &&
          processesOf(other.job, other.item, evidence.processes)[0] === process &&
          (other.end === 'SUCCESS' || wasWritten(other, evidence)) &&
          !wasTakenBackBy(other, field, endedAt, undos, evidence),
      );
    const alone = fields.filter((field) => !set(field));
    return alone.length === 0 ? [] : [`${name} is SUPERSEDED, and nothing newer set ${alone}`];
  }
  // A state, or nothing, may be what others bring, too.
  const isAlone = !isSentTwice(entry, all);
  if (!isAlone || fields.some((field) => !isUnique(item, field))) return [];
  const isWritten = wasWritten(entry, evidence);
  if (outcome === 'APPLIED' && !isWritten) return [`${name} is APPLIED, and was never written`];
  if (outcome === 'UNCHANGED' && isWritten) return [`${name} is UNCHANGED, and has changed its process`];
  return [];
}

/** An update that was refused has changed nothing, neither before nor after. */
export function violationsOfRefusal(
  entry: SeenEntry,
  all: readonly SeenEntry[],
  evidence: Evidence,
): string[] {
  const { name, end } = entry;
  const isRefused = statusOf(end) === 'ERROR' && !['PROCESSING_FAILED', 'NOT_QUEUED'].includes(end);
  const isSentAgain = isSentTwice(entry, all);
  if ((!isRefused && end !== 'INVALID') || isSentAgain || !wasWritten(entry, evidence)) return [];
  return [`${name} is ${end}, and was written`];
}

/** An update that expects something is applied as a whole, on what it expects, or not at all, and for a reason. */
export function violationsOfPrecondition(
  entry: SeenEntry,
  all: readonly SeenEntry[],
  plan: Plan,
  evidence: Evidence,
): string[] {
  const { name, end, outcome, item, job, plan: planned } = entry;
  const [process] = processesOf(job, item, evidence.processes);
  if (item.expect === undefined || process === undefined) return [];
  if (outcome === 'SUPERSEDED') return [`${name} is SUPERSEDED, and expects something`];
  // What was planned to fail fails, though it would not have: another entry of the plan, on which it depends, did.
  if (planned?.completionStatus === 'ERROR') return [];
  if (end === 'PRECONDITION_FAILED' && !mayHaveFailed(entry, process, all, plan, evidence))
    return [`${name} is PRECONDITION_FAILED, and the process was never otherwise`];
  if (end !== 'SUCCESS' || isSentTwice(entry, all)) return [];
  const unique = fieldsOf(item).filter((field) => isUnique(item, field));
  const brought = broughtBy(entry, evidence);
  if (unique.length > 0 && brought.length !== 1)
    return [`${name} is SUCCESS, and was written ${brought.length} times`];
  const refusedAt = refusalOf(entry, plan, evidence)?.at ?? Number.POSITIVE_INFINITY;
  return brought.flatMap(({ at, before, after }) => {
    if (at > refusedAt) return [`${name} was written at ${at}, and had been refused at ${refusedAt}`];
    const missing = fieldsOf(item).filter(
      (field) => (valueIn(after, field) ?? null) !== (valueIn(item, field) ?? null),
    );
    const wrong: string[] = [];
    if (missing.length > 0) wrong.push(`${name} is SUCCESS, and was written without ${missing}`);
    if (!isAsExpected(before, item)) wrong.push(`${name} was written on ${JSON.stringify(before)}`);
    if (after.version !== Number(before.version ?? 0) + 1)
      wrong.push(`${name} left version ${after.version}`);
    return wrong;
  });
}

/** The first result that refused an entry, where the queue has its message once: no second one is on its way with that. */
function refusalOf(
  { job, index }: SeenEntry,
  { faults }: Plan,
  { results }: Evidence,
): SeenResult | undefined {
  if (faults.duplicated + faults.answerLost + faults.late > 0) return undefined;
  return results.find(
    (result) =>
      result.jobId === job.id &&
      result.index === index &&
      !isSuccess(result.code) &&
      !['CANCELLED', 'NOT_QUEUED', 'PROCESSING_FAILED'].includes(result.code),
  );
}

/** Whether a process has what an item expects. */
function isAsExpected(process: Item, { expect }: Item): boolean {
  const { data = {}, ...fields } = expect as Item & { data?: Item };
  const hasValue = (holder: unknown, [name, value]: [string, unknown]) =>
    ((holder as Item | undefined)?.[name] ?? null) === value;
  return (
    Object.entries(fields).every((member) => hasValue(process, member)) &&
    Object.entries(data).every((member) => hasValue(process.data, member))
  );
}

/** Whether a process ever was not as expected, or a newer update may have set a field of the item. */
function mayHaveFailed(
  { job, item, order, plan: planned, index }: SeenEntry,
  process: Item,
  all: readonly SeenEntry[],
  plan: Plan,
  evidence: Evidence,
): boolean {
  // What other systems write is seen in what it leaves only.
  if (plan.others.length > 0) return true;
  const seen = evidence.writes.filter((write) => write.process === process.id);
  const isChange = ({ before, after }: SeenWrite) =>
    fieldsOf(item).some((field) => valueIn(before, field) !== valueIn(after, field));
  if (planned !== undefined && seen.some(isChange)) return true;
  // What was planned after another entry of the plan depends on that one.
  const hasFailed = (other: SeenEntry) =>
    other.index < index &&
    other.end !== 'SUCCESS' &&
    processesOf(job, other.item, evidence.processes)[0] === process;
  if (planned !== undefined && job.entries.some(hasFailed)) return true;
  const states = [process, ...seen.flatMap(({ before, after }) => [before, after])];
  const isNewer = (other: SeenEntry) =>
    other.order > order &&
    MAY_BE_APPLIED.includes(other.end) &&
    processesOf(other.job, other.item, evidence.processes)[0] === process &&
    fieldsOf(item).some((field) => valueIn(other.item, field) !== undefined);
  return states.some((state) => !isAsExpected(state, item)) || all.some(isNewer);
}

/** Of the updates that expect one version of a process at most one wins. */
export function versionViolations(entries: readonly SeenEntry[], evidence: Evidence): string[] {
  const winners = entries.filter(
    ({ end, item }) => end === 'SUCCESS' && Object.hasOwn((item.expect as Item | undefined) ?? {}, 'version'),
  );
  const versions = Map.groupBy(winners, ({ job, item }) => {
    const [process] = processesOf(job, item, evidence.processes);
    return `${process?.id} version ${(item.expect as Item).version}`;
  });
  return [...versions].flatMap(([version, group]) => {
    // A retried entry is its first once more.
    const orders = new Set(group.map(({ order }) => order));
    return orders.size <= 1 ? [] : [`${group.map(({ name }) => name)} all won with ${version}`];
  });
}

/** Whether another entry brings the same: of a job that broke off, or of a retry. */
function isSentTwice(entry: SeenEntry, all: readonly SeenEntry[]): boolean {
  const text = JSON.stringify(entry.item);
  return all.some((other) => other !== entry && JSON.stringify(other.item) === text);
}

/** Whether a write brought a value that only this item brings. */
function wasWritten({ item }: SeenEntry, { writes }: Evidence): boolean {
  return fieldsOf(item)
    .filter((field) => isUnique(item, field))
    .some((field) =>
      writes.some(
        ({ before, after }) =>
          valueIn(after, field) === valueIn(item, field) && valueIn(before, field) !== valueIn(item, field),
      ),
    );
}

function isUnique(item: Item, field: AnyField): boolean {
  return field !== 'state' && field !== 'isDeleted' && valueIn(item, field) !== null;
}

/** A process holds, field by field, what the last accepted of those brought that succeeded, and what others wrote stays. */
export function violationsOfProcess(
  process: Item,
  entries: readonly SeenEntry[],
  undos: readonly SeenEntry[],
  evidence: Evidence,
): string[] {
  const wrong: string[] = [];
  const initial = evidence.initial.find(({ id }) => id === process.id) ?? {};
  const named = entries.filter(({ job, item }) => processesOf(job, item, evidence.processes)[0] === process);
  const hasUndos = undos.some((undo) => named.includes(sentEntryOf(undo)));
  // What ended otherwise may have been applied and overtaken at once: an undo of the newer brings it back.
  const ends = hasUndos ? MAY_BE_APPLIED : ['SUCCESS'];
  const concerning = named.filter(({ end }) => ends.includes(end));
  for (const field of ALL_FIELDS) {
    const setting = [
      ...concerning
        .filter(
          (entry) => valueIn(entry.item, field) !== undefined && fateOf(entry, field, undos) !== 'taken back',
        )
        .map((entry) => ({
          order: entry.order,
          value: valueIn(entry.item, field),
          name: entry.name,
          isCertain: !hasUndos || standsForCertain(entry, field, entries, undos, evidence),
        })),
      ...evidence.newest
        .filter((write) => write.process === process.id && write.field === field)
        .map(({ order, value }) => ({ order, value, name: 'another system', isCertain: true })),
      { order: -1, value: valueIn(initial, field) ?? null, name: 'its start', isCertain: true },
    ].toSorted((a, b) => b.order - a.order);
    const possible = setting.slice(0, setting.findIndex(({ isCertain }) => isCertain) + 1);
    const actual = valueIn(process, field) ?? null;
    if (!possible.some(({ value }) => value === actual)) {
      const expected = possible.map(({ value, name }) => `${value} of ${name}`).join(' or ');
      wrong.push(`${process.id}.${field} is ${actual}, not ${expected}`);
    }
  }
  const note = (process.data as Item | undefined)?.note;
  if (evidence.notes.get(String(process.id)) !== note) {
    wrong.push(
      `${process.id} has lost ${evidence.notes.get(String(process.id))}, which another system wrote`,
    );
  }
  return wrong;
}

/**
 * Whether an entry's value stands where no newer one does. One that lost to an update which was undone later stays lost, and
 * was told so.
 */
function standsForCertain(
  entry: SeenEntry,
  field: AnyField,
  all: readonly SeenEntry[],
  undos: readonly SeenEntry[],
  { writes }: Evidence,
): boolean {
  const value = valueIn(entry.item, field);
  const isSeen = writes.some(
    ({ before, after }) => valueIn(after, field) === value && valueIn(before, field) !== value,
  );
  return (
    entry.end === 'SUCCESS' &&
    isUnique(entry.item, field) &&
    isSeen &&
    !isSentTwice(entry, all) &&
    fateOf(entry, field, undos) === 'stands'
  );
}

/** The processes that an item of a job names, by the id if it has one. */
function processesOf({ team }: SeenJob, { id, lead_id }: Item, processes: readonly Item[]): Item[] {
  return processes.filter(
    (process) =>
      process.team === team && (id === undefined ? process.primaryKey === lead_id : process.id === id),
  );
}

/** The fields that an item sets. */
function fieldsOf(item: Item): AnyField[] {
  return ALL_FIELDS.filter((field) => valueIn(item, field) !== undefined);
}

function valueIn(item: Item, field: AnyField): unknown {
  if (!field.startsWith('data.')) return item[field];
  return (item.data as Item | undefined)?.[field.slice('data.'.length)];
}
