import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type Browser, chromium, type Page } from 'playwright-core';
import { positiveInteger } from '../../lib/cli/arguments.ts';
import { createProgram, runProgram } from '../../lib/cli/program.ts';
import type { DryRunEntry, ProcedureView } from '../../lib/client/index.ts';
import { buildLocalConsole } from '../../lib/local/console.ts';
import { listenOnLoopback } from '../../lib/local/loopback.ts';
import { launchOptions } from '../support/chromium.ts';
import { API_KEY, dryRun } from '../support/console-api.ts';
import { dryRunEntry } from '../support/entry.ts';

/** Number of columns, the primary key among them. */
const COLUMNS = 60;
/** Longest task, in ms, in which a page still seems to react at once: https://web.dev/articles/rail#goals-and-guidelines */
const GOAL_MS = 100;

/** The kinds of columns, and how people write their cells. */
const KINDS = [
  { type: 'string', cell: (row: number) => `Some text of row ${row}` },
  { type: 'decimal', cell: (row: number) => `${row}.234,50` },
  { type: 'date', cell: (row: number) => `${(row % 28) + 1}.11.2026` },
  { type: 'datetime', cell: (row: number) => `${(row % 28) + 1}.11.2026 14:30` },
  { type: 'boolean', cell: (row: number) => (row % 2 === 0 ? 'Ja' : 'Nein') },
  { type: 'stringEnum', options: ['Red', 'Green'], cell: (row: number) => (row % 3 === 0 ? 'red' : 'GREEN') },
] as const;
const kindAt = (column: number) => KINDS[column % KINDS.length] ?? KINDS[0];
const headers = ['lead_id', ...Array.from({ length: COLUMNS - 1 }, (_, column) => `field_${column}`)];

const PROCEDURE: ProcedureView = {
  ...{ id: '5f0c1d1e-0001', shortId: 'lead', name: 'Lead', primaryKey: 'lead_id', states: ['NEW'] },
  attributes: Object.fromEntries(
    headers.map((name, position) => {
      const { cell: _cell, ...attribute } = kindAt(position - 1);
      return [name, position === 0 ? { type: 'string' } : attribute];
    }),
  ) as ProcedureView['attributes'],
};

await runProgram(
  createProgram(
    'npm run bench:console --',
    `Measures the longest tasks of the page in Chromium, with a CSV of ${COLUMNS} columns.`,
  )
    .argument('[rows]', 'number of rows', positiveInteger, 10_000)
    .option('--runs <number>', 'number of runs, of which the median counts', positiveInteger, 3)
    .action(measure),
  (error) => {
    throw error;
  },
);

async function measure(rows: number, { runs }: { runs: number }): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-console-'));
  const pages = await buildLocalConsole();
  const serve = pages.serve("'self'");
  const server = createServer((request, response) => {
    serve(request, response, async () => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(await answer(request)));
    });
  });
  const { endpoint, stop } = await listenOnLoopback(server);
  const browser = await chromium.launch(await launchOptions(folder));
  try {
    const csv = Buffer.from(fileOf(rows));
    const found: Map<string, number>[] = [];
    for (let run = 0; run < runs; run++) found.push(await longestTasks(browser, endpoint, csv));
    const [load] = loadavg();
    console.log(`${rows} rows, ${COLUMNS} columns, Chromium ${browser.version()}, load ${load?.toFixed(1)}`);
    for (const step of found[0]?.keys() ?? []) {
      const median = found.map((each) => each.get(step) ?? 0).sort((a, b) => a - b)[Math.floor(runs / 2)];
      const text = median ? `${median} ms${median > GOAL_MS ? `, over ${GOAL_MS} ms` : ''}` : 'under 50 ms';
      console.log(`${step.padEnd(32)} ${text}`);
    }
  } finally {
    await browser.close();
    await stop();
    await pages.remove();
    await rm(folder, { recursive: true });
  }
}

function fileOf(rows: number): string {
  const line = (row: number) =>
    [`LEAD-${row}`, ...headers.slice(1).map((_, column) => kindAt(column).cell(row))].join(';');
  return [headers.join(';'), ...Array.from({ length: rows }, (_, row) => line(row))].join('\n');
}

/** Answers as the API does. Each twentieth row would not be applied. */
async function answer(request: IncomingMessage): Promise<object> {
  const { pathname } = new URL(request.url ?? '', 'http://localhost');
  const envelope = (_data: unknown, _meta: object = {}) => ({ _data, _meta, _errors: [] });
  if (pathname.endsWith('/api-key')) return envelope(API_KEY);
  if (pathname.endsWith('/procedure')) return envelope([PROCEDURE], { next: null });
  if (!pathname.endsWith('/process')) return envelope(PROCEDURE);
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  const text = request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
  const { processes } = JSON.parse(text.toString()) as { processes: Item[] };
  const reply = dryRun(processes.map(entryOf));
  return typeof reply === 'string' ? {} : envelope(reply.data, reply.meta);
}

interface Item {
  lead_id: string;
  data: Record<string, unknown>;
}

function entryOf({ lead_id, data }: Item, index: number): DryRunEntry {
  const identifier = { lead_id };
  if (index % 20 === 0) {
    const message = '"field_1": "viele" is not a number: send one such as 105 or "105", or null to clear.';
    const errors = [{ code: 'INVALID_VALUE', message, pointer: `/processes/${index}/data/field_1` }] as const;
    return dryRunEntry(index, {
      identifier,
      completionStatus: 'INVALID',
      outcome: null,
      errors: [...errors],
    });
  }
  const after = Object.fromEntries(Object.entries(data).map(([name, value]) => [`data.${name}`, value]));
  return dryRunEntry(index, { identifier, after });
}

/** Goes from the file to the check, and scrolls. @returns the longest task of each step, in ms; 0 for less than 50 */
async function longestTasks(browser: Browser, url: string, csv: Buffer): Promise<Map<string, number>> {
  const context = await browser.newContext({ viewport: { width: 1180, height: 820 } });
  const page = await context.newPage();
  await page.addInitScript(
    `sessionStorage.setItem('bulk-update.key', 'bench-key');
     self.longest = 0;
     new PerformanceObserver((list) => {
       for (const { duration } of list.getEntries()) longest = Math.max(longest, Math.round(duration));
     }).observe({ type: 'longtask' });`,
  );
  const found = new Map<string, number>();
  const step = async (name: string, act: () => Promise<unknown>) => {
    await page.evaluate('longest = 0');
    await act();
    // The last task is told after it has ended.
    await page.evaluate('new Promise((resolve) => setTimeout(resolve, 200))');
    found.set(name, await page.evaluate<number>('longest'));
  };
  const heading = (name: string | RegExp) =>
    page.getByRole('heading', { name }).waitFor({ timeout: 120_000 });

  await page.goto(url);
  await page.getByLabel('Procedure', { exact: true }).fill('lead');
  await page.locator('#file').setInputFiles({ name: 'leads.csv', mimeType: 'text/csv', buffer: csv });
  await step('read the file', async () => {
    await page.getByRole('button', { name: 'Continue' }).click();
    await heading('Map the columns');
  });
  await step('look at the columns', () =>
    page.getByText('Checking changes nothing.').waitFor({ timeout: 120_000 }),
  );
  await step('scroll the columns', () => scroll(page, 'body'));
  await step('read the columns as proposed', async () => {
    await page.getByRole('button', { name: /as proposed/ }).click();
    await page.getByText('Checking changes nothing.').waitFor({ timeout: 120_000 });
  });
  await step('check the rows', async () => {
    await page.getByRole('button', { name: /^Check/ }).click();
    await heading(/would not be applied/);
  });
  await step('scroll the rows', () => scroll(page, '.scroller'));
  await context.close();
  return found;
}

/** Scrolls to the end with the wheel, as a person does who searches. */
async function scroll(page: Page, area: string): Promise<void> {
  await page.locator(area).hover();
  for (let turns = 0; turns < 60; turns++) await page.mouse.wheel(0, 600);
  await page.keyboard.press('End');
}
