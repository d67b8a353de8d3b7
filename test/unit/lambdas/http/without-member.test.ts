import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withoutMember } from '../../../../lambdas/http/without-member.ts';

describe('an object without one of its members', () => {
  const value = fc.json({ maxDepth: 2 });
  const name = fc.oneof(fc.string(), fc.constantFrom('a', '"', '\\', '{', ','));
  const space = fc.constantFrom('', ' ', '\n', '\t ');

  it('is written as if it had never had it', () => {
    const members = fc.uniqueArray(fc.tuple(name, value), {
      minLength: 1,
      maxLength: 4,
      selector: ([key]) => key,
    });
    fc.assert(
      fc.property(members, value, fc.nat(), space, (others, taken, at, gap) => {
        const written = others
          .filter(([key]) => key !== 'options')
          .map(([key, json]) => `${gap}${JSON.stringify(key)}${gap}:${json}`);
        fc.pre(written.length > 0);
        const withIt = written.toSpliced(at % (written.length + 1), 0, `${gap}"options":${taken}`);
        expect(withoutMember(`{${withIt}}${gap}`, 'options')).toBe(`{${written}}${gap}`);
        expect(withoutMember(`{${written}}`, 'options')).toBe(`{${written}}`);
      }),
    );
  });

  it.each([
    ['{"processes":[{"options":1}],"options":{"name":"x"}}', '{"processes":[{"options":1}]}'],
    ['{"opt\\u0069ons":{},"processes":[]}', '{"processes":[]}'],
    ['{"processes":"options"}', '{"processes":"options"}'],
  ])('%s is %s', (text, without) => expect(withoutMember(text, 'options')).toBe(without));
});
