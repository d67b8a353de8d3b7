import { expect, it } from 'vitest';
import { labelOfFile, withOptions } from '../../../../lib/client/job-label.ts';

const BODY = '{"processes":[{"id":"a","data":{"score":1.50}}]}';

it('a request without a label stays as it is', () => expect(withOptions(BODY, {})).toBe(BODY));

it('a label becomes the options of a request, whose items stay as they are written', () => {
  const label = { name: '"}', source: { file: 'a.csv', lines: [2] } };
  const labelled = withOptions(BODY, label);
  expect(labelled).toContain('"score":1.50');
  expect(JSON.parse(labelled)).toEqual({ ...JSON.parse(BODY), options: label });
});

it('a label that JSON would change is refused', () => {
  expect(() => withOptions(BODY, { source: { lines: [Number.NaN] } })).toThrow(
    'options.source.lines[0] is NaN',
  );
});

it('jobs are called like their file, as far as the API takes its name', () => {
  expect(labelOfFile('März 😀.csv')).toEqual({ name: 'März 😀.csv', file: 'März 😀.csv' });
  const long = '😀'.repeat(240);
  expect(labelOfFile(long)).toEqual({ name: '😀'.repeat(200), file: long });
  expect(labelOfFile('a\ud800.csv').name).toBe('a\ufffd.csv');
});
