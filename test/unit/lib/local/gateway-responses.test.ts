import { expect, test } from 'vitest';
import { GatewayResponses, mappedHeaders } from '../../../../lib/local/gateway-responses.ts';
import type { Template } from '../../../../lib/local/template.ts';

const bodyOf = (code: string) => ({ 'application/json': `{"_errors":[{"code":"${code}","message":"No."}]}` });
const responses = new GatewayResponses({
  ofType: () => [
    ['A', { ResponseType: 'DEFAULT_4XX', ResponseTemplates: bodyOf('BAD_REQUEST') }],
    ['B', { ResponseType: 'DEFAULT_5XX', ResponseTemplates: bodyOf('INTERNAL_ERROR') }],
    [
      'C',
      {
        ResponseType: 'MISSING_AUTHENTICATION_TOKEN',
        StatusCode: '404',
        ResponseTemplates: bodyOf('NOT_FOUND'),
      },
    ],
  ],
} as unknown as Template);
const codeOf = (body: string | Buffer) => JSON.parse(String(body))._errors[0].code;

test('an error has the status and the body that the template gives it', () => {
  const { status, body } = responses.answer('MISSING_AUTHENTICATION_TOKEN', 'r');
  expect([status, codeOf(body)]).toEqual([404, 'NOT_FOUND']);
});

test.each([
  ['REQUEST_TOO_LARGE', 413, 'BAD_REQUEST'],
  ['INTEGRATION_TIMEOUT', 504, 'INTERNAL_ERROR'],
] as const)('%s without a response of its own has that of its kind', (error, expected, code) => {
  const { status, body } = responses.answer(error, 'r');
  expect([status, codeOf(body)]).toEqual([expected, code]);
});

test('a request for another host is told what to do here, which the template does not know', () => {
  expect(String(responses.answer('MISDIRECTED', 'r').body)).toContain('127.0.0.1');
});

test('headers are constants, or the id of the request', () => {
  const parameters = {
    'gatewayresponse.header.X-Request-Id': 'context.requestId',
    'gatewayresponse.header.Allow': "'GET, HEAD'",
  };
  expect(mappedHeaders(parameters, 'r-1')).toMatchObject({ 'x-request-id': 'r-1', allow: 'GET, HEAD' });
});
