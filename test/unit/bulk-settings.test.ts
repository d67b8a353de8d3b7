import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { exitCodeOf, exitCodeOfError } from '../../lib/bulk/exit-code.ts';
import { FileError } from '../../lib/bulk/row.ts';
import { readSettings, UsageError } from '../../lib/bulk/settings.ts';
import { ApiError } from '../../lib/client.ts';
import { temporaryFolder } from '../support/folder.ts';

const XDG_CONFIG_HOME = temporaryFolder();
const profiles = join(XDG_CONFIG_HOME, 'bulk-update', 'config.json');
mkdirSync(join(XDG_CONFIG_HOME, 'bulk-update'));
writeFileSync(profiles, '{"acme":{"url":"https://acme","apiKey":"acme-key"},"half":{"url":"https://half"}}');

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
] as const)(
  'flags %j are more than the profile, which is more than the environment',
  ([flags, url, apiKey]) => {
    expect(readSettings(flags, environment)).toEqual({ url, apiKey });
  },
);

test('all that is missing is told at once', () => {
  expect(() => readSettings({}, {})).toThrow(
    new UsageError(
      'The URL of the API is missing: give --url, BULK_UPDATE_URL or --profile.\nThe API key is missing: give --api-key, BULK_UPDATE_KEY or --profile.',
    ),
  );
});

test('an URL that is none is refused', () => {
  expect(() => readSettings({ url: 'ftp://x' }, environment)).toThrow(
    '"ftp://x" begins neither with https://',
  );
});

test.for(['nobody', 'constructor'])('there is no profile %s', (profile) => {
  expect(() => readSettings({ profile }, environment)).toThrow(
    `There is no profile "${profile}" in ${profiles}`,
  );
});

test.for([
  ['not there', undefined, 'ENOENT'],
  ['no JSON', '{', 'JSON'],
  ['with a wrong name in it', '{"acme":{"key":"x"}}', 'key'],
] as const)('a file of profiles that is %s', ([, content, message]) => {
  const home = join(XDG_CONFIG_HOME, message);
  mkdirSync(join(home, 'bulk-update'), { recursive: true });
  if (content !== undefined) writeFileSync(join(home, 'bulk-update', 'config.json'), content);
  const read = () => readSettings({ profile: 'acme' }, { XDG_CONFIG_HOME: home });
  expect(read).toThrow(UsageError);
  expect(read).toThrow(message);
});

test.for(['SECRET', '{"acme":{"apiKey":"SECRET"', '{"acme":"SECRET"}', '{"acme":{"apiKey":["SECRET"]}}'])(
  'what is wrong with the profiles %s is told without a key',
  (content) => {
    writeFileSync(join(XDG_CONFIG_HOME, 'bulk-update', 'config.json'), content);
    const read = () => readSettings({ profile: 'acme' }, environment);
    expect(read).toThrow(UsageError);
    expect(read).not.toThrow('SECRET');
  },
);

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
