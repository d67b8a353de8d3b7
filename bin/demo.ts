import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EXIT_CODES } from '../lib/cli/exit-code.ts';
import { number } from '../lib/cli/progress.ts';
import { removeAtExit } from '../lib/cli/temporary.ts';
import { startLocalStack } from '../lib/local/stack.ts';

const LEADS = 5_000;
const COLUMNS = ['Lead', 'City', 'Phone', 'score', 'state'] as const;
/** By the number of the lead: what is wrong in its row. */
const MISTAKES: Readonly<Record<number, Partial<Record<(typeof COLUMNS)[number], string>>>> = {
  700: { score: 'many' },
  1900: { state: 'WON' },
  2800: { Lead: 'LEAD-99999' },
  4400: { Lead: '', score: '4.5' },
};
const COMMAND = ['submit', 'leads.csv', '--procedure', 'lead', '--key', 'Lead'].concat(
  ...['City=city', 'Phone=phone_number'].map((map) => ['--map', map]),
  // Several requests, for the bar to move.
  ['--batch-size', '1000', '--watch'],
);

const folder = await mkdtemp(join(tmpdir(), 'bulk-update-demo-'));
removeAtExit(folder);
await writeFile(join(folder, 'leads.csv'), csv());

console.log(`Starting the stack with ${number.format(LEADS)} sample leads …`);
const starting = startLocalStack({ port: 0, sampleSize: LEADS });
let isStopping = false;
let command: ChildProcess | undefined;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, async () => {
    isStopping = true;
    command?.kill();
    await (await starting.catch(() => undefined))?.stop();
    process.exit(EXIT_CODES.interrupted);
  });
}
const stack = await starting.catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
try {
  if (!isStopping) await show(stack.url);
} finally {
  await stack.stop();
}

async function show(url: string): Promise<void> {
  console.log(`\n$ npm run bulk -- ${COMMAND.join(' ')}\n`);
  if ((await bulk(url)) !== EXIT_CODES.someFailed) {
    process.exitCode = 1;
    return;
  }
  console.log(`\n$ cat failed.csv\n\n${await readFile(join(folder, 'failed.csv'), 'utf8')}`);
  console.log('That was all of it. Start a stack that stays: npm start');
}

function csv(): string {
  const rows = Array.from({ length: LEADS }, (_, position) => {
    const lead = position + 1;
    const row = {
      Lead: `LEAD-${String(lead).padStart(5, '0')}`,
      City: ['Tokyo', 'São Paulo', 'Zürich'][lead % 3],
      Phone: `+81 3 ${1_000_000 + lead}`,
      score: String(lead % 100),
      state: 'IN_PROGRESS',
      ...MISTAKES[lead],
    };
    return COLUMNS.map((column) => row[column]);
  });
  return `${[COLUMNS, ...rows].map((cells) => cells.join(',')).join('\n')}\n`;
}

/** Runs the command as a user does. */
async function bulk(url: string): Promise<number | null> {
  command = spawn(process.execPath, [fileURLToPath(import.meta.resolve('./bulk.ts')), ...COMMAND], {
    cwd: folder,
    stdio: 'inherit',
    env: {
      ...process.env,
      BULK_UPDATE_URL: url,
      BULK_UPDATE_KEY: 'local-key',
      npm_lifecycle_event: 'bulk',
    },
  });
  const [exitCode] = await once(command, 'close');
  return exitCode;
}
