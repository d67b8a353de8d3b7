import { InvalidArgumentError } from 'commander';
import { definedOf } from '../../../lambdas/contract/defined-of.ts';
import type { ApiKeyView } from '../../client/index.ts';
import { type ApiFlags, connect, warnOfKey } from '../api-command.ts';
import { consoleUrlFault } from '../console-url.ts';
import { complain, print, say } from '../output.ts';
import { DEFAULT_PROFILE, type Profile, profilesPath, readProfiles, writeProfiles } from '../profiles.ts';
import { subcommand } from '../program.ts';
import { askSecret, askText, isInteractive } from '../prompts.ts';
import { readKey, urlFault } from '../settings.ts';
import { tableOf } from '../summary.ts';
import { UsageError } from '../usage-error.ts';

interface LoginFlags extends ApiFlags {
  consoleUrl?: string;
}

export const loginCommand = subcommand('login', 'check an API key, and store it with its URL as a profile')
  .option('--console-url <url>', 'URL of the console, for "open"', consoleUrl)
  .addHelpText(
    'after',
    `
On a terminal it asks for what is missing, and does not show the key. Elsewhere it reads the key from standard input:
  bulk-update login --url https://… < key.txt

Commands use the profile "${DEFAULT_PROFILE}" unless something else says where the API is. "login --profile acme" stores
another one, for commands with --profile acme. "logout" removes a profile.`,
  )
  .action(login);

async function login(flags: LoginFlags): Promise<void> {
  const name = flags.profile ?? DEFAULT_PROFILE;
  assertName(name);
  const path = profilesPath(process.env);
  const profiles = (await readProfiles(path)) ?? {};
  const before: Profile = (Object.hasOwn(profiles, name) ? profiles[name] : undefined) ?? {};
  const url = flags.url ?? (await urlOf(before.url ?? process.env.BULK_UPDATE_URL));
  const fault = urlFault(url);
  if (fault !== undefined) throw new UsageError(fault);
  warnOfKey(flags);
  const apiKey = (flags.apiKey ?? (await keyOf(flags.apiKeyFile))).trim();
  const key = await connect({ url, apiKey }).apiKey();
  // The console of another API would not know its jobs.
  const console = flags.consoleUrl ?? (before.url === url ? before.consoleUrl : undefined);
  await writeProfiles(path, { ...profiles, [name]: definedOf({ url, apiKey, consoleUrl: console }) });
  print({ ...key, url, consoleUrl: console ?? null, profile: name, file: path }, flags, () => {
    say(`Signed in to ${url}\n`);
    say(tableOf([...rowsOf(key), ['profile', `${name}, in ${path}`]]));
    if (name !== DEFAULT_PROFILE) say(`\nUse it with --profile ${name}.`);
  });
  const set = ['BULK_UPDATE_URL', 'BULK_UPDATE_KEY'].filter(
    (variable) => process.env[variable] !== undefined,
  );
  if (name === DEFAULT_PROFILE && set.length > 0) {
    const [is, them] = set.length === 1 ? ['is', 'it'] : ['are', 'them'];
    complain(
      `${set.join(' and ')} ${is} set and used before the profile. Unset ${them}, or give --profile ${name}.`,
    );
  }
}

async function urlOf(known: string | undefined): Promise<string> {
  if (isInteractive()) return askText('URL of the API', { initial: known, fault: urlFault });
  if (known !== undefined) return known;
  throw new UsageError('The URL of the API is missing. Give --url.');
}

/** Reads the key from a file, asks for it, or reads what is piped in. */
function keyOf(file: string | undefined): Promise<string> {
  if (file === undefined && isInteractive()) return askSecret('API key');
  return readKey(file ?? '-', process.stdin);
}

function rowsOf({ team, stage, name, scope, procedures, expiresAt }: ApiKeyView): [string, string][] {
  return [
    ['team', team],
    ['stage', stage],
    ['key', name ?? 'without a name'],
    ['scope', scope],
    ['procedures', procedures === null ? 'all' : procedures.join(', ')],
    ['expires', expiresAt === null ? 'never' : new Date(expiresAt).toISOString()],
  ];
}

/** Names that read well in a command, and have no meaning in JavaScript. */
function assertName(name: string): void {
  if (/^(?!(?:constructor|prototype)$)[a-z\d][\w.-]{0,99}$/i.test(name)) return;
  throw new UsageError('A profile is named by letters, digits, "-", "_" and ".". Give another --profile.');
}

function consoleUrl(text: string): string {
  const fault = consoleUrlFault(text);
  if (fault !== undefined) throw new InvalidArgumentError(fault);
  return text;
}
