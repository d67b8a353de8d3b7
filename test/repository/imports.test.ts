import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { circularFiles, importGraph, importsOf, reachableFrom } from '../support/import-graph.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const graph = importGraph(['bin', 'lib', 'lambdas', 'test']);

describe('imports', () => {
  it('are found in every form', () => {
    const source = `import type { A } from './a.ts'; import { type B } from './b.ts'; export type * from './c.ts';
      export { d } from './d.ts'; type E = import('./e.ts').E; await import('./f.ts'); import './g.ts'; import h from 'h';`;
    const files = [...'abcdefg'].map((letter) => `lib/x/${letter}.ts`);
    expect(importsOf('lib/x/all.ts', source).toSorted()).toEqual(['h', ...files]);
  });

  it('name files that exist', () => {
    const own = [...graph.values()].flat().filter((name) => /^(bin|lib|lambdas|test)\/.*\.tsx?$/.test(name));
    expect(own.length).toBeGreaterThan(1_000);
    expect(own.filter((name) => !graph.has(name))).toEqual([]);
  });

  it('form no circle, also not by types alone', () => {
    expect(circularFiles(graph)).toEqual([]);
  });

  it('of a circle are told', () => {
    const circle = new Map([
      ['a.ts', ['b.ts']],
      ['b.ts', ['c.ts', 'd.ts']],
      ['c.ts', ['a.ts']],
      ['d.ts', []],
    ]);
    expect(circularFiles(circle)).toEqual(['a.ts', 'b.ts', 'c.ts']);
  });

  it('of CDK are those of the infrastructure alone', () => {
    const importing = [...graph].filter(([, names]) => names.some((name) => /^aws-cdk-lib\b/.test(name)));
    const files = importing.map(([file]) => file).filter((file) => !file.startsWith('test/'));
    expect(files).toContain('lib/infrastructure/stack.ts');
    expect(files.filter((file) => !file.startsWith('lib/infrastructure/'))).toEqual(['bin/app.ts']);
  });

  it.each([...graph.keys()].filter((file) => file.startsWith('bin/') && file !== 'bin/app.ts'))(
    '%s does not load CDK',
    (command) => {
      const loaded = [...reachableFrom(graph, command)];
      expect(loaded.length).toBeGreaterThan(0);
      expect(loaded.filter((name) => /^(aws-cdk-lib|constructs|cdk-nag)\b/.test(name))).toEqual([]);
    },
  );
});

/** Which room imports which; `lambdas` are the functions themselves, a file each. docs/architecture.md tells why. */
const ARROWS: Record<string, readonly string[]> = {
  bin: [
    'lib/cli',
    'lib/client',
    'lib/infrastructure',
    'lib/local',
    'lib/openapi',
    'lib/operations',
    'lambdas/contract',
  ],
  'lib/build': [],
  'lib/cli': ['lib/client', 'lambdas/rows', 'lambdas/contract'],
  'lib/client': ['lambdas/rows', 'lambdas/contract'],
  'lib/console': ['lib/client', 'lambdas/rows', 'lambdas/contract'],
  'lib/infrastructure': ['lib/openapi', 'lib/build', 'lambdas/contract'],
  'lib/local': ['lib/infrastructure', 'lambdas/contract'],
  'lib/openapi': ['lambdas/contract'],
  'lib/operations': ['lambdas/contract'],
  lambdas: ['lambdas/contract', 'lambdas/domain', 'lambdas/adapters', 'lambdas/http', 'lambdas/runtime'],
  'lambdas/contract': [],
  'lambdas/rows': ['lambdas/contract'],
  'lambdas/domain': ['lambdas/rows', 'lambdas/contract'],
  'lambdas/adapters': ['lambdas/domain', 'lambdas/contract'],
  'lambdas/http': ['lambdas/domain', 'lambdas/rows', 'lambdas/contract'],
  'lambdas/runtime': ['lambdas/contract'],
  test: [],
};
const ROOMS = Object.keys(ARROWS);

/** Packages and modules of Node.js that a room must not import. */
const FOREIGN: Record<string, readonly string[]> = {
  'lib/client': ['node:fs', '@aws-sdk/client-sqs'],
  'lib/console': ['node:fs', '@aws-sdk/client-sqs'],
  'lambdas/contract': ['node:fs', '@aws-sdk/client-sqs', '@middy/core'],
  'lambdas/rows': ['node:fs', '@aws-sdk/client-sqs', '@middy/core'],
  'lambdas/domain': ['@aws-sdk/client-sqs', '@middy/core', '@aws-lambda-powertools/logger'],
  'lambdas/adapters': ['@middy/core'],
  'lambdas/http': ['@aws-sdk/client-sqs'],
};

interface Planted {
  from: string;
  to: string;
  file: string;
  specifier: string;
}

/** One import of each room by each other, from a file at its root and, where it may have folders, from one within. */
function planted(): Planted[] {
  return ROOMS.filter((room) => room !== 'test').flatMap((from) => {
    const files = from.startsWith('lib/') ? ['planted.ts', 'within/planted.ts'] : ['planted.ts'];
    return files.flatMap((name) => {
      const file = join(from, name);
      const rooms = ROOMS.filter((to) => to !== from || from === 'lambdas').map((to) => {
        const path = relative(dirname(file), join(to, 'other.ts'));
        return { from, to, file, specifier: path.startsWith('.') ? path : `./${path}` };
      });
      const foreign = (FOREIGN[from] ?? []).map((to) => ({ from, to, file, specifier: to }));
      return [...rooms, ...foreign];
    });
  });
}

const folder = mkdtempSync(join(tmpdir(), 'bulk-update-imports-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What the linter refuses of the planted imports, as `file specifier`. */
function refused(imports: readonly Planted[]): Set<string> {
  for (const name of ['biome.json', 'biome.imports.json']) cpSync(join(root, name), join(folder, name));
  for (const [file, of] of Object.entries(Object.groupBy(imports, ({ file }) => file))) {
    mkdirSync(join(folder, dirname(file)), { recursive: true });
    writeFileSync(join(folder, file), (of ?? []).map(({ specifier }) => `import '${specifier}';\n`).join(''));
  }
  const biome = join(root, 'node_modules/.bin/biome');
  const options = ['--only=style/noRestrictedImports', '--vcs-enabled=false', '--max-diagnostics=none'];
  let report: string;
  try {
    report = execFileSync(biome, ['lint', ...options, '--reporter=json', '.'], {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch (error) {
    // Refusals end it with status 1.
    report = (error as { stdout: string }).stdout;
  }
  return new Set(
    (JSON.parse(report) as Report).diagnostics.map(({ location: { path, start } }) => {
      const of = imports.filter(({ file }) => file === path);
      return `${path} ${of[start.line - 1]?.specifier}`;
    }),
  );
}

interface Report {
  diagnostics: { location: { path: string; start: { line: number } } }[];
}

describe('the linter', () => {
  const imports = planted();
  const told = refused(imports);
  const isAllowed = ({ from, to }: Planted) => ARROWS[from]?.includes(to) ?? false;

  it('knows every room', () => {
    const folders = ['lib', 'lambdas'].flatMap((parent) =>
      readdirSync(join(root, parent), { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map(({ name }) => `${parent}/${name}`),
    );
    expect(ROOMS).toEqual(expect.arrayContaining(folders));
  });

  it.each(imports.filter((one) => !isAllowed(one)))('refuses that $file imports $specifier', (one) => {
    expect(told).toContain(`${one.file} ${one.specifier}`);
  });

  it.each(imports.filter(isAllowed))('lets $file import $specifier', (one) => {
    expect(told).not.toContain(`${one.file} ${one.specifier}`);
  });
});
