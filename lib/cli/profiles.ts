import { randomUUID } from 'node:crypto';
import { mkdir, realpath, rename, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import * as v from 'valibot';
import { nearestName } from '../../lambdas/contract/nearest-name.ts';
import { shellWord } from '../../lambdas/rows/shell-word.ts';
import { COMMAND } from './command-name.ts';
import { readPrivateFile } from './private-file.ts';
import { removeAtExit } from './temporary.ts';
import { UsageError } from './usage-error.ts';

/** Where an API is and the key of its caller, under a name of the user's choice. */
export interface Profile {
  url?: string | undefined;
  apiKey?: string | undefined;
  /** Where the console is, which need not be the origin of the API. */
  consoleUrl?: string | undefined;
}

export type Profiles = Readonly<Record<string, Profile>>;

/** The profile that commands use unless something else says where the API is. */
export const DEFAULT_PROFILE = 'default';

const profilesSchema = v.record(
  v.string(),
  v.partial(v.strictObject({ url: v.string(), apiKey: v.string(), consoleUrl: v.string() })),
);

/** Returns `~/.config/bulk-update/config.json`, or the place that the XDG Base Directory Specification gives it. */
export function profilesPath({ XDG_CONFIG_HOME }: Readonly<Record<string, string | undefined>>): string {
  return join(XDG_CONFIG_HOME || join(homedir(), '.config'), 'bulk-update', 'config.json');
}

/**
 * Reads the profiles.
 * @returns undefined if there is no file of them
 * @throws UsageError when others can read the file, or it is invalid; it does not repeat the content, which has keys
 */
export async function readProfiles(path: string): Promise<Profiles | undefined> {
  if (!(await exists(path))) return undefined;
  const json = await readPrivateFile(path).catch((error: Error) => {
    throw new UsageError(`The file of profiles ${path} ${error.message}`);
  });
  const refuse = (why: string): never => {
    throw new UsageError(
      `The profiles in ${path} are not valid: ${why}. Write { "NAME": { "url": "https://…", "apiKey": "…" } }.`,
    );
  };
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

/**
 * Reads a profile.
 * @throws UsageError when the name is unknown, with the nearest one
 */
export async function readProfile(name: string, path: string): Promise<Profile> {
  const profiles = (await readProfiles(path)) ?? {};
  const profile = Object.hasOwn(profiles, name) ? profiles[name] : undefined;
  if (profile !== undefined) return profile;
  const nearest = nearestName(name, Object.keys(profiles));
  const hint = nearest === undefined ? '' : ` Did you mean ${nearest}?`;
  throw new UsageError(
    `There is no profile "${name}" in ${path}.${hint} To make it, run: ${COMMAND} login --profile ${shellWord(name)}`,
  );
}

/**
 * Writes the profiles into a file that only the user can read. It replaces the old one at once, so that a command that
 * reads it meanwhile gets one or the other.
 */
export async function writeProfiles(path: string, profiles: Profiles): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  // A link to a file of settings elsewhere stays a link.
  const target = await realpath(path).catch(() => path);
  const part = `${target}.${randomUUID()}.part`;
  removeAtExit(part);
  await writeFile(part, `${JSON.stringify(profiles, null, 2)}\n`, { flag: 'wx', mode: 0o600 });
  await rename(part, target);
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
