import { isDeepStrictEqual } from 'node:util';
import { SEQUENCE_UNIT_MS } from '../../lambdas/adapters/job-store.ts';
import type { Process } from '../../lambdas/contract/process.ts';
import type { AnnouncedJob, Announcement } from '../../lambdas/domain/announced-creates.ts';
import { createdProcess, isBefore } from '../../lambdas/domain/creation.ts';
import { belongsTo, decide, runsOf } from '../../lambdas/domain/decide.ts';
import { readDecisions, withDecisions } from '../../lambdas/domain/decided.ts';
import { writesFields } from '../../lambdas/domain/decision.ts';
import { readHeldUpdates } from '../../lambdas/domain/held-updates.ts';
import { type Compacted, countedEnd, type Stopped, type StoredJob } from '../../lambdas/domain/job.ts';
import { isPlanned, readPlan } from '../../lambdas/domain/plan.ts';
import type {
  Announcements,
  ApplyVerdict,
  CompactResults,
  Created,
  Events,
  HeldUpdates,
  IdempotencyRecord,
  IdempotencyRecords,
  JobCheck,
  JobChecks,
  JobFinished,
  JobState,
  Jobs,
  Plans,
  Processes,
  ResolvedReference,
  Submissions,
  Trace,
  UpdateQueue,
} from '../../lambdas/domain/ports.ts';
import type { FoldedResult, ResultBatch } from '../../lambdas/domain/results.ts';
import { readChunk } from '../../lambdas/domain/submission.ts';
import type { UpdateMessage } from '../../lambdas/domain/update-message.ts';
import { withChanges } from '../../lambdas/domain/with-changes.ts';

/** The domain's ports in memory, with the rules that the real ones keep. */
export class MemoryJobs implements Jobs {
  readonly headers = new Map<string, StoredJob>();
  readonly logs = new Map<string, ResultBatch[]>();
  readonly #sequences = new Map<string, number>();

  async nextSequence(team: string, now: number, count = 1): Promise<number> {
    const next = Math.max((this.#sequences.get(team) ?? 0) + count, Math.floor(now / SEQUENCE_UNIT_MS));
    this.#sequences.set(team, next);
    return next;
  }

  async create(job: StoredJob): Promise<void> {
    this.headers.set(job.id, job);
  }

  async markQueued(jobId: string, queuedAt: number, notQueued: readonly number[]): Promise<void> {
    this.#set(jobId, { queuedAt, ...(notQueued.length > 0 ? { notQueued: [...notQueued] } : {}) });
  }

  async markBrokenOff(jobId: string, at: number): Promise<void> {
    this.#set(jobId, { acceptingUntil: at });
  }

  async markReleased(jobId: string, releasedTo: number, at: number): Promise<boolean> {
    const { releasedTo: before = 0, stopped } = this.headers.get(jobId) ?? {};
    if (stopped !== undefined || before >= releasedTo) return false;
    this.#set(jobId, { releasedTo, releasedAt: at });
    return true;
  }

  async markQueuedTo(jobId: string, queuedTo: number): Promise<void> {
    const { queuedTo: before = 0 } = this.headers.get(jobId) ?? {};
    if (before < queuedTo) this.#set(jobId, { queuedTo });
  }

  async markStopped(jobId: string, stopped: Stopped): Promise<void> {
    const { end, stopped: first } = this.headers.get(jobId) ?? {};
    if (end === undefined && first === undefined) this.#set(jobId, { stopped });
  }

  async markApproved(jobId: string, approved: NonNullable<StoredJob['approved']>): Promise<boolean> {
    return this.#ifUndecided(jobId, { approved });
  }

  async markDiscarded(jobId: string, stopped: Stopped): Promise<boolean> {
    return this.#ifUndecided(jobId, { stopped });
  }

  #ifUndecided(jobId: string, changes: Partial<StoredJob>): boolean {
    const job = this.headers.get(jobId);
    const isUndecided = job !== undefined && isPlanned(job) && job.end === undefined;
    if (isUndecided) this.#set(jobId, changes);
    return isUndecided;
  }

  async markSeen(jobId: string, seen: NonNullable<StoredJob['seen']>): Promise<void> {
    this.#set(jobId, { seen });
  }

  async markCounted(
    jobId: string,
    end: NonNullable<StoredJob['end']>,
    at: number,
    compacted?: Compacted,
  ): Promise<void> {
    this.#set(jobId, { end, countedAt: at, ...(compacted && { compacted }) });
  }

  async markUndone(jobId: string, undo: StoredJob, instead: string | undefined): Promise<boolean> {
    if (this.headers.get(jobId)?.undoneBy?.id !== instead) return false;
    this.#set(jobId, { undoneBy: undo });
    return true;
  }

  async markAnnounced(jobId: string, at: number): Promise<void> {
    this.#set(jobId, { announcedAt: at });
  }

  async close(jobId: string, end: NonNullable<StoredJob['end']>): Promise<boolean> {
    const { announcedAt, end: noted = end } = this.headers.get(jobId) ?? {};
    if (announcedAt !== undefined || !isDeepStrictEqual(noted, end)) return false;
    this.#set(jobId, { end });
    return true;
  }

  async appendResults(jobId: string, batch: ResultBatch): Promise<void> {
    this.logs.set(jobId, [...(this.logs.get(jobId) ?? []), batch]);
  }

  async find(jobId: string): Promise<StoredJob | undefined> {
    return this.headers.get(jobId);
  }

  async readWhole(jobId: string): Promise<JobState | undefined> {
    const job = this.headers.get(jobId);
    return job === undefined ? undefined : { job, log: this.logs.get(jobId) ?? [] };
  }

  async read(jobId: string): Promise<JobState | undefined> {
    const state = await this.readWhole(jobId);
    if (state === undefined || state.log.some(({ isLate }) => isLate)) return state;
    return countedEnd(state.job) === undefined ? state : { job: state.job, log: [] };
  }

  async readByChunk(jobId: string): Promise<JobState | undefined> {
    const state = await this.read(jobId);
    return state?.job.compacted === undefined ? this.readWhole(jobId) : state;
  }

  async list(): Promise<never> {
    throw new Error('Lists are tested on the real table');
  }

  #set(jobId: string, changes: Partial<StoredJob>): void {
    const job = this.headers.get(jobId);
    if (job !== undefined) this.headers.set(jobId, { ...job, ...changes });
  }
}

export class MemorySubmissions implements Submissions {
  readonly #chunks = new Map<string, readonly Uint8Array[]>();

  async store(jobId: string, chunks: readonly Uint8Array[]): Promise<void> {
    this.#chunks.set(jobId, chunks);
  }

  async readChunk(jobId: string, number: number) {
    const chunk = this.#chunks.get(jobId)?.[number];
    if (chunk === undefined) throw new Error(`No chunk ${number} of ${jobId}`);
    return readChunk(chunk);
  }
}

export class MemoryCompactResults implements CompactResults {
  readonly chunks = new Map<string, readonly (readonly FoldedResult[])[]>();

  async store(jobId: string, chunks: readonly (readonly FoldedResult[])[]): Promise<number[]> {
    this.chunks.set(jobId, chunks);
    return chunks.map(({ length }) => Math.min(length, 1));
  }

  async readChunk({ id }: StoredJob, number: number): Promise<ResultBatch[]> {
    const chunk = this.chunks.get(id)?.[number];
    if (chunk === undefined) throw new Error(`No results of chunk ${number} of ${id}`);
    return chunk.map(({ startedAt, completedAt, ...result }) => ({
      startedAt,
      completedAt,
      results: [result],
    }));
  }
}

export class MemoryHeldUpdates implements HeldUpdates {
  readonly chunks = new Map<string, readonly Uint8Array[]>();

  async store(jobId: string, chunks: readonly Uint8Array[]): Promise<void> {
    this.chunks.set(jobId, chunks);
  }

  async readChunk(jobId: string, number: number) {
    const chunk = this.chunks.get(jobId)?.[number];
    if (chunk === undefined) throw new Error(`No chunk ${number} of the held updates of ${jobId}`);
    return readHeldUpdates(chunk);
  }
}

export class MemoryProcesses implements Processes {
  readonly stored = new Map<string, Process>();

  constructor(processes: readonly Process[]) {
    for (const process of processes) this.stored.set(process.id, process);
  }

  async findIds(team: string, procedure: string, primaryKey: string): Promise<string[]> {
    const found = [...this.stored.values()].filter(
      (process) =>
        process.team === team && process.procedure === procedure && process.primaryKey === primaryKey,
    );
    return found.map(({ id }) => id);
  }

  async findShowing(): Promise<undefined> {}

  async get(id: string): Promise<Process | undefined> {
    return this.stored.get(id);
  }

  async create(...[key, update]: Parameters<Processes['create']>): Promise<Created> {
    for (let n = 0; ; n++) {
      const process = createdProcess(key, n, update, 1);
      const found = this.stored.get(process.id);
      if (found !== undefined && isBefore(found, update.order)) continue;
      if (found !== undefined) return { found: found.id };
      this.stored.set(process.id, process);
      return { id: process.id };
    }
  }

  async traceOf(target: ResolvedReference, order: number): Promise<Trace | undefined> {
    const process = this.stored.get(target.id);
    if (process === undefined || !belongsTo(process, target)) return undefined;
    if (Object.values(process.clocks ?? {}).includes(order)) return { outcome: 'APPLIED' };
    const decision = readDecisions(process.decided).decisionOf(order);
    if (decision === undefined) return undefined;
    return decision === 'APPLIED' ? { outcome: decision } : { error: decision };
  }

  async apply(...[target, updates]: Parameters<Processes['apply']>): Promise<ApplyVerdict[]> {
    const verdicts = new Map<unknown, ApplyVerdict>();
    for (const run of runsOf(updates)) {
      for (const [position, verdict] of applyRun(this.stored, target, run).entries())
        verdicts.set(run[position], verdict);
    }
    return updates.map((update) => verdicts.get(update) as ApplyVerdict);
  }
}

function applyRun(
  stored: Map<string, Process>,
  ...[target, updates]: Parameters<Processes['apply']>
): ApplyVerdict[] {
  const process = stored.get(target.id);
  const { changes, decided, verdicts } = decide(process, target, updates);
  if (process === undefined) return verdicts;
  const changed = writesFields({ changes, decided }) ? withChanges(process, changes, 1) : process;
  const remembered = decided.size > 0 ? { decided: withDecisions(process.decided, decided) } : {};
  stored.set(target.id, { ...changed, ...remembered });
  return verdicts;
}

export class MemoryAnnouncements implements Announcements {
  readonly standing = new Map<string, Announcement>();
  readonly #jobs: Pick<MemoryJobs, 'headers'>;

  constructor(jobs: Pick<MemoryJobs, 'headers'>) {
    this.#jobs = jobs;
  }

  async announce(announcement: Announcement): Promise<void> {
    this.standing.set(announcement.jobId, announcement);
  }

  async withdraw({ jobId }: Pick<Announcement, 'jobId'>): Promise<void> {
    this.standing.delete(jobId);
  }

  async of(team: string, procedure: string): Promise<AnnouncedJob[]> {
    return [...this.standing.values()]
      .filter((each) => each.team === team && each.procedure === procedure)
      .map(({ jobId, ...each }) => ({ ...each, job: this.#jobs.headers.get(jobId) }));
  }
}

export class MemoryPlans implements Plans {
  readonly #chunks = new Map<string, readonly Uint8Array[]>();

  async store(jobId: string, chunks: readonly Uint8Array[]): Promise<void> {
    this.#chunks.set(jobId, chunks);
  }

  async readChunk(jobId: string, number: number) {
    const chunk = this.#chunks.get(jobId)?.[number];
    if (chunk === undefined) throw new Error(`No chunk ${number} of the plan of ${jobId}`);
    return readPlan(chunk);
  }
}

export class MemoryQueue implements UpdateQueue {
  readonly messages: UpdateMessage[] = [];

  async send(messages: Iterable<UpdateMessage>): Promise<UpdateMessage[]> {
    this.messages.push(...messages);
    return [];
  }
}

export class MemoryJobChecks implements JobChecks {
  readonly jobChecks: JobCheck[] = [];

  async schedule(jobCheck: JobCheck): Promise<void> {
    this.jobChecks.push(jobCheck);
  }
}

export class MemoryEvents implements Events {
  readonly published: JobFinished[] = [];

  async publish(event: JobFinished): Promise<void> {
    this.published.push(event);
  }
}

export class MemoryIdempotencyRecords implements IdempotencyRecords {
  readonly #idempotencyRecords = new Map<string, IdempotencyRecord & { takenAt: number }>();

  async take(
    claim: IdempotencyRecord,
    now: number,
    replaced?: string,
  ): Promise<IdempotencyRecord | undefined> {
    const standing = this.#idempotencyRecords.get(claim.team + claim.key);
    const isFree = standing === undefined || now - standing.takenAt >= 24 * 60 * 60 * 1000;
    if (replaced === undefined ? !isFree : standing?.jobId !== replaced) return standing ?? claim;
    this.#idempotencyRecords.set(claim.team + claim.key, { ...claim, takenAt: now });
    return undefined;
  }

  async release(claim: IdempotencyRecord): Promise<void> {
    if (this.#idempotencyRecords.get(claim.team + claim.key)?.jobId === claim.jobId)
      this.#idempotencyRecords.delete(claim.team + claim.key);
  }
}

/** Told of each call of a port, before it does anything and after it has done all. */
export type Interrupt = (point: string) => Promise<void>;

/** The same port, whose every call passes two points at which it may be interrupted. */
export function interruptible<Port extends object>(port: Port, name: string, interrupt: Interrupt): Port {
  return new Proxy(port, {
    get(target, property) {
      const value = Reflect.get(target, property);
      if (typeof value !== 'function') return value;
      return async (...args: unknown[]) => {
        await interrupt(`before ${name}.${String(property)}`);
        const answer = await value.apply(target, args);
        await interrupt(`after ${name}.${String(property)}`);
        return answer;
      };
    },
  });
}
