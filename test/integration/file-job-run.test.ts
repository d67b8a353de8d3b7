import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { FileJobRun, type FileJobRunOptions } from '../../lib/cli/file-job-run.ts';
import { UploadStates } from '../../lib/cli/upload-states.ts';
import { BulkUpdateClient } from '../../lib/client/index.ts';
import { type FileApiOptions, type RowEnd, startFileApi } from '../support/file-api.ts';
import { temporaryFolder } from '../support/folder.ts';
import { rowFiles } from '../support/row-files.ts';

const files = rowFiles();
const CSV = 'Lead;city\nA;Goa\nB;many\nC;Pune\nD;gone\nE;left\n';
const map = new Map([['Lead', 'lead_id']]);
const ENDS: Record<string, RowEnd> = {
  B: { status: 'INVALID', code: 'INVALID_VALUE UNKNOWN_MEMBER', message: 'It is wrong; in two ways.' },
  D: { status: 'ERROR', code: 'PROCESS_NOT_FOUND', message: 'There is none.' },
  E: { status: 'CANCELLED' },
};
const endOf = ({ lead_id }: Record<string, unknown>) =>
  ENDS[String(lead_id)] ?? { status: 'SUCCESS' as const };

/** Runs of one file against an API of file jobs. */
async function place(options: FileApiOptions = {}, content: string | Uint8Array = CSV, name?: string) {
  const api = await startFileApi({ endOf, ...options });
  const folder = temporaryFolder();
  const states = join(folder, 'uploads');
  const shown: string[] = [];
  const progress = {
    update: (phase: string, done: number, total: number, detail = '') =>
      shown.push(`${phase} ${done} of ${total}${detail}`),
    note: (message: string) => shown.push(message),
    stop: () => {},
  };
  const start = async (changes: Partial<FileJobRunOptions> = {}) => {
    const client = new BulkUpdateClient({ url: api.url, apiKey: 'key', attempts: 1 });
    const input = await files.open(content, { map }, name ?? files.nameOf('csv'));
    const failedPath = join(folder, 'failed.csv');
    const all = { procedure: 'lead', job: { name: 'March' }, watch: true, everySeconds: 0.1, failedPath };
    return new FileJobRun(client, input, { ...all, uploads: new UploadStates(states), ...changes }, progress);
  };
  const stored = () => (existsSync(states) ? readdirSync(states) : []);
  return { ...api, folder, start, shown, stored };
}

test('a file becomes one job, and its failed rows are picked out of the results, as they were written', async () => {
  const { start, jobs, shown, folder, stored } = await place({
    partSize: 1_000,
    completionStatus: 'ABORTED',
  });
  const report = await (await start()).run();
  expect(JSON.parse(jobs[0]?.body ?? '')).toMatchObject({
    ...{ format: 'ndjson', compression: 'gzip', options: { name: 'March' } },
  });
  expect(jobs[0]?.rows[0]?.text).toBe('{"lead_id":"A","data":{"city":"Goa"}}');
  expect(report).toMatchObject({
    ...{ total: 5, sent: 5, sentBefore: 0, jobs: ['file-1'] },
    counts: { INVALID: 1, NOT_STARTED: 0, SUCCESS: 2, ERROR: 1, CANCELLED: 1 },
    aborted: { id: 'file-1', status: 'ABORTED' },
    failed: {
      rows: 3,
      codes: { INVALID_VALUE: 1, UNKNOWN_MEMBER: 1, PROCESS_NOT_FOUND: 1, CANCELLED: 1 },
    },
  });
  expect(readFileSync(join(folder, 'failed.csv'), 'utf8')).toBe(
    [
      'Lead;city;_error_code;_error_message',
      'B;many;INVALID_VALUE UNKNOWN_MEMBER;"It is wrong; in two ways."',
      'D;gone;PROCESS_NOT_FOUND;There is none.',
      'E;left;CANCELLED;The job was cancelled or aborted before this item was applied. Send it again.\n',
    ].join('\n'),
  );
  expect(shown).toContain('read 5 of 5');
  expect(shown).toContain('uploaded 1 of 1 MB');
  expect(stored()).toEqual([]);
});

test('who does not wait is told that nothing is applied yet, and later gets the results by the same command', async () => {
  const { start, jobs, folder } = await place({ partSize: 1_000 });
  const first = await (await start({ watch: false })).run();
  expect([first.sent, first.sentBefore, first.counts.NOT_STARTED]).toEqual([5, 0, 5]);
  expect(readdirSync(folder)).not.toContain('failed.csv');
  const again = await (await start()).run();
  expect([again.sentBefore, again.failed?.rows, jobs.length]).toEqual([5, 3, 1]);
});

test('the same command goes on with an upload that broke off, and with its job', async () => {
  let isBroken = true;
  const { start, jobs, sent, stored } = await place({
    partSize: 20,
    faultOfPart: ({ number }) => (isBroken && number > 2 ? 503 : undefined),
  });
  const broken = await start();
  await expect(broken.run()).rejects.toThrow('was not stored');
  const { sent: accepted, upload } = broken.report();
  expect([accepted, (upload?.uploaded ?? 0) > 0]).toEqual([0, true]);
  expect(stored()).toHaveLength(1);
  const before = [...(jobs[0]?.parts.keys() ?? [])];

  isBroken = false;
  sent.length = 0;
  const report = await (await start()).run();
  expect([report.total, report.jobs, jobs.length]).toEqual([5, ['file-1'], 1]);
  expect(sent.filter((number) => before.includes(number))).toEqual([]);
  expect(stored()).toEqual([]);
});

test('a folder that cannot be written costs the parts that are stored, and nothing else', async () => {
  const { start, shown } = await place({ partSize: 1_000 });
  const file = files.write('x');
  const report = await (await start({ uploads: new UploadStates(join(file, 'uploads')) })).run();
  expect(report.sent).toBe(5);
  expect(shown.filter((line) => line.startsWith('If the upload breaks off, it begins anew'))).toHaveLength(1);
});

test('a file of which nothing was applied is sent again, and with another salt any', async () => {
  let status: RowEnd['status'] = 'ERROR';
  const { start, jobs } = await place({ partSize: 1_000, endOf: () => ({ status, code: 'X' }) });
  await (await start()).run();
  status = 'SUCCESS';
  const again = await (await start()).run();
  expect([again.jobs, again.sentBefore, again.counts.SUCCESS]).toEqual([['file-2'], 0, 5]);
  expect((await (await start()).run()).sentBefore).toBe(5);
  expect((await (await start({ salt: 'run' })).run()).jobs).toEqual(['file-3']);
  expect(jobs).toHaveLength(3);
});

test('a compressed file is read as what it has compressed', async () => {
  const { start, jobs } = await place({ partSize: 1_000 }, gzipSync(CSV), 'leads.csv.gz');
  expect((await (await start()).run()).failed?.rows).toBe(3);
  expect(jobs[0]?.rows).toHaveLength(5);
});
