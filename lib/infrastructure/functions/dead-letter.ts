import type { Construct } from 'constructs';
import { grantOnItems, type Storage } from '../constructs/storage.ts';
import { batchEvents, WorkQueue } from '../constructs/work-queue.ts';
import { type LoggingProps, ServiceFunction } from './service-function.ts';
import { FINALIZE_TIMEOUT } from './timeouts.ts';

export interface DeadLetterFunctionProps extends LoggingProps {
  readonly storage: Storage;
  readonly queue: WorkQueue;
  /** Batches that are given up at a time. */
  readonly concurrency: number;
}

/** Dead-letters updates that failed at every attempt: ends their entries, and keeps their messages for the operator. */
export class DeadLetterFunction extends ServiceFunction {
  constructor(scope: Construct, id: string, props: DeadLetterFunctionProps) {
    const { storage, queue, concurrency, ...logging } = props;
    super(scope, id, {
      ...logging,
      entry: 'dead-letter',
      description: 'Closes the entries of updates that failed at every attempt',
      timeout: FINALIZE_TIMEOUT,
      environment: {
        JOBS_TABLE: storage.jobs.tableName,
        PROCESSES_TABLE: storage.processes.tableName,
        PRIMARY_KEY_INDEX: storage.primaryKeyIndex,
        DEAD_LETTER_QUEUE_URL: queue.deadLetters.queueUrl,
        MAX_RECEIVE_COUNT: String(WorkQueue.MAX_RECEIVE_COUNT),
      },
    });
    grantOnItems(storage.jobs, this, 'dynamodb:PutItem');
    storage.grantReadProcesses(this);
    queue.deadLetters.grant(this, 'sqs:SendMessage');
    this.addEventSource(batchEvents(queue.exhausted, concurrency));
  }
}
