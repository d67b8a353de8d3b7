import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { call, lead, sampleLeads } from '../support/api.ts';
import type { CommandResult } from '../support/bulk-command.ts';
import { place, told } from '../support/bulk-place.ts';

const nextLead = sampleLeads(4_000);
const ROWS = 10_200;
/** A machine that others use needs a minute for the rows of one file. */
const TIMEOUT_MS = 300_000;
/** Rows of the same leads, so that a file has more rows than the sample has leads. */
const leads = Array.from({ length: 100 }, nextLead);
const stamp = String(Date.now());

/** The lines of a file of German cells: a row of an unknown process, one with a wrong cell, and others. */
const germanLines = Array.from({ length: ROWS }, (_, row) => {
  if (row === 5) return `GIBT-ES-NICHT-${stamp};"Köln; ""Dom""";1,5`;
  return `${leads[row % 100]};Köln ${row};${row === 10_150 ? 'viele' : '1.234,5'}`;
});
const FLAGS = ['--procedure', 'lead', '--map', 'Kunde=lead_id', '--map', 'Ort=city', '--locale', 'de'];

interface Summary {
  jobs: string[];
  total: number;
  sent: number;
  sentBefore: number;
  created?: number;
  counts: Record<string, number>;
  failed: { rows: number; codes: Record<string, number> };
}
const summaryOf = ({ stdout }: CommandResult) => JSON.parse(stdout) as Summary;

test(
  'a file of more than a request is read as people wrote it, becomes one job, and its failed rows are as in the file',
  async () => {
    const { run, read, type } = place({
      'leads.csv': Buffer.from(`Kunde;Ort;budget\r\n${germanLines.join('\r\n')}\r\n`, 'latin1'),
    });
    const sent = await run('submit', 'leads.csv', ...FLAGS, '--encoding', 'windows-1252', '--watch');
    expect(sent.code, sent.stderr).toBe(1);
    expect(sent.stdout).toContain('applied  10,198');
    expect(sent.stdout).toContain('PROCESS_NOT_FOUND');
    expect(sent.stderr).toContain('uploaded');
    expect(read('leads.failed.csv').split('\n')).toEqual([
      '\uFEFFKunde;Ort;budget;_error_code;_error_message',
      expect.stringMatching(/^GIBT-ES-NICHT-\d+;"Köln; ""Dom""";1,5;PROCESS_NOT_FOUND;./),
      expect.stringMatching(/^LEAD-\d+;Köln 10150;viele;INVALID_VALUE;./),
      '',
    ]);
    // Of two rows for a lead, the later one wins.
    expect((await lead(leads[99] ?? '')).data).toMatchObject({ city: 'Köln 10199', budget: 1234.5 });

    const [first = ''] = leads;
    expect(told(sent.stdout)).toMatch(
      /^bulk-update submit leads\.failed\.csv --procedure lead .*--locale de/,
    );
    const failedAgain = await type(told(sent.stdout));
    expect([failedAgain.code, failedAgain.stderr.includes('uploaded')]).toEqual([1, false]);
    expect((await lead(first)).data.city).toBe('Köln 10100');
  },
  TIMEOUT_MS,
);

test(
  'the same command finds its job again; jobs, watch, entries and cancel take it as any other',
  async () => {
    const text = leads
      .concat(...Array.from({ length: 101 }, () => leads))
      .map((lead_id, row) => `${JSON.stringify({ lead_id, data: { city: `Oslo ${stamp} ${row}` } })}\n`)
      .join('');
    const { run } = place({ 'leads.ndjson.gz': gzipSync(text) });
    const submit = ['submit', 'leads.ndjson.gz', '-p', 'lead', '--name', `one ${stamp}`, '--json'];
    const first = summaryOf(await run(...submit));
    expect(first).toMatchObject({ total: ROWS, sent: ROWS, sentBefore: 0 });
    const again = await run(...submit, '--watch');
    expect([again.code, summaryOf(again)]).toMatchObject([
      0,
      { jobs: first.jobs, sentBefore: ROWS, counts: { SUCCESS: ROWS, NOT_STARTED: 0 } },
    ]);
    const [id = ''] = first.jobs;
    const { body } = await call(`/v1/ext/background-job/${id}`);
    expect(body._meta).toMatchObject({ total: ROWS, isTotalFinal: true, retryable: 0 });

    const listed = await run('jobs', '--name', `one ${stamp}`);
    expect(listed.stdout).toMatch(new RegExp(`^${id} .*COMPLETED +10,200 +10,200 `, 'm'));
    const watched = await run('watch', id);
    expect(watched.stdout).toBe(`${id} COMPLETED\napplied  10,200\n`);
    const entries = await run('entries', id, '--status', 'SUCCESS', '--outcome', 'SUPERSEDED', '--json');
    expect(entries.code, entries.stderr).toBe(0);
    expect((await run('entries', id, '--identifier', leads[0] ?? '')).code).toBe(2);

    const resent = summaryOf(await run(...submit, '--resend'));
    expect([resent.jobs.length, resent.jobs[0] === id, resent.sentBefore]).toEqual([1, false, 0]);
    const cancelled = await run('cancel', resent.jobs[0] ?? '');
    expect(cancelled.stdout).toContain('The job ends within seconds. Watch it: bulk-update watch');
  },
  TIMEOUT_MS,
);

test(
  'what is missing is created, and counted',
  async () => {
    const rows = Array.from({ length: ROWS }, (_, row) => [leads[row % 100], `Rom ${stamp} ${row}`]);
    rows[3] = [`CLI-A-${stamp}`, 'Rom'];
    rows[10_190] = [`CLI-B-${stamp}`, 'Rom'];
    const { run } = place({ 'leads.csv': `lead_id,city\n${rows.map((row) => `${row}\n`).join('')}` });
    const { code, stdout } = await run('submit', 'leads.csv', '-p', 'lead', '--upsert', '--watch');
    expect([code, stdout.startsWith('applied    10,200\n  created       2\n')]).toEqual([0, true]);
    expect((await lead(`CLI-B-${stamp}`)).data.city).toBe('Rom');
  },
  TIMEOUT_MS,
);

test(
  'a canary stops a file, and what was not applied is in the file of failed rows',
  async () => {
    const rows = Array.from({ length: ROWS }, (_, row) => `NONE-${stamp}-${row},Rom\n`);
    const { run, read } = place({ 'leads.csv': `lead_id,city\n${rows.join('')}` });
    const { code, stdout } = await run('submit', 'leads.csv', '-p', 'lead', '--canary', '5', '--watch');
    expect(code).toBe(1);
    expect(stdout).toMatch(/failed +5\ncancelled +10,195\n/);
    expect(stdout).toMatch(/The job \S+ is ABORTED\. Stopped: 5 of 5 processed entries failed/);
    expect(read('leads.failed.csv').match(/\n/g)).toHaveLength(ROWS + 1);
    expect(read('leads.failed.csv')).toMatch(/,CANCELLED,The job was cancelled or aborted/);
  },
  TIMEOUT_MS,
);

test(
  'who wants requests gets them, and a plan says why it takes several',
  async () => {
    const rows = Array.from({ length: ROWS }, (_, row) => `${leads[row % 100]},Bern ${stamp}\n`);
    const { run } = place({ 'leads.csv': `lead_id,city\n${rows.join('')}` });
    const inRequests = await run('submit', 'leads.csv', '-p', 'lead', '--requests', '--watch', '--json');
    expect([inRequests.code, summaryOf(inRequests).jobs.length]).toEqual([0, 2]);
    const planned = await run('submit', 'leads.csv', '-p', 'lead', '--plan', '--resend', '--json');
    expect(planned.stderr).toContain('as --plan does not go with one job for the whole file');
    const { jobs } = summaryOf(planned);
    for (const id of jobs) expect((await run('cancel', id)).code).toBe(0);
    expect(jobs).toHaveLength(2);
  },
  TIMEOUT_MS,
);
