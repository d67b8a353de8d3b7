import { parseArgs } from 'node:util';
import { complain } from './output.ts';

/** Reads the arguments of a command with subcommands, and explains its use when they are wrong. */
export class CommandLine<const Option extends string> {
  readonly #usage: string;
  readonly positionals: readonly string[];
  readonly options: Readonly<Partial<Record<Option, string>>>;

  /** @param options - names of what may stand behind `--`, each with a value */
  constructor(usage: string, options: readonly Option[]) {
    this.#usage = usage;
    const config = Object.fromEntries(options.map((name) => [name, { type: 'string' as const }]));
    try {
      const { positionals, values } = parseArgs({ allowPositionals: true, options: config });
      this.positionals = positionals;
      this.options = values as Partial<Record<Option, string>>;
    } catch (error) {
      this.fail(error instanceof Error ? error.message : String(error));
    }
  }

  /** @param name - as the user writes it */
  required(name: string, value: string | undefined): string {
    return value ?? this.fail(`${name} is missing`);
  }

  /** Says what is wrong and how it is done, and ends the process. */
  fail(message: string): never {
    complain(`${message}.\n\n${this.#usage}`);
    process.exit(2);
  }
}

/** Runs a command; when it fails, the message is enough for those who called it. */
export async function runCommand(run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    complain(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}
