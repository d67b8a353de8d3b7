import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { Construct } from 'constructs';
import { PROCEDURE_ID_INDEX } from '../lambdas/adapters/procedure-store.ts';
import { PRIMARY_KEY_INDEX } from '../lambdas/adapters/process-store.ts';
import { MAX_BATCH_MESSAGES } from '../lambdas/domain/pack.ts';
import { BulkApi } from './bulk-api.ts';
import { ServiceFunction } from './service-function.ts';
import { grantIndexQuery, grantOnItems, Storage } from './storage.ts';
import { WorkQueue } from './work-queue.ts';

export interface BulkUpdateStackProps extends StackProps {
  /** Whether the tables outlive the stack and refuse deletion. */
  readonly isProtected: boolean;
}

/** API Gateway gives up after 29 seconds. */
const API_TIMEOUT = Duration.seconds(28);
const APPLY_TIMEOUT = Duration.seconds(30);

/** API Gateway → accept → queue → apply → tables, and the reads. */
export class BulkUpdateStack extends Stack {
  constructor(scope: Construct, id: string, props: BulkUpdateStackProps) {
    super(scope, id, props);
    const { processes, jobs, procedures, apiKeys } = new Storage(this, 'Storage', props);
    const grantFindProcedure = (grantee: IGrantable) => {
      grantOnItems(procedures, grantee, 'dynamodb:GetItem');
      grantIndexQuery(procedures, PROCEDURE_ID_INDEX, grantee);
    };
    const queue = new WorkQueue(this, 'WorkQueue', { consumerTimeout: APPLY_TIMEOUT });

    const authorize = new ServiceFunction(this, 'Authorize', {
      entry: 'authorize',
      description: 'Tells the team and the procedures of an API key',
      timeout: Duration.seconds(5),
      environment: { API_KEYS_TABLE: apiKeys.tableName },
    });
    grantOnItems(apiKeys, authorize, 'dynamodb:GetItem');

    const accept = new ServiceFunction(this, 'Accept', {
      entry: 'accept',
      description: 'Checks the items of a bulk update and queues them',
      timeout: API_TIMEOUT,
      memorySize: 1769,
      environment: {
        JOBS_TABLE: jobs.tableName,
        PROCEDURES_TABLE: procedures.tableName,
        UPDATE_QUEUE_URL: queue.updates.queueUrl,
      },
    });
    grantOnItems(jobs, accept, 'dynamodb:PutItem', 'dynamodb:UpdateItem');
    grantFindProcedure(accept);
    queue.updates.grant(accept, 'sqs:SendMessage');

    const apply = new ServiceFunction(this, 'Apply', {
      entry: 'apply',
      description: 'Applies queued updates to their processes and records what became of them',
      timeout: APPLY_TIMEOUT,
      environment: {
        JOBS_TABLE: jobs.tableName,
        PROCESSES_TABLE: processes.tableName,
        UPDATE_QUEUE_URL: queue.updates.queueUrl,
        MAX_RECEIVE_COUNT: String(WorkQueue.MAX_RECEIVE_COUNT),
      },
    });
    grantOnItems(jobs, apply, 'dynamodb:PutItem');
    grantOnItems(processes, apply, 'dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:UpdateItem');
    grantIndexQuery(processes, PRIMARY_KEY_INDEX, apply);
    apply.addEventSource(
      new SqsEventSource(queue.updates, { batchSize: MAX_BATCH_MESSAGES, reportBatchItemFailures: true }),
    );

    const readJob = new ServiceFunction(this, 'ReadJob', {
      entry: 'read-job',
      description: 'Shows a background job',
      timeout: API_TIMEOUT,
      environment: { JOBS_TABLE: jobs.tableName },
    });
    grantOnItems(jobs, readJob, 'dynamodb:GetItem', 'dynamodb:Query');

    const readProcess = new ServiceFunction(this, 'ReadProcess', {
      entry: 'read-process',
      description: 'Shows a process',
      timeout: API_TIMEOUT,
      environment: { PROCESSES_TABLE: processes.tableName, PROCEDURES_TABLE: procedures.tableName },
    });
    grantOnItems(processes, readProcess, 'dynamodb:GetItem', 'dynamodb:BatchGetItem');
    grantIndexQuery(processes, PRIMARY_KEY_INDEX, readProcess);
    grantFindProcedure(readProcess);

    const readProcedure = new ServiceFunction(this, 'ReadProcedure', {
      entry: 'read-procedure',
      description: 'Shows a procedure',
      timeout: API_TIMEOUT,
      environment: { PROCEDURES_TABLE: procedures.tableName },
    });
    grantFindProcedure(readProcedure);

    const { api } = new BulkApi(this, 'BulkApi', { authorize, accept, readJob, readProcess, readProcedure });

    const output = (name: string, value: string, description: string) =>
      new CfnOutput(this, name, { value, description });
    output('ApiUrl', api.url, 'Base URL of the API');
    output('ProcessesTable', processes.tableName, 'Table of the processes');
    output('JobsTable', jobs.tableName, 'Table of the background jobs');
    output('ProceduresTable', procedures.tableName, 'Table of the procedures');
    output('ApiKeysTable', apiKeys.tableName, 'Table of the API keys, by their SHA-256');
    output('UpdateQueueUrl', queue.updates.queueUrl, 'Queue of the updates');
    output(
      'DeadLetterQueueUrl',
      queue.deadLetters.queueUrl,
      'Queue of the updates that failed at every attempt',
    );
  }
}
