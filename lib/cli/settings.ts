import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import * as v from 'valibot';
import { nearestName } from '../../lambdas/contract/nearest-name.ts';
import { readPrivateFile } from './private-file.ts';

/** URL of the API and the key of its caller. */
export interface Settings {
  url: string;
  apiKey: string;
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

/** A command that is wrong as it was given. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const profilesSchema = v.record(
  v.string(),
  v.partial(v.strictObject({ url: v.string(), apiKey: v.string() })),
);

/**
 * Reads the settings. A flag overrides the profile that a flag names, which overrides the environment.
 * @throws UsageError that says what is missing, and each way to give it
 */
export async function readSettings(
  flags: SettingsFlags,
  environment: Environment,
  stdin: Readable,
): Promise<Settings> {
  assertKnown(environment);
  const profile =
    flags.profile === undefined ? {} : await readProfile(flags.profile, profilesPath(environment));
  const fileKey = flags.apiKeyFile === undefined ? undefined : await readKey(flags.apiKeyFile, stdin);
  const url = flags.url ?? profile.url ?? environment.BULK_UPDATE_URL;
  const apiKey = flags.apiKey ?? fileKey ?? profile.apiKey ?? environment.BULK_UPDATE_KEY;
  const faults: string[] = [];
  if (url === undefined)
    faults.push('The URL of the API is missing. Give --url, BULK_UPDATE_URL or --profile.');
  if (apiKey === undefined)
    faults.push('The API key is missing. Give --api-key-file, BULK_UPDATE_KEY or --profile.');
  if (url !== undefined && !/^https?:\/\//i.test(url))
    faults.push(`The URL "${url}" does not begin with https:// or http://. Give all of it.`);
  if (url === undefined || apiKey === undefined || faults.length > 0) throw new UsageError(faults.join('\n'));
  return { url, apiKey };
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

/** Returns `~/.config/bulk-update/config.json`, or the place that the XDG Base Directory Specification gives it. */
function profilesPath({ XDG_CONFIG_HOME }: Environment): string {
  return join(XDG_CONFIG_HOME || join(homedir(), '.config'), 'bulk-update', 'config.json');
}

/** Reads the API key. Errors do not repeat the content of the file. */
async function readKey(path: string, stdin: Readable): Promise<string> {
  const key = path === '-' ? await text(stdin) : await privateFile(path);
  if (key.trim() === '') throw new UsageError(`The API key file ${path} is empty. Write the key into it.`);
  return key;
}

async function privateFile(path: string): Promise<string> {
  try {
    return await readPrivateFile(path);
  } catch (error) {
    throw new UsageError(`${path} ${(error as Error).message}`);
  }
}

async function readProfile(name: string, path: string): Promise<Partial<Settings>> {
  const form = `{ "${name}": { "url": "https://…", "apiKey": "…" } }`;
  const refuse = (why: string): never => {
    throw new UsageError(`The profiles in ${path} are not valid: ${why}. Write ${form}.`);
  };
  const json = await privateFile(path).catch((error: UsageError) => {
    throw new UsageError(`The profile "${name}" cannot be used: ${error.message} A profile is ${form}.`);
  });
  const profiles = profilesOf(json, refuse);
  const profile = Object.hasOwn(profiles, name) ? profiles[name] : undefined;
  if (profile === undefined) throw new UsageError(`There is no profile "${name}" in ${path}. Add ${form}.`);
  return profile as Partial<Settings>;
}

/** Parses the profiles. Errors do not repeat values, some of which are keys. */
function profilesOf(json: string, refuse: (why: string) => never): v.InferOutput<typeof profilesSchema> {
  let content: unknown;
  try {
    content = JSON.parse(json);
  } catch {
    return refuse('they are not JSON');
  }
  const { success, output, issues } = v.safeParse(profilesSchema, content);
  if (success) return output;
  const [issue] = issues;
  const where = v.getDotPath(issue) ?? 'the file';
  return refuse(issue.expected === 'never' ? `${where} is unknown` : `${where} must be ${issue.expected}`);
}
