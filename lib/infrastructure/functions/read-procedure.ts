import type { Construct } from 'constructs';
import { grantOnItems, type Storage } from '../constructs/storage.ts';
import { type LoggingProps, ServiceFunction } from './service-function.ts';
import { API_TIMEOUT } from './timeouts.ts';

export interface ReadProcedureFunctionProps extends LoggingProps {
  readonly storage: Storage;
}

/** Shows the schema of a procedure, and lists the procedures of a team. */
export class ReadProcedureFunction extends ServiceFunction {
  constructor(scope: Construct, id: string, { storage, ...logging }: ReadProcedureFunctionProps) {
    super(scope, id, {
      ...logging,
      entry: 'read-procedure',
      description: 'Shows a procedure',
      timeout: API_TIMEOUT,
      environment: { PROCEDURES_TABLE: storage.procedures.tableName },
    });
    storage.grantFindProcedure(this);
    grantOnItems(storage.procedures, this, 'dynamodb:Query');
  }
}
