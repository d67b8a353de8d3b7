import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { profilesPath, readProfile, readProfiles, writeProfiles } from '../../../../lib/cli/profiles.ts';
import { temporaryFolder } from '../../../support/folder.ts';

const pathIn = (folder: string) => profilesPath({ XDG_CONFIG_HOME: folder });

test('profiles are written into a folder and a file that only the user can read', async () => {
  const path = pathIn(join(temporaryFolder(), 'new'));
  expect(await readProfiles(path)).toBeUndefined();
  const profiles = { acme: { url: 'https://acme', apiKey: 'key', consoleUrl: 'https://console' } };
  await writeProfiles(path, profiles);
  expect(await readProfiles(path)).toEqual(profiles);
  expect([statSync(path), statSync(dirname(path))].map(({ mode }) => mode & 0o777)).toEqual([0o600, 0o700]);
  await writeProfiles(path, {});
  expect([await readProfiles(path), readdirSync(dirname(path))]).toEqual([{}, ['config.json']]);
});

test('a link to a file of profiles stays a link', async () => {
  const folder = temporaryFolder();
  const path = pathIn(folder);
  mkdirSync(dirname(path));
  writeFileSync(join(folder, 'mine.json'), '{}', { mode: 0o600 });
  symlinkSync('../mine.json', path);
  await writeProfiles(path, { acme: { url: 'https://acme' } });
  expect(lstatSync(path).isSymbolicLink()).toBe(true);
  expect(readFileSync(join(folder, 'mine.json'), 'utf8')).toContain('https://acme');
});

test('a file that others can read is refused', async () => {
  const path = pathIn(temporaryFolder());
  await writeProfiles(path, {});
  writeFileSync(path, '{}');
  const open = pathIn(temporaryFolder());
  mkdirSync(dirname(open));
  writeFileSync(open, '{}', { mode: 0o644 });
  expect(await readProfiles(path)).toEqual({});
  await expect(readProfiles(open)).rejects.toThrow(
    `${open} can be read or written by other users. Run: chmod 600`,
  );
});

test('a misspelt profile is told the nearest one, and how to make it', async () => {
  const path = pathIn(temporaryFolder());
  await writeProfiles(path, { acme: { url: 'https://acme' } });
  await expect(readProfile('acne', path)).rejects.toThrow(
    `There is no profile "acne" in ${path}. Did you mean acme? To make it, run: bulk-update login --profile acne`,
  );
});
