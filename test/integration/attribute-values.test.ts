import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { beforeAll, expect, test } from 'vitest';
import { ATTRIBUTE_TYPES, type Attribute, type AttributeType } from '../../lambdas/contract/procedure.ts';
import { call, patch, readProcess, send, update } from '../support/api.ts';
import { localParts } from '../support/local.ts';

const { documents, tables } = localParts();

/** What is sent of each type, and what GET shows then; the same unless two are told. */
const VALUES: Record<AttributeType, [sent: unknown, shown?: unknown][]> = {
  string: [[''], [' two  spaces '], ['\u200b'], ['1.50']],
  text: [['two\nlines']],
  name: [['Ada Lovelace']],
  stringId: [['007']],
  integerId: [[105, '105'], ['12345678901234567890'], ['-7']],
  email: [["maeve.o'dowd@example.com"], ['info@xn--mnchen-3ya.example'], ['kontakt@example.xn--p1ai']],
  phone: [
    ['(212) 555-0100'],
    ['+1 212 555 0100 x12'],
    ['06\u00a012\u00a034\u00a056\u00a078'],
    [4930123, '4930123'],
  ],
  integer: [[-0, 0], ['105', 105], [Number.MAX_SAFE_INTEGER]],
  number: [[-7]],
  float: [[0.1], ['1.50', 1.5], [1e-130]],
  decimal: [[123456.789012345], [-1.5e-7]],
  boolean: [[false], [true]],
  stringEnum: [['red']],
  integerEnum: [['2', 2]],
  floatEnum: [[0.5]],
  multiStringEnum: [[['red', 'blue']], [[]]],
  multiIntegerEnum: [
    [
      ['1', 2],
      [1, 2],
    ],
  ],
  multiFloatEnum: [[[0.5]]],
  date: [
    ['1962-05-04', -241_833_600_000],
    ['1972-05-04', 73_785_600_000],
    ['1970-01-01', 0],
    ['1970-01-15', 1_209_600_000],
    ['0001-01-01', -62_135_596_800_000],
    ['9999-12-31', 253_402_214_400_000],
    [1_795_478_400_123],
  ],
  time: [
    ['00:00', 0],
    ['23:59:59.999', 86_399_999],
  ],
  datetime: [[0], [-241_833_600_123], ['1616253910842', 1_616_253_910_842]],
  datetimeISO8601: [['2026-11-24T14:30Z'], ['2026-11-24T14:30:00+05'], ['2026-11-24T14:30+05:30']],
  photo: [['f03ee609']],
  multiPhotos: [[['a', 'b']]],
  audio: [['recording-1']],
  json: [[{ a: [1, null, { b: 'c', n: 0.1 }] }], ['text'], [[]], [0], [false]],
};

const OPTIONS: Partial<Record<AttributeType, (string | number)[]>> = {
  stringEnum: ['red', 'blue'],
  multiStringEnum: ['red', 'blue'],
  integerEnum: [1, 2],
  multiIntegerEnum: [1, 2],
  floatEnum: [0.5, 1],
  multiFloatEnum: [0.5, 1],
};
const attributes = Object.fromEntries(
  ATTRIBUTE_TYPES.map((type): [string, Attribute] => [
    `a_${type}`,
    { type, ...(OPTIONS[type] === undefined ? {} : { options: OPTIONS[type] }) },
  ]),
);
const rounds = Math.max(...Object.values(VALUES).map(({ length }) => length));
const procedure = 'typed';

beforeAll(async () => {
  const Item = {
    ...{ team: 'local', id: crypto.randomUUID(), shortId: procedure, name: 'Typed', primaryKey: 'ref' },
    ...{ states: ['NEW'], attributes: { ref: { type: 'string' }, ...attributes } },
  };
  await documents.send(new PutCommand({ TableName: tables.procedures, Item }));
  for (let round = 0; round < rounds; round++) {
    const process = { id: `typed-${round}`, team: 'local', procedure, primaryKey: `R-${round}` };
    await documents.send(new PutCommand({ TableName: tables.processes, Item: { ...process, data: {} } }));
  }
});

async function outcomes(items: unknown[]) {
  const { data } = await update(items, { procedure });
  const { body } = await call<{ outcome: string; errors: { message: string }[] }[]>(
    `/v1/ext/background-job/${data.id}/entries`,
  );
  return body._data.map(({ outcome, errors }) => [outcome, errors.map(({ message }) => message)]);
}

test('what GET shows of a process is taken when it is sent back, and changes nothing', async () => {
  const items = Array.from({ length: rounds }, (_, round) => ({
    ref: `R-${round}`,
    data: Object.fromEntries(
      ATTRIBUTE_TYPES.map((type) => [`a_${type}`, VALUES[type].at(round % VALUES[type].length)?.[0]]),
    ),
  }));
  expect(await outcomes(items)).toEqual(Array(rounds).fill(['APPLIED', []]));

  const back = [];
  for (let round = 0; round < rounds; round++) {
    const { body } = await readProcess(`ref/R-${round}`, { procedure });
    for (const type of ATTRIBUTE_TYPES) {
      const [sent, shown = sent] = VALUES[type].at(round % VALUES[type].length) ?? [];
      expect([type, body._data.data[`a_${type}`]]).toEqual([type, shown]);
    }
    back.push({ ref: `R-${round}`, data: body._data.data });
  }
  expect(await outcomes(back)).toEqual(Array(rounds).fill(['UNCHANGED', []]));
});

test('a number or identifier is repeated as it was sent, in messages, entries and every form of them', async () => {
  const body = `{"processes":[
    {"ref":9007199254740993,"data":{"a_integer":"x"}},
    {"ref":1.50,"data":{"a_email":1.50,"a_stringEnum":1e2,"a_boolean":-0}},
    {"id":12345678901234567890.5,"state":1.0,"status":100.00},
    {"ref":"R-0","data":{"a_float":1.50,"a_json":[1.0,2e3]}},
    {"ref":7.70,"update":3.30}]}`;
  const accepted = await patch(body, { procedure });
  expect(accepted.body._meta).toEqual({ total: 5, queued: 1, invalid: 4 });
  const entries = `/v1/ext/background-job/${accepted.body._data.id}/entries`;
  const base = await fetchText(entries, 'application/json');
  for (const written of [
    '"ref":9007199254740993',
    '"ref":1.50',
    '"id":12345678901234567890.5',
    '"ref":7.70',
  ]) {
    expect(base).toContain(written);
  }
  const { _data } = JSON.parse(base) as { _data: { errors: { message: string }[] }[] };
  const messages = _data.map(({ errors }) => errors.map(({ message }) => message).join(' '));
  expect(messages[0]).toContain('9007199254740993 cannot be kept exactly');
  expect(messages[1]).toMatch(
    /"a_email": 1\.50 is not.*"a_stringEnum": 1e2 is not.*"a_boolean": -0 is neither/,
  );
  expect(messages[2]).toMatch(
    /12345678901234567890\.5 .*not 12345678901234567890\.5.*"state": 1\.0 is.*"status": 100\.00 is/,
  );
  expect(messages[4]).toContain('not 3.30');

  for (const form of ['application/x-ndjson', 'text/csv']) {
    const text = (await fetchText(entries, form)).replaceAll('""', '"');
    for (const written of [
      '"a_email":1.50',
      '"a_stringEnum":1e2',
      '"a_float":1.50',
      '[1.0,2e3]',
      '9007199254740993',
    ]) {
      expect(text).toContain(written);
    }
  }

  const tried = await fetchText(
    `/v1/ext/procedure/${procedure}/process?dryRun=true`,
    'application/json',
    body,
  );
  expect(tried).toContain('"ref":9007199254740993');
  expect(tried).toContain('"ref":1.50');
});

/** `call` would read the numbers. */
async function fetchText(path: string, accept: string, body?: string): Promise<string> {
  const headers = { accept, 'content-type': 'application/json' };
  const { text } = await send(path, body === undefined ? { headers } : { method: 'PATCH', headers, body });
  return text;
}
