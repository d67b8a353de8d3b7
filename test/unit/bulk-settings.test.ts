import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { FileError } from '../../lambdas/rows/row.ts';
import { exitCodeOf, exitCodeOfError } from '../../lib/cli/exit-code.ts';
import { readSettings, type SettingsFlags, UsageError } from '../../lib/cli/settings.ts';
import { ApiError } from '../../lib/client/index.ts';
import { temporaryFolder } from '../support/folder.ts';
import { hasCommand } from '../support/machine.ts';

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

test.for([
  [{}, 'https://environment', 'environment-key'],
  [{ profile: 'acme' }, 'https://acme', 'acme-key'],
  [{ profile: 'half' }, 'https://half', 'environment-key'],
  [{ profile: 'acme', url: 'http://flag' }, 'http://flag', 'acme-key'],
  [{ url: 'https://flag', apiKey: 'flag-key' }, 'https://flag', 'flag-key'],
  [{ profile: 'acme', apiKeyFile: keyFile }, 'https://acme', 'file-key'],
  [{ apiKeyFile: '-' }, 'https://environment', 'stdin-key'],
] as const)(
  'flags %j are more than the profile, which is more than the environment',
  async ([flags, url, apiKey]) => {
    const settings = await read(flags, environment, 'stdin-key\n');
    expect({ ...settings, apiKey: settings.apiKey.trim() }).toEqual({ url, apiKey });
  },
);

test('all that is missing is told at once', async () => {
  await expect(read({}, {})).rejects.toThrow(
    new UsageError(
      'The URL of the API is missing. Give --url, BULK_UPDATE_URL or --profile.\nThe API key is missing. Give --api-key-file, BULK_UPDATE_KEY or --profile.',
    ),
  );
});

test('an URL that is none is refused', async () => {
  await expect(read({ url: 'ftp://x' })).rejects.toThrow('"ftp://x" does not begin with https://');
});

test.for(['nobody', 'constructor'])('there is no profile %s', async (profile) => {
  await expect(read({ profile })).rejects.toThrow(`There is no profile "${profile}" in ${profiles}`);
});

test.for([
  ['not there', undefined, 'ENOENT'],
  ['no JSON', '{', 'JSON'],
  ['with a wrong name in it', '{"acme":{"key":"x"}}', 'key'],
] as const)('a file of profiles that is %s', async ([, content, message]) => {
  const home = join(XDG_CONFIG_HOME, message);
  mkdirSync(join(home, 'bulk-update'), { recursive: true });
  if (content !== undefined) writePrivate(join(home, 'bulk-update', 'config.json'), content);
  const settings = read({ profile: 'acme' }, { XDG_CONFIG_HOME: home });
  await expect(settings).rejects.toThrow(UsageError);
  await expect(settings).rejects.toThrow(message);
});

test.for(['SECRET', '{"acme":{"apiKey":"SECRET"', '{"acme":"SECRET"}', '{"acme":{"apiKey":["SECRET"]}}'])(
  'what is wrong with the profiles %s is told without a key',
  async (content) => {
    writePrivate(profiles, content);
    const settings = read({ profile: 'acme' });
    await expect(settings).rejects.toThrow(UsageError);
    await expect(settings).rejects.not.toThrow('SECRET');
  },
);

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

  test.skipIf(!hasCommand('mkfifo'))('a pipe is not waited for (needs mkfifo)', async () => {
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

const NONE = { INVALID: 0, NOT_STARTED: 0, SUCCESS: 5, ERROR: 0, CANCELLED: 0 };

test.for([
  [{}, 0],
  [{ NOT_STARTED: 5 }, 0],
  [{ INVALID: 1 }, 1],
  [{ ERROR: 1 }, 1],
  [{ CANCELLED: 1 }, 1],
] as const)('entries %j make the exit code %i', ([counts, code]) => {
  expect(exitCodeOf({ ...NONE, ...counts })).toBe(code);
});

test.for([
  [new ApiError('', { status: 0 }), 3],
  [new ApiError('', { status: 429 }), 3],
  [new ApiError('', { status: 503 }), 3],
  [new ApiError('', { status: 401 }), 2],
  [new ApiError('', { status: 404 }), 2],
  [new FileError(['x']), 2],
  [new UsageError('x'), 2],
] as const)('%o makes the exit code %i', ([error, code]) => {
  expect(exitCodeOfError(error)).toBe(code);
});
