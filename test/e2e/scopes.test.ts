import { expect, test } from 'vitest';
import { includesScope, type Scope } from '../../lambdas/contract/scopes.ts';
import { OPERATIONS } from '../../lib/openapi/operations.ts';
import { KEYS, lead, sampleLeads, send } from '../support/api.ts';

const nextLead = sampleLeads(4_800);
const KEYS_OF: Record<Scope, string> = { read: KEYS.read, plan: KEYS.plan, write: KEYS.local };
const NOBODY = '00000000-0000-4000-8000-000000000000';

/** Of the parameters in the paths: a key of which more is allowed finds nothing there, and changes nothing. */
const IN_PATHS = { procedure: 'lead', id: NOBODY, identifier: 'NOBODY', value: 'NOBODY' };

/** Each route as it is described, with every method, and each kind of request that needs another scope. */
const REQUESTS = Object.entries(OPERATIONS).flatMap(([route, { scope, higherScope, parameters }]) => {
  const [method = '', template = ''] = route.split(' ');
  const path = template.replace(/\{(\w+)\}/g, (_, name: keyof typeof IN_PATHS) => IN_PATHS[name]);
  if (method === 'GET') return ['GET', 'HEAD'].map((each) => ({ method: each, path, needed: scope }));
  const hasDryRun = parameters.some(({ name }) => name === 'dryRun');
  // Whether a job is a plan only a job tells: plans.test.ts.
  if (higherScope === undefined || !hasDryRun) return [{ method, path, needed: scope }];
  return [
    { method, path: `${path}?dryRun=true`, needed: scope },
    { method, path, needed: higherScope.scope },
  ];
});

async function outcome(key: string, { method, path }: (typeof REQUESTS)[number]) {
  const hasItems = method === 'PATCH' || path.includes('bulk-create');
  const body = hasItems
    ? '{"processes":[{}]}'
    : path.endsWith('/file')
      ? '{"format":"ndjson","size":1}'
      : undefined;
  const response = await send(path, {
    ...{ key, method },
    ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body }),
  });
  const codes = (JSON.parse(response.text || '{}')._errors ?? []).map(({ code }: { code: string }) => code);
  return { status: response.status, codes };
}

test.for(
  REQUESTS.flatMap((request) =>
    (Object.keys(KEYS_OF) as Scope[]).map((scope) => [request.method, request.path, scope, request] as const),
  ),
)('%s %s with the scope %s', async ([method, , scope, request]) => {
  const { status, codes } = await outcome(KEYS_OF[scope], request);
  if (!includesScope(scope, request.needed)) {
    expect([status, codes]).toEqual([403, method === 'HEAD' ? [] : ['SCOPE_MISSING']]);
    return;
  }
  // It was let in: it did what was asked for, or found nothing at the path.
  expect([200, 201, 202, 404]).toContain(status);
});

test('reading needs the least scope, and whatever may write the highest', () => {
  for (const [route, { scope, higherScope }] of Object.entries(OPERATIONS)) {
    const highest = higherScope?.scope ?? scope;
    // Whoever has the addresses of an upload may put its file there.
    const isRead = route.startsWith('GET ') && !route.endsWith('/upload');
    expect([route, highest]).toEqual([route, isRead ? 'read' : 'write']);
  }
});

test('a key that may not write changes nothing, and is told which scope it needs', async () => {
  const key = nextLead();
  const before = await lead(key);
  const body = JSON.stringify({ processes: [{ lead_id: key, data: { city: 'Nowhere' } }] });
  const headers = { 'content-type': 'application/json' };
  for (const scope of ['read', 'plan'] as const) {
    const path = '/v1/ext/procedure/lead/process';
    const { status, text } = await send(path, { method: 'PATCH', key: KEYS_OF[scope], headers, body });
    expect([status, JSON.parse(text)._errors[0].message]).toEqual([
      403,
      `This API key has the scope "${scope}", and the request needs "write". Use a key with the scope "write", or ask the operator for one.`,
    ]);
  }
  expect(await lead(key)).toEqual(before);
});

test('a misspelt dry run is told its name, whatever the key may do', async () => {
  for (const key of Object.values(KEYS_OF)) {
    const path = '/v1/ext/procedure/lead/process?dryrun=true';
    const { status, text } = await send(path, { method: 'PATCH', key, body: '{"processes":[{}]}' });
    expect([status, JSON.parse(text)._errors[0].code]).toEqual([400, 'MALFORMED_PARAMETER']);
    expect(text).toContain('dryRun');
  }
});
