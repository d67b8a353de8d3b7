import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const documents = globSync(['*.md', 'docs/**/*.md', '.github/*.md'], { cwd: root }).toSorted();
const read = (name: string) => readFileSync(`${root}${name}`, 'utf8');

test.each(documents)('the links of %s lead somewhere', (name) => {
  const links = [...read(name).matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)/g)];
  const dead = links.filter(([, file, anchor]) => {
    const target = file ? join(dirname(name), file) : name;
    return !existsSync(`${root}${target}`) || (anchor !== undefined && !anchorsOf(target).includes(anchor));
  });
  expect(dead.map(([link]) => link)).toEqual([]);
});

test.each(documents)('the scripts that %s names are there', (name) => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const named = [...read(name).matchAll(/\bnpm run ([a-z][\w:-]*)/g)].map(([, script = '']) => script);
  expect(named.filter((script) => !Object.hasOwn(scripts, script))).toEqual([]);
});

/** Decisions tell of their time, so the files that they name may have moved. */
const present = documents.filter((name) => !/^CHANGELOG|^docs\/decisions\/\d/.test(name));

test.each(present)('the files and folders that %s names are there', (name) => {
  const named = read(name).matchAll(/`((?:bin|lambdas|lib|settings|test|docs|\.github|\.ci)\/[\w./-]*)`/g);
  const missing = [...named].map(([, path = '']) => path).filter((path) => !existsSync(`${root}${path}`));
  expect(missing).toEqual([]);
});

test('the README fits 150 lines and names every guarantee of docs/guarantees.md', () => {
  const guarantees = (text: string) =>
    [...text.matchAll(/^\d+\. (\*\*.*?\*\*)/gm)].map(([, sentence]) => sentence);
  expect(read('README.md').trimEnd().split('\n').length).toBeLessThanOrEqual(150);
  expect(guarantees(read('docs/guarantees.md')).length).toBeGreaterThan(5);
  expect(guarantees(read('README.md'))).toEqual(guarantees(read('docs/guarantees.md')));
});

test('the index of decisions names every decision once, with its title, date and status', () => {
  const files = documents.filter((name) => /^docs\/decisions\/\d/.test(name));
  const rows = files.map((file) => {
    const [, title, status, date] = /^# (.*)\n\n- Status: (.*)\n- Date: (.*)\n/.exec(read(file)) ?? [];
    const base = file.slice('docs/decisions/'.length);
    return `| [${base.slice(0, 4)}](${base}) | ${title} | ${date} | ${status} |`;
  });
  expect(read('docs/decisions/README.md').match(/^\| \[.*$/gm)).toEqual(rows);
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
