import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { WAITING_PREFIX } from '../../lambdas/adapters/waiting-places.ts';
import { APPLY_LIMIT_MS, MAX_BATCH_MESSAGES } from '../../lambdas/contract/limits.ts';
import { PROCEDURE_ID_INDEX, TEAM_INDEX } from '../../lambdas/contract/tables.ts';
import { documentationFiles } from '../openapi/files.ts';
import { BulkApi } from './constructs/api.ts';
import { Console } from './constructs/console-hosting.ts';
import { Monitoring } from './constructs/monitoring.ts';
import { type LogLevel, ServiceFunction, type ServiceFunctionProps } from './constructs/service-function.ts';
import {
  type ExistingTable,
  grantIndexQuery,
  grantOnItems,
  grantOnKeys,
  Storage,
} from './constructs/storage.ts';
import { WorkQueue } from './constructs/work-queue.ts';

export interface BulkUpdateStackProps extends StackProps {
  /** Whether the tables outlive the stack and refuse deletion. */
  readonly isProtected: boolean;
  /** Whether the console is deployed in front of the API. */
  readonly hasConsole: boolean;
  /**
   * Batches of ten that are applied at a time, 2 to 1,000: what the queue may ask of the tables. docs/capacity.md tells
   * what follows from it.
   * @default 4 - about 1,000 updates a second, which leave room in a new account's concurrency of ten
   */
  readonly applyConcurrency?: number | undefined;
  /**
   * Requests with `Prefer: wait` that hold an environment of ReadJob at a time, 0 to 1,000; others are answered at once.
   * @default 1
   */
  readonly waitingRequests?: number | undefined;
  /** @see StorageProps.existingProcesses */
  readonly existingProcesses?: ExistingTable | undefined;
  /** @see ServiceFunctionProps.logLevel */
  readonly logLevel?: LogLevel | undefined;
  /**
   * How long the functions' logs and the access log are kept.
   * @default RetentionDays.ONE_MONTH
   */
  readonly logRetention?: RetentionDays | undefined;
  /** @see StorageProps.processWritesPerSecond */
  readonly processWritesPerSecond?: number | undefined;
  /** @see StorageProps.processReadsPerSecond */
  readonly processReadsPerSecond?: number | undefined;
  /** @see StorageProps.primaryKeyWritesPerSecond */
  readonly primaryKeyWritesPerSecond?: number | undefined;
  /** @see StorageProps.primaryKeyReadsPerSecond */
  readonly primaryKeyReadsPerSecond?: number | undefined;
  /** ARN of the SNS topic that is told of alarms. */
  readonly alarmTopicArn?: string | undefined;
  /** @see BulkApiProps.requestsPerSecond */
  readonly requestsPerSecond?: number | undefined;
  /** @see BulkApiProps.requestsPerMinutePerKey */
  readonly requestsPerMinutePerKey?: number | undefined;
  /** @see BulkApiProps.apiGatewayLogRole */
  readonly apiGatewayLogRole?: boolean | undefined;
  /** @see BulkApiProps.webAclArn */
  readonly webAclArn?: string | undefined;
  /** @see BulkApiProps.domainName */
  readonly domainName?: string | undefined;
  /** @see BulkApiProps.certificateArn */
  readonly certificateArn?: string | undefined;
}

/** API Gateway gives up after 29 seconds. */
const API_TIMEOUT = Duration.seconds(28);
const APPLY_TIMEOUT = Duration.millis(APPLY_LIMIT_MS);
/** Of the other consumers: closing may read thousands of processes. */
const CONSUMER_TIMEOUT = Duration.seconds(30);

/**
 * A new account may have no more than ten invocations at a time of all its functions, a tenth of a thousand later:
 * 4 of apply, 2 each of those that close jobs and entries, and 1 of a waiting client leave one to answer requests.
 * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const APPLY_CONCURRENCY = 4;
const WAITING_REQUESTS = 1;

/** What closing takes beside apply; the mapping of a queue takes no less than 2. */
const closingConcurrency = (applyConcurrency: number) => Math.max(2, Math.floor(applyConcurrency / 2));

/**
 * Delivers a queue's messages in tens; only those that the function names come again. Without a maximum a queue takes the
 * concurrency that the others need.
 */
const batchesOf = (queue: Queue, maxConcurrency: number) =>
  new SqsEventSource(queue, { batchSize: MAX_BATCH_MESSAGES, reportBatchItemFailures: true, maxConcurrency });

/** API Gateway → accept → queue → apply → tables, and the reads. */
export class BulkUpdateStack extends Stack {
  constructor(scope: Construct, id: string, props: BulkUpdateStackProps) {
    super(scope, id, props);
    const { processes, primaryKeyIndex, jobs, procedures, apiKeys } = new Storage(this, 'Storage', props);
    const grantFindProcedure = (grantee: IGrantable) => {
      grantOnItems(procedures, grantee, 'dynamodb:GetItem');
      grantIndexQuery(procedures, PROCEDURE_ID_INDEX, grantee);
    };
    const queue = new WorkQueue(this, 'WorkQueue', {
      applyTimeout: APPLY_TIMEOUT,
      consumerTimeout: CONSUMER_TIMEOUT,
    });

    const { logLevel, logRetention, applyConcurrency = APPLY_CONCURRENCY } = props;
    const serviceFunction = (name: string, of: ServiceFunctionProps) =>
      new ServiceFunction(this, name, { logLevel, logRetention, ...of });

    const authorize = serviceFunction('Authorize', {
      entry: 'authorize',
      description: 'Tells the team and the procedures of an API key',
      timeout: Duration.seconds(5),
      environment: { API_KEYS_TABLE: apiKeys.tableName },
    });
    grantOnItems(apiKeys, authorize, 'dynamodb:GetItem');

    const grantReadProcesses = (grantee: IGrantable) => {
      grantOnItems(processes, grantee, 'dynamodb:GetItem', 'dynamodb:BatchGetItem');
      grantIndexQuery(processes, primaryKeyIndex, grantee);
    };

    const accept = serviceFunction('Accept', {
      entry: 'accept',
      description: 'Checks the items of a bulk update and queues them',
      timeout: API_TIMEOUT,
      memorySize: 1769,
      environment: {
        JOBS_TABLE: jobs.tableName,
        PROCEDURES_TABLE: procedures.tableName,
        PROCESSES_TABLE: processes.tableName,
        PRIMARY_KEY_INDEX: primaryKeyIndex,
        UPDATE_QUEUE_URL: queue.updates.queueUrl,
        JOB_CHECK_QUEUE_URL: queue.jobChecks.queueUrl,
      },
    });
    grantOnItems(
      jobs,
      accept,
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
      'dynamodb:DeleteItem',
    );
    grantFindProcedure(accept);
    grantReadProcesses(accept);
    queue.updates.grant(accept, 'sqs:SendMessage');
    queue.jobChecks.grant(accept, 'sqs:SendMessage');

    const apply = serviceFunction('Apply', {
      entry: 'apply',
      description: 'Applies queued updates to their processes and records what became of them',
      timeout: APPLY_TIMEOUT,
      environment: {
        JOBS_TABLE: jobs.tableName,
        PROCESSES_TABLE: processes.tableName,
        PRIMARY_KEY_INDEX: primaryKeyIndex,
        UPDATE_QUEUE_URL: queue.updates.queueUrl,
        MAX_RECEIVE_COUNT: String(WorkQueue.MAX_RECEIVE_COUNT),
      },
    });
    grantOnItems(jobs, apply, 'dynamodb:GetItem', 'dynamodb:PutItem');
    grantReadProcesses(apply);
    grantOnItems(processes, apply, 'dynamodb:UpdateItem');
    // Copies of messages that are to be applied later.
    queue.updates.grant(apply, 'sqs:SendMessage');
    apply.addEventSource(batchesOf(queue.updates, applyConcurrency));

    const deadLetter = serviceFunction('DeadLetter', {
      entry: 'dead-letter',
      description: 'Closes the entries of updates that failed at every attempt',
      timeout: CONSUMER_TIMEOUT,
      environment: {
        JOBS_TABLE: jobs.tableName,
        PROCESSES_TABLE: processes.tableName,
        PRIMARY_KEY_INDEX: primaryKeyIndex,
        DEAD_LETTER_QUEUE_URL: queue.deadLetters.queueUrl,
        MAX_RECEIVE_COUNT: String(WorkQueue.MAX_RECEIVE_COUNT),
      },
    });
    grantOnItems(jobs, deadLetter, 'dynamodb:PutItem');
    grantReadProcesses(deadLetter);
    queue.deadLetters.grant(deadLetter, 'sqs:SendMessage');
    deadLetter.addEventSource(batchesOf(queue.exhausted, closingConcurrency(applyConcurrency)));

    const finalizeJob = serviceFunction('FinalizeJob', {
      entry: 'finalize-job',
      description: 'Settles, notes and announces the end of background jobs',
      timeout: CONSUMER_TIMEOUT,
      environment: {
        JOBS_TABLE: jobs.tableName,
        PROCESSES_TABLE: processes.tableName,
        PRIMARY_KEY_INDEX: primaryKeyIndex,
        JOB_CHECK_QUEUE_URL: queue.jobChecks.queueUrl,
      },
    });
    grantOnItems(
      jobs,
      finalizeJob,
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
      'dynamodb:UpdateItem',
    );
    grantReadProcesses(finalizeJob);
    EventBus.fromEventBusName(this, 'DefaultBus', 'default').grantPutEventsTo(finalizeJob);
    finalizeJob.addEventSource(batchesOf(queue.jobChecks, closingConcurrency(applyConcurrency)));

    const readJob = serviceFunction('ReadJob', {
      entry: 'read-job',
      description: 'Shows background jobs',
      timeout: API_TIMEOUT,
      environment: {
        JOBS_TABLE: jobs.tableName,
        WAITING_REQUESTS: String(props.waitingRequests ?? WAITING_REQUESTS),
      },
    });
    grantOnItems(jobs, readJob, 'dynamodb:Query');
    grantOnKeys(jobs, WAITING_PREFIX, readJob, 'dynamodb:PutItem', 'dynamodb:DeleteItem');
    grantIndexQuery(jobs, TEAM_INDEX, readJob);

    const readEntries = serviceFunction('ReadEntries', {
      entry: 'read-entries',
      description: 'Shows the entries of a background job',
      timeout: API_TIMEOUT,
      environment: { JOBS_TABLE: jobs.tableName },
    });
    grantOnItems(jobs, readEntries, 'dynamodb:GetItem', 'dynamodb:Query');

    const controlJob = serviceFunction('ControlJob', {
      entry: 'control-job',
      description: 'Cancels background jobs and retries what failed in them',
      timeout: API_TIMEOUT,
      environment: {
        JOBS_TABLE: jobs.tableName,
        PROCEDURES_TABLE: procedures.tableName,
        UPDATE_QUEUE_URL: queue.updates.queueUrl,
        JOB_CHECK_QUEUE_URL: queue.jobChecks.queueUrl,
      },
    });
    grantOnItems(
      jobs,
      controlJob,
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
      'dynamodb:UpdateItem',
    );
    grantFindProcedure(controlJob);
    queue.updates.grant(controlJob, 'sqs:SendMessage');
    queue.jobChecks.grant(controlJob, 'sqs:SendMessage');

    const readProcess = serviceFunction('ReadProcess', {
      entry: 'read-process',
      description: 'Shows a process',
      timeout: API_TIMEOUT,
      environment: {
        PROCESSES_TABLE: processes.tableName,
        PRIMARY_KEY_INDEX: primaryKeyIndex,
        PROCEDURES_TABLE: procedures.tableName,
      },
    });
    grantReadProcesses(readProcess);
    grantFindProcedure(readProcess);

    const readProcedure = serviceFunction('ReadProcedure', {
      entry: 'read-procedure',
      description: 'Shows a procedure',
      timeout: API_TIMEOUT,
      environment: { PROCEDURES_TABLE: procedures.tableName },
    });
    grantFindProcedure(readProcedure);

    const documentation = serviceFunction('Documentation', {
      entry: 'documentation',
      description: 'Shows the description of the API and a page to read it',
      timeout: Duration.seconds(5),
      environment: {},
      files: documentationFiles,
    });

    // An update rolls out the reader of the queue first: it reads older messages, but no newer ones.
    for (const sender of [accept, controlJob]) sender.node.addDependency(apply);

    const { api, domain } = new BulkApi(this, 'BulkApi', {
      authorize,
      accept,
      readJob,
      readEntries,
      controlJob,
      readProcess,
      readProcedure,
      documentation,
      ...props,
    });

    new Monitoring(this, 'Monitoring', {
      api,
      queue,
      accept,
      apply,
      finalizing: [finalizeJob, deadLetter],
      tables: { Processes: processes, Jobs: jobs, Procedures: procedures, ApiKeys: apiKeys },
      alarmTopicArn: props.alarmTopicArn,
    });

    const output = (name: string, value: string, description: string) =>
      new CfnOutput(this, name, { value, description });
    output('ApiUrl', api.url, 'Base URL of the API');
    if (domain !== undefined) {
      const target = 'What the DNS record of the custom domain is to point at (CNAME or alias)';
      output('DomainTarget', domain.domainNameAliasDomainName, target);
    }
    if (props.hasConsole) {
      const { url } = new Console(this, 'Console', { api, logRetention: props.logRetention });
      output('ConsoleUrl', url, 'Console, and the API beside it');
    }
    output('DocumentationUrl', api.urlForPath('/docs'), 'Documentation of the API');
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
