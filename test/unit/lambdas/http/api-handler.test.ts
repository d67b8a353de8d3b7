import { Logger } from '@aws-lambda-powertools/logger';
import type { APIGatewayProxyResult, Context } from 'aws-lambda';
import { expect, test } from 'vitest';
import type { Scope } from '../../../../lambdas/contract/scopes.ts';
import { RequestError } from '../../../../lambdas/domain/request-error.ts';
import { type ApiRequest, type ApiResponse, apiHandler } from '../../../../lambdas/http/api-handler.ts';
import { anEvent } from '../../../support/requests.ts';

const logger = new Logger({ logLevel: 'SILENT' });

async function answerOf(
  handle: (request: ApiRequest) => Promise<ApiResponse>,
  event: Parameters<typeof anEvent>[0] = {},
  needed: Scope = 'write',
): Promise<APIGatewayProxyResult> {
  const requestContext = { requestId: 'request-1', authorizer: { team: 'local' } } as never;
  return apiHandler(needed, handle, logger)(anEvent({ requestContext, ...event }), {} as Context);
}

test('what a handler answers is in the envelope, and is never kept', async () => {
  const answer = await answerOf(async () => ({ status: 200, data: { a: 1 }, meta: { b: 2 } }));
  expect(JSON.parse(answer.body)).toEqual({ _data: { a: 1 }, _meta: { b: 2 }, _errors: [] });
  expect(answer.headers).toMatchObject({
    'content-type': 'application/json; charset=utf-8',
    'x-request-id': 'request-1',
    'cache-control': 'no-store',
  });
});

test('a path that ends with a slash is refused before anything is done', async () => {
  const answer = await answerOf(() => Promise.reject(new Error('called')), { path: '/v1/ext/procedure/' });
  expect(answer.statusCode).toBe(404);
  expect(JSON.parse(answer.body)._errors).toMatchObject([{ code: 'NOT_FOUND' }]);
});

test('a refusal has its status and its errors', async () => {
  const answer = await answerOf(() => Promise.reject(new RequestError('JOB_NOT_FOUND', 'No such job.')));
  expect(answer.statusCode).toBe(404);
  expect(JSON.parse(answer.body)).toEqual({
    ...{ _data: null, _meta: {}, _errors: [{ code: 'JOB_NOT_FOUND', message: 'No such job.' }] },
  });
});

test('a refusal has what it tells beside its errors, and no more errors than fit', async () => {
  const errors = ['a', 'b', 'c', 'd'].map((letter) => ({
    code: 'INVALID_ITEMS' as const,
    message: letter.repeat(1_900_000),
  }));
  const refused = new RequestError('INVALID_ITEMS', errors, { meta: { total: 9, invalid: 4 } });
  const answer = await answerOf(() => Promise.reject(refused));
  const { _meta, _errors } = JSON.parse(answer.body);
  expect([answer.statusCode, _meta, _errors.length]).toEqual([422, { total: 9, invalid: 4 }, 3]);
});

test('of any other error nothing reaches the client but the id to report', async () => {
  const answer = await answerOf(() => Promise.reject(new Error('table Jobs-SECRET is missing')));
  expect(answer.statusCode).toBe(500);
  expect(answer.body).not.toContain('SECRET');
  expect(JSON.parse(answer.body)._errors).toMatchObject([
    { code: 'INTERNAL_ERROR', message: expect.stringContaining('request-1') },
  ]);
});

test('a key in use says when to come again', async () => {
  const inUse = new RequestError('IDEMPOTENCY_KEY_IN_USE', 'Wait.');
  expect((await answerOf(() => Promise.reject(inUse))).headers).toMatchObject({ 'retry-after': '5' });
});

test('a key that is good no more says how to authenticate', async () => {
  const revoked = new RequestError('UNAUTHORIZED', 'Send another key.');
  expect(await answerOf(() => Promise.reject(revoked))).toMatchObject({
    statusCode: 401,
    headers: { 'www-authenticate': 'Bearer' },
  });
});

test('304 has no body', async () => {
  const answer = await answerOf(async () => ({ status: 304, data: { a: 1 } }));
  expect(answer.body).toBe('');
});

test('headers are found however they are written', async () => {
  const answer = await answerOf(
    async ({ event }) => ({ status: 200, data: event.headers['idempotency-key'] }),
    { headers: { 'Idempotency-KEY': 'k' }, multiValueHeaders: { 'Idempotency-KEY': ['k'] } },
  );
  expect(JSON.parse(answer.body)._data).toBe('k');
});

test('a parameter of the path is decoded once', async () => {
  const answer = await answerOf(async ({ path }) => ({ status: 200, data: path.id }), {
    pathParameters: { id: 'a%252Fb' },
  });
  expect(JSON.parse(answer.body)._data).toBe('a%2Fb');
});

test('a key without the scope that the route needs is refused before anything is done', async () => {
  const requestContext = { requestId: 'request-1', authorizer: { team: 'local', scope: 'plan' } } as never;
  const answerTo = (needed: Scope) => answerOf(async () => ({ status: 200 }), { requestContext }, needed);
  for (const allowed of [answerTo('read'), answerTo('plan')])
    expect(await allowed).toMatchObject({ statusCode: 200 });
  const { statusCode, body } = await answerTo('write');
  expect([statusCode, JSON.parse(body)._errors]).toEqual([
    403,
    [
      {
        code: 'SCOPE_MISSING',
        message:
          'This API key has the scope "plan", and the request needs "write". Use a key with the scope "write", or ask the operator for one.',
      },
    ],
  ]);
});
