import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EXIT_CODES } from '../lib/cli/exit-code.ts';
import { createProgram, runProgram } from '../lib/cli/program.ts';
import { number } from '../lib/cli/progress.ts';
import { removeAtExit } from '../lib/cli/temporary.ts';
import { startLocalStack } from '../lib/local/stack.ts';

const LEADS = 5_000;
const COLUMNS = ['Lead', 'City', 'Phone', 'score', 'state'] as const;
/** The wrong cells of a row, by the number of its lead. */
const MISTAKES: Readonly<Record<number, Partial<Record<(typeof COLUMNS)[number], string>>>> = {
  700: { score: 'many' },
  1900: { state: 'WON' },
  2800: { Lead: 'LEAD-99999' },
  4400: { Lead: '', score: '4.5' },
};
/** Several requests, so that the bar moves. */
const COMMAND =
  'submit leads.csv --procedure lead --key Lead --map City=city --map Phone=phone_number --batch-size 1000 --watch';

const folder = await mkdtemp(join(tmpdir(), 'bulk-update-demo-'));
removeAtExit(folder);

/** The running command, to be ended with the demo. */
let command: ChildProcess | undefined;

await runProgram(
  createProgram(
    'npm run demo --',
    `Starts the local stack, sends it ${number.format(LEADS)} updates of which four are wrong, and shows what comes back.`,
  ).action(run),
);

async function run(): Promise<void> {
  await writeFile(join(folder, 'leads.csv'), csv());
  console.log(`Starting the stack with ${number.format(LEADS)} sample leads …`);
  const starting = startLocalStack({ port: 0, sampleSize: LEADS });
  let isStopping = false;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.once(signal, async () => {
      isStopping = true;
      command?.kill();
      await (await starting.catch(() => undefined))?.stop();
      process.exit(EXIT_CODES.interrupted);
    });
  }
  const stack = await starting;
  try {
    if (!isStopping) await show(stack.url);
  } finally {
    await stack.stop();
  }
}

async function show(url: string): Promise<void> {
  console.log(`\n$ npm run bulk -- ${COMMAND}\n`);
  if ((await bulk(url)) !== EXIT_CODES.someFailed) {
    process.exitCode = 1;
    return;
  }
  console.log(`\n$ cat leads.failed.csv\n\n${await readFile(join(folder, 'leads.failed.csv'), 'utf8')}`);
  console.log('Run the stack yourself: npm start');
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

/** Runs the command as a user does, and returns its exit code. */
async function bulk(url: string): Promise<number | null> {
  command = spawn(
    process.execPath,
    [fileURLToPath(import.meta.resolve('./bulk.ts')), ...COMMAND.split(' ')],
    {
      cwd: folder,
      stdio: 'inherit',
      env: {
        ...process.env,
        BULK_UPDATE_URL: url,
        BULK_UPDATE_KEY: 'local-key',
        npm_lifecycle_event: 'bulk',
      },
    },
  );
  const [exitCode] = await once(command, 'close');
  return exitCode;
}
