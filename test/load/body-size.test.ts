import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { MAX_ERRORS } from '../../lambdas/contract/limits.ts';
import { checkItems } from '../../lambdas/domain/accept-updates.ts';
import { MAX_LEVELS } from '../../lambdas/domain/inspect-json.ts';
import type { SubmittedEntry } from '../../lambdas/domain/submission.ts';
import { MAX_BODY_BYTES } from '../../lambdas/http/json-body.ts';
import { aProcedure } from '../support/builders.ts';
import { codesOf, readBody } from '../support/requests.ts';

describe('a body', () => {
  it('nested too deeply is refused before it is parsed, which takes a gigabyte', () => {
    const text = '['.repeat(MAX_BODY_BYTES);
    expect(codesOf(() => readBody(gzipSync(text), { 'content-encoding': 'gzip' }))).toBe(
      '400 MALFORMED_BODY',
    );
  });
});

describe('what parsing would lose', () => {
  it('costs the memory of what is listed', () => {
    const depth = MAX_LEVELS - 10;
    const item = `{"id":"a","data":${'{"city":'.repeat(depth)}[${Array(200_000).fill('1e999')}]${'}'.repeat(depth)}}`;
    const before = process.memoryUsage().heapUsed;
    const { textErrors } = readBody(`{"processes":[${item}]}`);
    const { listed = [] } = textErrors.get(0)?.(MAX_ERRORS) ?? {};
    expect(JSON.stringify(listed).length).toBeLessThan(100_000);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(200e6);
  });

  it('lists as many errors of all items together as the memory holds, and at least one of each', () => {
    const item = `{"id":"a","data":{${Array(120).fill('"city":1').join()},${Array(40).fill('"score":1e999').join()}}}`;
    const request = readBody(`{"processes":[${Array(10_000).fill(item)}]}`);
    let characters = 0;
    const last: SubmittedEntry[] = [];
    checkItems({ procedure: aProcedure(), ...request }, (entry) => {
      characters += JSON.stringify(entry.errors).length;
      last[0] = entry;
    });
    expect(characters).toBeLessThan(2 * MAX_BODY_BYTES);
    expect(last[0]?.errors).toMatchObject([
      { code: 'DUPLICATE_KEY', pointer: '/processes/9999/data/city' },
      { code: 'TOO_MANY_ERRORS', message: expect.stringMatching(/has \d+ more errors/) },
    ]);
  });
});
