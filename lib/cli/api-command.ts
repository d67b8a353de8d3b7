import { type Command, Option } from 'commander';
import { BulkUpdateClient } from '../client/index.ts';
import { complain } from './output.ts';
import { useProxy } from './proxy.ts';
import { messageOf } from './report-error.ts';
import { readSettings, type SettingsFlags } from './settings.ts';
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
    .option('--profile <name>', 'profile with the URL and the API key')
    .option('--json', 'print JSON for programs');
}

/** Makes the client that the flags, the profile and the environment describe. */
export async function clientOf(flags: SettingsFlags): Promise<BulkUpdateClient> {
  if (flags.apiKey !== undefined) {
    complain(
      'Warning: other users can see a key in --api-key, and npm writes it to its logs. Use --api-key-file, BULK_UPDATE_KEY or --profile instead.',
    );
  }
  const settings = await readSettings(flags, process.env, process.stdin);
  const client = new BulkUpdateClient({
    ...settings,
    onRetry: ({ error, delayMs }) =>
      progress.note(`${messageOf(error)} Trying again in ${Math.ceil(delayMs / 1000)} s.`),
  });
  const warning = useProxy(settings.url, process.env);
  if (warning !== undefined) complain(warning);
  return client;
}
