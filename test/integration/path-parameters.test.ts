import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { beforeAll, expect, test } from 'vitest';
import { call, readProcess } from '../support/api.ts';
import { localParts } from '../support/local.ts';

const { documents, tables } = localParts();

/** A segment as it is sent, and what it names. */
const SEGMENTS = [
  ['space%20value', 'space value'],
  ['question%3Fvalue', 'question?value'],
  ['percent%25done', 'percent%done'],
  ['hash%23value', 'hash#value'],
  ['slash%2Fvalue', 'slash/value'],
  ['unicode-%CE%BB-%E4%B8%96%E7%95%8C', 'unicode-λ-世界'],
  ['literal%252Fvalue', 'literal%2Fvalue'],
  ['literal%2525value', 'literal%25value'],
  ['%2B4915112345678', '+4915112345678'],
  ['+4915112345679', '+4915112345679'],
  ['a+b%2Bc', 'a+b+c'],
  ['%E2%80%8Bhidden', '\u200bhidden'],
  ["it's~a_(test)!*;:@&=$,", "it's~a_(test)!*;:@&=$,"],
] as const;

const idOf = (name: string) => `path ${name}`;

beforeAll(async () => {
  for (const [, name] of SEGMENTS) {
    const Item = {
      ...{ id: idOf(name), team: 'local', procedure: 'lead', primaryKey: name, state: 'NEW', status: 'OPEN' },
      data: { lead_id: name },
    };
    await documents.send(new PutCommand({ TableName: tables.processes, Item }));
  }
});

test.for(SEGMENTS)('the segment %s names "%s", as a primary key and as an id', async ([segment, name]) => {
  const byKey = await readProcess(`lead_id/${segment}`);
  expect([byKey.status, byKey.body._data?.id]).toEqual([200, idOf(name)]);
  const byId = await readProcess(`path%20${segment}`);
  expect([byId.status, byId.body._data?.data]).toEqual([200, { lead_id: name }]);
});

test('what is named is told as it was understood', async () => {
  const { status, body } = await call('/v1/ext/procedure/slash%2Fand%20%252F+');
  expect(status).toBe(404);
  expect(body._errors[0]?.message).toContain('"slash/and %2F+"');
});

test.for(['%zz', '%', '%2', '%ff', '%C3%28', '%E0%A4%A', '%ED%A0%80'])(
  'the segment %s is refused wherever it stands, and the message tells how to write it',
  async (segment) => {
    for (const path of [
      `/v1/ext/procedure/${segment}`,
      `/v1/ext/procedure/lead/process/${segment}`,
      `/v1/ext/procedure/lead/process/lead_id/${segment}`,
      `/v1/ext/background-job/${segment}`,
      `/v1/ext/background-job/${segment}/entries`,
    ]) {
      const { status, body } = await call(path);
      expect([path, status, body._errors[0]?.code]).toEqual([path, 400, 'MALFORMED_PARAMETER']);
      expect(body._errors[0]?.message).toContain(`"${segment}"`);
    }
    const both = await call(`/v1/ext/procedure/${segment}/process/${segment}`);
    expect(both.body._errors.map(({ message }) => /The parameter (\w+)/.exec(message)?.[1])).toEqual([
      'procedure',
      'identifier',
    ]);
    // The remedy.
    const { status } = await call(`/v1/ext/procedure/lead/process/${encodeURIComponent(segment)}`);
    expect(status).toBe(404);
  },
);
