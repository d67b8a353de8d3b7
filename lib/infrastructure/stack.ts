import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { type ApiSettings, BulkApi } from './constructs/api.ts';
import { Console } from './constructs/console-hosting.ts';
import { FileJobs } from './constructs/file-jobs.ts';
import { Monitoring } from './constructs/monitoring.ts';
import { Storage, type StorageProps } from './constructs/storage.ts';
import { WorkQueue } from './constructs/work-queue.ts';
import { AcceptFunction } from './functions/accept.ts';
import { ApplyFunction } from './functions/apply.ts';
import { AuthorizeFunction } from './functions/authorize.ts';
import { ControlJobFunction } from './functions/control-job.ts';
import { DeadLetterFunction } from './functions/dead-letter.ts';
import { DocumentationFunction } from './functions/documentation.ts';
import { FileJobFunction } from './functions/file-job.ts';
import { FinalizeJobFunction } from './functions/finalize-job.ts';
import { ReadApiKeyFunction } from './functions/read-api-key.ts';
import { ReadEntriesFunction } from './functions/read-entries.ts';
import { ReadJobFunction } from './functions/read-job.ts';
import { ReadProcedureFunction } from './functions/read-procedure.ts';
import { ReadProcessFunction } from './functions/read-process.ts';
import { RunFileJobFunction } from './functions/run-file-job.ts';
import type { LoggingProps } from './functions/service-function.ts';
import { APPLY_TIMEOUT, FILE_STEP_TIMEOUT, FINALIZE_TIMEOUT } from './functions/timeouts.ts';
import { UndoJobFunction } from './functions/undo-job.ts';

export interface BulkUpdateStackProps extends StackProps, StorageProps, LoggingProps, ApiSettings {
  /** Name of the stage, such as `prod`. */
  readonly stageName: string;
  /** Whether the console is deployed in front of the API. */
  readonly hasConsole: boolean;
  /**
   * Batches of ten that are applied at a time, 2 to 1,000: what the queue may ask of the tables. docs/capacity.md tells
   * what follows from it.
   * @default 2 - about 500 updates a second, which leave room in a new account's concurrency of ten
   */
  readonly applyConcurrency?: number | undefined;
  /** @see ApplyFunctionProps.undo */
  readonly undo?: boolean | undefined;
  /** @see ReadJobFunctionProps.waitingRequests */
  readonly waitingRequests?: number | undefined;
  /** @see RunFileJobFunctionProps.chunksInFlight */
  readonly fileChunksInFlight?: number | undefined;
  /** @see MonitoringProps.alarmTopicArn */
  readonly alarmTopicArn?: string | undefined;
}

/**
 * A new account may have no more than ten invocations at a time of all its functions, a tenth of a thousand later:
 * 2 each of apply, of those that end jobs and entries and of the one that reads files, and 1 of a waiting client leave one
 * to answer requests.
 * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const APPLY_CONCURRENCY = 2;

/** What ending jobs and entries takes beside apply; the mapping of a queue takes no less than 2. */
const finalizeConcurrency = (applyConcurrency: number) => Math.max(2, Math.floor(applyConcurrency / 2));

/** Files that are read at a time: applying them is slower than one reader. A team alone may have five in progress. */
const readConcurrency = (applyConcurrency: number) => Math.min(5, finalizeConcurrency(applyConcurrency));

/** API Gateway → accept → queue → apply → tables, and the reads. */
export class BulkUpdateStack extends Stack {
  constructor(scope: Construct, id: string, props: BulkUpdateStackProps) {
    super(scope, id, props);
    const {
      applyConcurrency = APPLY_CONCURRENCY,
      undo,
      waitingRequests,
      fileChunksInFlight,
      alarmTopicArn,
      ...settings
    } = props;
    const logging: LoggingProps = { logLevel: props.logLevel, logRetention: props.logRetention };

    const storage = new Storage(this, 'Storage', settings);
    const queue = new WorkQueue(this, 'WorkQueue', {
      applyTimeout: APPLY_TIMEOUT,
      consumerTimeout: FINALIZE_TIMEOUT,
    });
    const files = new FileJobs(this, 'FileJobs', {
      isProtected: props.isProtected,
      stepTimeout: FILE_STEP_TIMEOUT,
    });
    const reading = { storage, ...logging };
    const sending = { ...reading, queue };
    const stepping = { ...sending, files };
    const finalizing = { ...sending, concurrency: finalizeConcurrency(applyConcurrency) };

    const accept = new AcceptFunction(this, 'Accept', sending);
    const apply = new ApplyFunction(this, 'Apply', { ...stepping, undo, concurrency: applyConcurrency });
    const deadLetter = new DeadLetterFunction(this, 'DeadLetter', finalizing);
    const finalizeJob = new FinalizeJobFunction(this, 'FinalizeJob', finalizing);
    const controlJob = new ControlJobFunction(this, 'ControlJob', stepping);
    // An update rolls out the reader of the queue first: it reads older messages, but no newer ones.
    for (const sender of [accept, controlJob, finalizeJob]) sender.node.addDependency(apply);
    const undoJob = new UndoJobFunction(this, 'UndoJob', stepping);
    // It releases what undos hold: an earlier one would take them for updates that set nothing.
    undoJob.node.addDependency(finalizeJob);

    const runFileJob = new RunFileJobFunction(this, 'RunFileJob', {
      ...stepping,
      concurrency: readConcurrency(applyConcurrency),
      chunksInFlight: fileChunksInFlight,
    });
    // It queues what apply reads, and what finalize-job ends as a part of a file.
    runFileJob.node.addDependency(finalizeJob);
    const fileJob = new FileJobFunction(this, 'FileJob', { ...reading, files });
    fileJob.node.addDependency(runFileJob);

    const { api, domain } = new BulkApi(this, 'BulkApi', {
      authorize: new AuthorizeFunction(this, 'Authorize', reading),
      accept,
      controlJob,
      undoJob,
      fileJob,
      readJob: new ReadJobFunction(this, 'ReadJob', { ...reading, waitingRequests }),
      readEntries: new ReadEntriesFunction(this, 'ReadEntries', reading),
      readProcess: new ReadProcessFunction(this, 'ReadProcess', reading),
      readProcedure: new ReadProcedureFunction(this, 'ReadProcedure', reading),
      readApiKey: new ReadApiKeyFunction(this, 'ReadApiKey', { ...reading, stageName: props.stageName }),
      documentation: new DocumentationFunction(this, 'Documentation', logging),
      ...settings,
    });
    new Monitoring(this, 'Monitoring', {
      api,
      queue,
      accept,
      apply,
      finalizing: [finalizeJob, deadLetter],
      tables: {
        Processes: storage.processes,
        Jobs: storage.jobs,
        Procedures: storage.procedures,
        ApiKeys: storage.apiKeys,
      },
      alarmTopicArn,
    });

    const output = (name: string, value: string, description: string) =>
      new CfnOutput(this, name, { value, description });
    output('ApiUrl', api.url, 'Base URL of the API');
    if (domain !== undefined) {
      const target = 'What the DNS record of the custom domain is to point at (CNAME or alias)';
      output('DomainTarget', domain.domainNameAliasDomainName, target);
    }
    if (props.hasConsole) {
      const { origin } = new Console(this, 'Console', {
        api,
        filesOrigin: files.origin,
        logRetention: props.logRetention,
      });
      files.allowPagesOf(origin);
      output('ConsoleUrl', `${origin}/`, 'Console, and the API beside it');
    }
    output('DocumentationUrl', api.urlForPath('/docs'), 'Documentation of the API');
    output('ProcessesTable', storage.processes.tableName, 'Table of the processes');
    output('JobsTable', storage.jobs.tableName, 'Table of the background jobs');
    output('ProceduresTable', storage.procedures.tableName, 'Table of the procedures');
    output('ApiKeysTable', storage.apiKeys.tableName, 'Table of the API keys, by their SHA-256');
    output('FilesBucket', files.bucketName, 'Bucket of the files of file jobs');
    output('UpdateQueueUrl', queue.updates.queueUrl, 'Queue of the updates');
    output(
      'DeadLetterQueueUrl',
      queue.deadLetters.queueUrl,
      'Queue of the updates that failed at every attempt',
    );
  }
}
