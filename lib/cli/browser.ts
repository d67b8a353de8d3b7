import { spawn } from 'node:child_process';

/** Programs that open a URL. None of them is a shell, which would read more than a URL into it. */
const OPENERS: Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>> = {
  darwin: ['/usr/bin/open'],
  // By its full path, as Windows looks into the current folder first.
  win32: [
    `${process.env.SystemRoot ?? 'C:\\Windows'}\\System32\\rundll32.exe`,
    'url.dll,FileProtocolHandler',
  ],
};

/** Opens a URL in the user's browser. @returns whether a program for it was found */
export function openBrowser(url: string, platform: NodeJS.Platform = process.platform): Promise<boolean> {
  const [program, ...args] = OPENERS[platform] ?? ['xdg-open'];
  const child = spawn(program, [...args, url], { stdio: 'ignore', detached: true });
  // It may run as long as the browser does.
  child.unref();
  return new Promise((resolve) => {
    child.once('spawn', () => resolve(true));
    child.once('error', () => resolve(false));
  });
}
