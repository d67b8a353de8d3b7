import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { closest } from 'fastest-levenshtein';
import * as v from 'valibot';
import { readPrivateFile } from './private-file.ts';

/** Where the API is, and who asks. */
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

/** A command that cannot be done as it is written. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const profilesSchema = v.record(
  v.string(),
  v.partial(v.strictObject({ url: v.string(), apiKey: v.string() })),
);

/**
 * Flags come first, then the profile that a flag names, then the environment.
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
  const missing = [
    ...(url === undefined
      ? ['The URL of the API is missing: give --url, BULK_UPDATE_URL or --profile.']
      : []),
    ...(apiKey === undefined
      ? ['The API key is missing: give --api-key-file, BULK_UPDATE_KEY or --profile.']
      : []),
    ...(url !== undefined && !/^https?:\/\//i.test(url)
      ? [`The URL "${url}" begins neither with https:// nor with http://.`]
      : []),
  ];
  if (url === undefined || apiKey === undefined || missing.length > 0)
    throw new UsageError(missing.join('\n'));
  return { url, apiKey };
}

/** Who misspells a variable would send a file elsewhere, or without what it was to keep it from. */
function assertKnown(environment: Environment): void {
  const unknown = Object.keys(environment).filter(
    (name) => name.startsWith('BULK_UPDATE_') && !VARIABLES.includes(name),
  );
  if (unknown.length === 0) return;
  const known = unknown.map((name) => `${name} is unknown: did you mean ${closest(name, VARIABLES)}?`);
  throw new UsageError(
    `${known.join('\n')}\nSet only ${VARIABLES.join(' and ')}; the rest are flags, such as --dry-run.`,
  );
}

/**
 * npm takes what stands before `--` for itself, and runs the command without it.
 * @throws UsageError when that was `--dry-run`, without which the file would be sent
 */
export function assertDryRunReached({ npm_config_dry_run, npm_lifecycle_event }: Environment): void {
  if (npm_lifecycle_event !== 'bulk' || npm_config_dry_run !== 'true') return;
  throw new UsageError(
    'npm took --dry-run for itself. Write it behind --, as in: npm run bulk -- submit … --dry-run',
  );
}

/** `~/.config/bulk-update/config.json`, as the XDG Base Directory Specification has it. */
function profilesPath({ XDG_CONFIG_HOME }: Environment): string {
  return join(XDG_CONFIG_HOME || join(homedir(), '.config'), 'bulk-update', 'config.json');
}

/** What is wrong is told without what the file holds. */
async function readKey(path: string, stdin: Readable): Promise<string> {
  const key = path === '-' ? await text(stdin) : await privateFile(path);
  if (key.trim() === '') throw new UsageError(`The file of the API key, ${path}, is empty.`);
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
    throw new UsageError(`The profiles in ${path} cannot be read (${why}). Write ${form}.`);
  };
  const json = await privateFile(path).catch((error: UsageError) => {
    throw new UsageError(`The profile "${name}" cannot be used: ${error.message} A profile is ${form}.`);
  });
  const profiles = profilesOf(json, refuse);
  const profile = Object.hasOwn(profiles, name) ? profiles[name] : undefined;
  if (profile === undefined) throw new UsageError(`There is no profile "${name}" in ${path}. Add ${form}.`);
  return profile as Partial<Settings>;
}

/** What is wrong is told without the values, among which are keys. */
function profilesOf(json: string, refuse: (why: string) => never): v.InferOutput<typeof profilesSchema> {
  let content: unknown;
  try {
    content = JSON.parse(json);
  } catch {
    return refuse('it is no JSON');
  }
  const { success, output, issues } = v.safeParse(profilesSchema, content);
  if (success) return output;
  const [issue] = issues;
  const where = v.getDotPath(issue) ?? 'it';
  return refuse(issue.expected === 'never' ? `${where} is unknown` : `${where} is no ${issue.expected}`);
}
