import type { Construct } from 'constructs';
import { grantOnItems, type Storage } from '../constructs/storage.ts';
import { type LoggingProps, ServiceFunction } from './service-function.ts';
import { API_TIMEOUT } from './timeouts.ts';

export interface ReadApiKeyFunctionProps extends LoggingProps {
  readonly storage: Storage;
  /** Name of the stage, which it shows. */
  readonly stageName: string;
}

/** Shows a client what its API key allows. */
export class ReadApiKeyFunction extends ServiceFunction {
  constructor(scope: Construct, id: string, { storage, stageName, ...logging }: ReadApiKeyFunctionProps) {
    super(scope, id, {
      ...logging,
      entry: 'read-api-key',
      description: 'Shows the API key that asks',
      timeout: API_TIMEOUT,
      environment: { API_KEYS_TABLE: storage.apiKeys.tableName, STAGE: stageName },
    });
    grantOnItems(storage.apiKeys, this, 'dynamodb:GetItem');
  }
}
