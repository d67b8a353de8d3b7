import type { EntryErrorCode } from './errors.ts';
import type { EntryResult } from './job.ts';
import type { ApplyVerdict, Jobs, Processes, ResolvedTarget } from './ports.ts';
import type { UpdateMessage } from './update-message.ts';

/** A message as the queue delivered it. */
export interface Delivery {
  messageId: string;
  message: UpdateMessage;
  /** 1 the first time. */
  attempt: number;
}

export interface ApplyPorts {
  processes: Processes;
  jobs: Jobs;
  now: () => number;
  /** After so many deliveries the queue moves a message to the dead-letter queue. */
  maxAttempts: number;
  /** When the function's time limit ends this invocation, in epoch ms. */
  deadline: () => number;
  /** Told of each failure for which a message goes back to the queue. */
  onFailure: (error: unknown, deliveries: readonly Delivery[]) => void;
}

/** Messages to deliver again, and after how many seconds. All others are done. */
export type Retries = Map<Delivery, number>;

/** The index on the primary key lags behind a fresh process by less than that, in seconds. */
const INDEX_RETRY_SECONDS = 3;

/** Pauses of 5, 20 and 80 seconds, then of 5 minutes, let a passing trouble pass. */
export function retrySeconds(attempt: number): number {
  return Math.min(5 * 4 ** (attempt - 1), 300);
}

/**
 * Applies the updates of one batch of deliveries and records what became of each.
 *
 * @returns the deliveries to retry; whatever is not among them is recorded for good
 */
export async function applyUpdates(deliveries: readonly Delivery[], ports: ApplyPorts): Promise<Retries> {
  const batch = new ApplyBatch(ports);
  await batch.recordLastAttempts(deliveries.filter(({ attempt }) => attempt >= ports.maxAttempts));
  const targets = await batch.resolve(deliveries);
  const groups = Map.groupBy(targets, ([, target]) => JSON.stringify(target)).values();
  const applied = await Promise.all(
    [...groups].map((group) =>
      batch.apply(
        group.map(([delivery]) => delivery),
        group[0]?.[1],
      ),
    ),
  );
  batch.add(applied.flat());
  await batch.record();
  return batch.retries;
}

interface Ended {
  delivery: Delivery;
  result: EntryResult['result'];
  processId?: string;
}

class ApplyBatch {
  readonly retries: Retries = new Map();
  readonly #ports: ApplyPorts;
  readonly #startedAt: number;
  readonly #ended: Ended[] = [];

  constructor(ports: ApplyPorts) {
    this.#ports = ports;
    this.#startedAt = ports.now();
  }

  add(ended: readonly Ended[]): void {
    this.#ended.push(...ended);
  }

  /**
   * Records the failure of last attempts in advance, effective from this invocation's end: should it die,
   * nobody else would. A success recorded later counts more.
   */
  async recordLastAttempts(deliveries: readonly Delivery[]): Promise<void> {
    if (deliveries.length === 0) return;
    const failed = deliveries.map((delivery) => endedWith(delivery, 'PROCESSING_FAILED'));
    await this.#append(failed, this.#ports.deadline()).catch((error: unknown) =>
      this.#ports.onFailure(error, deliveries),
    );
  }

  /** Finds the process of each delivery; what has none or several is ended or retried. */
  async resolve(deliveries: readonly Delivery[]): Promise<[Delivery, ResolvedTarget][]> {
    const groups = Map.groupBy(deliveries, ({ message: { team, procedure, target } }) =>
      JSON.stringify([
        team,
        procedure,
        target.id ?? null,
        target.id === undefined ? target.primaryKey : null,
      ]),
    );
    const resolved = await Promise.all([...groups.values()].map((group) => this.#resolveGroup(group)));
    return resolved.flat();
  }

  /** @param group - deliveries that name one process in the same way */
  async #resolveGroup(group: Delivery[]): Promise<[Delivery, ResolvedTarget][]> {
    const [first] = group;
    if (first === undefined) return [];
    const { team, procedure, target } = first.message;
    if (target.id !== undefined) {
      const { id } = target;
      return group.map((delivery) => [delivery, { id, team, procedure }]);
    }
    try {
      const ids = await this.#ports.processes.findIds(team, procedure, target.primaryKey ?? '');
      const [id] = ids;
      if (ids.length > 1) this.add(group.map((delivery) => endedWith(delivery, 'AMBIGUOUS_PRIMARY_KEY')));
      else if (id === undefined) this.#missing(group);
      else return group.map((delivery) => [delivery, { id, team, procedure }]);
    } catch (error) {
      this.#failed(group, error);
    }
    return [];
  }

  /** A primary key that the index does not know is looked up once more before that is final. */
  #missing(group: readonly Delivery[]): void {
    for (const delivery of group) {
      if (delivery.attempt === 1) this.retries.set(delivery, INDEX_RETRY_SECONDS);
      else this.add([endedWith(delivery, 'PROCESS_NOT_FOUND')]);
    }
  }

  /** Applies the updates of one process together. */
  async apply(group: readonly Delivery[], target: ResolvedTarget | undefined): Promise<Ended[]> {
    if (target === undefined) return [];
    try {
      const updates = group.map(({ message: { order, update, target } }) => ({
        order,
        update,
        ...(target.primaryKey === undefined ? {} : { primaryKey: target.primaryKey }),
      }));
      const verdicts = await this.#ports.processes.apply(target, updates);
      const ended = group.map((delivery, position) => {
        const verdict = verdicts[position];
        if (verdict === undefined)
          throw new Error(`No verdict on update ${position} of process ${target.id}`);
        return endedBy(delivery, verdict, target.id);
      });
      // A message that comes back may be in the company of one that kills the function: record it at once.
      if (group.every(({ attempt }) => attempt === 1)) return ended;
      await this.#append(ended);
      return [];
    } catch (error) {
      this.#failed(group, error);
      return [];
    }
  }

  /** Records what has ended, one append a job. */
  async record(): Promise<void> {
    const jobs = Map.groupBy(this.#ended, ({ delivery }) => delivery.message.jobId);
    await Promise.all(
      [...jobs.values()].map((ended) =>
        this.#append(ended).catch((error: unknown) =>
          this.#failed(
            ended.map(({ delivery }) => delivery),
            error,
          ),
        ),
      ),
    );
  }

  async #append(ended: readonly Ended[], effectiveAt?: number): Promise<void> {
    const jobs = Map.groupBy(ended, ({ delivery }) => delivery.message.jobId);
    const times = {
      startedAt: this.#startedAt,
      completedAt: this.#ports.now(),
      ...(effectiveAt === undefined ? {} : { effectiveAt }),
    };
    await Promise.all(
      [...jobs].map(([jobId, group]) =>
        this.#ports.jobs.appendResults(jobId, { ...times, results: group.map(resultOf) }),
      ),
    );
  }

  #failed(deliveries: readonly Delivery[], error: unknown): void {
    for (const delivery of deliveries) {
      const isLast = delivery.attempt >= this.#ports.maxAttempts;
      this.retries.set(delivery, isLast ? 0 : retrySeconds(delivery.attempt));
    }
    this.#ports.onFailure(error, deliveries);
  }
}

function endedWith(delivery: Delivery, error: EntryErrorCode): Ended {
  return { delivery, result: { error } };
}

function endedBy(delivery: Delivery, verdict: ApplyVerdict, processId: string): Ended {
  const isNamed = delivery.message.target.id !== undefined;
  return { delivery, result: verdict, ...(isNamed ? {} : { processId }) };
}

function resultOf({ delivery, result, processId }: Ended): EntryResult {
  return {
    index: delivery.message.index,
    result,
    attempts: delivery.attempt,
    ...(processId === undefined ? {} : { processId }),
  };
}
