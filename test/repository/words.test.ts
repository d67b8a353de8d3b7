import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'vite';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

interface Word {
  readonly banned: RegExp;
  readonly write: string;
}

/** One word for each thing, the field's where it has one. */
const WORDS: readonly Word[] = [
  { banned: /\bsettl(?:e|es|ed|ing)\b/i, write: 'reconcile (entries), or handle (a batch)' },
  { banned: /\bbur(?:y|ies|ied|ying)\b/i, write: 'dead-letter' },
  { banned: /\bexhausted\b/i, write: 'dead-lettered' },
  { banned: /\breminders?\b/i, write: 'job check' },
  { banned: /\bclaims?\b/i, write: 'idempotency record' },
  { banned: /\bpassing (?:reason|trouble|error|fault)s?\b/i, write: 'transient, or retryable' },
  { banned: /\bso (?:many|much|long|often)\b(?! as)/i, write: 'maximum, at most, how many, how long' },
  { banned: /\b(?:is|are) none\b/i, write: 'is not a …, unknown, invalid' },
  { banned: /\bit is no\b/i, write: 'it is not a …' },
  { banned: /\bkeys? (?:\S+ ){0,3}(?:has|have) ended\b/i, write: 'expired' },
  { banned: /\blet it go on\b/i, write: 'keep running' },
  {
    banned: /\b(?:closeJob|settleEntries|buryUpdates|madeOnce)\b/,
    write: 'the name that the function has now',
  },
  { banned: /\b(?:the|an|its|no) answer\b/i, write: 'response' },
];

/** Words that are stored, sent or public, and so stay. */
const KEPT: readonly { text: string; in: string; because: string }[] = [
  { text: 'buried', in: 'lambdas/domain/', because: 'a member of the messages in the queue' },
  { text: 'Reminders', in: 'lib/infrastructure/', because: 'a logical id in deployed stacks' },
  { text: 'Exhausted', in: 'lib/infrastructure/', because: 'a logical id in deployed stacks' },
  { text: 'Reminders', in: 'docs/', because: 'a logical id in deployed stacks' },
  { text: 'Exhausted', in: 'docs/', because: 'a logical id in deployed stacks' },
  { text: 'is None', in: 'docs/integrators.md', because: 'Python' },
];

interface Text {
  readonly value: string;
  readonly start: number;
}

/** What people read of a source file: its comments, texts, and what JSX shows. */
function textsOf(path: string, source: string): Text[] {
  if (path.endsWith('.md')) return [{ value: source, start: 0 }];
  const { program, comments, errors } = parseSync(path, source);
  if (errors.length > 0) throw new Error(`${path} cannot be parsed: ${errors[0]?.message}`);
  return [...comments.map(({ value, start }) => ({ value, start })), ...stringsIn(program)];
}

function* stringsIn(node: unknown): Generator<Text> {
  if (Array.isArray(node)) {
    for (const member of node) yield* stringsIn(member);
  } else if (typeof node === 'object' && node !== null) {
    const { type, start = 0, value } = node as { type?: string; start?: number; value?: unknown };
    if (type === 'Literal' || type === 'JSXText') {
      if (typeof value === 'string') yield { value, start };
    } else {
      const { quasis = [], ...rest } = node as { quasis?: { value: { raw: string } }[] };
      if (quasis.length > 0) yield { value: quasis.map((quasi) => quasi.value.raw).join('…'), start };
      for (const member of Object.values(rest)) yield* stringsIn(member);
    }
  }
}

interface Found {
  readonly place: string;
  readonly found: string;
  readonly write: string;
}

function bannedIn(path: string, source: string): Found[] {
  return textsOf(path, source).flatMap(({ value, start }) => {
    const text = value.replaceAll(/\s*\n\s*(?:\*|\/\/)?\s*/g, ' ');
    return WORDS.flatMap(({ banned, write }) => {
      const [found] = banned.exec(text) ?? [];
      if (found === undefined || KEPT.some((kept) => path.startsWith(kept.in) && kept.text === found))
        return [];
      return { place: `${path}:${source.slice(0, start).split('\n').length}`, found, write };
    });
  });
}

const read = (path: string) => readFileSync(join(root, path), 'utf8');
const paths = globSync(['{lambdas,lib,bin}/**/*.{ts,tsx}', '*.md', 'docs/**/*.md'], { cwd: root }).sort();

test('no text has a word for which there is a better one', () => {
  const found = paths.flatMap((path) => bannedIn(path, read(path)));
  expect(found).toEqual([]);
});

test('every word that is kept is there', () => {
  const unused = KEPT.filter(({ in: folder, text }) =>
    paths
      .filter((path) => path.startsWith(folder))
      .every((path) => !textsOf(path, read(path)).some(({ value }) => value.includes(text))),
  );
  expect(unused).toEqual([]);
});

describe('a banned word is found', () => {
  test.each([
    ['a comment', '/** Settles what is left. */'],
    ['a comment of several lines', '/**\n * It holds so\n * many.\n */'],
    ['a text', "const a = 'The key has ended.';"],
    ['a template', ['const a = `The key $', '{b} has ended.`;'].join('')],
    ['what JSX shows', 'const a = <p>Let it go on</p>;'],
  ])('in %s', (_where, source) => {
    expect(bannedIn('a.tsx', source)).toHaveLength(1);
  });

  test('and not in names, which say what is stored or sent', () => {
    expect(bannedIn('a.ts', 'const { buried } = message; const claim = buried;')).toEqual([]);
  });
});
