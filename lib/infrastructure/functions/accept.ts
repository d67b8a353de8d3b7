import type { Construct } from 'constructs';
import { grantOnItems, type Storage } from '../constructs/storage.ts';
import type { WorkQueue } from '../constructs/work-queue.ts';
import { type LoggingProps, ServiceFunction } from './service-function.ts';
import { API_TIMEOUT } from './timeouts.ts';

export interface AcceptFunctionProps extends LoggingProps {
  readonly storage: Storage;
  readonly queue: WorkQueue;
}

/** Accepts bulk updates: stores them, then queues them. */
export class AcceptFunction extends ServiceFunction {
  constructor(scope: Construct, id: string, { storage, queue, ...logging }: AcceptFunctionProps) {
    super(scope, id, {
      ...logging,
      entry: 'accept',
      description: 'Checks the items of a bulk update and queues them',
      timeout: API_TIMEOUT,
      memorySize: 1769,
      environment: {
        JOBS_TABLE: storage.jobs.tableName,
        PROCEDURES_TABLE: storage.procedures.tableName,
        PROCESSES_TABLE: storage.processes.tableName,
        PRIMARY_KEY_INDEX: storage.primaryKeyIndex,
        UPDATE_QUEUE_URL: queue.updates.queueUrl,
        JOB_CHECK_QUEUE_URL: queue.jobChecks.queueUrl,
      },
    });
    grantOnItems(
      storage.jobs,
      this,
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
      'dynamodb:DeleteItem',
    );
    storage.grantFindProcedure(this);
    storage.grantReadProcesses(this);
    queue.updates.grant(this, 'sqs:SendMessage');
    queue.jobChecks.grant(this, 'sqs:SendMessage');
  }
}
