import { createDocumentClient } from '../lambdas/adapters/document-client.ts';
import { idOf, Keys, type StoredKey } from '../lib/operations/api-keys.ts';
import { CommandLine, runCommand } from './command-line.ts';
import { say, sayTable } from './output.ts';

const USAGE = `Manages API keys.

  npm run keys -- create --table <ApiKeysTable> --team acme [--procedures lead,contact] [--days 90] [--name "CRM sync"]
  npm run keys -- list   --table <ApiKeysTable> [--team acme]
  npm run keys -- rotate --table <ApiKeysTable> --id <id> [--overlap-hours 24]
  npm run keys -- revoke --table <ApiKeysTable> --id <id>

A key is shown once, when it is made. The table is an output of the stack; region and credentials are those of the
environment.`;

const HOUR_MS = 60 * 60 * 1000;

const line = new CommandLine(USAGE, [
  ...(['table', 'team', 'procedures', 'days', 'name', 'id', 'overlap-hours'] as const),
]);
const [command] = line.positionals;
const { table, team, id, ...options } = line.options;
const keys = new Keys(createDocumentClient(), line.required('--table', table), Date.now);

await runCommand(async () => {
  if (command === 'create') await create();
  else if (command === 'list') sayTable((await keys.list(team)).map(shown));
  else if (command === 'rotate') await rotate();
  else if (command === 'revoke') sayTable([shown(await keys.revoke(line.required('--id', id)))]);
  else line.fail(`There is no command ${command ?? '(none)'}`);
});

async function create(): Promise<void> {
  const { procedures, days, name } = options;
  const { key, stored } = await keys.create({
    team: line.required('--team', team),
    ...(procedures === undefined ? {} : { procedures: procedures.split(',') }),
    ...(days === undefined ? {} : { expiresAt: Date.now() + positive('days', days) * 24 * HOUR_MS }),
    ...(name === undefined ? {} : { name }),
  });
  say(key);
  sayTable([shown(stored)]);
}

async function rotate(): Promise<void> {
  const hours = positive('overlap-hours', options['overlap-hours'] ?? '24');
  const { key, stored, old } = await keys.rotate(line.required('--id', id), hours * HOUR_MS);
  say(key);
  sayTable([shown(stored), shown(old)]);
}

function shown(key: StoredKey) {
  const day = (time: number | undefined) => (time === undefined ? '' : new Date(time).toISOString());
  return {
    id: idOf(key),
    name: key.name ?? '',
    team: key.team,
    procedures: key.procedures?.join(',') ?? 'all',
    created: day(key.createdAt),
    expires: day(key.expiresAt) || 'never',
  };
}

function positive(name: string, text: string): number {
  const number = Number(text);
  return number > 0 ? number : line.fail(`--${name} ${text} is not a number above 0`);
}
