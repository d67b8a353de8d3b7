import { describe, expect, it } from 'vitest';
import { MAX_ERRORS } from '../../../../lambdas/contract/limits.ts';
import { RequestError } from '../../../../lambdas/domain/request-error.ts';
import { readBody } from '../../../support/requests.ts';

/** Reads a request of two items with options. */
const read = (options: string, items = '{"id":"a"},{"id":"b"}') =>
  readBody(`{"processes":[${items}],"options":${options}}`);

/** What is wrong with the options of a request, as pointers and messages. */
const faultsOf = (options: string, items?: string): [pointer: string | undefined, message: string][] => {
  try {
    read(options, items);
    return [];
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    expect([...new Set(error.errors.map(({ code }) => code))]).toEqual(['INVALID_OPTION']);
    return error.errors.map(({ pointer, message }) => [pointer, message]);
  }
};

describe('options', () => {
  it('are given as they were sent', () => {
    const options = {
      name: ' leads\u0000\n😀.csv',
      source: { file: 'leads.csv', lines: [3, 2] },
      canary: 10_000,
      abortOn: { errorPercent: 0.5, after: 1 },
      onInvalid: 'reject',
    };
    expect(read(JSON.stringify(options)).options).toEqual(options);
    expect(readBody('{"processes":[]}').options).toEqual({});
  });

  it.each([
    ['{"name":""}', '/options/name', '"name": "" does not have 1 to 200 characters.'],
    ['{"name":1.50}', '/options/name', '"name": 1.50 is not text: send 1 to 200 characters.'],
    ['{"name":"\\ud800"}', '/options/name', 'half of a surrogate pair'],
    ['{"source":[]}', '/options/source', '"source": an array is not an object'],
    ['{"source":{"file":null}}', '/options/source/file', '"file": null is not text'],
    ['{"source":{"lines":{}}}', '/options/source/lines', '"lines": an object is not an array'],
    [
      '{"source":{"lines":[2]}}',
      '/options/source/lines',
      '"lines" has 1 line numbers, and "processes" has 2',
    ],
    ['{"source":{"lines":[2,0]}}', '/options/source/lines/1', '"lines": 0 is not a line number'],
    ['{"source":{"lines":[2,1e999]}}', '/options/source/lines/1', '"lines": 1e999 is not a line number'],
    ['{"source":{"lines":[9007199254740993,1]}}', '/options/source/lines/0', '9007199254740993 is not'],
    ['{"source":{"lines":[2.00000000000000000001,3]}}', '/options/source/lines/0', 'cannot be kept exactly'],
    ['{"source":{"flie":"x"}}', '/options/source/flie', 'not a member of "source". Did you mean "file"?'],
    [
      '{"onInvalid":"rejct"}',
      '/options/onInvalid',
      '"onInvalid": "rejct" is neither "skip" nor "reject": send one of them.',
    ],
    ['{"onInvalid":"Reject"}', '/options/onInvalid', '"Reject" is neither'],
    ['{"onInvalid":true}', '/options/onInvalid', '"onInvalid": true is neither'],
    ['{"onInvalid":null}', '/options/onInvalid', '"onInvalid": null is neither'],
    ['{"oninvalid":"reject"}', '/options/oninvalid', 'Did you mean "onInvalid"?'],
    ['{"nmae":"x"}', '/options/nmae', '"nmae" is not an option. Did you mean "name"?'],
    [
      '{"colour":true}',
      '/options/colour',
      '"colour" is not an option. Leave it out: there are "name", "source", "canary", "abortOn", "onInvalid", "onMissing", "plan".',
    ],
    ['{"canary":0}', '/options/canary', '"canary": 0 is not a number of entries: send a whole number from 1'],
    ['{"canary":10001}', '/options/canary', '10001 is not a number of entries'],
    ['{"canary":1.5}', '/options/canary', '1.5 is not a number of entries'],
    ['{"canary":"5"}', '/options/canary', '"5" is not a number of entries'],
    ['{"canary":null}', '/options/canary', 'null is not a number of entries'],
    ['{"abortOn":5}', '/options/abortOn', '"abortOn": 5 is not an object'],
    ['{"abortOn":[]}', '/options/abortOn', '"abortOn": an array is not an object'],
    ['{"abortOn":{}}', '/options/abortOn', '"errorPercent" is missing in "abortOn"'],
    ['{"abortOn":{"after":5}}', '/options/abortOn', '"errorPercent" is missing in "abortOn"'],
    ['{"abortOn":{"errorPercent":-1}}', '/options/abortOn/errorPercent', '-1 is not a percentage'],
    ['{"abortOn":{"errorPercent":100.5}}', '/options/abortOn/errorPercent', '100.5 is not a percentage'],
    ['{"abortOn":{"errorPercent":5,"after":0}}', '/options/abortOn/after', '0 is not a number of entries'],
    ['{"abortOn":{"errorPercent":5,"aftr":9}}', '/options/abortOn/aftr', 'Did you mean "after"?'],
    ['{"dry_run":true}', '/options/dry_run', 'but dryRun is a parameter of the URL'],
    ['{"__proto__":{"name":"x"}}', '/options/__proto__', 'is not an option'],
  ])('%s are refused, and told where', (options, pointer, said) => {
    expect(faultsOf(options)).toEqual([[pointer, expect.stringContaining(said)]]);
  });

  it('are told all that is wrong with them', () => {
    const options =
      '{"name":7,"canry":1,"abortOn":{"errorPercent":101,"x":1},"source":{"file":8,"lines":[0,2,-1],"x":1}}';
    expect(faultsOf(options, '1,2,3').map(([pointer]) => pointer)).toEqual([
      '/options/canry',
      '/options/source/x',
      '/options/abortOn/x',
      '/options/name',
      '/options/source/file',
      '/options/source/lines/0',
      '/options/source/lines/2',
      '/options/abortOn/errorPercent',
    ]);
  });

  it('are looked at only as far as errors are listed', () => {
    const many = Array(10_000).fill(0).join();
    expect(faultsOf(`{"source":{"lines":[${many}]}}`, many)).toHaveLength(MAX_ERRORS);
    const tooMany = Array(50_000).fill('0').join();
    expect(faultsOf(`{"source":{"lines":[${tooMany}]}}`)).toHaveLength(1);
    // Too many items are refused for themselves.
    expect(faultsOf(`{"source":{"lines":[${tooMany}]}}`, tooMany)).toEqual([]);
  });
});
