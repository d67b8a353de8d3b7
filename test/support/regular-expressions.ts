import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import vm from 'node:vm';
import fc from 'fast-check';
import { parseSync } from 'vite';

/** A regular expression of the source. */
export interface Found {
  /** File and line. */
  place: string;
  /** Undefined if it is made at run time, so that nothing can be said of it. */
  expression: RegExp | undefined;
}

/** Collects every regular expression of the TypeScript files below some folders. */
export function regularExpressionsOf(folders: readonly string[]): Found[] {
  return folders.flatMap(sourceFiles).flatMap((file) => {
    const source = readFileSync(file, 'utf8');
    const { program, errors } = parseSync(file, source);
    if (errors.length > 0) throw new Error(`${file} cannot be parsed: ${errors[0]?.message}`);
    return expressionsIn(program).map(({ start, expression }) => ({
      place: `${file}:${source.slice(0, start).split('\n').length}`,
      expression,
    }));
  });
}

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => join(folder, name))
    .sort();
}

interface Node {
  type?: unknown;
  start?: unknown;
  regex?: { pattern: string; flags: string };
  callee?: { name?: unknown };
}

/** Walks through a syntax tree, whatever its nodes are. */
function expressionsIn(value: unknown): { start: number; expression: RegExp | undefined }[] {
  if (typeof value !== 'object' || value === null || value instanceof RegExp) return [];
  const { type, start, regex, callee } = value as Node;
  const below = Object.values(value).flatMap(expressionsIn);
  if (regex !== undefined && type === 'Literal') {
    return [{ start: Number(start), expression: new RegExp(regex.pattern, regex.flags) }];
  }
  const isMade = (type === 'NewExpression' || type === 'CallExpression') && callee?.name === 'RegExp';
  return isMade ? [{ start: Number(start), expression: undefined }, ...below] : below;
}

/** The text of one item: bodies are longer, and what is linear here is linear there. */
const LENGTH = 320 * 1024;
/** A linear expression takes a few milliseconds for such a text, one that is quadratic half a minute. */
const TIMEOUT_MS = 2_000;
/** A fortieth of it is tried first. Whatever is quadratic and fast enough there meets the timeout at full length. */
const FIRST_LENGTH = LENGTH / 40;
const FIRST_MS = 5;

/** Characters that mean something in the formats we read. */
const ALPHABET = '0195aeEzAZ \t\n\r\0.,;:-+*/\\|_~#%&=@!?<>()[]{}"\'`^$\uFEFF\u00A0\uD800é＝';
/** What makes a match fail at the end, whatever came before. */
const ENDS = ['\0', '\n'];

/** A text that repeats a part, between a beginning that matches and an end that does not. */
interface Hostile {
  beginning: string;
  part: string;
  end: string;
}

/** Makes the texts that code may need long for which is made for texts such as the samples. */
function* hostileTexts(samples: readonly string[]): Generator<Hostile> {
  const alone = [...ALPHABET, ...samples.flatMap(partsOf)].map((part): [string, string] => ['', part]);
  const seen = new Set<string>();
  for (const [beginning, part] of [...alone, ...samples.flatMap(withBeginnings)]) {
    const key = JSON.stringify([beginning, part]);
    if (seen.has(key)) continue;
    seen.add(key);
    for (const end of ENDS) yield { beginning, part, end };
  }
}

/** Parts of up to three characters, and all beginnings. */
function partsOf(sample: string): string[] {
  const starts = Array.from(sample, (_, start) => start);
  return starts.flatMap((start) => [
    sample.slice(0, start + 1),
    ...[1, 2, 3].map((length) => sample.slice(start, start + length)),
  ]);
}

/** At each place of a match, repeats what stands around it, or one of what a class there may allow. */
function withBeginnings(sample: string): [string, string][] {
  return Array.from(sample).flatMap((_, index) => {
    const end = index + 1;
    const beginning = sample.slice(0, end);
    const parts = [
      sample.slice(index, end),
      sample.slice(end - 2, end),
      sample.slice(end, end + 2),
      ...' 0a',
    ];
    return parts.filter((part) => part !== '').map((part): [string, string] => [beginning, part]);
  });
}

/** Texts that match; none of an expression with syntax that the generator does not know. */
function samplesOf({ source, flags }: RegExp): string[] {
  try {
    const known = new RegExp(source, flags.replace('v', ''));
    return fc.sample(fc.stringMatching(known, { size: 'xsmall' }), { numRuns: 3, seed: 1 });
  } catch {
    return [];
  }
}

/** Returns a text that an expression takes too long for, or undefined. */
export function slowText(expression: RegExp): string | undefined {
  // One match or none: replacing every match of a long text takes its time, linear as it is.
  return slowTextOf((text) => text.search(expression), [...samplesOf(expression), ...expression.source]);
}

/**
 * Returns a text that some code takes too long for, or undefined.
 * @param samples - texts that the code is made for
 */
export function slowTextOf(run: (text: string) => unknown, samples: readonly string[]): string | undefined {
  const texts = [...hostileTexts(samples)];
  let suspects = texts;
  // All at once, since watching the time of each takes longer than most need. If that is stopped, each is tried alone.
  isStopped(() => {
    suspects = texts.filter((text) => {
      const start = performance.now();
      run(textOf(text, FIRST_LENGTH));
      return performance.now() - start > FIRST_MS;
    });
  });
  const slow = suspects.find((text) =>
    [FIRST_LENGTH, LENGTH].some((length) => isStopped(() => run(textOf(text, length)))),
  );
  return slow === undefined ? undefined : JSON.stringify(slow);
}

function textOf({ beginning, part, end }: Hostile, length: number): string {
  return beginning + part.repeat(length / part.length) + end;
}

/** Whether code takes longer than the timeout. Only a script can be stopped, with all that it calls. */
function isStopped(act: () => unknown): boolean {
  try {
    new vm.Script('act()').runInContext(vm.createContext({ act }), { timeout: TIMEOUT_MS });
    return false;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
    return true;
  }
}
