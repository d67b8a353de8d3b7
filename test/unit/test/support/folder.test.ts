import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../../support/folder.ts';

const ofFile = temporaryFolder();
let ofTest = '';

test('a folder that a test makes is there in it', () => {
  ofTest = temporaryFolder();
  expect(existsSync(ofTest)).toBe(true);
});

test('and is gone after it; one of the whole file is not', () => {
  expect(existsSync(ofTest)).toBe(false);
  expect(existsSync(ofFile)).toBe(true);
});
