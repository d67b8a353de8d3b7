import { Command, CommanderError } from 'commander';
import { printable } from '../../lambdas/contract/printable.ts';
import { EXIT_CODES } from './exit-code.ts';
import { failureText } from './failure-text.ts';
import { complain } from './output.ts';

/**
 * Makes a program whose usage errors name the nearest flag or command.
 * @param commands - its subcommands, which report errors in the same way
 */
export function createProgram(name: string, description: string, commands: readonly Command[] = []): Command {
  const program = new Command(name)
    .description(description)
    .showHelpAfterError('Run with --help for usage.')
    .configureHelp({ showGlobalOptions: true })
    .exitOverride()
    // Arguments may be names of files, which anyone may have chosen.
    .configureOutput({ writeErr: (text) => process.stderr.write(printable(text)) });
  for (const command of commands) program.addCommand(command.copyInheritedSettings(program));
  return program;
}

/**
 * Makes a subcommand.
 * @param summary - in the list of commands; as a sentence it is the description
 */
export function subcommand(name: string, summary: string): Command {
  return new Command(name)
    .description(`${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`)
    .summary(summary);
}

/**
 * Runs a program and sets the exit code of the process: 2 for a usage error.
 * @param onError - reports any other error, with the flags of the command that met it
 */
export async function runProgram(
  program: Command,
  onError: (error: unknown, flags: object) => void = reportFailure,
): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', exitUnread);
  let flags: object = {};
  program.hook('preAction', (_program, command) => {
    // Flags of the program stand before or after the command, which takes them as its own.
    for (const [flag, value] of Object.entries(program.opts())) command.setOptionValue(flag, value);
    flags = command.opts();
  });
  try {
    await program.parseAsync();
  } catch (error) {
    if (!(error instanceof CommanderError)) return onError(error, flags);
    // Commander has printed it. Its code 0 is that of --help.
    process.exitCode = error.exitCode === 0 ? EXIT_CODES.done : EXIT_CODES.usage;
  }
}

function reportFailure(error: unknown): void {
  complain(failureText(error));
  process.exitCode = EXIT_CODES.failed;
}

/** Exits when nothing reads the output any more, as after `| head`, or it cannot be written. */
function exitUnread(error: NodeJS.ErrnoException): never {
  process.exit(error.code === 'EPIPE' ? EXIT_CODES.unread : EXIT_CODES.usage);
}
