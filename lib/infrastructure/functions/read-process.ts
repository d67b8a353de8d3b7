import type { Construct } from 'constructs';
import type { Storage } from '../constructs/storage.ts';
import { type LoggingProps, ServiceFunction } from './service-function.ts';
import { API_TIMEOUT } from './timeouts.ts';

export interface ReadProcessFunctionProps extends LoggingProps {
  readonly storage: Storage;
}

/** Shows a process as it stands. */
export class ReadProcessFunction extends ServiceFunction {
  constructor(scope: Construct, id: string, { storage, ...logging }: ReadProcessFunctionProps) {
    super(scope, id, {
      ...logging,
      entry: 'read-process',
      description: 'Shows a process',
      timeout: API_TIMEOUT,
      environment: {
        PROCESSES_TABLE: storage.processes.tableName,
        PRIMARY_KEY_INDEX: storage.primaryKeyIndex,
        PROCEDURES_TABLE: storage.procedures.tableName,
      },
    });
    storage.grantReadProcesses(this);
    storage.grantFindProcedure(this);
  }
}
