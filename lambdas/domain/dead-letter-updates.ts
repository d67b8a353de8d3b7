import type { Processes, ResultLog } from './ports.ts';
import type { EntryResult } from './results.ts';
import { tracesOf } from './trace.ts';
import { indexesOf, type UpdateMessage, writeMessage } from './update-message.ts';

/** An update that failed at every attempt, or a message that is not an update. */
export interface DeadMessage {
  messageId: string;
  body: string;
  /** Undefined when accept did not write it. */
  message: UpdateMessage | undefined;
}

export interface DeadLetterPorts {
  jobs: ResultLog;
  processes: Processes;
  /**
   * Puts messages into the dead-letter queue.
   * @returns those that did not get there
   */
  putAway: (messages: readonly DeadMessage[]) => Promise<readonly DeadMessage[]>;
  now: () => number;
  /** How often the queue has delivered each message. */
  receives: number;
  /** Whether an error says nothing about the update that met it. */
  isTransient: (error: unknown) => boolean;
  /** Told of each failure for which messages come again. */
  onFailure: (error: unknown) => void;
}

/**
 * Records `PROCESSING_FAILED` for the entries of updates that failed at every attempt, and then dead-letters the
 * messages, marked, for an operator to inspect and to redrive.
 *
 * An update whose process shows what became of it is not dead: the function died each time between writing the process
 * and recording the result.
 *
 * @returns the messages to try again
 */
export async function deadLetterUpdates(
  messages: readonly DeadMessage[],
  ports: DeadLetterPorts,
): Promise<Set<DeadMessage>> {
  const failed = new Set<DeadMessage>();
  const dead: DeadMessage[] = [];
  const logs = Map.groupBy(messages, ({ message }) => message?.jobId);
  await Promise.all(
    [...logs.values()].map(async (group) => {
      try {
        dead.push(...(await recordEnds(group, ports)));
      } catch (error) {
        ports.onFailure(error);
        for (const message of group) failed.add(message);
      }
    }),
  );
  for (const message of await ports.putAway(dead.map(marked))) {
    const original = dead.find(({ messageId }) => messageId === message.messageId);
    if (original !== undefined) failed.add(original);
  }
  return failed;
}

/** The mark of a redriven update says that its job may have an end already. */
function marked(dead: DeadMessage): DeadMessage {
  if (dead.message === undefined) return dead;
  return { ...dead, body: writeMessage({ ...dead.message, buried: true }) };
}

/** Records what became of the updates of one job. @returns the dead ones, and the messages that are not updates */
async function recordEnds(
  group: readonly DeadMessage[],
  ports: DeadLetterPorts,
): Promise<readonly DeadMessage[]> {
  const ends = await Promise.all(group.map((dead) => endOf(dead, ports)));
  const results = ends.flatMap(({ results }) => results);
  const [first] = group;
  if (first?.message !== undefined && results.length > 0) {
    const now = ports.now();
    // Its job may have ended with what another copy of the update came to, and the end been counted again.
    const batch = { startedAt: now, completedAt: now, isLate: true, results };
    await ports.jobs.appendResults(first.message.jobId, batch);
  }
  return group.filter((_, position) => ends[position]?.isDead);
}

async function endOf(
  { message }: DeadMessage,
  ports: DeadLetterPorts,
): Promise<{ isDead: boolean; results: EntryResult[] }> {
  if (message === undefined) return { isDead: true, results: [] };
  const traced = await shownOf(message, ports);
  const attempts = (message.postponed?.receives ?? 0) + ports.receives;
  const ends =
    traced.length > 0
      ? traced
      : indexesOf(message).map((index) => ({ index, result: { error: 'PROCESSING_FAILED' as const } }));
  return { isDead: traced.length === 0, results: ends.map((end) => ({ attempts, ...end })) };
}

/** What kills a function or makes it fail each time may be the process itself: then nothing can be told of it. */
async function shownOf(message: UpdateMessage, { processes, isTransient }: DeadLetterPorts) {
  try {
    return await tracesOf(message, processes);
  } catch (error) {
    if (isTransient(error)) throw error;
    return [];
  }
}
