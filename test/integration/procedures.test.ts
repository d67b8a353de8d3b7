import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { beforeAll, expect, test } from 'vitest';
import { ProcedureStore } from '../../lambdas/adapters/procedure-store.ts';
import { call, readProcess, update } from '../support/api.ts';
import { localParts } from '../support/local.ts';

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
  expect(JSON.parse(await command('get', 'deal', ...onTable))).toEqual(put);
  expect(await command('list', ...onTable)).toContain('deal_id');
});

test('put anew, a procedure keeps its id', async () => {
  const first = JSON.parse(await command('put', await file({ ...DEAL, shortId: 'kept' }), ...onTable));
  const name = 'Renamed';
  const second = JSON.parse(await command('put', await file({ ...DEAL, shortId: 'kept', name }), ...onTable));
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
