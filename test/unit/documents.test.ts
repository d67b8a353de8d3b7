import { existsSync, globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const documents = globSync('*.md', { cwd: root });
const read = (name: string) => readFileSync(`${root}${name}`, 'utf8');

test.each(documents)('the links of %s lead somewhere', (name) => {
  const links = [...read(name).matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)/g)];
  const dead = links.filter(([, file, anchor]) => {
    const target = file || name;
    return !existsSync(`${root}${target}`) || (anchor !== undefined && !anchorsOf(target).includes(anchor));
  });
  expect(dead.map(([link]) => link)).toEqual([]);
});

test.each(documents)('the scripts that %s names are there', (name) => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const named = [...read(name).matchAll(/\bnpm run ([a-z][\w:-]*)/g)].map(([, script = '']) => script);
  expect(named.filter((script) => !Object.hasOwn(scripts, script))).toEqual([]);
});

/** As GitHub makes them of headings. */
function anchorsOf(name: string): string[] {
  const text = read(name).replaceAll(/^```.*?^```$/gms, '');
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}
