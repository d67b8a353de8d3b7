import { globSync, readFileSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAst } from 'vite';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** What imports another module, by its syntax: values and types, static and dynamic. */
const IMPORTING = [
  'ImportDeclaration',
  'ExportAllDeclaration',
  'ExportNamedDeclaration',
  'ImportExpression',
  'TSImportType',
];

/** The modules that each file imports: files of the project by their path from its root, packages by name. */
export type ImportGraph = ReadonlyMap<string, readonly string[]>;

/** @param folders - those whose files are read, from the project's root */
export function importGraph(folders: readonly string[]): ImportGraph {
  const files = folders.flatMap((folder) => globSync(`${folder}/**/*.{ts,tsx}`, { cwd: root }));
  return new Map(files.map((file) => [file, importsOf(file, readFileSync(join(root, file), 'utf8'))]));
}

/** @param file - its path from the project's root */
export function importsOf(file: string, source: string): string[] {
  const specifiers = specifiersIn(parseAst(source, { lang: extname(file) === '.tsx' ? 'tsx' : 'ts' }));
  return specifiers.map((specifier) =>
    specifier.startsWith('.') ? join(dirname(file), specifier) : specifier,
  );
}

function specifiersIn(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(specifiersIn);
  if (typeof node !== 'object' || node === null) return [];
  const { type, source } = node as { type?: string; source?: { value?: unknown } | null };
  const own = IMPORTING.includes(type ?? '') && typeof source?.value === 'string' ? [source.value] : [];
  return [...own, ...Object.values(node).flatMap(specifiersIn)];
}

/** All that a file imports, itself or by what it imports. */
export function reachableFrom(graph: ImportGraph, file: string): Set<string> {
  const reached = new Set<string>();
  const open = [file];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const imported of graph.get(next) ?? []) {
      if (reached.has(imported)) continue;
      reached.add(imported);
      open.push(imported);
    }
  }
  return reached;
}

/** The files that import themselves by way of others. */
export function circularFiles(graph: ImportGraph): string[] {
  return [...graph.keys()].filter((file) => reachableFrom(graph, file).has(file));
}
