import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { readSettings, type SettingsFlags } from '../../../../lib/cli/settings.ts';
import { UsageError } from '../../../../lib/cli/usage-error.ts';
import { temporaryFolder } from '../../../support/folder.ts';

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
  await expect(read({}, { XDG_CONFIG_HOME: temporaryFolder() })).rejects.toThrow(
    new UsageError(
      'The URL of the API is missing. Run bulk-update login, or give --url, BULK_UPDATE_URL or --profile.\nThe API key is missing. Run bulk-update login, or give --api-key-file, BULK_UPDATE_KEY or --profile.',
    ),
  );
});

test('the default profile is used only where nothing else says where the API is', async () => {
  const home = join(XDG_CONFIG_HOME, 'signed-in');
  mkdirSync(join(home, 'bulk-update'), { recursive: true });
  const profile = { url: 'https://stored', apiKey: 'stored-key', consoleUrl: 'https://console' };
  writePrivate(join(home, 'bulk-update', 'config.json'), JSON.stringify({ default: profile }));
  const signedIn = { XDG_CONFIG_HOME: home };
  expect(await read({}, signedIn)).toEqual(profile);
  // Its key would be sent elsewhere.
  await expect(read({ url: 'https://other' }, signedIn)).rejects.toThrow('The API key is missing');
  const environment = { ...signedIn, BULK_UPDATE_URL: 'https://other' };
  await expect(read({}, environment)).rejects.toThrow('The API key is missing');
});

test('an URL that is none is refused', async () => {
  await expect(read({ url: 'ftp://x' })).rejects.toThrow('"ftp://x" does not begin with https://');
});

test.for(['nobody', 'constructor'])('there is no profile %s', async (profile) => {
  await expect(read({ profile })).rejects.toThrow(`There is no profile "${profile}" in ${profiles}`);
});

test.for([
  ['not there', undefined, 'There is no profile "acme"'],
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
