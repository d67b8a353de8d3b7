import type { Construct } from 'constructs';
import type { FileJobs } from '../constructs/file-jobs.ts';
import { grantOnItems, type Storage } from '../constructs/storage.ts';
import type { WorkQueue } from '../constructs/work-queue.ts';
import { type LoggingProps, ServiceFunction } from './service-function.ts';
import { API_TIMEOUT } from './timeouts.ts';

export interface ControlJobFunctionProps extends LoggingProps {
  readonly storage: Storage;
  readonly queue: WorkQueue;
  readonly files: FileJobs;
}

/** Cancels and retries jobs. */
export class ControlJobFunction extends ServiceFunction {
  constructor(scope: Construct, id: string, { storage, queue, files, ...logging }: ControlJobFunctionProps) {
    super(scope, id, {
      ...logging,
      entry: 'control-job',
      description: 'Cancels background jobs and retries what failed in them',
      timeout: API_TIMEOUT,
      environment: {
        JOBS_TABLE: storage.jobs.tableName,
        PROCEDURES_TABLE: storage.procedures.tableName,
        UPDATE_QUEUE_URL: queue.updates.queueUrl,
        JOB_CHECK_QUEUE_URL: queue.jobChecks.queueUrl,
        FILE_STEPS_QUEUE_URL: files.steps.queueUrl,
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
    storage.grantFindProcedure(this);
    queue.updates.grant(this, 'sqs:SendMessage');
    queue.jobChecks.grant(this, 'sqs:SendMessage');
    files.steps.grant(this, 'sqs:SendMessage');
  }
}
