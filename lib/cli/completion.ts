import type { Command, Option } from 'commander';
import { shellWord } from '../../lambdas/rows/shell-word.ts';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** What may stand in a command line. It is made of the program's own definition, so that no flag is forgotten. */
interface Words {
  program: string;
  /** Those of the program stand before or after any command. */
  flags: readonly Flag[];
  commands: readonly CommandWords[];
}

interface CommandWords {
  name: string;
  summary: string;
  flags: readonly Flag[];
  argument: Value;
}

interface Flag {
  /** With their dashes. */
  names: readonly string[];
  summary: string;
  /** Undefined for a switch. */
  value: Value | undefined;
}

interface Value {
  choices: readonly string[];
  isFile: boolean;
}

/** Returns the script that completes the commands, flags and values of a program. */
export function completionScript(program: Command, shell: Shell): string {
  return SCRIPTS[shell](wordsOf(program));
}

const SCRIPTS: Readonly<Record<Shell, (words: Words) => string>> = { bash, zsh, fish };

function wordsOf(program: Command): Words {
  const help = program.createHelp();
  const global = help.visibleOptions(program);
  const visible = help.visibleCommands(program);
  const names = visible.map((command) => command.name());
  const commands = visible.map((command): CommandWords => {
    const [argument] = command.registeredArguments;
    const own = help.visibleOptions(command).filter(({ long }) => !global.some((one) => one.long === long));
    const choices = command.name() === 'help' ? names : (argument?.argChoices ?? []);
    return {
      name: command.name(),
      summary: help.subcommandDescription(command),
      flags: own.map(flagOf),
      argument: { choices, isFile: argument?.name() === 'file' },
    };
  });
  return { program: program.name(), flags: global.map(flagOf), commands };
}

function flagOf({ short, long, description, argChoices = [], flags, required }: Option): Flag {
  return {
    names: [short, long].filter((name) => name !== undefined),
    summary: description,
    value: required ? { choices: argChoices, isFile: flags.includes('<file>') } : undefined,
  };
}

const namesOf = (flags: readonly Flag[]) => flags.flatMap(({ names }) => names);
const functionOf = ({ program }: Words) => `_${program.replaceAll(/\W/g, '_')}`;

/** Finds the command in the words before the cursor. A value of the program's flags may be called as a command is. */
function findCommand(words: Words, before: string): string {
  const withValue = words.flags.filter(({ value }) => value !== undefined);
  return `  for word in ${before}; do
    case $previous in ${namesOf(withValue).join('|')}) previous=; continue ;; esac
    case $word in ${words.commands.map(({ name }) => name).join('|')}) command=$word; break ;; esac
    previous=$word
  done`;
}

/** Returns the cases that complete the value of the flag before the cursor, by "command:flag". */
function valueCases(words: Words, complete: (value: Value) => string): string {
  const flags = new Map<string, string[]>();
  for (const { name, flags: own } of [{ name: '*', flags: words.flags }, ...words.commands]) {
    for (const { names, value } of own) {
      if (value === undefined) continue;
      const patterns = names.map((flag) => `${name}:${flag}`);
      flags.set(complete(value), [...(flags.get(complete(value)) ?? []), ...patterns]);
    }
  }
  return Array.from(flags, ([command, patterns]) => `    ${patterns.join('|')}) ${command}; return ;;`).join(
    '\n',
  );
}

function bash(words: Words): string {
  const globals = namesOf(words.flags);
  const cases = words.commands.map(({ name, flags, argument }) => {
    const list = `list='${[...argument.choices, ...namesOf(flags), ...globals].join(' ')}'`;
    return `    ${name}) ${argument.isFile ? `[[ $current != -* ]] || ${list}` : list} ;;`;
  });
  return `# Completion of ${words.program} for bash: eval "$(${words.program} completion bash)"
${functionOf(words)}() {
  local current=\${COMP_WORDS[COMP_CWORD]} command= previous= list= word
${findCommand(words, `"\${COMP_WORDS[@]:1:COMP_CWORD-1}"`)}
  # With nothing to choose from, bash completes names of files.
  case $command:\${COMP_WORDS[COMP_CWORD-1]} in
${valueCases(words, ({ choices }) => `COMPREPLY=($(compgen -W '${choices.join(' ')}' -- "$current"))`)}
  esac
  case $command in
    '') list='${[...words.commands.map(({ name }) => name), ...globals].join(' ')}' ;;
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$list" -- "$current"))
}
complete -o default -F ${functionOf(words)} ${words.program}
`;
}

function zsh(words: Words): string {
  const item = (name: string, summary: string) => shellWord(`${name}:${summary}`);
  const items = (flags: readonly Flag[]) =>
    flags.flatMap(({ names, summary }) => names.map((name) => item(name, summary))).join(' ');
  const compadd = ({ choices, isFile }: Value) => (isFile ? '_files' : ['compadd --', ...choices].join(' '));
  const cases = words.commands.map(({ name, flags, argument }) => {
    const isEmpty = argument.choices.length === 0 && !argument.isFile;
    const words = isEmpty ? '' : ` [[ $PREFIX == -* ]] || { ${compadd(argument)}; return }`;
    return `    ${name})${words}
      flags+=(${items(flags)}) ;;`;
  });
  return `#compdef ${words.program}
# Completion of ${words.program} for zsh: source <(${words.program} completion zsh)
${functionOf(words)}() {
  local command= previous= word
  local -a commands flags
${findCommand(words, `"\${(@)words[2,CURRENT-1]}"`)}
  case $command:\${words[CURRENT-1]} in
${valueCases(words, compadd)}
  esac
  flags=(${items(words.flags)})
  case $command in
    '') commands=(${words.commands.map(({ name, summary }) => item(name, summary)).join(' ')})
      _describe command commands ;;
${cases.join('\n')}
  esac
  _describe -o flag flags
}
compdef ${functionOf(words)} ${words.program}
`;
}

function fish(words: Words): string {
  const complete = `complete -c ${words.program}`;
  const values = ({ choices, isFile }: Value) => {
    if (isFile) return ['-r -F'];
    return choices.length === 0 ? ['-x'] : [`-x -a '${choices.join(' ')}'`];
  };
  const named = (name: string) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`);
  const flagLines = (flags: readonly Flag[], start: string) =>
    flags.map(({ names, summary, value }) =>
      [
        start,
        ...names.map(named),
        ...(value === undefined ? [] : values(value)),
        '-d',
        shellWord(summary),
      ].join(' '),
    );
  const commands = words.commands.flatMap(({ name, summary, flags, argument: { choices, isFile } }) => {
    const start = `${complete} -n '__fish_seen_subcommand_from ${name}'`;
    return [
      `${complete} -n __fish_use_subcommand -a ${name} -d ${shellWord(summary)}`,
      ...(isFile ? [`${start} -F`] : []),
      ...(choices.length === 0 ? [] : [`${start} -a '${choices.join(' ')}'`]),
      ...flagLines(flags, start),
    ];
  });
  return `# Completion of ${words.program} for fish: ${words.program} completion fish | source
${[`${complete} -f`, ...flagLines(words.flags, complete), ...commands].join('\n')}
`;
}
