import { DynamoDBServiceException } from '@aws-sdk/client-dynamodb';
import { expect, test } from 'vitest';
import { ContentionError, isInvalidRequest, isTransient } from '../../../../lambdas/adapters/aws-errors.ts';

const ofService = (name: string) =>
  new DynamoDBServiceException({ name, $fault: 'client', $metadata: { httpStatusCode: 400 } });

test.each<[string, unknown]>([
  ['a throttle', ofService('ProvisionedThroughputExceededException')],
  ['a lack of permission', ofService('AccessDeniedException')],
  ['other writers in the way', new ContentionError('The process changed at every attempt.')],
  ['a request that timed out', Object.assign(new Error('No answer'), { name: 'TimeoutError' })],
  ['a refused connection', Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })],
])('%s is transient', (_what, error) => expect(isTransient(error)).toBe(true));

test.each<[string, unknown]>([
  ['a request that the service calls invalid', ofService('ValidationException')],
  ['a mistake in the code', new TypeError('x is undefined')],
  ['a mistake that Node.js names', Object.assign(new TypeError('x'), { code: 'ERR_INVALID_ARG_TYPE' })],
  ['something that is not an error', 'ECONNREFUSED'],
])('%s is not transient', (_what, error) => expect(isTransient(error)).toBe(false));

test('only what the service calls invalid would be refused again', () => {
  expect(isInvalidRequest(ofService('ValidationException'))).toBe(true);
  expect(isInvalidRequest(ofService('ThrottlingException'))).toBe(false);
});
