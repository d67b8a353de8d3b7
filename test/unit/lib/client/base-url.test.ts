import { expect, test } from 'vitest';
import { BaseUrl, isLoopback, segment } from '../../../../lib/client/base-url.ts';

test.each([
  ['https://api.example/prod/', 'https://api.example/prod'],
  ['https://api.example', 'https://api.example'],
  ['https://api.example/?', 'https://api.example'],
  ['http://127.0.0.1:3000/', 'http://127.0.0.1:3000'],
])('%s is the base of paths', (url, base) => {
  expect(new BaseUrl(url).urlOf('/v1/x')).toBe(`${base}/v1/x`);
});

test.each([
  'http://api.example',
  'https://user:password@api.example',
  'https://api.example/?stage=prod',
  'https://api.example/#x',
  'ftp://api.example',
  'http://127.0.0.1.evil.example',
  'api.example',
])('%s is refused: paths could not be added, or the key would travel in clear', (url) => {
  expect(() => new BaseUrl(url)).toThrow(TypeError);
});

test.each([
  ['/v1/ext/background-job/a?cursor=b', '/v1/ext/background-job/a?cursor=b'],
  ['/prod/v1/ext/x', '/v1/ext/x'],
  ['?cursor=b', '/v1/ext/background-job?cursor=b'],
  ['https://api.example/prod/v1/x', '/v1/x'],
])('the link %s leads below the base', (link, path) => {
  expect(new BaseUrl('https://api.example/prod').follow(link, '/v1/ext/background-job')).toBe(path);
});

test.each([
  'https://evil.example/prod/v1/x',
  '//evil.example/v1/x',
  '/other/x',
  '/v1/../../x',
  'https://api.example/product/x',
  'javascript:x',
])('the link %s leads elsewhere, where the key must not go', (link) => {
  expect(new BaseUrl('https://api.example/prod').follow(link, '/v1/ext/background-job')).toBeUndefined();
});

test('a part of a path stays one, and leads to no other', () => {
  expect(segment('a/b c?')).toBe('a%2Fb%20c%3F');
  for (const text of ['', '.', '..']) expect(() => segment(text)).toThrow(TypeError);
});

test('this machine is known by each of its names, and no other is', () => {
  expect(['localhost', '127.0.0.1', '127.9.9.9', '[::1]'].map(isLoopback)).not.toContain(false);
  expect(
    ['localhost.evil.example', '127.0.0.1.evil.example', '0.0.0.0', '10.0.0.1'].map(isLoopback),
  ).not.toContain(true);
});
