import type { Item } from './expressions.ts';
import type { NewestWrite } from './other-systems.ts';
import type { RequestKind, Safeguards } from './plan.ts';

/** What can be seen of a schedule from outside: what was sent, what the API shows, and what the tables hold. */
export interface Evidence {
  /** All jobs, the oldest first. */
  jobs: SeenJob[];
  /** The processes as they are, and as they were at the start. */
  processes: Item[];
  initial: readonly Item[];
  writes: SeenWrite[];
  /** All results ever recorded, in the order in which they were. */
  results: readonly SeenResult[];
  acknowledged: Acknowledged[];
  /** The items of each request, as text. */
  sent: string[];
  /** Of a job, when its first cancellation was acknowledged. */
  cancelledBy: ReadonlyMap<string, number>;
  /** Jobs that somebody asked to cancel. */
  cancelAsked: ReadonlySet<string>;
  /** Entries as `job/index` whose update the queue dropped. */
  expired: ReadonlySet<string>;
  /** Ids of the jobs whose end was announced. */
  announced: ReadonlySet<string>;
  notes: ReadonlyMap<string, unknown>;
  newest: readonly NewestWrite[];
  /** Whether two entries of one job are undone apart, as those of two jobs are: of a file they may be. */
  isApart?: (one: SeenEntry, other: SeenEntry) => boolean;
}

export interface SeenJob {
  id: string;
  team: string;
  /** Its header as it is stored. */
  header: Item;
  status: string;
  counts: Record<string, number>;
  safeguards: Safeguards;
  /** Of the request; an undo updates. */
  kind: RequestKind;
  entries: SeenEntry[];
}

export interface SeenEntry {
  /** `job/index` */
  name: string;
  job: SeenJob;
  index: number;
  /** `SUCCESS`, or the code of its error, or another status. */
  end: string;
  outcome: string | null;
  processId: string | null;
  item: Item;
  /** Its place in the order of acceptance. */
  order: number;
  /** What was planned for it, of a plan. */
  plan: SeenPlan | undefined;
  line: number | null;
  /** Of an entry of an undo: the fields that it keeps. */
  kept: readonly string[];
  /** Of an entry of an undo: the one that it undoes. */
  undone?: SeenEntry | undefined;
  /** As JSON, for comparison of one time with another. */
  text: string;
}

export interface SeenPlan {
  completionStatus: string;
  errors: { code: string }[];
  before: Item;
}

/** A write of this service into a process. */
export interface SeenWrite {
  at: number;
  process: string;
  before: Item;
  after: Item;
}

/** A result of an entry as it was recorded. */
export interface SeenResult {
  at: number;
  jobId: string;
  index: number;
  /** An outcome, the code of an error, or `CANCELLED`. */
  code: string;
}

/** The results in an item of the Jobs table. */
export function resultsIn({ jobId, part, rows }: Item, at: number): SeenResult[] {
  if (typeof rows !== 'string' || part === 'header') return [];
  const results = JSON.parse(rows) as [index: number, code: string][];
  return results.map(([index, code]) => ({ at, jobId: String(jobId), index, code }));
}

/** What a client knows of a request that was accepted. */
export interface Acknowledged {
  client: number;
  jobId: string;
  queued: number;
}

/** Reads a job and its entries of what the API answers. */
export function seenJob(
  header: Item,
  body: { _data: Item; _meta: Item },
  lines: readonly string[],
  safeguards: Safeguards,
  kind: RequestKind,
): SeenJob {
  const job: SeenJob = {
    id: String(header.jobId),
    team: String(header.team),
    header,
    status: String(body._data.completionStatus),
    counts: body._meta.bjEntryCompletionStatusVsCount as Record<string, number>,
    safeguards,
    kind,
    entries: [],
  };
  // A plan is accepted when it is approved.
  const sequence = Number((header.approved as Item | undefined)?.sequence ?? header.sequence);
  job.entries = lines.map((text) => {
    const {
      index,
      completionStatus,
      outcome,
      errors,
      item,
      plan,
      line,
      processId,
      kept = [],
    } = JSON.parse(text);
    return {
      name: `${job.id}/${index}`,
      job,
      index,
      end: completionStatus === 'ERROR' ? errors[0].code : completionStatus,
      outcome,
      processId,
      item,
      order: sequence * 10_000 + index,
      plan,
      line,
      kept,
      text,
    };
  });
  return job;
}

const RETRYABLE = ['NOT_QUEUED', 'PROCESSING_FAILED'];

/** An entry that is sent again keeps the place of the one that failed. */
export function withOrdersOfParents(jobs: readonly SeenJob[]): SeenJob[] {
  const oldestFirst = jobs.toSorted((a, b) => Number(a.header.sequence) - Number(b.header.sequence));
  for (const job of oldestFirst) {
    const parent = oldestFirst.find(({ id }) => id === job.header.parent);
    let last = -1;
    for (const entry of parent === undefined ? [] : job.entries) {
      // Entries keep their sequence, and several may have the same item.
      const alike = parent?.entries.filter(
        ({ index, item }) => index > last && JSON.stringify(item) === JSON.stringify(entry.item),
      );
      const first = alike?.find(({ end }) => RETRYABLE.includes(end)) ?? alike?.[0];
      if (first === undefined) continue;
      last = first.index;
      entry.order = first.order;
    }
  }
  return oldestFirst;
}

/** An entry of an undo has the line of the one that it undoes. */
export function withUndone(jobs: readonly SeenJob[]): SeenJob[] {
  const known = new Map(jobs.map((job) => [job.id, job]));
  for (const { header, entries } of jobs) {
    const undone = known.get(String(header.undoes));
    for (const entry of undone === undefined ? [] : entries)
      entry.undone = undone?.entries.find(({ line }) => line === entry.line);
  }
  return [...jobs];
}

/** Whether a write gave values back, as an undo does: their clocks stay, and they are not of what wrote them. */
export function isUndoWrite({ before, after }: SeenWrite): boolean {
  const [old, fresh] = [before, after].map(({ origins }) => (origins ?? {}) as Record<string, Item>);
  return Object.entries(fresh ?? {}).some(
    ([field, { of, by }]) => of !== by && JSON.stringify(old?.[field]) !== JSON.stringify(fresh?.[field]),
  );
}
