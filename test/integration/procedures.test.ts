import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from 'vitest';
import { ProcedureStore } from '../../lambdas/adapters/procedure-store.ts';
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
