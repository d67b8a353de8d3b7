import { beforeEach } from 'vitest';
import { SEQUENCE_UNIT_MS } from '../../lambdas/adapters/job-store.ts';
import type { UpdateOptions } from '../../lambdas/contract/options.ts';
import { type AcceptPorts, acceptUpdates } from '../../lambdas/domain/accept-updates.ts';
import { RequestError } from '../../lambdas/domain/request-error.ts';
import { orderOf, type UpdateMessage } from '../../lambdas/domain/update-message.ts';
import { aProcedure } from './builders.ts';
import {
  MemoryAnnouncements,
  MemoryCompactResults,
  MemoryHeldUpdates,
  MemoryJobChecks,
  MemoryJobs,
  MemoryPlans,
  MemoryQueue,
  MemorySubmissions,
} from './memory.ts';

/** A queue that takes only some messages. */
class PickyQueue extends MemoryQueue {
  takes: (message: UpdateMessage) => boolean = () => true;

  override async send(messages: Iterable<UpdateMessage>): Promise<UpdateMessage[]> {
    const all = [...messages];
    this.messages.push(...all.filter(this.takes));
    return all.filter((message) => !this.takes(message));
  }
}

const START = 1_000_000;
/** Of the first request of a test. */
export const FIRST_ORDER = orderOf(START / SEQUENCE_UNIT_MS, 0);

interface MemoryPorts extends AcceptPorts {
  readonly jobs: MemoryJobs;
  readonly announcements: MemoryAnnouncements;
  readonly submissions: MemorySubmissions;
  readonly plans: MemoryPlans;
  readonly compactResults: MemoryCompactResults;
  readonly queue: PickyQueue;
  readonly jobChecks: MemoryJobChecks;
}

/** What accepting needs, in memory: its time, what it writes to, and itself. */
class Accepting {
  now = START;
  ports: MemoryPorts = this.#fresh();

  #fresh(): MemoryPorts {
    const jobs = new MemoryJobs();
    return {
      jobs,
      announcements: new MemoryAnnouncements(jobs),
      submissions: new MemorySubmissions(),
      plans: new MemoryPlans(),
      compactResults: new MemoryCompactResults(),
      heldUpdates: new MemoryHeldUpdates(),
      jobChecks: new MemoryJobChecks(),
      queue: new PickyQueue(),
      now: () => this.now,
      deadline: () => this.now + 28_000,
    };
  }

  reset(): void {
    this.now = START;
    this.ports = this.#fresh();
  }

  accept(items: unknown[], jobId = 'job-1', options: UpdateOptions = {}) {
    return acceptUpdates(jobId, { ...aRequest(items), options }, this.ports);
  }
}

/** Begins anew with each test of the file that calls it. */
export function accepting(): Accepting {
  const world = new Accepting();
  beforeEach(() => world.reset());
  return world;
}

export const aRequest = (items: unknown[]) => ({ procedure: aProcedure(), items, textErrors: new Map() });
export const validItems = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ id: `p${i}`, state: 'NEW' }));

/** The status and the first code of a refusal. */
export async function refusalOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof RequestError)) throw error ?? new Error('It was accepted');
  return `${error.status} ${error.errors[0]?.code}`;
}
