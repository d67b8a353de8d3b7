import type { Construct } from 'constructs';
import { grantOnItems, type Storage } from '../constructs/storage.ts';
import { type LoggingProps, ServiceFunction } from './service-function.ts';
import { API_TIMEOUT } from './timeouts.ts';

export interface ReadEntriesFunctionProps extends LoggingProps {
  readonly storage: Storage;
}

/** Shows what became of each item of a job. */
export class ReadEntriesFunction extends ServiceFunction {
  constructor(scope: Construct, id: string, { storage, ...logging }: ReadEntriesFunctionProps) {
    super(scope, id, {
      ...logging,
      entry: 'read-entries',
      description: 'Shows the entries of a background job',
      timeout: API_TIMEOUT,
      environment: { JOBS_TABLE: storage.jobs.tableName },
    });
    grantOnItems(storage.jobs, this, 'dynamodb:GetItem', 'dynamodb:Query');
  }
}
