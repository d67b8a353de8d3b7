import { execFileSync } from 'node:child_process';
import { globSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { licencesOf } from '../../lib/build/licences.ts';
import { bundle } from '../../lib/infrastructure/functions/function-code.ts';
import { temporaryFolder } from '../support/folder.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The packages that files import for more than their types, with the text of their licence where they bring it. */
function importedBy(...patterns: string[]): { name: string; text: string | undefined }[] {
  const files = patterns.flatMap((pattern) => globSync(pattern, { cwd: root }));
  const imports = files.flatMap((file) => [
    ...readFileSync(join(root, file), 'utf8').matchAll(/^import (?!type )[^;]*? from '([^.'][^']*)'/gm),
  ]);
  const names = imports.flatMap(([, path = '']) => /^(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []);
  const packages = [...new Set(names)].filter((name) => !isBuiltin(name)).sort();
  return packages.map((name) => {
    const folder = join(root, 'node_modules', name);
    const [file] = readdirSync(folder).filter((each) => /^licen[cs]e/i.test(each));
    return { name, text: file === undefined ? undefined : readFileSync(join(folder, file), 'utf8').trim() };
  });
}

/** Regardless of how lines are broken and indented. */
const words = (text: string) => text.replace(/\s+/g, ' ');

test('the functions bring the licence of each package that they import', () => {
  const entries = globSync('lambdas/*.ts', { cwd: root }).map((file) => join(root, file));
  const bundles = [...bundle(entries).values()];
  const all = bundles.map(({ licences }) => licences).join('\n');
  const packages = importedBy('lambdas/{,adapters/,contract/,domain/,http/,runtime/}*.ts');
  expect(packages.map(({ name }) => name)).toContain('valibot');
  for (const { name, text } of packages) {
    expect(all, name).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\(`, 'm'));
    if (text !== undefined) expect(words(all)).toContain(words(text));
  }
  expect(all).toContain('Copyright (c) Middy contributors');
  // The SDK's modules, which ours do not import themselves, are in it too.
  expect(all).toMatch(/^@smithy\/core /m);
  for (const { code, licences } of bundles) expect(licences.length).toBeLessThan(code.length / 2);
});

test('the console brings the licence of each package that it imports', () => {
  const folder = temporaryFolder();
  execFileSync(process.execPath, [join(root, 'lib/console/build.ts'), folder]);
  const licences = readFileSync(join(folder, 'THIRD-PARTY-LICENSES.md'), 'utf8');
  const packages = importedBy('lib/console/{hooks,jobs,model,send,ui}/*.{ts,tsx}', 'lib/console/*.tsx');
  expect(packages.map(({ name }) => name)).toContain('preact');
  for (const { name, text } of packages) {
    expect(licences).toContain(`## ${name} - `);
    expect(words(licences), name).toContain(words(text ?? ''));
  }
});

test('a package whose licence is not known is not bundled', () => {
  expect(licencesOf({ 'node_modules/valibot/dist/index.mjs': { bytesInOutput: 1 } })).toContain(
    'MIT License',
  );
  const folder = join(temporaryFolder(), 'node_modules/unknown');
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'package.json'),
    '{"name":"unknown","version":"1.2.3","license":"SEE LICENSE IN X"}',
  );
  const path = join(relative(root, folder), 'index.js');
  expect(() => licencesOf({ [path]: { bytesInOutput: 1 } })).toThrow(
    'unknown 1.2.3 is bundled, and its licence',
  );
});
