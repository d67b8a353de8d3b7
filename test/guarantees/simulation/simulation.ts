import { SendMessageCommand } from '@aws-sdk/client-sqs';
import type { Process } from '../../../lambdas/domain/process.ts';
import { parseMessage } from '../../../lambdas/domain/update-message.ts';
import { redrive } from '../../../lib/redrive.ts';
import { fakeQueueClient } from './fake-queues.ts';
import type { FakeTables } from './fake-tables.ts';
import { Pipeline } from './pipeline.ts';
import type { ClientPlan, Plan, RequestPlan } from './plan.ts';
import { Connection, NO_FAULTS } from './service.ts';
import {
  type Acknowledged,
  endViolations,
  entryViolations,
  jobViolations,
  knownJobs,
  onceViolations,
  orderViolations,
  processViolations,
} from './verdict.ts';
import { freshProcess, initialProcesses, itemOf, PROCEDURES } from './workload.ts';
import { World } from './world.ts';

/** A schedule that needs more has come to no rest. */
const MAX_EVENTS = 3_000_000;
/** A client repeats a keyed request so often, with that pause. */
const MAX_TRIES = 12;
const RETRY_PAUSE_MS = 10_000;
/** A job is looked at so often while it goes on. */
const LOOKS = 5;

const TERMINAL = ['INVALID', 'SUCCESS', 'ERROR', 'CANCELLED'] as const;

/**
 * Runs one schedule to its end.
 * @param onPerformed - told of every request to the tables
 * @returns what was not as guaranteed, nothing when all was
 */
export async function simulate(plan: Plan, onPerformed?: FakeTables['onPerformed']): Promise<string[]> {
  return new Simulation(plan, onPerformed).run();
}

class Simulation {
  readonly #plan: Plan;
  readonly #world: World;
  readonly #pipeline: Pipeline;
  readonly #violations: string[] = [];
  readonly #acknowledged: Acknowledged[] = [];
  /** The items of each request, as text. */
  readonly #sent: string[] = [];
  #requests = 0;
  #items = 0;

  constructor(plan: Plan, onPerformed: FakeTables['onPerformed'] | undefined) {
    this.#plan = plan;
    this.#world = new World(plan.seed);
    this.#pipeline = new Pipeline(this.#world, plan.faults);
    if (onPerformed !== undefined) this.#pipeline.tables.onPerformed = onPerformed;
    for (const procedure of PROCEDURES)
      this.#pipeline.tables.insert('procedures', { ...procedure }, 'before');
    for (const process of initialProcesses())
      this.#pipeline.tables.insert('processes', { ...process }, 'before');
  }

  async run(): Promise<string[]> {
    for (const [number, client] of this.#plan.clients.entries()) void this.#client(number, client);
    await this.#world.run(MAX_EVENTS);
    this.#check({ isRedriven: false });

    this.#pipeline.calmDown();
    const lettersIn = this.#pipeline.queues.nextIn('deadLetters');
    if (lettersIn !== undefined) {
      this.#world.after(lettersIn, () => void this.#redrive());
      await this.#world.run(MAX_EVENTS);
      this.#check({ isRedriven: true });
    }
    if (this.#pipeline.queues.count('deadLetters') > 0) this.#violations.push('There are dead letters again');
    await this.#deliverAllAgain();
    return this.#violations;
  }

  async #client(number: number, { team, requests }: ClientPlan): Promise<void> {
    for (const plan of requests) {
      const request = ++this.#requests;
      await this.#world.pause(plan.pauseMs);
      if (plan.createsProcess)
        this.#pipeline.tables.insert('processes', { ...freshProcess(team, request) }, 'now');
      const items = plan.items.map((item) => itemOf(item, team, request, ++this.#items));
      this.#sent.push(JSON.stringify(items));
      const accepted = await this.#send(team, items, plan, request);
      if (accepted === undefined) continue;
      this.#acknowledged.push({ client: number, request, ...accepted });
      void this.#watch(team, accepted.jobId, items.length);
      if (plan.cancelAfterMs !== undefined) {
        await this.#world.pause(plan.cancelAfterMs);
        await this.#pipeline.cancel(team, accepted.jobId);
      }
      if (plan.isRetried) {
        await this.#world.pause(RETRY_PAUSE_MS);
        await this.#pipeline.retry(team, accepted.jobId);
      }
    }
  }

  /** @returns undefined when the client gave up */
  async #send(
    team: string,
    items: unknown[],
    { isKeyed }: RequestPlan,
    request: number,
  ): Promise<{ jobId: string; queued: number } | undefined> {
    for (let tries = 0; tries < (isKeyed ? MAX_TRIES : 1); tries++) {
      const answer = await this.#pipeline.patch(team, items, isKeyed ? `key-${request}` : undefined);
      if (answer?.status === 202) {
        return { jobId: String(answer.body._data.id), queued: answer.body._meta.queued };
      }
      if (answer !== undefined && ![409, 500, 503].includes(answer.status)) {
        this.#violations.push(`A PATCH was answered with ${answer.status} ${JSON.stringify(answer.body)}`);
      }
      await this.#world.pause(RETRY_PAUSE_MS);
    }
    return undefined;
  }

  /** Looks at a job now and then: counts add up, and no end is taken back. */
  async #watch(team: string, jobId: string, total: number): Promise<void> {
    let seen: Record<string, number> = {};
    for (let look = 0; look < LOOKS; look++) {
      await this.#world.pause(this.#world.number(50 * 8 ** look));
      const answer = await this.#pipeline.readJob(team, jobId);
      if (answer?.status !== 200) continue;
      const counts = answer.body._meta.bjEntryCompletionStatusVsCount;
      const sum = Object.values(counts).reduce((a, b) => a + b, 0);
      if (sum !== total) this.#violations.push(`${jobId}: counts add up to ${sum}, not to ${total}`);
      for (const status of TERMINAL) {
        const [before = 0, after = 0] = [seen[status], counts[status]];
        if (after < before) this.#violations.push(`${jobId}: ${status} went back from ${before} to ${after}`);
      }
      seen = counts;
    }
  }

  #check({ isRedriven }: { isRedriven: boolean }): void {
    const jobs = knownJobs(this.#pipeline);
    const expired = new Set(
      this.#expired().map((body) => {
        const { jobId, index } = parseMessage(body);
        return `${jobId}/${index}`;
      }),
    );
    const dead = this.#pipeline.queues.count('deadLetters') > 0;
    const processes = this.#processes();
    this.#violations.push(
      ...jobViolations(this.#pipeline, jobs),
      ...(dead ? [] : entryViolations(jobs, processes, expired)),
      ...processViolations(jobs, processes),
      ...orderViolations(jobs, this.#acknowledged),
      ...onceViolations(jobs, this.#sent),
      ...(isRedriven ? [] : endViolations(jobs, this.#isInQueueTwice(), expired)),
    );
  }

  /** Whether an update may have been in the queue twice: a send whose answer is lost is repeated. */
  #isInQueueTwice(): boolean {
    const { duplicated, answerLost, late } = this.#plan.faults;
    return duplicated + answerLost + late > 0;
  }

  /** Whatever was delivered, and is delivered once more, changes nothing. */
  async #deliverAllAgain(): Promise<void> {
    const before = JSON.stringify(this.#processes());
    const { sent } = this.#pipeline.queues;
    const expired = this.#expired();
    for (const MessageBody of sent.get('updates') ?? []) {
      if (expired.includes(MessageBody)) continue;
      this.#pipeline.queues.perform(new SendMessageCommand({ QueueUrl: 'updates', MessageBody }));
    }
    await this.#world.run(MAX_EVENTS);
    const after = JSON.stringify(this.#processes());
    if (before !== after) this.#violations.push(`Delivered again, ${before} became ${after}`);
  }

  /** Updates that the queue held back until it dropped them. */
  #expired(): string[] {
    return this.#pipeline.queues.expired.get('updates') ?? [];
  }

  async #redrive(): Promise<void> {
    await redrive(this.#queueClient(), { from: 'deadLetters', to: 'updates' });
    const lettersIn = this.#pipeline.queues.nextIn('deadLetters');
    if (lettersIn !== undefined) this.#world.after(lettersIn, () => void this.#redrive());
  }

  #processes(): Process[] {
    return this.#pipeline.tables.items('processes') as unknown as Process[];
  }

  #queueClient() {
    const connection = new Connection(this.#world, { isAlive: true }, () => NO_FAULTS);
    return fakeQueueClient(this.#pipeline.queues, connection);
  }
}
