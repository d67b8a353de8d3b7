import { expect, test } from 'vitest';
import { call, KEYS } from '../support/api.ts';
import { stack } from '../support/stack.ts';

interface Listed {
  id: string;
  shortId: string;
}

const list = (key: string, query = '') => call<Listed[]>(`/v1/ext/procedure${query}`, { key });

test('a list shows the procedures that the key allows, each as it is served, sorted by short id', async () => {
  const { status, headers, body } = await list(KEYS.local);
  expect([status, body._meta, body._errors]).toEqual([200, { next: null }, []]);
  expect(headers.get('cache-control')).toBe('no-store');
  const shortIds = body._data.map(({ shortId }) => shortId);
  // Other tests put more.
  expect(shortIds).toEqual(expect.arrayContaining(['contact', 'lead']));
  expect(shortIds).toEqual([...shortIds].sort());
  const lead = await call<Record<string, unknown>>('/v1/ext/procedure/lead');
  const { id, shortId, name, primaryKey } = lead.body._data;
  expect(body._data).toContainEqual({ id, shortId, name, primaryKey });
});

test('a key of some procedures is shown only those', async () => {
  const { status, body } = await list(KEYS.leadOnly);
  expect([status, body._data.map(({ shortId }) => shortId)]).toEqual([200, ['lead']]);
});

test('a key of another team is shown only the procedures of its team', async () => {
  const mine = (await list(KEYS.local)).body._data;
  const theirs = (await list(KEYS.other)).body._data;
  expect(theirs.map(({ shortId }) => shortId)).toContain('lead');
  const ids = mine.map(({ id }) => id);
  expect(theirs.filter(({ id }) => ids.includes(id))).toEqual([]);
});

test.for([
  ['local', 'write', KEYS.local, null],
  ['local', 'read', KEYS.read, null],
  ['local', 'plan', KEYS.plan, null],
  ['local', 'write', KEYS.leadOnly, ['lead']],
  ['other', 'write', KEYS.other, null],
] as const)(
  'a key of the team %s with the scope %s is shown itself',
  async ([team, scope, key, procedures]) => {
    const { status, body } = await call('/v1/ext/api-key', { key });
    expect([status, body._meta, body._errors]).toEqual([200, {}, []]);
    // A deployed stack has another stage, and its keys may have a name and an end.
    const local = stack.local === undefined ? {} : { name: null, expiresAt: null, stage: 'local' };
    expect(body._data).toMatchObject({ team, scope, procedures, ...local });
    expect(JSON.stringify(body)).not.toContain(key);
  },
);

test.for(['/v1/ext/procedure', '/v1/ext/api-key'])('%s needs a key, and takes no parameter', async (path) => {
  for (const key of ['', 'nobody']) {
    const { status, body } = await call(path, { key });
    expect([status, body._errors[0]?.code]).toEqual([401, 'UNAUTHORIZED']);
  }
  const { status, body } = await call(`${path}?limit=1&team=other`);
  expect(status).toBe(400);
  expect(body._errors).toEqual(
    ['limit', 'team'].map((name) => ({
      code: 'MALFORMED_PARAMETER',
      message: `The parameter "${name}" is not known. Leave it out: this route takes none.`,
    })),
  );
});
