#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { withApiFlags } from '../lib/cli/api-command.ts';
import { approveCommand } from '../lib/cli/commands/approve.ts';
import { cancelCommand } from '../lib/cli/commands/cancel.ts';
import { completionCommand } from '../lib/cli/commands/completion.ts';
import { entriesCommand } from '../lib/cli/commands/entries.ts';
import { jobsCommand } from '../lib/cli/commands/jobs.ts';
import { loginCommand } from '../lib/cli/commands/login.ts';
import { logoutCommand } from '../lib/cli/commands/logout.ts';
import { openCommand } from '../lib/cli/commands/open.ts';
import { planCommand } from '../lib/cli/commands/plan.ts';
import { proceduresCommand } from '../lib/cli/commands/procedures.ts';
import { retryCommand } from '../lib/cli/commands/retry.ts';
import { submitCommand } from '../lib/cli/commands/submit.ts';
import { undoCommand } from '../lib/cli/commands/undo.ts';
import { watchCommand } from '../lib/cli/commands/watch.ts';
import { createProgram, runProgram } from '../lib/cli/program.ts';
import { reportError } from '../lib/cli/report-error.ts';
import { exitOnSignals } from '../lib/cli/signals.ts';

// Beside the built command lies the manifest of its package.
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

const program = createProgram(
  'bulk-update',
  'Updates processes from files, and reports the result of each row.',
  [
    submitCommand,
    watchCommand,
    entriesCommand,
    planCommand,
    approveCommand,
    cancelCommand,
    retryCommand,
    undoCommand,
    jobsCommand,
    openCommand,
    proceduresCommand,
    loginCommand,
    logoutCommand,
    completionCommand,
  ],
)
  .version(version, '--version', 'print the version')
  .addHelpText(
    'after',
    `
Exit codes: 0 all applied (or accepted, without --watch), 1 some items failed (by --dry-run and
--plan: would fail), or you did not approve, 2 the command, the file or the request is wrong, 3 the API could not be
reached or failed at every attempt, 130 stopped by Ctrl-C, 141 the output is not read any more.

URL and API key: --url and --api-key-file, or --profile NAME, or BULK_UPDATE_URL and BULK_UPDATE_KEY, or what
"login" stored. Profiles are in ~/.config/bulk-update/config.json: { "NAME": { "url": "https://…", "apiKey": "…" } }`,
  );
withApiFlags(program);

exitOnSignals();
await runProgram(program, reportError);
