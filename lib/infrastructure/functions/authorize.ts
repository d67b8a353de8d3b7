import type { Construct } from 'constructs';
import { grantOnItems, type Storage } from '../constructs/storage.ts';
import { type LoggingProps, ServiceFunction } from './service-function.ts';
import { SHORT_TIMEOUT } from './timeouts.ts';

export interface AuthorizeFunctionProps extends LoggingProps {
  readonly storage: Storage;
}

/** Tells API Gateway what an API key allows. */
export class AuthorizeFunction extends ServiceFunction {
  constructor(scope: Construct, id: string, { storage, ...logging }: AuthorizeFunctionProps) {
    super(scope, id, {
      ...logging,
      entry: 'authorize',
      description: 'Tells the team, the procedures and the scope of an API key',
      timeout: SHORT_TIMEOUT,
      environment: { API_KEYS_TABLE: storage.apiKeys.tableName },
    });
    grantOnItems(storage.apiKeys, this, 'dynamodb:GetItem');
  }
}
