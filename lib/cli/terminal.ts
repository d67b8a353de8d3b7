import { createProgress } from './progress.ts';

/** The progress of the one command that this process runs. */
export const progress = createProgress(process.stderr);

/** Maximum number of seconds between two reports of a job: a bar is watched, lines are read later. */
export const REPORT_EVERY_SECONDS = process.stderr.isTTY ? 2 : 10;
