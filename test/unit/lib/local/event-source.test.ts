import { expect, test } from 'vitest';
import { succeeded } from '../../../../lib/local/event-source.ts';

const messages = ['a', 'b', 'c'].map((MessageId) => ({ MessageId }));
const failed = (...ids: unknown[]) => ({
  batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })),
});

// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
test.each<[string, unknown, string[]]>([
  ['no response', undefined, ['a', 'b', 'c']],
  ['null', null, ['a', 'b', 'c']],
  ['an empty list', failed(), ['a', 'b', 'c']],
  ['null in place of the list', { batchItemFailures: null }, ['a', 'b', 'c']],
  ['some that failed', failed('b'), ['a', 'c']],
  ['an empty identifier', failed('b', ''), []],
  ['an identifier that is not of the batch', failed('x'), []],
])('after %s these are done: %j', (_what, response, done) => {
  expect(succeeded(messages, response).map(({ MessageId }) => MessageId)).toEqual(done);
});
