/** What has to hold of processes that requests create, by the contract alone, as `invariants.ts`. */
import type { Evidence, SeenEntry } from './evidence.ts';
import type { Item } from './expressions.ts';
import { FIELDS, mayDie, type Plan } from './plan.ts';
import { isNewKey } from './workload.ts';

const ALL_FIELDS = [...FIELDS, 'isDeleted'] as const;
type AnyField = (typeof ALL_FIELDS)[number];

/** Whether an entry, or the one that it undoes, is of a primary key whose process requests create. */
export function isOfNewKey({ item }: SeenEntry): boolean {
  return isNewKey(item.lead_id);
}

/** Entries that ended so may have been applied before that was recorded. */
const MAY_BE_APPLIED = ['SUCCESS', 'CANCELLED', 'NOT_QUEUED', 'PROCESSING_FAILED'];

/** Whether an entry may create its process. */
function mayCreate({ job, item }: SeenEntry): boolean {
  if (job.kind === 'create') return true;
  return job.kind === 'upsert' && item.expect === undefined && item.isDeleted === undefined;
}

/**
 * @param entries - of requests and of retries, by primary keys of processes that requests create
 * @param undos - of the same
 */
export function creationViolations(
  entries: readonly SeenEntry[],
  undos: readonly SeenEntry[],
  plan: Plan,
  evidence: Evidence,
  isRedriven: boolean,
): string[] {
  const processes = evidence.processes.filter(({ primaryKey }) => isNewKey(primaryKey));
  const keyOf = ({ job, item }: SeenEntry) => `${job.team} ${item.lead_id}`;
  const byKey = Map.groupBy(entries, keyOf);
  return [
    ...entries.flatMap((entry) => {
      const alike = byKey.get(keyOf(entry)) ?? [];
      const undosOfKey = undos.filter((undo) => keyOf(undo) === keyOf(entry));
      const seen = { entry, alike, undos: undosOfKey, plan, evidence, isRedriven };
      return [...endViolations(seen), ...createdViolations(seen), ...onceViolations(seen)];
    }),
    ...processes.flatMap((process) => {
      const named = byKey.get(`${process.team} ${process.primaryKey}`) ?? [];
      const hasUndos = undos.some((undo) => keyOf(undo) === `${process.team} ${process.primaryKey}`);
      return [
        ...originViolations(process, named, evidence),
        ...(hasUndos ? [] : valueViolations(process, processes, named)),
      ];
    }),
    ...undos.flatMap((undo) => undoneViolations(undo, entries, undos, evidence)),
  ];
}

interface Seen {
  entry: SeenEntry;
  /** All entries of the same primary key, this one included. */
  alike: readonly SeenEntry[];
  undos: readonly SeenEntry[];
  plan: Plan;
  evidence: Evidence;
  isRedriven: boolean;
}

/** Each entry ended as it may. */
function endViolations(seen: Seen): string[] {
  const { entry } = seen;
  const { name, end, outcome } = entry;
  const allowed = allowedEnds(seen);
  const shown = end === 'SUCCESS' ? String(outcome) : end;
  return allowed.includes(shown) ? [] : [`${name} is ${shown}, not ${allowed.join(' or ')}`];
}

function allowedEnds({ entry, alike, undos, plan, evidence, isRedriven }: Seen): string[] {
  const { job, item, plan: planned, name } = entry;
  if (item.status !== undefined) return ['INVALID'];
  const allowed: string[] = [];
  const expected = item.expect as Item | undefined;
  const namesCity = [item.data, expected?.data].some((data) => Object.hasOwn(data ?? {}, 'city'));
  if (namesCity && plan.procedureChange?.to === 'withoutCity') allowed.push('INVALID');
  const isStopped = ['CANCELLED', 'ABORTED'].includes(job.status) || evidence.cancelAsked.has(job.id);
  if (isStopped) allowed.push('CANCELLED');
  const wasAcknowledged = evidence.acknowledged.find(({ jobId }) => jobId === job.id);
  const invalid = job.entries.filter(({ end }) => end === 'INVALID').length;
  if (wasAcknowledged === undefined || wasAcknowledged.queued + invalid < job.entries.length)
    allowed.push('NOT_QUEUED');
  const isUndone = job.header.undoneBy !== undefined;
  const isGivenUp = isStopped || isUndone;
  if (evidence.expired.has(name) || (mayDie(plan.faults) && (!isRedriven || isGivenUp)))
    allowed.push('PROCESSING_FAILED');
  if (planned?.completionStatus === 'ERROR') return [...allowed, planned.errors[0]?.code ?? ''];

  const others = alike.filter((other) => other !== entry);
  const isForeign = item.lead_id === 'KEY-NEW3';
  const mayBeDeleted = undos.length > 0 || others.some((other) => other.item.isDeleted === true);
  const isPlanned = planned !== undefined;
  const creators = others.filter((other) => mayCreate(other) && MAY_BE_APPLIED.includes(other.end));
  const creates = mayCreate(entry);
  if (creates && (!isForeign || mayBeDeleted)) allowed.push('CREATED');
  if (job.kind === 'create') {
    // What keeps a process from being created is another one.
    if (isForeign || creators.length > 0) allowed.push('PROCESS_EXISTS');
    return allowed;
  }
  if (isForeign || creators.length > 0) allowed.push('APPLIED', 'UNCHANGED', 'SUPERSEDED');
  if (item.state !== undefined && (isForeign || creators.length > 0)) allowed.push('STATE_NOT_ALLOWED');
  // The primary key of a deleted process is free; only an undo may come before what was accepted earlier.
  if (mayBeDeleted && (!creates || isPlanned || undos.length > 0)) allowed.push('PROCESS_DELETED');
  if (expected !== undefined || isPlanned) allowed.push('PRECONDITION_FAILED');
  // What a plan was to update, it does not create.
  if (!creates || isPlanned) {
    const standing = isForeign ? !mayBeDeleted : hasStandingCreator(entry, others, evidence);
    if (!standing || mayBeDeleted) allowed.push('PROCESS_NOT_FOUND');
  }
  return allowed;
}

/** Whether an entry that was accepted before has created a process, with its first result, which nothing has deleted. */
function hasStandingCreator(entry: SeenEntry, others: readonly SeenEntry[], { results }: Evidence): boolean {
  const isFirst = ({ job, index }: SeenEntry) => {
    const recorded = results.filter((result) => result.jobId === job.id && result.index === index);
    return recorded.length > 0 && recorded.every(({ code }) => code === 'CREATED');
  };
  return others.some(
    (other) =>
      other.outcome === 'CREATED' &&
      other.order < entry.order &&
      isFirst(other) &&
      // Its place is that of its first job, and nobody waited for that any more.
      other.job.header.parent === undefined &&
      entry.job.header.parent === undefined,
  );
}

/** What is said to be created is there, by that entry and by no other. */
function createdViolations({ entry, evidence }: Seen): string[] {
  const { name, outcome, processId, order, job, item } = entry;
  if (outcome !== 'CREATED') return [];
  const process = evidence.processes.find(({ id }) => id === processId);
  if (process === undefined) return [`${name} is CREATED, and there is no ${processId}`];
  const isOfKey = process.team === job.team && process.primaryKey === item.lead_id;
  const data = process.data as Item | undefined;
  const wrong: string[] = [];
  if (!isOfKey) wrong.push(`${name} is CREATED as ${processId} of ${process.primaryKey}`);
  if (process.createdOrder !== order)
    wrong.push(`${name} of order ${order} is CREATED, and ${processId} is of ${process.createdOrder}`);
  if (data?.lead_id !== item.lead_id)
    wrong.push(`${processId} has the primary key ${data?.lead_id} in its data`);
  return wrong;
}

/** A process that no other system has created is of one entry. */
function originViolations(process: Item, named: readonly SeenEntry[], { initial }: Evidence): string[] {
  if (initial.some(({ id }) => id === process.id)) return [];
  const creators = named.filter((entry) => entry.order === process.createdOrder && mayCreate(entry));
  const [first] = creators;
  if (first === undefined) return [`${process.id} was created by nobody`];
  // The clocks tell which updates have reached it.
  const clocks = Object.entries((process.clocks ?? {}) as Record<string, number>);
  const from = Math.min(...named.filter(mayCreate).map(({ order }) => order));
  const early = clocks.find(([, order]) => order >= 0 && order < from);
  if (early !== undefined)
    return [`${process.id} has ${early[0]} of ${early[1]}, and was created by ${from} at the earliest`];
  const told = creators.filter(({ outcome }) => outcome === 'CREATED');
  const isUnclear = creators.some(({ end }) => end !== 'SUCCESS' && MAY_BE_APPLIED.includes(end));
  if (told.length === 0 && !isUnclear)
    return [`${process.id} is of ${first.name}, which is ${first.end} ${first.outcome}`];
  return [];
}

/** What an item brings goes into one process, though the one of its primary key is another one by now. */
function onceViolations({ entry, alike, evidence }: Seen): string[] {
  const { name, item, end } = entry;
  if (alike.some((other) => other !== entry && JSON.stringify(other.item) === JSON.stringify(item)))
    return [];
  const unique = uniqueFieldsOf(item);
  const brought = evidence.writes.filter(({ before, after }) =>
    unique.some(
      (field) =>
        valueIn(after, field) === valueIn(item, field) && valueIn(before, field) !== valueIn(item, field),
    ),
  );
  const into = new Set(brought.map(({ process }) => process));
  // One copy may come before a deletion that was accepted earlier, and find the process that is deleted then.
  const isAfterDeletion = alike.some((other) => other.item.isDeleted === true && other.order < entry.order);
  if (into.size > 1 && !isAfterDeletion) return [`${name} was written into ${[...into]}`];
  const isRefused = !MAY_BE_APPLIED.includes(end);
  return isRefused && into.size > 0 ? [`${name} is ${end}, and was written`] : [];
}

/**
 * Where a primary key had one process, that holds field by field what the last accepted of those brought that succeeded, and
 * else what a new process has.
 */
function valueViolations(process: Item, processes: readonly Item[], named: readonly SeenEntry[]): string[] {
  const isAlone = !processes.some(
    (other) => other !== process && other.team === process.team && other.primaryKey === process.primaryKey,
  );
  if (!isAlone) return [];
  const isForeign = process.createdOrder === undefined;
  const first: Partial<Record<AnyField, unknown>> = isForeign ? {} : { state: 'NEW' };
  return ALL_FIELDS.flatMap((field) => {
    const setting = named
      .filter(({ item, end, job, outcome }) => {
        const isSet = valueIn(item, field) !== undefined;
        // A create that found another one has set nothing.
        return isSet && end === 'SUCCESS' && !(job.kind === 'create' && outcome !== 'CREATED');
      })
      .toSorted((a, b) => b.order - a.order);
    const [last] = setting;
    const expected = (last === undefined ? first[field] : valueIn(last.item, field)) ?? null;
    const actual = valueIn(process, field) ?? null;
    // What ended otherwise may have been written.
    const isUnclear = named.some(
      ({ item, end }) => end !== 'SUCCESS' && MAY_BE_APPLIED.includes(end) && valueIn(item, field) === actual,
    );
    if (actual === expected || isUnclear) return [];
    return [`${process.id}.${field} is ${actual}, not ${expected} of ${last?.name ?? 'its start'}`];
  });
}

/** The undo of a creation deletes the process, or something else has changed it. */
function undoneViolations(
  undo: SeenEntry,
  entries: readonly SeenEntry[],
  undos: readonly SeenEntry[],
  evidence: Evidence,
): string[] {
  const { undone, name } = undo;
  if (undone?.outcome !== 'CREATED') return [];
  const process = evidence.processes.find(({ id }) => id === undone.processId);
  const isUndoneAgain = undos.some(
    (other) => other !== undo && (other.undone === undo || other.undone === undone),
  );
  if (undo.outcome === 'REVERTED' && !isUndoneAgain && process?.isDeleted !== true)
    return [`${name} is REVERTED, and ${process?.id} is there`];
  if (undo.outcome !== 'KEPT') return [];
  const isOfKey = (other: SeenEntry) =>
    other.job.team === undone.job.team && other.item.lead_id === undone.item.lead_id;
  const isOther = (other: SeenEntry) =>
    other.job !== undone.job || evidence.isApart?.(undone, other) === true;
  const isChange = (other: SeenEntry) => isOther(other) && MAY_BE_APPLIED.includes(other.end);
  const hasReason = entries.some((other) => isOfKey(other) && isChange(other)) || isUndoneAgain;
  return hasReason ? [] : [`${name} keeps ${process?.id}, which nothing else has changed`];
}

function uniqueFieldsOf(item: Item): AnyField[] {
  return ALL_FIELDS.filter((field) => {
    const value = valueIn(item, field);
    return value !== undefined && value !== null && field !== 'state' && field !== 'isDeleted';
  });
}

function valueIn(item: Item, field: AnyField): unknown {
  if (!field.startsWith('data.')) return item[field];
  return (item.data as Item | undefined)?.[field.slice('data.'.length)];
}
