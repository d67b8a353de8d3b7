import type { ResultLog } from './ports.ts';
import { type UpdateMessage, writeMessage } from './update-message.ts';

/** An update that failed at every attempt, or a message that is none. */
export interface DeadMessage {
  messageId: string;
  body: string;
  /** Undefined when accept did not write it. */
  message: UpdateMessage | undefined;
}

export interface BuryPorts {
  jobs: ResultLog;
  /**
   * Puts messages into the dead-letter queue.
   * @returns those that did not get there
   */
  putAway: (messages: readonly DeadMessage[]) => Promise<readonly DeadMessage[]>;
  now: () => number;
  /** So often the queue has delivered the messages. */
  attempts: number;
  /** Told of each failure for which messages come again. */
  onFailure: (error: unknown) => void;
}

/**
 * Closes the entries of updates that failed at every attempt as `PROCESSING_FAILED`, and then puts the
 * messages into the dead-letter queue, marked, for an operator to look at and to redrive.
 *
 * @returns the messages to try again
 */
export async function buryUpdates(
  messages: readonly DeadMessage[],
  ports: BuryPorts,
): Promise<Set<DeadMessage>> {
  const failed = new Set<DeadMessage>();
  const logs = Map.groupBy(messages, ({ message }) =>
    message === undefined ? '' : JSON.stringify([message.jobId, message.buried === true]),
  );
  await Promise.all(
    [...logs.values()].map(async (group) => {
      try {
        await recordFailed(group, ports);
      } catch (error) {
        ports.onFailure(error);
        for (const message of group) failed.add(message);
      }
    }),
  );
  const recorded = messages.filter((message) => !failed.has(message));
  for (const message of await ports.putAway(recorded.map(marked))) {
    const original = recorded.find(({ messageId }) => messageId === message.messageId);
    if (original !== undefined) failed.add(original);
  }
  return failed;
}

/** A redriven update then tells by itself that its job may be closed. */
function marked(dead: DeadMessage): DeadMessage {
  if (dead.message === undefined) return dead;
  return { ...dead, body: writeMessage({ ...dead.message, buried: true }) };
}

async function recordFailed(group: readonly DeadMessage[], ports: BuryPorts): Promise<void> {
  const updates = group.flatMap(({ message }) => message ?? []);
  const [first] = updates;
  if (first === undefined) return;
  const now = ports.now();
  await ports.jobs.appendResults(first.jobId, {
    startedAt: now,
    completedAt: now,
    isLate: first.buried === true,
    results: updates.map(({ index }) => ({
      index,
      result: { error: 'PROCESSING_FAILED' },
      attempts: ports.attempts,
    })),
  });
}
