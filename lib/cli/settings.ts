import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { nearestName } from '../../lambdas/contract/nearest-name.ts';
import { COMMAND } from './command-name.ts';
import { readPrivateFile } from './private-file.ts';
import { DEFAULT_PROFILE, type Profile, profilesPath, readProfile, readProfiles } from './profiles.ts';
import { UsageError } from './usage-error.ts';

/** URL of the API and the key of its caller. */
export interface Settings {
  url: string;
  apiKey: string;
  /** Where the console is, if the profile says so. */
  consoleUrl: string | undefined;
}

export interface SettingsFlags {
  url?: string;
  apiKey?: string;
  /** `-` for the standard input. */
  apiKeyFile?: string;
  profile?: string;
}

const VARIABLES: readonly string[] = ['BULK_UPDATE_URL', 'BULK_UPDATE_KEY'];

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the settings. A flag overrides the profile that a flag names, which overrides the environment. If none of them
 * names a URL or a key, they are those of the default profile: a key is only sent to the URL that it was given with.
 * @throws UsageError that says what is missing, and each way to give it
 */
export async function readSettings(
  flags: SettingsFlags,
  environment: Environment,
  stdin: Readable,
): Promise<Settings> {
  assertKnown(environment);
  const profile = await profileOf(flags, environment);
  const fileKey = flags.apiKeyFile === undefined ? undefined : await readKey(flags.apiKeyFile, stdin);
  const url = flags.url ?? profile.url ?? environment.BULK_UPDATE_URL;
  const apiKey = flags.apiKey ?? fileKey ?? profile.apiKey ?? environment.BULK_UPDATE_KEY;
  const faults: string[] = [];
  if (url === undefined)
    faults.push(
      `The URL of the API is missing. Run ${COMMAND} login, or give --url, BULK_UPDATE_URL or --profile.`,
    );
  if (apiKey === undefined)
    faults.push(
      `The API key is missing. Run ${COMMAND} login, or give --api-key-file, BULK_UPDATE_KEY or --profile.`,
    );
  const fault = url === undefined ? undefined : urlFault(url);
  if (fault !== undefined) faults.push(fault);
  if (url === undefined || apiKey === undefined || faults.length > 0) throw new UsageError(faults.join('\n'));
  return { url, apiKey, consoleUrl: profile.consoleUrl };
}

/** Returns what is wrong with the URL of an API, as a sentence. */
export function urlFault(url: string): string | undefined {
  if (/^https?:\/\//i.test(url)) return undefined;
  return `The URL "${url}" does not begin with https:// or http://. Give all of it.`;
}

async function profileOf(flags: SettingsFlags, environment: Environment): Promise<Profile> {
  const path = profilesPath(environment);
  if (flags.profile !== undefined) return readProfile(flags.profile, path);
  const given = [flags.url, flags.apiKey, flags.apiKeyFile, ...VARIABLES.map((name) => environment[name])];
  if (given.some((one) => one !== undefined)) return {};
  return (await readProfiles(path))?.[DEFAULT_PROFILE] ?? {};
}

/** Refuses a misspelt variable, which would send a file to another API or without a safeguard. */
function assertKnown(environment: Environment): void {
  const unknown = Object.keys(environment).filter(
    (name) => name.startsWith('BULK_UPDATE_') && !VARIABLES.includes(name),
  );
  if (unknown.length === 0) return;
  const faults = unknown.map((name) => {
    const nearest = nearestName(name, VARIABLES);
    return nearest === undefined ? `${name} is unknown.` : `${name} is unknown. Did you mean ${nearest}?`;
  });
  throw new UsageError(
    `${faults.join('\n')}\nSet only ${VARIABLES.join(' and ')}. Everything else is a flag, such as --dry-run.`,
  );
}

/**
 * Checks that `--dry-run` reached the command. npm takes a flag before `--` for itself, and the file would be sent.
 * @throws UsageError when npm took it
 */
export function assertDryRunReached({ npm_config_dry_run, npm_lifecycle_event }: Environment): void {
  if (npm_lifecycle_event !== 'bulk' || npm_config_dry_run !== 'true') return;
  throw new UsageError(
    'npm took --dry-run for itself. Write it after --, as in: npm run bulk -- submit … --dry-run',
  );
}

/**
 * Reads the API key.
 * @param path - `-` for the standard input
 * @throws UsageError that does not repeat the content of the file
 */
export async function readKey(path: string, stdin: Readable): Promise<string> {
  const key = path === '-' ? await text(stdin) : await privateFile(path);
  if (key.trim() !== '') return key;
  throw new UsageError(
    path === '-'
      ? 'Standard input has no API key. Pipe the key into the command.'
      : `The API key file ${path} is empty. Write the key into it.`,
  );
}

async function privateFile(path: string): Promise<string> {
  try {
    return await readPrivateFile(path);
  } catch (error) {
    throw new UsageError(`${path} ${(error as Error).message}`);
  }
}
