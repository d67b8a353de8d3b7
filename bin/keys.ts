import { parseArgs } from 'node:util';
import { createDocumentClient } from '../lambdas/adapters/document-client.ts';
import { idOf, Keys, type StoredKey } from '../lib/keys.ts';

const USAGE = `Manages API keys.

  npm run keys -- create --table <ApiKeysTable> --team acme [--procedures lead,contact] [--days 90] [--name "CRM sync"]
  npm run keys -- list   --table <ApiKeysTable> [--team acme]
  npm run keys -- rotate --table <ApiKeysTable> --id <id> [--overlap-hours 24]
  npm run keys -- revoke --table <ApiKeysTable> --id <id>

A key is shown once, when it is made. The table is an output of the stack; region and credentials are those of the
environment.`;

const HOUR_MS = 60 * 60 * 1000;

const { command, options } = readArguments();
const { table, team, id } = options;
if (table === undefined) fail('--table is missing');
const keys = new Keys(createDocumentClient(), table, Date.now);
try {
  if (command === 'create') await create();
  else if (command === 'list') console.table((await keys.list(team)).map(shown));
  else if (command === 'rotate') await rotate();
  else if (command === 'revoke') console.table([shown(await keys.revoke(required('id', id)))]);
  else fail(`There is no command ${command ?? '(none)'}`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

async function create(): Promise<void> {
  const { procedures, days, name } = options;
  const { key, stored } = await keys.create({
    team: required('team', team),
    ...(procedures === undefined ? {} : { procedures: procedures.split(',') }),
    ...(days === undefined ? {} : { expiresAt: Date.now() + positive('days', days) * 24 * HOUR_MS }),
    ...(name === undefined ? {} : { name }),
  });
  console.log(key);
  console.table([shown(stored)]);
}

async function rotate(): Promise<void> {
  const hours = positive('overlap-hours', options['overlap-hours'] ?? '24');
  const { key, stored, old } = await keys.rotate(required('id', id), hours * HOUR_MS);
  console.log(key);
  console.table([shown(stored), shown(old)]);
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
  return number > 0 ? number : fail(`--${name} ${text} is not a number above 0`);
}

function required(name: string, value: string | undefined): string {
  return value ?? fail(`--${name} is missing`);
}

function fail(message: string): never {
  console.error(`${message}.\n\n${USAGE}`);
  process.exit(2);
}

function readArguments() {
  const text = { type: 'string' } as const;
  try {
    const { positionals, values } = parseArgs({
      allowPositionals: true,
      options: {
        ...{ table: text, team: text, procedures: text, days: text, name: text, id: text },
        'overlap-hours': text,
      },
    });
    return { command: positionals[0], options: values };
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
}
