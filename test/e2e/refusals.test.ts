import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { OPERATIONS } from '../../lib/openapi/operations.ts';
import { call, KEYS, lead, patch, readProcess, sampleLeads, update } from '../support/api.ts';

// Other requests of this file update LEAD-001, and what they do may come late.
const nextLead = sampleLeads(980);
const valid = { processes: [{ id: 'LEAD-001', data: { score: 7 } }] };
const processPath = '/v1/ext/procedure/lead/process';

test.for([
  ['not JSON', '{"processes":[', 400, 'MALFORMED_JSON'],
  ['empty', '', 400, 'MALFORMED_JSON'],
  ['NaN', '{"processes":[{"id":"x","data":{"score":NaN}}]}', 400, 'MALFORMED_JSON'],
  ['an array', '[]', 400, 'PROCESSES_MISSING'],
  ['a number', '7', 400, 'PROCESSES_MISSING'],
  ['null', 'null', 400, 'PROCESSES_MISSING'],
  ['without processes', '{"process":[]}', 400, 'PROCESSES_MISSING'],
  ['processes no array', '{"processes":{}}', 400, 'PROCESSES_MISSING'],
  ['no items', '{"processes":[]}', 400, 'PROCESSES_EMPTY'],
  ['more than processes', '{"processes":[{"id":"a","state":"NEW"}],"plan":true}', 400, 'UNKNOWN_MEMBER'],
  ['an option', '{"processes":[{"id":"a","state":"NEW"}],"options":{"planned":true}}', 400, 'INVALID_OPTION'],
  ['processes twice', '{"processes":[{"id":"a","state":"NEW"}],"processes":[]}', 400, 'DUPLICATE_KEY'],
  ['41 levels deep', `{"processes":${'['.repeat(40)}${']'.repeat(40)}}`, 400, 'MALFORMED_BODY'],
  ['10,000 levels deep', `{"processes":${'['.repeat(1e4)}${']'.repeat(1e4)}}`, 400, 'MALFORMED_BODY'],
  ['100,000 levels deep', `{"processes":${'['.repeat(1e5)}${']'.repeat(1e5)}}`, 400, 'MALFORMED_BODY'],
  ['10,001 items', JSON.stringify({ processes: Array(10_001).fill({ id: 'a' }) }), 413, 'TOO_MANY_PROCESSES'],
  [
    '6 MB',
    JSON.stringify({ processes: [{ id: 'a', data: { city: 'x'.repeat(6e6) } }] }),
    413,
    'BODY_TOO_LARGE',
  ],
  ['11 MB', 'x'.repeat(11e6), 413, 'BODY_TOO_LARGE'],
] as const)('a body that is %s is refused', async ([, body, status, code]) => {
  const response = await patch(body);
  expect(response.status).toBe(status);
  expect(response.body._data).toBeNull();
  expect(response.body._errors[0]?.code).toBe(code);
  expect(response.body._errors[0]?.message).toMatch(/\. [A-Z].*\.$/);
});

test.for([
  [200, '/v1/ext/background-job?limit=1', KEYS.local],
  [404, '/v1/ext/background-job/none', KEYS.local],
  [401, '/v1/ext/background-job', 'nobody'],
] as const)(
  'a response of %i may be kept by nobody, and shared with no other key',
  async ([status, path, key]) => {
    const response = await call(path, { key });
    expect([response.status, response.headers.get('cache-control')]).toEqual([status, 'no-store']);
  },
);

test('a gzip bomb is refused, an honest gzip body is not', async () => {
  const headers = { 'content-encoding': 'gzip' };
  const bomb = await patch(gzipSync(Buffer.alloc(200 * 1024 * 1024, ' ')), { headers });
  expect([bomb.status, bomb.body._errors[0]?.code]).toEqual([413, 'BODY_TOO_LARGE']);
  expect((await patch(gzipSync(JSON.stringify(valid)), { headers })).status).toBe(202);
  const broken = await patch('not gzip', { headers });
  expect([broken.status, broken.body._errors[0]?.code]).toEqual([400, 'MALFORMED_BODY']);
  expect(
    (await patch(gzipSync(JSON.stringify(valid)), { headers: { 'content-encoding': 'x-gzip' } })).status,
  ).toBe(202);
  const brotli = await patch(JSON.stringify(valid), { headers: { 'content-encoding': 'br' } });
  expect([brotli.status, brotli.body._errors[0]?.code]).toEqual([415, 'UNSUPPORTED_ENCODING']);
});

test.for([
  ...['dryrun=true', 'DRYRUN=true', 'dry_run=true', 'dry-run=true', 'dry%20run=true', 'dryrn=true', 'nope'],
  ...['dryRun=true&dryRun=false', 'dryRun=yes', 'dryRun=', 'dryRun=true&dry_run=true', 'dryRun'],
  ...[
    'dryRun=TRUE',
    'dryRun=True',
    'dryRun=1',
    'dryRun=true%20',
    'dryRun=true;',
    'dryRun%20=true',
    'dryRun=&dryRun=true',
  ],
  ...['dryRun[]=true', '%64ry%52un=TRUE', 'plan=true', 'options.plan=true', '=true'],
])('?%s is refused rather than run for real', async (query) => {
  const lead_id = nextLead();
  const before = await lead(lead_id);
  const { status, body } = await call(`${processPath}?${query}`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ processes: [{ lead_id, data: { city: crypto.randomUUID() } }] }),
  });
  expect([status, body._errors[0]?.code]).toEqual([400, 'MALFORMED_PARAMETER']);
  expect(await lead(lead_id)).toEqual(before);
});

test.for(['dryRun=true', 'dryRun=true&dryRun=true', '%64ry%52un=true'])(
  '?%s is a dry run, which writes nothing',
  async (query) => {
    const { status, body } = await call(`${processPath}?${query}`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ processes: [{ id: 'LEAD-001', data: { city: 'DRY' } }] }),
    });
    expect([status, body._meta.total]).toEqual([200, 1]);
    expect((await readProcess('LEAD-001')).body._data.data.city).not.toBe('DRY');
  },
);

test.for([
  [
    '{"dryRun":true,"processes":[]}',
    'UNKNOWN_MEMBER',
    '/dryRun',
    'but dryRun is a parameter of the URL. Send it there',
  ],
  [
    '{"processes":[],"option":{"onInvalid":"reject"}}',
    'UNKNOWN_MEMBER',
    '/option',
    'the nearest is "options"',
  ],
  ['{"processes":[],"Processes":[]}', 'UNKNOWN_MEMBER', '/Processes', 'the nearest is "processes"'],
  [
    '{"processes":[],"options":{"onInvalid":"rejct"}}',
    'INVALID_OPTION',
    '/options/onInvalid',
    'neither "skip" nor "reject"',
  ],
  ['{"processes":[],"options":{"dryRun":true}}', 'INVALID_OPTION', '/options/dryRun', 'not an option'],
  ['{"processes":[],"options":[]}', 'INVALID_OPTION', '/options', 'an array'],
  ['{"processes":[],"options":null}', 'INVALID_OPTION', '/options', 'null'],
  ['{"processes":[],"options":"plan"}', 'INVALID_OPTION', '/options', '"plan"'],
  ['{"processes":[],"options":1.50}', 'INVALID_OPTION', '/options', 'is 1.50'],
] as const)('the body %s is refused, and told where', async ([text, code, pointer, said]) => {
  const body = text.replace('[]', '[{"id":"LEAD-001","data":{"city":"DRY"}}]');
  const { status, body: response } = await patch(body);
  expect([status, response._errors[0]?.code, response._errors[0]?.pointer]).toEqual([400, code, pointer]);
  expect(response._errors[0]?.message).toContain(said);
  expect((await readProcess('LEAD-001')).body._data.data.city).not.toBe('DRY');
});

test.for([
  'limit=1&limit=2',
  'limit=',
  'limit=0',
  'limit=1001',
  'limit=1.0',
  'cursor=x',
  'Limit=1',
  'limit=1&page=2',
])('the page ?%s of jobs is refused', async (query) => {
  const { status, body } = await call(`/v1/ext/background-job?${query}`);
  expect([status, body._errors[0]?.code]).toEqual([400, 'MALFORMED_PARAMETER']);
});

test('an unknown parameter is told the nearest known one', async () => {
  const { body } = await call('/v1/ext/background-job?limits=1&Cursor=x');
  expect(body._errors.map(({ message }) => message)).toEqual([
    'The parameter "limits" is not known. Send limit, or leave it out.',
    'The parameter "Cursor" is not known. Send cursor, or leave it out.',
  ]);
});

test.for(['cancel', 'retry'])(
  '%s takes no body, which could only be a safeguard that is not kept',
  async (name) => {
    const { data } = await update([{ id: 'LEAD-001', data: { score: 8 } }]);
    const path = `/v1/ext/background-job/${data.id}/${name}`;
    const post = async (body: string) => {
      const response = await call(path, { method: 'POST', body });
      return [response.status, response.body._errors[0]?.code, response.body._errors[0]?.pointer];
    };
    expect(await post('{"dryRun":true}')).toEqual([400, 'UNKNOWN_MEMBER', '/dryRun']);
    expect(await post('dryRun=true')).toEqual([400, 'MALFORMED_JSON', undefined]);
    expect(await post('[]')).toEqual([400, 'MALFORMED_JSON', undefined]);
    expect(await post('['.repeat(1e5))).toEqual([400, 'MALFORMED_BODY', undefined]);
    // Nothing is left to do, which is told of the request itself.
    for (const body of ['', '{}', ' ']) expect((await post(body))[0]).toBe(409);
  },
);

test.for(Object.keys(OPERATIONS))('%s refuses a parameter that it does not know', async (route) => {
  const [method = '', path = ''] = route.split(' ');
  const { status, body } = await call(`${path.replace(/\{.*?\}/g, 'lead')}?dry_run=true`, {
    method,
    headers: { 'content-type': 'application/json' },
    body: method === 'GET' ? null : JSON.stringify(valid),
  });
  expect([status, body._errors[0]?.code]).toEqual([400, 'MALFORMED_PARAMETER']);
  expect(body._errors[0]?.message).toMatch(/^The parameter "dry_run" is not known\. /);
});

test('bytes that are not UTF-8 are refused', async () => {
  const response = await patch(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]));
  expect([response.status, response.body._errors[0]?.code]).toEqual([400, 'MALFORMED_BODY']);
});

test.for(['text/plain', 'application/x-www-form-urlencoded', 'application/json; charset=latin1', ''])(
  'the content type "%s" is refused',
  async (contentType) => {
    const response = await patch(valid, { headers: { 'content-type': contentType } });
    expect([response.status, response.body._errors[0]?.code]).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE']);
  },
);

test('a missing or unknown key is 401, whatever the path', async () => {
  for (const key of ['', 'nobody', 'local-key2', 'x'.repeat(5_000)]) {
    for (const path of [processPath, '/v1/ext/procedure/nope', '/v1/ext/background-job/nope']) {
      const method = path === processPath ? 'PATCH' : 'GET';
      const response = await call(path, { key, method });
      expect([response.status, response.body._errors[0]?.code]).toEqual([401, 'UNAUTHORIZED']);
      expect(response.headers.get('www-authenticate')).toBe('Bearer');
    }
  }
});

test('a key serves the procedures that it lists', async () => {
  expect((await patch(valid, { key: KEYS.leadOnly })).status).toBe(202);
  const contact = await patch(
    { processes: [{ phone_number: '9901258433', state: 'NEW' }] },
    {
      key: KEYS.leadOnly,
      procedure: 'contact',
    },
  );
  expect([contact.status, contact.body._errors[0]?.code]).toEqual([403, 'PROCEDURE_FORBIDDEN']);
  expect(
    (await readProcess('phone_number/9901258433', { procedure: 'contact', key: KEYS.leadOnly })).status,
  ).toBe(403);
});

test('unknown procedures, processes, jobs and routes are 404', async () => {
  const found = async (path: string, method = 'GET') => {
    const { status, body } = await call(path, { method });
    return [status, body._errors[0]?.code];
  };
  expect(await found('/v1/ext/procedure/nope')).toEqual([404, 'PROCEDURE_NOT_FOUND']);
  expect(await found('/v1/ext/procedure/constructor')).toEqual([404, 'PROCEDURE_NOT_FOUND']);
  expect((await patch(valid, { procedure: 'nope' })).status).toBe(404);
  expect(await found(`${processPath}/nope`)).toEqual([404, 'PROCESS_NOT_FOUND']);
  expect(await found(`${processPath}/lead_id/nope`)).toEqual([404, 'PROCESS_NOT_FOUND']);
  expect(await found(`${processPath}/city/Goa`)).toEqual([404, 'PROCESS_NOT_FOUND']);
  expect(await found('/v1/ext/background-job/nope')).toEqual([404, 'JOB_NOT_FOUND']);
  expect(await found('/v1/ext/background-job/team%23local')).toEqual([404, 'JOB_NOT_FOUND']);
  expect(await found('/v2/nothing')).toEqual([404, 'NOT_FOUND']);
  expect(await found(`${processPath}/%E0%A4%A`)).toEqual([400, 'MALFORMED_PARAMETER']);
  expect((await call(`${processPath}/${'x'.repeat(1_000)}`)).status).toBe(404);
  expect((await call(`${processPath}/lead_id/${'x'.repeat(1_000)}`)).status).toBe(404);
});

test("another team's processes and jobs do not exist", async () => {
  const mine = await lead('LEAD-910');
  const { body } = await patch(
    { processes: [{ id: mine.id, data: { city: 'Stolen' } }] },
    { key: KEYS.other },
  );
  const job = await call(`/v1/ext/background-job/${body._data.id}`);
  expect(job.status).toBe(404);
  expect((await readProcess(mine.id, { key: KEYS.other })).status).toBe(404);
  const theirs = await update(
    [
      { id: mine.id, data: { city: 'Stolen' } },
      { lead_id: 'LEAD-910', data: { city: 'Theirs' } },
    ],
    {
      key: KEYS.other,
    },
  );
  expect(theirs.counts).toMatchObject({ ERROR: 1, SUCCESS: 1 });
  expect((await lead('LEAD-910')).data.city).toBe(mine.data.city);
  const { body: other } = await readProcess('lead_id/LEAD-910', { key: KEYS.other });
  expect(other._data).toMatchObject({ team: 'other', data: { city: 'Theirs' } });
  expect(other._data.id).not.toBe(mine.id);
  expect((await call('/v1/ext/procedure/contact', { key: KEYS.other })).status).toBe(404);
});
