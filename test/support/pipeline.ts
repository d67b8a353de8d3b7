import { expect } from 'vitest';
import type { UpdateOptions } from '../../lambdas/contract/options.ts';
import type { EntryCounts } from '../../lambdas/contract/statuses.ts';
import { acceptUpdates } from '../../lambdas/domain/accept-updates.ts';
import { applyUpdates } from '../../lambdas/domain/apply-updates.ts';
import { deadLetterUpdates } from '../../lambdas/domain/dead-letter-updates.ts';
import { finalizeJob } from '../../lambdas/domain/finalize-job.ts';
import type { JobProgress } from '../../lambdas/domain/job-progress.ts';
import { progressOfState } from '../../lambdas/domain/progress.ts';
import { parseMessage, type UpdateMessage, writeMessage } from '../../lambdas/domain/update-message.ts';
import { aProcedure } from './builders.ts';
import {
  type Interrupt,
  interruptible,
  MemoryAnnouncements,
  MemoryCompactResults,
  MemoryEvents,
  MemoryHeldUpdates,
  MemoryJobChecks,
  MemoryJobs,
  MemoryProcesses,
  MemoryQueue,
  MemorySubmissions,
} from './memory.ts';

export const JOB = 'job-1';
const MAX_ATTEMPTS = 5;

/** A function that fails goes on after it; one that dies does nothing more. */
export type Fault = 'dies' | 'fails';
/** Which fault, if any, strikes at a point of a function's work, the how-manieth it is. */
export type Strikes = (point: string, number: number) => Fault | undefined;

const never: Strikes = () => undefined;

/** All of the pipeline on ports in memory, whose functions a fault may strike at any point of their work. */
export class Pipeline {
  now = 1_000_000;
  /** The points passed so far. */
  points: string[] = [];
  readonly jobs = new MemoryJobs();
  readonly queue = new MemoryQueue();
  readonly events = new MemoryEvents();
  readonly deadLetters: UpdateMessage[] = [];
  readonly processes = new MemoryProcesses(
    ['a', 'b', 'c'].map((id) => ({ id, team: 'local', procedure: 'lead', primaryKey: `KEY-${id}` })),
  );
  readonly #announcements = new MemoryAnnouncements(this.jobs);
  readonly #submissions = new MemorySubmissions();
  readonly #heldUpdates = new MemoryHeldUpdates();
  readonly #compactResults = new MemoryCompactResults();
  readonly #jobChecks = new MemoryJobChecks();
  #seen: EntryCounts | undefined;

  /** Three updates that succeed, one of a process that is missing, and one that is invalid. */
  accept(strikes = never, options: UpdateOptions = {}): Promise<unknown> {
    const deadline = this.now + 28_000;
    const items = [
      { id: 'a', state: 'NEW' },
      { lead_id: 'KEY-b', data: { city: 'Goa' } },
      { id: 'missing', state: 'NEW' },
      { nobody: true },
      { id: 'c', data: { score: '7' } },
    ];
    return this.#run(strikes, (interrupt) =>
      acceptUpdates(
        JOB,
        { procedure: aProcedure(), items, textErrors: new Map(), options },
        {
          jobs: interruptible(this.jobs, 'jobs', interrupt),
          announcements: interruptible(this.#announcements, 'announcements', interrupt),
          submissions: interruptible(this.#submissions, 'submissions', interrupt),
          jobChecks: interruptible(this.#jobChecks, 'jobChecks', interrupt),
          heldUpdates: interruptible(this.#heldUpdates, 'heldUpdates', interrupt),
          queue: interruptible(this.queue, 'queue', interrupt),
          now: () => this.now,
          deadline: () => deadline,
        },
      ),
    );
  }

  /** Delivers what is queued again and again until it is applied, or has failed at every attempt. */
  async deliver(strikes = never): Promise<void> {
    let left = this.queue.messages.splice(0);
    for (let attempt = 1; attempt <= MAX_ATTEMPTS && left.length > 0; attempt++) {
      left = await this.#deliverOnce(left, attempt, strikes);
      this.observe();
      this.now += 180_000;
    }
    await this.#deadLetter(left);
  }

  async #deliverOnce(messages: UpdateMessage[], attempt: number, strikes: Strikes): Promise<UpdateMessage[]> {
    const deliveries = messages.map((message) => ({
      messageId: `m${message.index}`,
      message,
      receives: attempt,
      keptUntil: Number.POSITIVE_INFINITY,
    }));
    const removed = new Set<UpdateMessage>();
    const answer = await this.#run(strikes, (interrupt) =>
      applyUpdates(deliveries, {
        processes: interruptible(this.processes, 'processes', interrupt),
        jobs: interruptible(this.jobs, 'jobs', interrupt),
        announcements: interruptible(this.#announcements, 'announcements', interrupt),
        now: () => this.now,
        maxAttempts: MAX_ATTEMPTS,
        deadline: () => this.now + 30_000,
        remove: async ({ message }) => {
          removed.add(message);
        },
        postpone: async (copies) => copies,
        // Each failure strikes one update alone.
        isTransient: () => false,
        onFailure: () => {},
        onRecorded: () => {},
      }),
    );
    const again = answer === 'died' ? deliveries : deliveries.filter((delivery) => answer.has(delivery));
    return again.map(({ message }) => message).filter((message) => !removed.has(message));
  }

  async #deadLetter(messages: readonly UpdateMessage[]): Promise<void> {
    const dead = messages.map((message) => ({
      messageId: `m${message.index}`,
      body: writeMessage(message),
      message,
    }));
    await deadLetterUpdates(dead, {
      jobs: this.jobs,
      processes: this.processes,
      isTransient: () => false,
      putAway: async (letters) => {
        this.deadLetters.push(...letters.map(({ body }) => parseMessage(body)));
        return [];
      },
      now: () => this.now,
      receives: MAX_ATTEMPTS,
      onFailure: () => {},
    });
    this.observe();
  }

  /** The operator moves the dead letters back: now an end may be taken back for a better one. */
  async redrive(): Promise<void> {
    this.#seen = undefined;
    this.queue.messages.push(...this.deadLetters.splice(0));
    await this.deliver();
  }

  /** Runs the job checks until none is left, and delivers what they release. */
  async close(strikes = never): Promise<void> {
    for (const left = [...this.#jobChecks.jobChecks]; left[0] !== undefined; ) {
      const [jobCheck] = left;
      const again = await this.#run(strikes, (interrupt) =>
        finalizeJob(jobCheck, {
          jobs: interruptible(this.jobs, 'jobs', interrupt),
          submissions: interruptible(this.#submissions, 'submissions', interrupt),
          processes: interruptible(this.processes, 'processes', interrupt),
          events: interruptible(this.events, 'events', interrupt),
          announcements: interruptible(this.#announcements, 'announcements', interrupt),
          compactResults: interruptible(this.#compactResults, 'compactResults', interrupt),
          heldUpdates: interruptible(this.#heldUpdates, 'heldUpdates', interrupt),
          queue: interruptible(this.queue, 'queue', interrupt),
          onEnd: () => {},
          deadline: () => this.now + 30_000,
          now: () => this.now,
        }).catch(() => 'died' as const),
      );
      this.observe();
      await this.deliver();
      if (again === undefined) left.shift();
      else this.now += again === 'died' ? 180_000 : again * 1000;
    }
  }

  /** Checks what holds at every moment: counts add up, and no end of an entry is taken back. */
  observe(): JobProgress | undefined {
    const job = this.jobs.headers.get(JOB);
    if (job === undefined) return undefined;
    const progress = progressOfState({ job, log: this.jobs.logs.get(JOB) ?? [] });
    const { counts } = progress;
    expect(Object.values(counts).reduce((a, b) => a + b)).toBe(job.total);
    for (const status of ['SUCCESS', 'ERROR', 'CANCELLED', 'INVALID'] as const) {
      expect(counts[status]).toBeGreaterThanOrEqual(this.#seen?.[status] ?? 0);
    }
    this.#seen = counts;
    return progress;
  }

  /** The fields of each process that an update has set. */
  fieldsSet(): Record<string, string[]> {
    return Object.fromEntries(
      [...this.processes.stored].map(([id, { clocks = {} }]) => [id, Object.keys(clocks)]),
    );
  }

  /** Runs a function's work until it ends, or until it dies. */
  async #run<Answer>(
    strikes: Strikes,
    work: (interrupt: Interrupt) => Promise<Answer>,
  ): Promise<Answer | 'died'> {
    const death = Promise.withResolvers<'died'>();
    let number = 0;
    return Promise.race([
      work(async (point) => {
        this.points.push(point);
        const fault = strikes(point, number++);
        if (fault === 'fails') throw new Error(`Fails ${point}`);
        if (fault === 'dies') {
          death.resolve('died');
          await new Promise(() => {});
        }
      }),
      death.promise,
    ]);
  }
}
