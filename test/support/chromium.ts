import { execFile } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import type { LaunchOptions } from 'playwright-core';

/** What Chromium and Chrome are called on Linux, and where they are on macOS. */
const COMMANDS = ['chromium', 'google-chrome', 'google-chrome-stable', 'chromium-browser'];
const APPLICATIONS = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

const NO_CHROMIUM = `The tests of the console need Chromium or Chrome, and neither was found.
Install one (Debian: apt install chromium, macOS: brew install --cask google-chrome), or name one with CHROMIUM_PATH.`;

type Environment = Readonly<Record<string, string | undefined>>;

/** What is left of a browser that tests one page: no window, and no request of its own. */
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * How to start the browser of the tests.
 * @param folder - an empty one, for what it needs
 */
export async function launchOptions(folder: string): Promise<LaunchOptions> {
  const { env, ...found } = await findChromium(folder);
  // In the locale "C" it gives a file to download no name with an umlaut.
  return { ...found, env: { ...process.env, ...env, LC_ALL: 'C.UTF-8' }, args: FLAGS };
}

/**
 * The Chromium to test with: the one that CHROMIUM_PATH names, else an installed one, else on Linux x64 the one of
 * the package @sparticuz/chromium.
 * @param folder - an empty folder, which is what the package is unpacked to
 */
async function findChromium(folder: string): Promise<Pick<LaunchOptions, 'executablePath' | 'env'>> {
  const executablePath = installedChromium(process.env);
  if (executablePath !== undefined) return { executablePath };
  // The package is of this platform only, and says so nowhere.
  if (process.platform === 'linux' && process.arch === 'x64') return unpackChromium(folder);
  throw new Error(NO_CHROMIUM);
}

/** The path of the Chromium that this machine has, if it has one. */
export function installedChromium({ CHROMIUM_PATH, PATH = '' }: Environment): string | undefined {
  if (CHROMIUM_PATH) {
    if (existsSync(CHROMIUM_PATH)) return CHROMIUM_PATH;
    throw new Error(`CHROMIUM_PATH names ${CHROMIUM_PATH}, which does not exist. Correct it, or unset it.`);
  }
  const folders = PATH.split(delimiter);
  const commands = COMMANDS.flatMap((command) => folders.map((folder) => join(folder, command)));
  return [...commands, ...APPLICATIONS].find((path) => existsSync(path));
}

/** Told that it is in a Lambda function, the package unpacks the libraries too that a bare Linux lacks. */
const AS_IN_LAMBDA = { AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x' };
const UNPACK = `import chromium from '@sparticuz/chromium'; await chromium.executablePath();`;

/** Of the package only the files are used: among the arguments it proposes is `--disable-web-security`. */
async function unpackChromium(
  folder: string,
): Promise<Required<Pick<LaunchOptions, 'executablePath' | 'env'>>> {
  // It unpacks to the folder for temporary files, where all share one. In a process of its own, that can be another.
  await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', UNPACK], {
    cwd: import.meta.dirname,
    env: { ...process.env, ...AS_IN_LAMBDA, TMPDIR: folder },
  });
  // Its own configuration of fonts names the folder that all share.
  const fonts = join(folder, 'fonts.conf');
  writeFileSync(
    fonts,
    `<fontconfig><dir>${folder}/fonts</dir><cachedir>${folder}/cache</cachedir></fontconfig>`,
  );
  return {
    executablePath: join(folder, 'chromium'),
    env: { ...process.env, LD_LIBRARY_PATH: join(folder, 'al2023/lib'), FONTCONFIG_FILE: fonts },
  };
}
