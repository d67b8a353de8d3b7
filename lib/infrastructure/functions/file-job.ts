import type { Construct } from 'constructs';
import { FILES_PREFIXES } from '../../../lambdas/contract/file-keys.ts';
import type { FileJobs } from '../constructs/file-jobs.ts';
import { grantOnItems, type Storage } from '../constructs/storage.ts';
import { type LoggingProps, ServiceFunction } from './service-function.ts';
import { API_TIMEOUT } from './timeouts.ts';

export interface FileJobFunctionProps extends LoggingProps {
  readonly storage: Storage;
  readonly files: FileJobs;
}

/** Creates file jobs, signs the URLs of their parts and results, and completes their uploads. */
export class FileJobFunction extends ServiceFunction {
  constructor(scope: Construct, id: string, { storage, files, ...logging }: FileJobFunctionProps) {
    super(scope, id, {
      ...logging,
      entry: 'file-job',
      description: 'Creates file jobs, completes their uploads, and signs the URLs of parts and results',
      timeout: API_TIMEOUT,
      environment: {
        JOBS_TABLE: storage.jobs.tableName,
        PROCEDURES_TABLE: storage.procedures.tableName,
        FILES_BUCKET: files.bucketName,
        FILE_STEPS_QUEUE_URL: files.steps.queueUrl,
      },
    });
    // DeleteItem: an idempotency key is given back when its request is refused.
    grantOnItems(
      storage.jobs,
      this,
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:DeleteItem',
      'dynamodb:Query',
      'dynamodb:UpdateItem',
    );
    storage.grantFindProcedure(this);
    const { uploads, results } = FILES_PREFIXES;
    // What a signed URL does, the function that signs it must be allowed to do.
    files.grantOnObjects(uploads, this, 's3:GetObject', 's3:PutObject');
    files.grantOnObjects(results, this, 's3:GetObject');
    files.grantMiss(this);
    files.steps.grant(this, 'sqs:SendMessage');
  }
}
