import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { attributeSchema } from '../../lambdas/domain/attribute-types.ts';
import { ATTRIBUTE_TYPES, type Attribute } from '../../lambdas/domain/procedure.ts';

const COLOURS: Attribute = { type: 'stringEnum', options: ['red', 'blue'] };
const SIZES: Attribute = { type: 'integerEnum', options: [1, 2] };
const RATES: Attribute = { type: 'floatEnum', options: [0.5, 1] };

function parsed(attribute: Attribute, value: unknown) {
  return v.safeParse(attributeSchema(attribute), value, { abortPipeEarly: true });
}

describe('a value of the type', () => {
  it.each<[Attribute, unknown, unknown]>([
    [{ type: 'string' }, '', ''],
    [{ type: 'text' }, 'two\nlines', 'two\nlines'],
    [{ type: 'name' }, 'Ada Lovelace', 'Ada Lovelace'],
    [{ type: 'stringId' }, 'a-1', 'a-1'],
    [{ type: 'integerId' }, 105, '105'],
    [{ type: 'integerId' }, '105', '105'],
    [{ type: 'email' }, 'ada@example.com', 'ada@example.com'],
    [{ type: 'phone' }, '+91 (990) 125-8433', '+91 (990) 125-8433'],
    [{ type: 'phone' }, 9901258433, '9901258433'],
    [{ type: 'integer' }, '105', 105],
    [{ type: 'number' }, '105', 105],
    [{ type: 'float' }, '1.5', 1.5],
    [{ type: 'decimal' }, 1.5, 1.5],
    [{ type: 'boolean' }, false, false],
    [COLOURS, 'red', 'red'],
    [SIZES, '2', 2],
    [RATES, '0.5', 0.5],
    [{ ...COLOURS, type: 'multiStringEnum' }, ['blue', 'red'], ['blue', 'red']],
    [{ ...SIZES, type: 'multiIntegerEnum' }, ['1', 2], [1, 2]],
    [{ ...RATES, type: 'multiFloatEnum' }, [], []],
    [{ type: 'date' }, '2026-11-24', Date.UTC(2026, 10, 24)],
    [{ type: 'date' }, 1_795_478_400_000, 1_795_478_400_000],
    [{ type: 'time' }, '14:30', 52_200_000],
    [{ type: 'time' }, '23:59:59.999', 86_399_999],
    [{ type: 'time' }, '0', 0],
    [{ type: 'datetime' }, '1616253910842', 1_616_253_910_842],
    [{ type: 'datetimeISO8601' }, '2026-11-24T14:30:00+05:30', '2026-11-24T14:30:00+05:30'],
    [{ type: 'photo' }, 'f03ee609-cd2d-4e61-821d-9b0531e4ad8c', 'f03ee609-cd2d-4e61-821d-9b0531e4ad8c'],
    [{ type: 'multiPhotos' }, ['a', 'b'], ['a', 'b']],
    [{ type: 'audio' }, 'recording-1', 'recording-1'],
    [{ type: 'json' }, { a: [1, null, { b: 'c' }] }, { a: [1, null, { b: 'c' }] }],
    [{ type: 'json' }, 'text', 'text'],
  ])('%j takes %j as %j', (attribute, value, expected) => {
    const { success, output } = parsed(attribute, value);
    expect({ success, output }).toEqual({ success: true, output: expected });
  });

  it('is known for each type', () => {
    for (const type of ATTRIBUTE_TYPES) expect(attributeSchema({ type, options: [] }), type).toBeDefined();
  });
});

describe('another value is refused, and told what to send', () => {
  it.each<[Attribute, unknown, string]>([
    [{ type: 'name' }, 5, 'is not a string: put it in quotes'],
    [{ type: 'stringId' }, 5, 'is not a string: put it in quotes'],
    [{ type: 'integerId' }, 'a', 'send one such as 105'],
    [{ type: 'email' }, 'ada@', 'send one such as "ada@example.com"'],
    [{ type: 'phone' }, 'call me', 'send one such as "+91 99012 58433"'],
    [{ type: 'phone' }, 1.5, 'send one such as "+91 99012 58433"'],
    [{ type: 'number' }, 1.5, 'send one such as 105'],
    [{ type: 'float' }, 'much', 'send one such as 1.5'],
    [{ type: 'boolean' }, 'true', 'send one of them without quotes'],
    [COLOURS, 'green', 'send one of "red", "blue"'],
    [SIZES, 3, 'send one of 1, 2'],
    [{ ...COLOURS, type: 'multiStringEnum' }, 'red', 'send some of "red", "blue" in brackets'],
    [{ ...COLOURS, type: 'multiStringEnum' }, ['green'], 'send one of "red", "blue"'],
    [{ ...COLOURS, type: 'multiStringEnum' }, ['red', 'red'], 'each once'],
    [{ ...SIZES, type: 'multiIntegerEnum' }, ['1', 1], 'each once'],
    [{ type: 'stringEnum' }, 'any', 'is not an option'],
    [{ type: 'date' }, '2026-02-30', 'send one such as "2026-11-24"'],
    [{ type: 'date' }, '24.11.2026', 'send one such as "2026-11-24"'],
    [{ type: 'date' }, 20_261_124, 'can only be in seconds'],
    [{ type: 'time' }, '24:00', 'send one such as "14:30"'],
    [{ type: 'time' }, 86_400_000, 'send one such as "14:30"'],
    [{ type: 'datetime' }, 1_616_253_910, 'can only be in seconds'],
    [{ type: 'datetimeISO8601' }, '2026-11-24T14:30:00', 'ISO 8601 with an offset'],
    [{ type: 'datetimeISO8601' }, '2026-02-30T14:30:00Z', 'ISO 8601 with an offset'],
    [{ type: 'photo' }, ' ', 'is empty'],
    [{ type: 'multiPhotos' }, 'a', 'in brackets'],
    [{ type: 'multiPhotos' }, ['a', 5], 'is not a string'],
    [{ type: 'audio' }, 5, 'is not a string'],
    [{ type: 'json' }, { a: { '': 1 } }, 'has a member named ""'],
    [{ type: 'json' }, JSON.parse('{"a":[{"__proto__":1}]}'), 'has a member named "__proto__"'],
    [{ type: 'json' }, { constructor: { name: 'Set' } }, 'has a member named "constructor"'],
    [{ type: 'json' }, ['\ud800'], 'half of a surrogate pair'],
    // DynamoDB refused it at every attempt.
    [{ type: 'json' }, { a: [7.6e-260] }, 'holds a number out of range'],
    [{ type: 'json' }, JSON.parse(`${'['.repeat(31)}${']'.repeat(31)}`), 'more than 30 levels'],
  ])('%j does not take %j: %s', (attribute, value, message) => {
    const { issues = [] } = parsed(attribute, value);
    expect(issues.map(({ message }) => message).join()).toContain(message);
  });
});
