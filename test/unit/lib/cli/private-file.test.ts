import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { readSettings, type SettingsFlags } from '../../../../lib/cli/settings.ts';
import { UsageError } from '../../../../lib/cli/usage-error.ts';
import { temporaryFolder } from '../../../support/folder.ts';
import { testNeeding } from '../../../support/machine.ts';

const XDG_CONFIG_HOME = temporaryFolder();

const read = (flags: SettingsFlags, from: Readonly<Record<string, string>> = environment, stdin = '') =>
  readSettings(flags, from, Readable.from([stdin]));

function writePrivate(path: string, content: string): void {
  writeFileSync(path, content, { mode: 0o600 });
}

const profiles = join(XDG_CONFIG_HOME, 'bulk-update', 'config.json');
mkdirSync(join(XDG_CONFIG_HOME, 'bulk-update'));
writePrivate(profiles, '{"acme":{"url":"https://acme","apiKey":"acme-key"},"half":{"url":"https://half"}}');
const keyFile = join(XDG_CONFIG_HOME, 'key-file');
writePrivate(keyFile, ' file-key\n');

const environment = {
  BULK_UPDATE_URL: 'https://environment',
  BULK_UPDATE_KEY: 'environment-key',
  XDG_CONFIG_HOME,
};

describe.skipIf(process.getuid === undefined)('permissions', () => {
  const path = join(XDG_CONFIG_HOME, "key of 'mine'");
  const profile = () => read({ profile: 'acme' }, { XDG_CONFIG_HOME: path });

  test.for([0o666, 0o644, 0o640, 0o604, 0o620, 0o601])('a file of mode %o is not read', async (mode) => {
    mkdirSync(join(path, 'bulk-update'), { recursive: true });
    for (const file of [join(path, 'bulk-update', 'config.json'), join(path, 'key')]) {
      writePrivate(file, 'SECRET');
      chmodSync(file, mode);
    }
    const remedy = "can be read or written by other users. Run: chmod 600 '";
    const key = () => read({ apiKeyFile: join(path, 'key') });
    for (const settings of [key, profile]) {
      await expect(settings()).rejects.toThrow(UsageError);
      await expect(settings()).rejects.toThrow(remedy);
      await expect(settings()).rejects.not.toThrow('SECRET');
    }
    await expect(key()).rejects.toThrow(`chmod 600 '${join(path, 'key').replaceAll("'", "'\\''")}'`);
  });

  test.skipIf(process.getuid?.() !== 0)('a file of another user is not read', async () => {
    const file = join(XDG_CONFIG_HOME, 'theirs');
    writePrivate(file, 'SECRET');
    chownSync(file, 12_345, 12_345);
    await expect(read({ apiKeyFile: file })).rejects.toThrow('belongs to another user');
  });

  test('neither a folder nor a device is waited for', async () => {
    for (const apiKeyFile of [XDG_CONFIG_HOME, '/dev/zero']) {
      await expect(read({ apiKeyFile })).rejects.toThrow('is not a regular file');
    }
  });

  testNeeding('mkfifo')('a pipe is not waited for (needs mkfifo)', async () => {
    const pipe = join(XDG_CONFIG_HOME, 'pipe');
    execFileSync('mkfifo', ['-m', '600', pipe]);
    await expect(read({ apiKeyFile: pipe })).rejects.toThrow('is not a regular file');
  });

  test('an empty file is no key', async () => {
    const file = join(XDG_CONFIG_HOME, 'empty');
    writePrivate(file, '\n');
    await expect(read({ apiKeyFile: file })).rejects.toThrow('is empty');
  });
});
