import { EventBus } from 'aws-cdk-lib/aws-events';
import type { Construct } from 'constructs';
import { ANNOUNCEMENT_PREFIX } from '../../../lambdas/contract/tables.ts';
import { grantOnItems, grantOnKeys, type Storage } from '../constructs/storage.ts';
import { batchEvents, type WorkQueue } from '../constructs/work-queue.ts';
import { type LoggingProps, ServiceFunction } from './service-function.ts';
import { FINALIZE_TIMEOUT } from './timeouts.ts';

export interface FinalizeJobFunctionProps extends LoggingProps {
  readonly storage: Storage;
  readonly queue: WorkQueue;
  /** Batches of job checks that are looked at at a time. */
  readonly concurrency: number;
}

/** Releases the entries of jobs step by step, brings jobs to their end, and publishes that. */
export class FinalizeJobFunction extends ServiceFunction {
  constructor(scope: Construct, id: string, props: FinalizeJobFunctionProps) {
    const { storage, queue, concurrency, ...logging } = props;
    super(scope, id, {
      ...logging,
      entry: 'finalize-job',
      description: 'Releases the steps of background jobs, reconciles, notes and announces their end',
      timeout: FINALIZE_TIMEOUT,
      environment: {
        JOBS_TABLE: storage.jobs.tableName,
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
      'dynamodb:Query',
      'dynamodb:UpdateItem',
    );
    grantOnKeys(storage.jobs, ANNOUNCEMENT_PREFIX, this, 'dynamodb:DeleteItem');
    storage.grantReadProcesses(this);
    queue.updates.grant(this, 'sqs:SendMessage');
    EventBus.fromEventBusName(this, 'DefaultBus', 'default').grantPutEventsTo(this);
    this.addEventSource(batchEvents(queue.jobChecks, concurrency));
  }
}
