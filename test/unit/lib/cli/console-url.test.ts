import { expect, test } from 'vitest';
import { jobPage } from '../../../../lib/cli/console-url.ts';

test.each([
  [
    { url: 'https://api', consoleUrl: 'https://console.acme.example' },
    'https://console.acme.example/#/jobs/J',
  ],
  [
    { url: 'https://api', consoleUrl: 'https://acme.example/console/' },
    'https://acme.example/console/#/jobs/J',
  ],
  [{ url: 'https://api', consoleUrl: 'http://127.0.0.1:3000' }, 'http://127.0.0.1:3000/#/jobs/J'],
  [{ url: 'http://localhost:3000', consoleUrl: undefined }, 'http://localhost:3000/#/jobs/J'],
])('with %j the page is %s', (settings, page) => {
  expect(jobPage('J', settings)).toBe(page);
});

test('an id is one part of the path, whatever is in it', () => {
  const page = jobPage('../x"; rm -rf ~ & $(id)', { url: 'http://localhost', consoleUrl: undefined });
  expect(page).toBe('http://localhost/#/jobs/..%2Fx%22%3B%20rm%20-rf%20~%20%26%20%24(id)');
});

test.each([
  ['http://console.acme.example', 'is not https'],
  ['javascript:alert(1)', 'is not https'],
  ['file:///etc/passwd', 'is not https'],
  ['https://user:secret@console', 'must not have a user'],
  ['https://console/?a=1', 'must not have a user'],
  ['console', 'is not a URL'],
  [undefined, 'bulk-update login --console-url https://…'],
])('%s is not opened', (consoleUrl, message) => {
  expect(() => jobPage('J', { url: 'https://api', consoleUrl })).toThrow(message);
});
