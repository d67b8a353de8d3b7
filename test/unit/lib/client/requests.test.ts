import { expect, test } from 'vitest';
import { isApiKey, Requests, retryAfterMs } from '../../../../lib/client/requests.ts';

const waitOf = (value: string) => retryAfterMs(new Headers({ 'retry-after': value }));

test('Retry-After is seconds or a date', () => {
  expect(waitOf('5')).toBe(5_000);
  const inAMinute = new Date(Date.now() + 60_000).toUTCString();
  expect(waitOf(inAMinute)).toBeGreaterThan(50_000);
  expect(waitOf(new Date(0).toUTCString())).toBe(0);
});

test.each(['', '-5', '1.5', 'soon', '5 seconds'])('Retry-After %j says nothing', (value) => {
  expect(waitOf(value)).toBeUndefined();
});

test('a key that no header carries is refused without being repeated', () => {
  const key = 'SECRET\u200bKEY';
  const make = () => new Requests({ url: 'https://api.example', apiKey: key });
  expect(make).toThrow(TypeError);
  expect(make).not.toThrow('SECRET');
  expect([isApiKey('local-key'), isApiKey(''), isApiKey('a b')]).toEqual([true, false, false]);
});

test('a misspelt option is refused before anything is sent', () => {
  const options = { url: 'https://api.example', apiKey: 'a', attemps: 1 };
  expect(() => new Requests(options)).toThrow('attemps');
});

test('a link of an answer leads below the base, or is an error', () => {
  const requests = new Requests({ url: 'https://api.example/prod', apiKey: 'a' });
  expect(requests.follow('/v1/x?cursor=1', '/v1/x', { status: 200 })).toBe('/v1/x?cursor=1');
  for (const link of ['https://evil.example/v1/x', 5, undefined, null, { href: '/v1/x' }]) {
    expect(() => requests.follow(link, '/v1/x', { status: 200 })).toThrow('Nothing was sent there');
  }
});
