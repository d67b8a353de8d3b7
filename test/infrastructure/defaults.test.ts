import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const folder = fileURLToPath(new URL('../../lib/infrastructure/', import.meta.url));

/** Optional properties of constructs, each with the comment above it. */
function optionalProperties(source: string): { name: string; comment: string }[] {
  const found = source.matchAll(/(\/\*\*(?:(?!\*\/).)*\*\/\s*)?\n {2}readonly (\w+)\?:/gs);
  return [...found].map(([, comment = '', name = '']) => ({ name, comment }));
}

const properties = globSync('**/*.ts', { cwd: folder }).flatMap((file) =>
  optionalProperties(readFileSync(join(folder, file), 'utf8')).map((property) => ({ file, ...property })),
);

it('there are optional properties', () => {
  expect(properties.length).toBeGreaterThan(15);
});

it.each(properties)('$file: $name says its default', ({ comment }) => {
  // One that is handed on names the property that says it.
  expect(comment).toMatch(/@default |@see \w+\.\w+/);
});
