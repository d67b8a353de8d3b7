import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { isTransient } from './adapters/aws-errors.ts';
import { DeadLetterQueue } from './adapters/dead-letter-queue.ts';
import { createDocumentClient } from './adapters/document-client.ts';
import { JobStore } from './adapters/job-store.ts';
import { ProcessStore } from './adapters/process-store.ts';
import { createQueueClient } from './adapters/queue-consumer.ts';
import { type DeadMessage, deadLetterUpdates } from './domain/dead-letter-updates.ts';
import { parseMessage } from './domain/update-message.ts';
import { processesTable, readEnvironment } from './runtime/config.ts';
import { logger } from './runtime/logger.ts';
import type { Services } from './runtime/services.ts';

const environment = readEnvironment(
  'JOBS_TABLE',
  'PROCESSES_TABLE',
  'PRIMARY_KEY_INDEX',
  'DEAD_LETTER_QUEUE_URL',
  'MAX_RECEIVE_COUNT',
);

/** Consumes the queue of updates that failed at every attempt. */
export function createHandler({ documents, queues, now }: Pick<Services, 'documents' | 'queues' | 'now'>) {
  const jobs = new JobStore(documents, environment.JOBS_TABLE);
  const processes = new ProcessStore(documents, processesTable(environment), now);
  const deadLetters = new DeadLetterQueue(queues, environment.DEAD_LETTER_QUEUE_URL, (error) =>
    logger.warn('Messages could not be put into the dead-letter queue', { error }),
  );

  return async ({ Records }: SQSEvent): Promise<SQSBatchResponse> => {
    const failed = await deadLetterUpdates(Records.map(deadMessage), {
      jobs,
      processes,
      putAway: (messages) => deadLetters.put(messages),
      now,
      receives: environment.MAX_RECEIVE_COUNT,
      isTransient,
      onFailure: (error) => logger.error('Failed updates could not be recorded', error as Error),
    });
    return { batchItemFailures: [...failed].map(({ messageId }) => ({ itemIdentifier: messageId })) };
  };
}

export const handler = createHandler({
  documents: createDocumentClient(),
  queues: createQueueClient(),
  now: Date.now,
});

function deadMessage({ messageId, body }: SQSRecord): DeadMessage {
  try {
    return { messageId, body, message: parseMessage(body) };
  } catch {
    // Accept did not write it; the error would quote it.
    return { messageId, body, message: undefined };
  }
}
