import { expect, vi } from 'vitest';
import { redrive } from '../../../lib/operations/redrive.ts';
import type { Evidence } from '../oracle.ts';
import { type ChaosStack, type QueueName, startChaosStack } from './chaos-stack.ts';
import { Client } from './client.ts';
import { DatabaseFaults } from './database-faults.ts';
import { evidenceOf, type Party } from './evidence.ts';
import { Killer, type KillerOptions } from './killer.ts';
import { Observer } from './observer.ts';
import { Random } from './random.ts';
import { Reader } from './reader.ts';
import { UnrulyDeliveries } from './unruly-deliveries.ts';
import { twoTeams, type WorkloadOptions, workload } from './workload.ts';

/**
 * A job whose acceptance was killed ends within a minute, a reminder comes again after another at the latest,
 * and an update that failed three times after 80 seconds.
 */
const RECONCILED_WITHIN_MS = 180_000;

/** Whether to take the time for the long workload. */
export const IS_LONG = process.env.CHAOS === 'long';

export interface ChaosOptions {
  seed: number;
  processesPerTeam: number;
  workload: WorkloadOptions;
  kills: KillerOptions;
  /** Whether the database fails and deliveries are duplicated and shuffled, too. */
  isEverywhere: boolean;
}

export interface ChaosReport {
  evidence: Evidence;
  /** What a client must never see, and saw on the way. */
  observed: readonly string[];
  /** Jobs whose end was not announced. */
  unannounced: readonly string[];
}

/**
 * Sends a workload to the local stack while functions are killed and, if asked for, everything else fails, too;
 * waits until all has settled, redrives the dead-letter queue, and collects what came of it.
 */
export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const random = new Random(options.seed);
  const teams = twoTeams(crypto.randomUUID().slice(0, 8), options.processesPerTeam);
  const requests = workload(teams, random.fork(), options.workload);
  const database = options.isEverywhere ? new DatabaseFaults(random.fork()) : undefined;
  const stack = await startChaosStack(teams, database);
  const parties = teams.map((team): Party => {
    const client = new Client(stack.local.url, team, random.fork());
    const reader = new Reader(stack.local.url, team);
    return { team, requests: requests.filter((request) => request.team === team), client, reader };
  });
  const observer = new Observer(parties, random.fork());
  // Functions that die are what this is about.
  const silenced = vi.spyOn(console, 'error').mockImplementation(() => {});
  try {
    observer.start();
    const startedAt = Date.now();
    const struck = await disturb(stack, database, parties, options, random);
    const chaosSeconds = secondsSince(startedAt);
    await settled(stack, parties, ['Updates', 'Exhausted']);
    const redriven = await redrive(stack.sqs, {
      from: stack.queueUrl('DeadLetters'),
      to: stack.queueUrl('Updates'),
    });
    await settled(stack, parties, ['Updates', 'Exhausted', 'DeadLetters']);
    await observer.stop();
    const evidence = await evidenceOf(parties);
    await settled(stack, parties, ['Reminders']);
    const unannounced = evidence.jobs.map(({ id }) => id).filter((id) => !stack.announced.has(id));

    const { observations, violations: observed } = observer;
    const jobs = evidence.jobs.length;
    const seconds = { underChaos: chaosSeconds, inAll: secondsSince(startedAt) };
    console.log(
      `seed ${options.seed}:`,
      JSON.stringify({ jobs, seconds, ...struck, redriven, observations }),
    );
    return { evidence, observed, unannounced };
  } finally {
    await observer.stop();
    await stack.stop();
    silenced.mockRestore();
  }
}

function secondsSince(time: number): number {
  return Math.round((Date.now() - time) / 1000);
}

/** Sends the workload; chaos lasts until all of it is acknowledged and delivered. @returns what struck */
async function disturb(
  stack: ChaosStack,
  database: DatabaseFaults | undefined,
  parties: readonly Party[],
  { kills }: ChaosOptions,
  random: Random,
): Promise<Record<string, unknown>> {
  const killer = new Killer(stack, random.fork(), kills);
  const deliveries = new UnrulyDeliveries(stack, random.fork());
  killer.start();
  if (database !== undefined) {
    database.isFailing = true;
    deliveries.start();
  }
  try {
    await Promise.all(parties.map(({ client, requests }) => client.sendAll(requests)));
    await vi.waitFor(() => expect(stack.messagesIn('Updates').waiting).toBe(0), {
      timeout: RECONCILED_WITHIN_MS,
    });
  } finally {
    if (database !== undefined) database.isFailing = false;
    await Promise.all([killer.stop(), deliveries.stop()]);
  }
  const repeats = parties.reduce((sum, { client }) => sum + client.repeats, 0);
  const { duplicates, shuffled } = deliveries;
  return { kills: killer.kills, repeats, ...database?.struck, duplicates, shuffled };
}

/** Waits until every job of both teams has ended and these queues are empty. */
async function settled(stack: ChaosStack, parties: readonly Party[], queues: QueueName[]): Promise<void> {
  await vi.waitFor(
    async () => {
      expect(queues.filter((name) => stack.messagesIn(name).all > 0)).toEqual([]);
      const jobs = (await Promise.all(parties.map(({ reader }) => reader.jobs()))).flat();
      expect(jobs.filter(({ completionStatus }) => completionStatus === 'IN_PROGRESS')).toEqual([]);
    },
    { timeout: RECONCILED_WITHIN_MS, interval: 500 },
  );
}
