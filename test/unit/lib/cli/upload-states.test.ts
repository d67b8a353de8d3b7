import { readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { UploadStates, uploadsFolder } from '../../../../lib/cli/upload-states.ts';
import { temporaryFolder } from '../../../support/folder.ts';

const state = { jobId: 'file-1', etags: { 1: '"a"' }, bytesDigest: 'abc' };

test('what is stored of an upload is kept beside the profiles, for the user alone, until it is forgotten', async () => {
  const folder = uploadsFolder({ XDG_CONFIG_HOME: temporaryFolder() });
  expect(folder).toMatch(/bulk-update[\\/]uploads$/);
  const states = new UploadStates(folder);
  expect(await states.read('key')).toBeUndefined();
  await states.write('key', state);
  await states.write('key', { ...state, jobId: 'file-2' });
  expect(await states.read('key')).toEqual({ ...state, jobId: 'file-2' });
  expect(readdirSync(folder)).toEqual(['key.json']);
  expect([statSync(folder).mode & 0o777, statSync(join(folder, 'key.json')).mode & 0o777]).toEqual([
    ...[0o700, 0o600],
  ]);
  await states.remove('key');
  expect(readdirSync(folder)).toEqual([]);
  await states.remove('key');
});

test('a file that is not what was written is as none', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'a.json'), '{"jobId":5}');
  writeFileSync(join(folder, 'b.json'), 'x');
  const states = new UploadStates(folder);
  expect([await states.read('a'), await states.read('b')]).toEqual([undefined, undefined]);
});

test('uploads that nobody can complete any more are forgotten with the next', async () => {
  const folder = temporaryFolder();
  const states = new UploadStates(folder);
  for (const key of ['old', 'new', 'done']) await states.write(key, state);
  const before = new Date(Date.now() - 25 * 3_600_000);
  utimesSync(join(folder, 'old.json'), before, before);
  await states.remove('done');
  expect(readdirSync(folder)).toEqual(['new.json']);
});
