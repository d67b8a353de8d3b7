import { Argument, type Command } from 'commander';
import { completionScript, SHELLS, type Shell } from '../completion.ts';
import { say } from '../output.ts';
import { subcommand } from '../program.ts';

export const completionCommand = subcommand(
  'completion',
  'print the script that completes commands and flags in a shell',
)
  .addArgument(new Argument('<shell>', 'shell that you use').choices(SHELLS))
  .addHelpText(
    'after',
    `
To complete with the TAB key, add the line of your shell to its file:
  ~/.bashrc                   eval "$(bulk-update completion bash)"
  ~/.zshrc, behind compinit   source <(bulk-update completion zsh)
  ~/.config/fish/config.fish  bulk-update completion fish | source`,
  )
  .action((shell: Shell, _flags: object, { parent }: Command) => {
    if (parent !== null) say(completionScript(parent, shell).trimEnd());
  });
