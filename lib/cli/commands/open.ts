import { type ApiFlags, settingsOf } from '../api-command.ts';
import { openBrowser } from '../browser.ts';
import { jobPage } from '../console-url.ts';
import { complain, print, say } from '../output.ts';
import { subcommand } from '../program.ts';

export const openCommand = subcommand(
  'open',
  "open a job's page in the console; without a terminal, print its URL",
)
  .argument('<job>', 'id of the job')
  .action(async (jobId: string, flags: ApiFlags) => {
    const url = jobPage(jobId, await settingsOf(flags));
    print({ url }, flags, () => say(url));
    if (!process.stdout.isTTY || flags.json === true) return;
    if (!(await openBrowser(url))) complain('No browser was found. Open the URL yourself.');
  });
