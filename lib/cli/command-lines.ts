import { extname } from 'node:path';
import { MAX_ENTRIES } from '../../lambdas/contract/limits.ts';
import type { FileFormat } from '../../lambdas/rows/file-format.ts';
import { fileWord } from '../../lambdas/rows/shell-word.ts';
import { COMMAND } from './command-name.ts';
import type { SettingsFlags } from './settings.ts';
import {
  createFlags,
  csvFlags,
  type Flag,
  flagsOf,
  given,
  type SubmitFlags,
  safeguardFlags,
  sheetFlags,
} from './submit-flags.ts';

/** Returns a command for a job. */
export function lineFor(
  command: 'watch' | 'plan' | 'approve' | 'cancel' | 'undo' | 'entries',
  jobId: string,
  flags: SettingsFlags,
): string {
  return `${COMMAND} ${command} ${jobId} ${whereOf(flags)}`.trimEnd();
}

/** Returns the command that sends a file of failed rows, whose cells mean what they meant in their file. */
export function lineToSendFailed(path: string, flags: SubmitFlags, format: FileFormat): string {
  return submitCommand(path, flags, [
    ...given({ procedure: flags.procedure, name: flags.name }),
    ...createFlags(flags),
    ...csvFlags(flags),
    ...safeguardFlags(flags),
    // A name that --failed chose may suggest another format.
    ...given({
      format: extname(path) === `.${format}` ? undefined : format,
      requests: flags.requests,
      'reject-invalid': flags.rejectInvalid,
      plan: flags.plan,
    }),
  ]);
}

/** Returns the command that continues a run of `--resend`. It cuts the same file into the same requests. */
export function lineToResume(file: string, flags: SubmitFlags, run: string): string {
  const { procedure, name, format, encoding, batchSize, requests, failed, rejectInvalid, plan } = flags;
  return submitCommand(file, flags, [
    ...given({ procedure, name }),
    ...createFlags(flags),
    ...csvFlags(flags),
    ...sheetFlags(flags),
    ...safeguardFlags(flags),
    ...given({
      format,
      encoding,
      'batch-size': batchSize === MAX_ENTRIES ? undefined : String(batchSize),
      requests,
      failed,
      'reject-invalid': rejectInvalid,
      plan,
      continue: run,
    }),
  ]);
}

function submitCommand(path: string, flags: SubmitFlags, all: readonly Flag[]): string {
  const words = [COMMAND, 'submit', fileWord(path), flagsOf(all), whereOf(flags)];
  const command = words.filter((word) => word !== '').join(' ');
  return flags.watch === true ? `${command} --watch` : command;
}

/** Writes the flags that say where the API is, without the key. */
function whereOf({ url, profile, apiKeyFile }: SettingsFlags): string {
  return flagsOf(given({ 'api-key-file': apiKeyFile, profile, url }));
}
