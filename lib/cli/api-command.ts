import { type Command, Option } from 'commander';
import { BulkUpdateClient } from '../client/index.ts';
import { complain } from './output.ts';
import { useProxy } from './proxy.ts';
import { messageOf } from './report-error.ts';
import { readSettings, type Settings, type SettingsFlags } from './settings.ts';
import { progress } from './terminal.ts';

/** Flags of every command that calls the API. */
export interface ApiFlags extends SettingsFlags {
  json?: true;
}

/** Adds the flags of every command that calls the API. They may stand before or after the command. */
export function withApiFlags(program: Command): Command {
  return program
    .option('--url <url>', 'URL of the API')
    .option('--api-key-file <file>', 'file with the API key, readable only by you; - for standard input')
    .addOption(new Option('--api-key <key>').conflicts('apiKeyFile').hideHelp())
    .option('--profile <name>', 'profile with the URL and the API key, as "login" stores it')
    .option('--json', 'print JSON for programs');
}

/** Makes the client that the flags, the profile and the environment describe. */
export async function clientOf(flags: SettingsFlags): Promise<BulkUpdateClient> {
  const { url, apiKey } = await settingsOf(flags);
  return connect({ url, apiKey });
}

/** Reads where the API and the console are, from the flags, the profile and the environment. */
export function settingsOf(flags: SettingsFlags): Promise<Settings> {
  warnOfKey(flags);
  return readSettings(flags, process.env, process.stdin);
}

export function warnOfKey({ apiKey }: SettingsFlags): void {
  if (apiKey === undefined) return;
  complain(
    'Warning: other users can see a key in --api-key, and npm writes it to its logs. Use --api-key-file, BULK_UPDATE_KEY or --profile instead.',
  );
}

/** Makes a client that reports its retries. */
export function connect({ url, apiKey }: { url: string; apiKey: string }): BulkUpdateClient {
  const client = new BulkUpdateClient({
    url,
    apiKey,
    onRetry: ({ error, delayMs }) =>
      progress.note(`${messageOf(error)} Trying again in ${Math.ceil(delayMs / 1000)} s.`),
  });
  const warning = useProxy(url, process.env);
  if (warning !== undefined) complain(warning);
  return client;
}
