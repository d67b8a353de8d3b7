import type { Construct } from 'constructs';
import type { FileJobs } from '../constructs/file-jobs.ts';
import { grantOnItems, type Storage } from '../constructs/storage.ts';
import type { WorkQueue } from '../constructs/work-queue.ts';
import { type LoggingProps, ServiceFunction } from './service-function.ts';
import { API_TIMEOUT } from './timeouts.ts';

export interface UndoJobFunctionProps extends LoggingProps {
  readonly storage: Storage;
  readonly queue: WorkQueue;
  readonly files: FileJobs;
}

/** Accepts undos of jobs, and shows what they would do. */
export class UndoJobFunction extends ServiceFunction {
  constructor(scope: Construct, id: string, { storage, queue, files, ...logging }: UndoJobFunctionProps) {
    super(scope, id, {
      ...logging,
      entry: 'undo-job',
      description: 'Accepts undos of background jobs, and shows what they would do',
      timeout: API_TIMEOUT,
      environment: {
        JOBS_TABLE: storage.jobs.tableName,
        PROCESSES_TABLE: storage.processes.tableName,
        PRIMARY_KEY_INDEX: storage.primaryKeyIndex,
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
    storage.grantReadProcesses(this);
    queue.jobChecks.grant(this, 'sqs:SendMessage');
    files.steps.grant(this, 'sqs:SendMessage');
  }
}
