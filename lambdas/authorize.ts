import type { APIGatewayAuthorizerResult, APIGatewayTokenAuthorizerEvent } from 'aws-lambda';
import { createDocumentClient } from './adapters/document-client.ts';
import { KeyStore } from './adapters/key-store.ts';
import { keyOf } from './contract/bearer.ts';
import { authorizerContext } from './http/caller.ts';
import { readEnvironment } from './runtime/config.ts';

const environment = readEnvironment('API_KEYS_TABLE');
const keys = new KeyStore(createDocumentClient(), environment.API_KEYS_TABLE, Date.now);

/**
 * Lets a known API key in, with its team and procedures for the functions behind.
 *
 * The policy covers the whole API, because API Gateway caches it for the key; which procedures the key
 * allows is checked by the function that knows what the path names.
 *
 * @throws Error 'Unauthorized', the text that API Gateway answers with 401
 */
export async function handler(event: APIGatewayTokenAuthorizerEvent): Promise<APIGatewayAuthorizerResult> {
  const key = keyOf(event.authorizationToken);
  const known = key === undefined ? undefined : await keys.find(key);
  if (known === undefined) throw new Error('Unauthorized');
  const [api = '', stage = ''] = event.methodArn.split('/');
  return {
    principalId: known.team,
    policyDocument: {
      Version: '2012-10-17',
      Statement: [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource: `${api}/${stage}/*` }],
    },
    context: authorizerContext({ team: known.team, procedures: known.procedures, scope: known.scope }),
  };
}
