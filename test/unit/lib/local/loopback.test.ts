import { createServer, type IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import {
  checkPort,
  isForThisMachine,
  isOfOwnProgram,
  listenOnLoopback,
} from '../../../../lib/local/loopback.ts';

const credentials = { AWS_REGION: 'r', AWS_ACCESS_KEY_ID: 'abc', AWS_SECRET_ACCESS_KEY: 'local' };
const request = (headers: Record<string, string>) => ({ headers }) as unknown as IncomingMessage;

test.each(['localhost', 'LOCALHOST:3000', '127.0.0.1:3000', '[::1]:3000'])('%s is this machine', (host) => {
  expect(isForThisMachine(request({ host }))).toBe(true);
});

test.each(['', 'evil.example', 'localhost.evil.example', '127.0.0.1.evil.example', '127.0.0.1:3000@evil'])(
  'the name %j may be of a page that leads here, and is refused',
  (host) => expect(isForThisMachine(request({ host }))).toBe(false),
);

const OWN = {
  host: '127.0.0.1:4566',
  authorization: 'AWS4-HMAC-SHA256 Credential=abc/20261126/r/sqs/aws4_request',
  'content-type': 'application/x-amz-json-1.0',
};

test('a program that knows the access key id is let in', () => {
  expect(isOfOwnProgram(request(OWN), credentials)).toBe(true);
});

test.each([
  ['a page', { origin: 'http://127.0.0.1:3000' }],
  ['who does not know the id', { authorization: OWN.authorization.replace('abc', 'local') }],
  ['who sends what a form can', { 'content-type': 'text/plain' }],
  ['who asks for another host', { host: 'evil.example' }],
])('%s is not', (_who, headers) => {
  expect(isOfOwnProgram(request({ ...OWN, ...headers }), credentials)).toBe(false);
});

test('a port that is taken is told, with one to take instead', async () => {
  const { endpoint, stop } = await listenOnLoopback(createServer());
  const port = Number(new URL(endpoint).port);
  await expect(checkPort(port)).rejects.toThrow(`PORT=${(port % 65_535) + 1} npm start`);
  await stop();
  await expect(checkPort(port)).resolves.toBeUndefined();
});
