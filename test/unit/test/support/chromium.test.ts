import { mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { expect, test } from 'vitest';
import { installedChromium } from '../../../support/chromium.ts';
import { temporaryFolder } from '../../../support/folder.ts';

const folder = temporaryFolder();
const [first, second] = ['first', 'second'].map((name) => join(folder, name));
const PATH = [first, second].join(delimiter);

function install(...path: string[]): string {
  const file = join(folder, ...path);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, '');
  return file;
}

test('CHROMIUM_PATH comes before what is installed, and Chromium before Chrome', () => {
  const chrome = install('first', 'google-chrome');
  expect(installedChromium({ PATH })).toBe(chrome);
  const chromium = install('second', 'chromium');
  expect(installedChromium({ PATH })).toBe(chromium);
  expect(installedChromium({ PATH, CHROMIUM_PATH: '' })).toBe(chromium);
  expect(installedChromium({ PATH, CHROMIUM_PATH: chrome })).toBe(chrome);
});

test('a CHROMIUM_PATH that leads nowhere is told, not passed over', () => {
  const CHROMIUM_PATH = join(folder, 'none');
  expect(() => installedChromium({ PATH, CHROMIUM_PATH })).toThrow(`names ${CHROMIUM_PATH}, which does not`);
});
