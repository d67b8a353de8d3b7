import { EventBus } from 'aws-cdk-lib/aws-events';
import type { Construct } from 'constructs';
import { FILES_PREFIXES } from '../../../lambdas/contract/file-keys.ts';
import { ANNOUNCEMENT_PREFIX, FILE_QUEUE_PREFIX } from '../../../lambdas/contract/tables.ts';
import type { FileJobs } from '../constructs/file-jobs.ts';
import { grantOnItems, grantOnKeys, type Storage } from '../constructs/storage.ts';
import type { WorkQueue } from '../constructs/work-queue.ts';
import { type LoggingProps, ServiceFunction } from './service-function.ts';
import { FILE_STEP_TIMEOUT } from './timeouts.ts';

export interface RunFileJobFunctionProps extends LoggingProps {
  readonly storage: Storage;
  readonly files: FileJobs;
  readonly queue: WorkQueue;
  /** Steps that are taken at a time. */
  readonly concurrency: number;
  /**
   * Chunks of at most 10,000 rows of one file that are applied at a time, 1 to 100: within them a cancel or a threshold
   * stops the job.
   * @default 20
   */
  readonly chunksInFlight?: number | undefined;
}

const CHUNKS_IN_FLIGHT = 20;

/** Reads uploaded files into chunks, and releases the chunks step by step. */
export class RunFileJobFunction extends ServiceFunction {
  constructor(scope: Construct, id: string, props: RunFileJobFunctionProps) {
    const { storage, files, queue, concurrency, chunksInFlight = CHUNKS_IN_FLIGHT, ...logging } = props;
    super(scope, id, {
      ...logging,
      entry: 'run-file-job',
      description: 'Reads the files of file jobs into chunks, and accepts these step by step',
      timeout: FILE_STEP_TIMEOUT,
      // One whole virtual CPU, which reading rows takes.
      memorySize: 1769,
      environment: {
        JOBS_TABLE: storage.jobs.tableName,
        PROCEDURES_TABLE: storage.procedures.tableName,
        JOB_CHECK_QUEUE_URL: queue.jobChecks.queueUrl,
        FILES_BUCKET: files.bucketName,
        FILE_STEPS_QUEUE_URL: files.steps.queueUrl,
        FILE_CHUNKS_IN_FLIGHT: String(chunksInFlight),
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
    for (const prefix of [ANNOUNCEMENT_PREFIX, FILE_QUEUE_PREFIX])
      grantOnKeys(storage.jobs, prefix, this, 'dynamodb:DeleteItem');
    storage.grantFindProcedure(this);
    const { uploads, chunks, results } = FILES_PREFIXES;
    files.grantOnObjects(uploads, this, 's3:AbortMultipartUpload', 's3:GetObject');
    files.grantOnObjects(chunks, this, 's3:GetObject', 's3:PutObject');
    files.grantOnObjects(results, this, 's3:PutObject');
    files.grantMiss(this);
    EventBus.fromEventBusName(this, 'DefaultBus', 'default').grantPutEventsTo(this);
    queue.jobChecks.grant(this, 'sqs:SendMessage');
    this.addEventSource(files.stepEvents(concurrency));
  }
}
