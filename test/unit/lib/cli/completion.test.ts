import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Argument, Command, Option } from 'commander';
import { expect } from 'vitest';
import { completionScript, SHELLS, type Shell } from '../../../../lib/cli/completion.ts';
import { subcommand } from '../../../../lib/cli/program.ts';
import { temporaryFolder } from '../../../support/folder.ts';
import { testNeeding } from '../../../support/machine.ts';

const program = new Command('bulk-update')
  .option('--profile <name>', "another's profile: $(echo no)")
  .addCommand(subcommand('submit', 'send a file').argument('<file>').option('-p, --procedure <name>', 'one'))
  .addCommand(
    subcommand('entries', 'list entries')
      .argument('<job>')
      .addOption(new Option('--status <status>', 'only these').choices(['SUCCESS', 'ERROR']))
      .addOption(new Option('--secret').hideHelp()),
  )
  .addCommand(
    subcommand('completion', 'print').addArgument(new Argument('<shell>').choices(['bash', 'zsh'])),
  );

/** How a shell is asked, without a terminal, what may stand at the end of a command line. */
const ASK: Readonly<Record<Shell, (script: string, words: readonly string[]) => string>> = {
  bash: (script, words) => `source ${script}
    COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}) COMP_CWORD=${words.length - 1}
    _bulk_update; printf '%s\\n' "\${COMPREPLY[@]}"`,
  zsh: (script, words) => `compdef() { : }; compadd() { shift; print -l -- $@ }; _files() { print files }
    _describe() { [[ $1 == -o ]] && shift; print -l -- \${\${(P)2}%%:*} }
    source ${script}
    words=(${words.map((word) => `'${word}'`).join(' ')}); CURRENT=${words.length}; PREFIX=$words[-1]
    _bulk_update`,
  fish: (script, words) =>
    `source ${script}; complete -C '${words.join(' ')}' | string replace -r '\\t.*' ''`,
};

function completed(shell: Shell, ...words: string[]): string[] {
  const file = join(temporaryFolder(), 'script');
  writeFileSync(file, completionScript(program, shell));
  const ask = ASK[shell](file, ['bulk-update', ...words]);
  const { stdout, stderr } = spawnSync(shell, ['-c', ask], { encoding: 'utf8', cwd: temporaryFolder() });
  expect(stderr).toBe('');
  const current = words.at(-1) ?? '';
  // What is not a beginning of the word, the shell itself leaves out.
  return stdout.split('\n').filter((word) => word !== '' && word.startsWith(current));
}

for (const shell of SHELLS) {
  testNeeding(shell)(`${shell} completes what the program knows (needs ${shell})`, () => {
    expect(completed(shell, 'en')).toEqual(['entries']);
    expect(completed(shell, '--profile', 'submit', 'entries', '--s')).toEqual(['--status']);
    expect(completed(shell, 'entries', '--status', 'E')).toEqual(['ERROR']);
    expect(completed(shell, 'entries', 'job-1', '--prof')).toEqual(['--profile']);
    expect(completed(shell, 'submit', '--proc')).toEqual(['--procedure']);
    expect(completed(shell, 'completion', 'z')).toEqual(['zsh']);
    expect(completed(shell, 'help', 'sub')).toEqual(['submit']);
  });
}
