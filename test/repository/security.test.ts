import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const root = new URL('../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');

/** Names of tests that docs/security-model.md quotes, with the file that it names before them. */
const quoted = [
  ...read('docs/security-model.md').matchAll(/`(test\/[\w/.-]+\.ts)`((?:,? "[^"]+")+)/g),
].flatMap(([, file = '', names = '']) =>
  [...names.matchAll(/"([^"]+)"/g)].map(([, name = '']) => ({ file, name })),
);

it('docs/security-model.md names tests', () => {
  expect(quoted.length).toBeGreaterThan(20);
});

it.each(quoted)('$file has the test "$name"', ({ file, name }) => {
  // A part such as `$name` stands for what the title has from its case.
  const title = name.split(/\$\w+/).map(RegExp.escape).join('.+');
  expect(read(file)).toMatch(new RegExp(`['"\`]${title}['"\`]`));
});
