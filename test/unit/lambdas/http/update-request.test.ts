import { describe, expect, it } from 'vitest';
import { MAX_ERRORS } from '../../../../lambdas/contract/limits.ts';
import type { RequestError } from '../../../../lambdas/domain/request-error.ts';
import { codesOf, readBody } from '../../../support/requests.ts';

const BODY = '{"processes":[{"id":"a","state":"NEW"}]}';

describe('a body', () => {
  it.each([
    ['', '400 MALFORMED_JSON'],
    [' ', '400 MALFORMED_JSON'],
    ['{', '400 MALFORMED_JSON'],
    ['NaN', '400 MALFORMED_JSON'],
    ['null', '400 PROCESSES_MISSING'],
    ['[]', '400 PROCESSES_MISSING'],
    ['"x"', '400 PROCESSES_MISSING'],
    ['{}', '400 PROCESSES_MISSING'],
    ['{"processes":null}', '400 PROCESSES_MISSING'],
    ['{"processes":{}}', '400 PROCESSES_MISSING'],
    ['{"__proto__":{"processes":[]}}', '400 PROCESSES_MISSING'],
    ['{"processes":[],"processes":[]}', '400 DUPLICATE_KEY'],
    [BODY, 'accepted'],
    ['{"processes":[],"more":1e400}', '400 UNKNOWN_MEMBER'],
    ['{"processes":[],"Processes":[]}', '400 UNKNOWN_MEMBER'],
    ['{"processes":[],"__proto__":1}', '400 UNKNOWN_MEMBER'],
    ['{"processes":[],"option":{"plan":true},"dryRun":true}', '400 UNKNOWN_MEMBER,UNKNOWN_MEMBER'],
    ['{"processes":[],"options":{}}', 'accepted'],
    ['{"processes":[],"options":{"planned":true,"__proto__":1}}', '400 INVALID_OPTION,INVALID_OPTION'],
    ['{"processes":[],"options":null}', '400 INVALID_OPTION'],
    ['{"processes":[],"options":[]}', '400 INVALID_OPTION'],
    ['{"processes":[],"options":{"a":1},"x":1}', '400 UNKNOWN_MEMBER,INVALID_OPTION'],
    ['{"processes":[],"options":{},"options":{"plan":true}}', '400 DUPLICATE_KEY'],
  ])('%s: %s', (body, code) => expect(codesOf(() => readBody(body))).toBe(code));

  it.each([
    ['[]', 'accepted'],
    [' \n[{"id":"a"}]', 'accepted'],
    [BODY, 'accepted'],
    ['[{"id":"a"}],"options":{"plan":true}', '400 MALFORMED_JSON'],
    ['[{"id":"a"}],"processes":[]', '400 MALFORMED_JSON'],
    ['[{"id":"a"}]}', '400 MALFORMED_JSON'],
    ['"[]"', '400 PROCESSES_MISSING'],
    ['null', '400 PROCESSES_MISSING'],
  ])('of a bulk-create, %s: %s', (body, code) => expect(codesOf(() => readBody(body, {}, 'all'))).toBe(code));

  it('that has what is not known is told where, and what may be meant', () => {
    const refused = (body: string) => {
      try {
        readBody(body);
      } catch (error) {
        return (error as RequestError).errors.map(({ pointer, message }) => [pointer, message]);
      }
    };
    expect(refused('{"processes":[],"opt-ions":{},"options":{"a/b":1}}')).toEqual([
      ['/opt-ions', expect.stringContaining('the nearest is "options"')],
      ['/options/a~1b', expect.stringMatching(/^"a\/b" is not an option\. Leave it out/)],
    ]);
    const many = JSON.stringify(Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`m${i}`, 1])));
    expect(refused(`{"processes":[],"options":${many},${many.slice(1)}`)).toHaveLength(2 * MAX_ERRORS);
    expect(refused('{"processes":[],"options":1}')).toEqual([['/options', expect.stringContaining('is 1')]]);
  });
});
