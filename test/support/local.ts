import { createDocumentClient } from '../../lambdas/adapters/document-client.ts';
import { stack } from './stack.ts';
import type { TestedStack } from './stack-setup.ts';

/**
 * The local parts, for tests that look behind the API. The SDK of this process is pointed at them as the
 * functions' is, by its environment variables.
 */
export function localParts(): NonNullable<TestedStack['local']> & {
  documents: ReturnType<typeof createDocumentClient>;
} {
  const { local } = stack;
  if (local === undefined)
    throw new Error('Integration tests need the local stack: run them without BASE_URL');
  Object.assign(process.env, {
    ...local.credentials,
    AWS_ENDPOINT_URL_DYNAMODB: local.dynamoDb,
    AWS_ENDPOINT_URL_SQS: local.sqs,
    AWS_ENDPOINT_URL_S3: local.s3,
  });
  return { ...local, documents: createDocumentClient() };
}
