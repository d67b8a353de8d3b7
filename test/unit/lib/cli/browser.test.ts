import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { openBrowser } from '../../../../lib/cli/browser.ts';
import { temporaryFolder } from '../../../support/folder.ts';

afterEach(() => vi.unstubAllEnvs());

test('a browser gets the URL as one argument, which no shell reads', async () => {
  const folder = temporaryFolder();
  const [arguments_, trace] = [join(folder, 'arguments'), join(folder, 'trace')];
  const script = `#!/bin/sh\nprintf '%s\\n' "$@" > ${arguments_}\n`;
  writeFileSync(join(folder, 'xdg-open'), script, { mode: 0o755 });
  vi.stubEnv('PATH', `${folder}${delimiter}${process.env.PATH}`);
  const url = `https://console/#/jobs/$(:>${trace});:>${trace}|:>${trace}&'"`;
  expect(await openBrowser(url, 'linux')).toBe(true);
  await vi.waitFor(() => expect(readFileSync(arguments_, 'utf8')).toBe(`${url}\n`));
  expect(existsSync(trace)).toBe(false);
});

test('where there is none, the caller is told', async () => {
  vi.stubEnv('PATH', temporaryFolder());
  expect(await openBrowser('https://console', 'linux')).toBe(false);
});
