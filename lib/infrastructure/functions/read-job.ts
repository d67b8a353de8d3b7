import type { Construct } from 'constructs';
import { TEAM_INDEX, WAITING_PREFIX } from '../../../lambdas/contract/tables.ts';
import { grantIndexQuery, grantOnItems, grantOnKeys, type Storage } from '../constructs/storage.ts';
import { type LoggingProps, ServiceFunction } from './service-function.ts';
import { API_TIMEOUT } from './timeouts.ts';

export interface ReadJobFunctionProps extends LoggingProps {
  readonly storage: Storage;
  /**
   * Requests with `Prefer: wait` that hold an environment of this function at a time; others are answered at once.
   * @default 1 - what a new account's concurrency of ten leaves room for
   */
  readonly waitingRequests?: number | undefined;
}

const WAITING_REQUESTS = 1;

/** Shows jobs, one or a list, and waits for the end of one. */
export class ReadJobFunction extends ServiceFunction {
  constructor(scope: Construct, id: string, props: ReadJobFunctionProps) {
    const { storage, waitingRequests = WAITING_REQUESTS, ...logging } = props;
    super(scope, id, {
      ...logging,
      entry: 'read-job',
      description: 'Shows background jobs',
      timeout: API_TIMEOUT,
      environment: { JOBS_TABLE: storage.jobs.tableName, WAITING_REQUESTS: String(waitingRequests) },
    });
    // GetItem: the jobs of a file's chunks.
    grantOnItems(storage.jobs, this, 'dynamodb:GetItem', 'dynamodb:Query');
    grantOnKeys(storage.jobs, WAITING_PREFIX, this, 'dynamodb:PutItem', 'dynamodb:DeleteItem');
    grantIndexQuery(storage.jobs, TEAM_INDEX, this);
  }
}
