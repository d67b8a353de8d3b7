import type { Construct } from 'constructs';
import type { FileJobs } from '../constructs/file-jobs.ts';
import { grantOnItems, type Storage } from '../constructs/storage.ts';
import { batchEvents, WorkQueue } from '../constructs/work-queue.ts';
import { type LoggingProps, ServiceFunction } from './service-function.ts';
import { APPLY_TIMEOUT } from './timeouts.ts';

export interface ApplyFunctionProps extends LoggingProps {
  readonly storage: Storage;
  readonly queue: WorkQueue;
  readonly files: FileJobs;
  /** Batches that are applied at a time. */
  readonly concurrency: number;
  /**
   * Whether what updates find in a process is kept, so that their job can be undone: about 0.1 write units an update.
   * @default true
   */
  readonly undo?: boolean | undefined;
}

/** Applies the updates in the queue. */
export class ApplyFunction extends ServiceFunction {
  constructor(scope: Construct, id: string, props: ApplyFunctionProps) {
    const { storage, queue, files, concurrency, undo = true, ...logging } = props;
    super(scope, id, {
      ...logging,
      entry: 'apply',
      description: 'Applies queued updates to their processes and records what became of them',
      timeout: APPLY_TIMEOUT,
      environment: {
        JOBS_TABLE: storage.jobs.tableName,
        PROCESSES_TABLE: storage.processes.tableName,
        PRIMARY_KEY_INDEX: storage.primaryKeyIndex,
        UPDATE_QUEUE_URL: queue.updates.queueUrl,
        FILE_STEPS_QUEUE_URL: files.steps.queueUrl,
        MAX_RECEIVE_COUNT: String(WorkQueue.MAX_RECEIVE_COUNT),
        UNDO: String(undo),
      },
    });
    // Query: whether a guarded update that comes again has its result, and what an undo gives back.
    // BatchGetItem: how far the jobs are that may still create a process.
    grantOnItems(
      storage.jobs,
      this,
      'dynamodb:GetItem',
      'dynamodb:BatchGetItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
    );
    storage.grantReadProcesses(this);
    // ConditionCheckItem: where another process of the primary key was deleted.
    grantOnItems(
      storage.processes,
      this,
      'dynamodb:UpdateItem',
      'dynamodb:PutItem',
      'dynamodb:ConditionCheckItem',
    );
    // Copies of messages that are to be applied later.
    queue.updates.grant(this, 'sqs:SendMessage');
    // Results that come after their file job has counted them.
    files.steps.grant(this, 'sqs:SendMessage');
    this.addEventSource(batchEvents(queue.updates, concurrency));
  }
}
