import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Metafile } from 'esbuild';

/** Name of the file beside a bundle. */
export const LICENCES_FILE = 'THIRD-PARTY-LICENSES.txt';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What licences ask to be passed on with the code: their texts, and notices. */
const LICENCE_FILE = /^(licen[cs]e|copying|notice)(-[\w.]+)?(\.(md|txt))?$/i;

const textIn = (file: string) => readFileSync(join(root, 'node_modules', file), 'utf8');

/** Texts for packages that leave them out, by the SPDX identifier: those of other packages, which are worded alike. */
const TEXTS: Readonly<Record<string, (holder: string) => string>> = {
  'Apache-2.0': () => textIn('@aws-sdk/client-dynamodb/LICENSE'),
  ISC: (holder) => textIn('semver/LICENSE').replace(/^Copyright .*$/m, `Copyright (c) ${holder}`),
  MIT: (holder) => textIn('valibot/LICENSE.md').replace(/^Copyright .*$/m, `Copyright (c) ${holder}`),
  'MIT-0': () =>
    'MIT No Attribution, which asks for no copy of its text: https://spdx.org/licenses/MIT-0.html',
};

/**
 * The licences of the packages of which code is in a bundle, each text once.
 * @param inputs - of an output in esbuild's metafile, whose paths begin at the project's folder
 * @throws Error at a package whose licence is not known
 */
export function licencesOf(inputs: Metafile['outputs'][string]['inputs']): string {
  const packagesByText = new Map<string, string[]>();
  for (const folder of packagesOf(Object.keys(inputs))) {
    const path = join(root, folder);
    const { name, version, license, author } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'));
    const own = readdirSync(path).filter((file) => LICENCE_FILE.test(file));
    const texts = own.map((file) => readFileSync(join(path, file), 'utf8'));
    if (own.length === 0) texts.push(TEXTS[license]?.(author.name ?? author) ?? '');
    const text = texts.join('\n\n').replaceAll('\r\n', '\n').trim();
    if (text === '')
      throw new Error(`${name} ${version} is bundled, and its licence ${license} is not known.`);
    packagesByText.set(text, [...(packagesByText.get(text) ?? []), `${name} ${version} (${license})`]);
  }
  const sections = [...packagesByText].map(([text, packages]) => `${packages.join('\n')}\n\n${text}\n`);
  return sections.join(`\n${'-'.repeat(80)}\n\n`);
}

/** Folders of the packages that files are of. */
export function packagesOf(files: readonly string[]): string[] {
  const folders = files.flatMap((file) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []);
  return [...new Set(folders)].sort();
}
