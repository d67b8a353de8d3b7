import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { BatchWriteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { beforeAll, expect, test } from 'vitest';
import { ProcedureStore } from '../../lambdas/adapters/procedure-store.ts';
import { Keys } from '../../lib/operations/api-keys.ts';
import { assertDroppable } from '../../lib/operations/dropped-attributes.ts';
import { ProcedureTable, parseProcedure } from '../../lib/operations/procedures.ts';
import { call, readProcess, update } from '../support/api.ts';
import { localParts } from '../support/local.ts';
import { testNeeding } from '../support/machine.ts';
import { createTablesLike } from '../support/tables-like.ts';
import { inTerminal } from '../support/terminal.ts';

const run = promisify(execFile);
const script = fileURLToPath(new URL('../../bin/procedures.ts', import.meta.url));
const { documents, tables } = localParts();
const team = `procedures-${crypto.randomUUID()}`;
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'bulk-update-procedures-'));
  return () => rm(directory, { recursive: true });
});

interface Entry {
  outcome: string | null;
  errors: { code: string }[];
}

const DEAL = {
  shortId: 'deal',
  name: 'Deal',
  primaryKey: 'deal_id',
  states: ['OPEN', 'WON', 'LOST'],
  attributes: {
    deal_id: { type: 'string' },
    stage: { type: 'stringEnum', options: ['first', 'last'] },
    close_on: { type: 'date' },
  },
};

async function file(procedure: unknown): Promise<string> {
  const path = join(directory, `${crypto.randomUUID()}.json`);
  await writeFile(path, JSON.stringify(procedure));
  return path;
}

async function command(...args: string[]): Promise<string> {
  const { stdout } = await run(process.execPath, [script, ...args]);
  return stdout;
}

const onTable = ['--table', tables.procedures, '--team', team];

test('a procedure that was put is served, by its short id and by its id', async () => {
  const put = JSON.parse(await command('put', await file(DEAL), ...onTable));
  const store = new ProcedureStore(documents, tables.procedures, Date.now);
  for (const name of ['deal', put.id]) expect(await store.find(team, name)).toEqual(put);
  const got = await command('get', 'deal', ...onTable);
  expect({ ...JSON.parse(got), team }).toEqual(put);
  // What `get` prints is a file for `put`.
  expect(JSON.parse(await command('put', await file(JSON.parse(got)), ...onTable))).toEqual(put);
  expect(await command('list', ...onTable)).toContain('deal_id');
});

test('put anew, a procedure keeps its id', async () => {
  const first = JSON.parse(await command('put', await file({ ...DEAL, shortId: 'kept' }), ...onTable));
  const name = 'Renamed';
  const renamed = await file({ ...DEAL, shortId: 'kept', name });
  const second = JSON.parse(await command('put', renamed, ...onTable, '--yes'));
  expect(second).toEqual({ ...first, name });
});

test('states that a procedure lets follow one another are kept to, from the request to the process', async () => {
  const transitions = { OPEN: ['WON', 'LOST'], LOST: ['OPEN'] };
  const shortId = 'steps';
  const sent = await file({ ...DEAL, shortId, transitions });
  await command('put', sent, '--table', tables.procedures, '--team', 'local');
  const process = { team: 'local', procedure: shortId, state: 'OPEN' };
  for (const key of ['A', 'B']) {
    const Item = { ...process, id: `steps-${key}`, primaryKey: key };
    await documents.send(new PutCommand({ TableName: tables.processes, Item }));
  }
  const items = [
    { deal_id: 'A', state: 'WON' },
    { deal_id: 'A', state: 'OPEN', data: { stage: 'last' } },
    { deal_id: 'B', state: 'LOST' },
    { deal_id: 'B', state: 'OPEN' },
  ];
  const outcomes = (entries: Entry[]) =>
    entries.map(({ outcome, errors }) => outcome ?? errors.map(({ code }) => code).join());
  const expected = ['APPLIED', 'STATE_NOT_ALLOWED', 'SUPERSEDED', 'UNCHANGED'];
  const path = `/v1/ext/procedure/${shortId}`;
  const body = JSON.stringify({ processes: items });
  const headers = { 'content-type': 'application/json' };
  const dry = await call<{ entries: Entry[] }>(`${path}/process?dryRun=true`, {
    method: 'PATCH',
    headers,
    body,
  });
  expect(outcomes(dry.body._data.entries)).toEqual(expected);

  const { data } = await update(items, { procedure: shortId });
  const entries = await call<Entry[]>(`/v1/ext/background-job/${data.id}/entries`);
  // Whether both of B's arrive together is the queue's choice.
  expect(outcomes(entries.body._data).slice(0, 2)).toEqual(expected.slice(0, 2));
  expect(entries.body._data.slice(2).map(({ errors }) => errors)).toEqual([[], []]);
  expect((await call(path)).body._data).toMatchObject({ transitions });
  const states = ['A', 'B'].map(async (key) => {
    const { body } = await readProcess(`deal_id/${key}`, { procedure: shortId });
    return [body._data.state, body._data.data];
  });
  expect(await Promise.all(states)).toEqual([
    ['WON', {}],
    ['OPEN', {}],
  ]);
});

test('the primary key of a procedure that exists never changes', async () => {
  const attributes = { ...DEAL.attributes, number: { type: 'integer' } };
  await command('put', await file({ ...DEAL, shortId: 'fixed', attributes }), ...onTable);
  const changed = await file({ ...DEAL, shortId: 'fixed', attributes, primaryKey: 'number' });
  await expect(command('put', changed, ...onTable)).rejects.toMatchObject({
    code: 1,
    stderr: 'fixed has the primaryKey "deal_id", which never changes; the file has "number".\n',
  });
});

test('a change is shown, and is made only by someone who wants it', async () => {
  const sent = (changes: object) => file({ ...DEAL, shortId: 'shown', ...changes });
  const first = JSON.parse(await command('put', await sent({}), ...onTable));
  const changed = await sent({ name: 'Deals', transitions: { OPEN: ['WON'] } });
  await expect(command('put', changed, ...onTable)).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(
      /^shown of team .*:\n~ name: Deal → Deals\n~ transitions from OPEN: any state → "WON"\n.*Give --yes/s,
    ),
  });
  expect(JSON.parse(await command('put', await sent({}), ...onTable))).toEqual(first);
});

testNeeding('python3')('a terminal is asked before a procedure changes (needs python3)', async () => {
  const sent = (name: string) => file({ ...DEAL, shortId: 'asked', name });
  await command('put', await sent('Before'), ...onTable);
  const args = ['put', await sent('After'), ...onTable];
  expect(inTerminal(script, args, [['Change it?', 'n']])).toMatchObject({
    status: 1,
    stdout: expect.stringContaining('Nothing was changed.'),
  });
  expect(await command('get', 'asked', ...onTable)).toContain('Before');
  expect(inTerminal(script, args, [['Change it?', 'y']]).status).toBe(0);
  expect(await command('get', 'asked', ...onTable)).toContain('After');
});

test('an attribute that processes have is dropped only by its name', async () => {
  const { nameOf, remove } = await createTablesLike(tables, documents);
  try {
    const table = nameOf('processes');
    const Item = { id: 'DEAL-1', team, procedure: 'deal', primaryKey: 'D-1', data: { close_on: 1 } };
    await documents.send(new PutCommand({ TableName: table, Item }));
    const drop = (allowed: string[] = []) =>
      assertDroppable(
        documents,
        ['close_on'],
        allowed,
        { team, procedure: 'deal', table, maxUnits: 100 },
        () => {},
      );
    await expect(drop()).rejects.toThrow('A process has close_on: DEAL-1.\nNothing was changed.');
    await expect(drop(['stage'])).rejects.toThrow('--drop names stage, which the file does not drop.');
    await drop(['close_on']);
    // Neither another team's process nor one without a value is in the way.
    for (const changes of [{ team: 'other' }, { data: { close_on: null } }]) {
      await documents.send(new PutCommand({ TableName: table, Item: { ...Item, ...changes } }));
      await drop();
    }
  } finally {
    await remove();
  }
  const { close_on: _dropped, ...attributes } = DEAL.attributes;
  await command('put', await file({ ...DEAL, shortId: 'dropping' }), ...onTable);
  const less = await file({ ...DEAL, shortId: 'dropping', attributes });
  await expect(command('put', less, ...onTable, '--yes')).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining(
      'Give --processes-table to check whether processes have close_on, or --drop close_on',
    ),
  });
});

test('of a table that is larger than may be read, it is not said that no process has an attribute', async () => {
  const { nameOf, remove } = await createTablesLike(tables, documents);
  try {
    const table = nameOf('processes');
    const data = { note: 'x'.repeat(350_000) };
    for (let i = 0; i < 5; i++) {
      await documents.send(
        new PutCommand({ TableName: table, Item: { id: `D-${i}`, team, procedure: 'deal', data } }),
      );
    }
    const query = { team, procedure: 'deal', table, maxUnits: 1 };
    await expect(assertDroppable(documents, ['fax'], [], query, () => {})).rejects.toThrow(
      /^Nothing was changed: no process read so far has fax, but the table is larger. Give --read-units \d+/,
    );
    await expect(assertDroppable(documents, ['fax'], ['fax'], query, () => {})).resolves.toBeUndefined();
  } finally {
    await remove();
  }
});

test('a procedure that somebody else has changed meanwhile is not replaced', async () => {
  const table = new ProcedureTable(documents, tables.procedures, team);
  const { procedure } = await table.prepare(parseProcedure(JSON.stringify({ ...DEAL, shortId: 'raced' })));
  await table.put(procedure, undefined);
  const changed = { ...procedure, name: 'Mine' };
  await expect(table.put(changed, undefined)).rejects.toThrow(
    'raced was changed by somebody else meanwhile.',
  );
  await table.put({ ...procedure, name: 'Theirs' }, procedure);
  await expect(table.put(changed, procedure)).rejects.toThrow(
    'raced was changed by somebody else meanwhile.',
  );
  expect(await table.get('raced')).toMatchObject({ name: 'Theirs' });
});

test('a wrong file is told all that is wrong with it', async () => {
  const wrong = await file({
    ...DEAL,
    shortId: 'no spaces',
    states: ['OPEN', 'OPEN'],
    transitions: { OPEN: ['DONE'] },
    attributes: { deal_id: { type: 'text' }, stage: { type: 'stringEnum' }, odd: { type: 'odd' } },
    colour: 'red',
  });
  await expect(command('validate', wrong)).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(
      /^(?=.*shortId is not 1 to 100)(?=.*states lists a state twice)(?=.*attributes\.stage has no options)(?=.*attributes\.odd\.type is not a type)(?=.*colour)/s,
    ),
  });
});

test('the schema of a file is JSON Schema', async () => {
  expect(JSON.parse(await command('schema'))).toMatchObject({
    type: 'object',
    required: ['shortId', 'name', 'primaryKey', 'states', 'attributes'],
  });
});

/** What is stored of a procedure, under the team of a test. */
const stored = (ofTeam: string, shortId: string, more: object = {}) => ({
  ...{ ...DEAL, team: ofTeam, shortId, id: `id-${shortId}`, name: `Name of ${shortId}` },
  ...more,
});

const listOf = (ofTeam: string) => new ProcedureStore(documents, tables.procedures, Date.now).list(ofTeam);

async function putAll(items: readonly object[]): Promise<void> {
  for (let from = 0; from < items.length; from += 25) {
    const requests = items.slice(from, from + 25).map((Item) => ({ PutRequest: { Item } }));
    await documents.send(new BatchWriteCommand({ RequestItems: { [tables.procedures]: requests } }));
  }
}

test('a list has the procedures of the team only, by short id, and of each what tells them apart', async () => {
  const ofTeam = `list-${crypto.randomUUID()}`;
  await putAll([
    ...['b', 'a', 'B'].map((shortId) => stored(ofTeam, shortId)),
    stored(`${ofTeam}-other`, 'c'),
  ]);
  const listed = (shortId: string) => ({
    id: `id-${shortId}`,
    shortId,
    name: `Name of ${shortId}`,
    primaryKey: 'deal_id',
  });
  expect(await listOf(ofTeam)).toEqual({
    procedures: ['B', 'a', 'b'].map(listed),
    malformed: [],
    isComplete: true,
  });
  expect(await listOf(`${ofTeam}-none`)).toEqual({ procedures: [], malformed: [], isComplete: true });
});

test('procedures that fill more than one page of 1 MB are all listed', async () => {
  const ofTeam = `list-${crypto.randomUUID()}`;
  const shortIds = Array.from({ length: 8 }, (_, i) => `large-${i}`);
  for (const shortId of shortIds) await putAll([stored(ofTeam, shortId, { states: ['x'.repeat(350_000)] })]);
  const { procedures, isComplete } = await listOf(ofTeam);
  expect([procedures.map(({ shortId }) => shortId), isComplete]).toEqual([shortIds, true]);
});

test('a malformed procedure is left out of a list and named, and takes no other with it', async () => {
  const ofTeam = `list-${crypto.randomUUID()}`;
  await putAll([
    stored(ofTeam, 'first'),
    stored(ofTeam, 'nameless', { name: 7 }),
    { team: ofTeam, shortId: 'empty', id: 'e' },
    // It is not served, but what is listed of it is there.
    stored(ofTeam, 'odd', { states: 'NEW' }),
  ]);
  const { procedures, malformed } = await listOf(ofTeam);
  expect(procedures.map(({ shortId }) => shortId)).toEqual(['first', 'odd']);
  expect(malformed).toEqual(['empty', 'nameless']);
});

test('a list ends with its 5,000th procedure, and knows that there are more', async () => {
  const ofTeam = `list-${crypto.randomUUID()}`;
  const shortId = (i: number) => `p${String(i).padStart(4, '0')}`;
  await putAll(Array.from({ length: 5_001 }, (_, i) => ({ ...stored(ofTeam, shortId(i)), attributes: {} })));
  const { procedures, isComplete } = await listOf(ofTeam);
  expect([procedures.length, procedures.at(-1)?.shortId, isComplete]).toEqual([5_000, 'p4999', false]);
});

test('over HTTP a malformed procedure does not break the list', async () => {
  const ofTeam = `list-${crypto.randomUUID()}`;
  const { key } = await new Keys(documents, tables.apiKeys, Date.now).create({ team: ofTeam });
  await putAll([stored(ofTeam, 'fine'), stored(ofTeam, 'odd', { primaryKey: null })]);
  const { status, body } = await call<{ shortId: string }[]>('/v1/ext/procedure', { key });
  expect([status, body._data.map(({ shortId }) => shortId)]).toEqual([200, ['fine']]);
});
