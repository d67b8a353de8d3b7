import { expect, it } from 'vitest';
import EXAMPLES from '../../../../lib/openapi/examples.json' with { type: 'json' };
import { faultsOf, type Received } from '../../../support/contract.ts';

const job = EXAMPLES.job;

/** The answer to a GET of a job, with what is given. */
function received({ headers = {}, ...rest }: Partial<Omit<Received, 'headers'>> & { headers?: object } = {}) {
  return {
    method: 'GET',
    path: `/v1/ext/background-job/${job._data.id}`,
    status: 200,
    text: JSON.stringify(job),
    headers: new Headers({
      'content-type': 'application/json; charset=utf-8',
      'x-request-id': 'r',
      etag: '"e"',
      ...headers,
    }),
    ...rest,
  };
}

const withJob = (change: object) => ({
  text: JSON.stringify({ ...job, _data: { ...job._data, ...change } }),
});
const refused = (status: number, code: string) => ({
  status,
  text: JSON.stringify({ _data: null, _meta: {}, _errors: [{ code, message: 'No.' }] }),
});

it.each([
  ['as described', received()],
  ['a described refusal', received(refused(404, 'JOB_NOT_FOUND'))],
  ['not modified', received({ status: 304, text: '' })],
  ['of no path', received({ path: '/v2', ...refused(404, 'NOT_FOUND') })],
])('an answer fits: %s', (_what, answer) => {
  expect(faultsOf(answer)).toEqual([]);
});

it.each([
  ['a status', received({ status: 201 })],
  ['a status of no path', received({ path: '/v2' })],
  ['a code', received(refused(404, 'PROCESS_NOT_FOUND'))],
  ['a field', received(withJob({ secret: 1 }))],
  ['a field that is missing', received(withJob({ team: undefined }))],
  ['a type', received(withJob({ createdAt: '1' }))],
  ['a value', received(withJob({ completionStatus: 'DONE' }))],
  ['a media type', received({ headers: { 'content-type': 'text/html' } })],
  ['a header', received({ headers: { 'retry-after': 'soon' } })],
  ['a body', received({ status: 304 })],
  [
    'a header that is missing',
    { ...received(), headers: new Headers({ 'content-type': 'application/json', etag: 'e' }) },
  ],
  [
    'a line',
    received({
      path: `/v1/ext/background-job/${job._data.id}/entries`,
      headers: { 'content-type': 'application/x-ndjson', vary: 'accept' },
      text: '{"index":0}\n',
    }),
  ],
])('an answer does not fit the description by %s', (_what, answer) => {
  expect(faultsOf(answer)).not.toEqual([]);
});
