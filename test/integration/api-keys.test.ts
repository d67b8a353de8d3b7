import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { expect, onTestFinished, test } from 'vitest';
import { KeyStore } from '../../lambdas/adapters/key-store.ts';
import { hashKey } from '../../lambdas/contract/api-key.ts';
import { SCOPES } from '../../lambdas/contract/scopes.ts';
import { idOf, Keys } from '../../lib/operations/api-keys.ts';
import { call } from '../support/api.ts';
import { localParts } from '../support/local.ts';

const run = promisify(execFile);
const script = fileURLToPath(new URL('../../bin/keys.ts', import.meta.url));
const { documents, tables } = localParts();
const HOUR_MS = 60 * 60 * 1000;

/** Keys of a team that no other test has. */
function keysAt(now: () => number = Date.now) {
  const team = `keys-${crypto.randomUUID()}`;
  return { team, keys: new Keys(documents, tables.apiKeys, now) };
}

/** What a key allows at a time, as a function sees it that has not seen it before. */
function found(key: string, now: number) {
  return new KeyStore(documents, tables.apiKeys, () => now).find(key);
}

async function keysCommand(...args: string[]) {
  const { stdout } = await run(process.execPath, [script, ...args, '--table', tables.apiKeys]);
  return stdout;
}

const shown = (key: string) => call('/v1/ext/api-key', { key });

test('a key is shown what it allows, and neither itself nor its hash', async () => {
  const { team, keys } = keysAt();
  const expiresAt = Date.now() + HOUR_MS;
  const name = 'CRM – Köln 🚀';
  const { key, stored } = await keys.create({ team, name, procedures: ['lead', 'contact'], expiresAt });
  const { status, body } = await shown(key);
  expect([status, body]).toEqual([
    200,
    {
      _data: { team, name, scope: 'write', procedures: ['lead', 'contact'], expiresAt, stage: 'local' },
      _meta: {},
      _errors: [],
    },
  ]);
  for (const secret of [key, stored.keyHash, idOf(stored)]) {
    expect(JSON.stringify(body)).not.toContain(secret);
  }
});

test('a key without procedures is shown an empty list, not all', async () => {
  const { team, keys } = keysAt();
  const { key } = await keys.create({ team, procedures: [] });
  expect((await shown(key)).body._data).toMatchObject({ team, procedures: [] });
});

test('a key serves whatever its name is: very long, or not a text', async () => {
  const { team, keys } = keysAt();
  const name = 'x'.repeat(20_000);
  const { key } = await keys.create({ team, name });
  expect((await shown(key)).body._data).toMatchObject({ name });
  const odd = `odd-${crypto.randomUUID()}`;
  const Item = { keyHash: hashKey(odd), team, name: 7 };
  // Other tests list all keys.
  onTestFinished(async () => {
    await documents.send(new DeleteCommand({ TableName: tables.apiKeys, Key: { keyHash: Item.keyHash } }));
  });
  await documents.send(new PutCommand({ TableName: tables.apiKeys, Item }));
  expect((await shown(odd)).body._data).toMatchObject({ team, name: null });
});

test('a key that was revoked while the gateway remembers it is shown nothing', async () => {
  const { team, keys } = keysAt();
  const { key, stored } = await keys.create({ team });
  // The gateway lets it in for a minute, and this function has not looked it up yet.
  expect((await call('/v1/ext/background-job', { key })).status).toBe(200);
  await keys.revoke(idOf(stored));
  const { status, headers, body } = await shown(key);
  expect([status, headers.get('www-authenticate'), body._errors[0]?.code]).toEqual([
    401,
    'Bearer',
    'UNAUTHORIZED',
  ]);
});

test('a key that was made lets its team in, to the procedures that it lists', async () => {
  const { keys } = keysAt();
  const { key } = await keys.create({ team: 'local', procedures: ['contact'] });
  expect((await call('/v1/ext/procedure/contact', { key })).status).toBe(200);
  expect((await call('/v1/ext/procedure/lead', { key })).status).toBe(403);
});

test('a key may do what its scope says, and one without a scope everything', async () => {
  const { team, keys } = keysAt();
  for (const scope of SCOPES) {
    const { key, stored } = await keys.create({ team, scope });
    expect((await shown(key)).body._data).toMatchObject({ scope });
    const { key: rotated } = await keys.rotate(idOf(stored), HOUR_MS);
    expect((await shown(rotated)).body._data).toMatchObject({ scope });
  }
  const { key } = await keys.create({ team });
  expect((await shown(key)).body._data).toMatchObject({ scope: 'write' });
});

test.for<[unknown]>([['admin'], ['Read'], [''], [null], [7], [['read']]])(
  'a key with the stored scope %j is refused, and listed',
  async ([scope]) => {
    const { team, keys } = keysAt();
    const key = `odd-${crypto.randomUUID()}`;
    const keyHash = hashKey(key);
    onTestFinished(async () => {
      await documents.send(new DeleteCommand({ TableName: tables.apiKeys, Key: { keyHash } }));
    });
    await documents.send(new PutCommand({ TableName: tables.apiKeys, Item: { keyHash, team, scope } }));
    const { status, body } = await shown(key);
    expect([status, body._errors[0]?.code]).toEqual([401, 'UNAUTHORIZED']);
    const [listed] = await keys.list(team);
    expect(listed).toMatchObject({ scope });
    await expect(keys.rotate(keyHash.slice(0, 16), HOUR_MS)).rejects.toThrow('has an unknown scope');
  },
);

test('a key is nowhere to be found but in the hands of who made it', async () => {
  const { team, keys } = keysAt();
  const { key, stored } = await keys.create({ team, name: 'CRM sync' });
  const listed = await keys.list(team);
  expect(listed).toEqual([stored]);
  expect(JSON.stringify(listed)).not.toContain(key);
});

test('a key ends when it was to end', async () => {
  const { team, keys } = keysAt();
  const { key } = await keys.create({ team, expiresAt: 2_000_000_000_000 });
  expect(await found(key, 1_999_999_999_999)).toMatchObject({ team });
  expect(await found(key, 2_000_000_000_000)).toBeUndefined();
});

test('a revoked key is refused', async () => {
  const { team, keys } = keysAt();
  const { key, stored } = await keys.create({ team });
  await keys.revoke(idOf(stored));
  expect(await found(key, Date.now())).toBeUndefined();
  await expect(keys.revoke(idOf(stored))).rejects.toThrow(`No key has the id ${idOf(stored)}`);
});

test('a rotated key allows the same, and both are good for a while', async () => {
  const now = 1_900_000_000_000;
  const { team, keys } = keysAt(() => now);
  const first = await keys.create({ team, procedures: ['lead'] });
  const second = await keys.rotate(idOf(first.stored), HOUR_MS);
  for (const { key } of [first, second]) {
    expect(await found(key, now + HOUR_MS - 1)).toMatchObject({ team, procedures: ['lead'] });
  }
  expect(await found(first.key, now + HOUR_MS)).toBeUndefined();
  expect(await found(second.key, now + HOUR_MS)).toBeDefined();
});

test('a rotated key ends no later than it was to, and the new one lives as long as that was made for', async () => {
  let now = 1_900_000_000_000;
  const { team, keys } = keysAt(() => now);
  const { stored } = await keys.create({ team, expiresAt: now + 10_000 });
  now += 9_000;
  const rotated = await keys.rotate(idOf(stored), HOUR_MS);
  expect(rotated.old.expiresAt).toBe(now + 1_000);
  expect(rotated.stored.expiresAt).toBe(now + 10_000);
  now += 1_000;
  await expect(keys.rotate(idOf(stored), HOUR_MS)).rejects.toThrow('has expired. Create a new one.');
});

test('the command makes, lists, rotates and revokes', async () => {
  const { team, keys } = keysAt();
  const [key = ''] = (
    await keysCommand('create', '--team', team, '--days', '1', '--name', 'test', '--scope', 'plan')
  ).split('\n');
  expect(await found(key, Date.now())).toMatchObject({ team, scope: 'plan' });
  expect(await keysCommand('list', '--team', team)).toMatch(/│ 'test' │.* 'plan' │|test +.* plan /);
  const [stored] = await keys.list(team);
  if (stored === undefined) throw new Error('The key is not listed');
  const [rotated = ''] = (await keysCommand('rotate', '--id', idOf(stored))).split('\n');
  expect(await found(rotated, Date.now())).toMatchObject({ team });
  await keysCommand('revoke', '--id', idOf(stored));
  expect(await found(key, Date.now())).toBeUndefined();
});

test('procedures of a key are checked before it is made', async () => {
  const { team } = keysAt();
  const create = (procedures: string, ...more: string[]) =>
    run(process.execPath, [
      script,
      'create',
      '--table',
      tables.apiKeys,
      '--team',
      'local',
      '--name',
      team,
      '--procedures',
      procedures,
      ...more,
    ]);
  const checked = ['--procedures-table', tables.procedures];
  await expect(create('leed,zebra', ...checked)).rejects.toMatchObject({
    code: 1,
    stderr:
      'The team local has no procedure leed. Did you mean lead?\nThe team local has no procedure zebra. Create it first.\n',
  });
  expect(await keysCommand('list')).not.toContain(team);
  expect((await create('lead', ...checked)).stderr).toBe('');
  await expect(create('lead')).rejects.toMatchObject({
    code: 1,
    stderr: 'No key was created. Give --procedures-table to check that the procedures exist.\n',
  });
});

test.each([
  { args: ['create'], message: "required option '--team <team>' not specified" },
  { args: ['create', '--team', 'a', '--days', 'many'], message: 'Give a number above 0' },
  { args: ['create', '--team', 'a', '--scope', 'Read'], message: 'Allowed choices are read, plan, write' },
  { args: ['creat'], message: "unknown command 'creat'\n(Did you mean create?)" },
  { args: ['list', '--taem', 'a'], message: "unknown option '--taem'\n(Did you mean --team?)" },
])('$args is told what is wrong: $message', async ({ args, message }) => {
  await expect(keysCommand(...args)).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringContaining(message),
  });
});
