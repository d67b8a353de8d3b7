import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { attributeSchema } from '../../../../lambdas/contract/attribute-types.ts';
import { ATTRIBUTE_TYPES, type Attribute } from '../../../../lambdas/contract/procedure.ts';

const COLOURS: Attribute = { type: 'stringEnum', options: ['red', 'blue'] };
const SIZES: Attribute = { type: 'integerEnum', options: [1, 2] };
const RATES: Attribute = { type: 'floatEnum', options: [0.5, 1] };

function parsed(attribute: Attribute, value: unknown) {
  return v.safeParse(attributeSchema(attribute), value, { abortPipeEarly: true });
}

const accepts = (schema: v.GenericSchema, value: unknown) => {
  const parsed = v.safeParse(schema, value);
  return parsed.success ? parsed.output : undefined;
};

const INTEGER = attributeSchema({ type: 'integer' });
const DECIMAL = attributeSchema({ type: 'decimal' });

describe('a value of the type', () => {
  it.each<[Attribute, unknown, unknown]>([
    [{ type: 'string' }, '', ''],
    [{ type: 'text' }, 'two\nlines', 'two\nlines'],
    [{ type: 'name' }, 'Ada Lovelace', 'Ada Lovelace'],
    [{ type: 'stringId' }, 'a-1', 'a-1'],
    [{ type: 'integerId' }, 105, '105'],
    [{ type: 'integerId' }, '105', '105'],
    // Digits of a text are kept, also where a number would lose some.
    [{ type: 'integerId' }, '12345678901234567890', '12345678901234567890'],
    [{ type: 'integerId' }, '0', '0'],
    [{ type: 'integerId' }, '-7', '-7'],
    [{ type: 'integerId' }, '105.0', '105'],
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
    [{ type: 'date' }, '1962-05-04', -241_833_600_000],
    [{ type: 'date' }, -241_833_600_000, -241_833_600_000],
    [{ type: 'date' }, '-241833600000', -241_833_600_000],
    [{ type: 'date' }, 73_785_600_000, 73_785_600_000],
    [{ type: 'date' }, 0, 0],
    [{ type: 'date' }, '-0', 0],
    // 1970-01-15, and as India begins it.
    [{ type: 'date' }, 1_209_600_000, 1_209_600_000],
    [{ type: 'date' }, 1_189_800_000, 1_189_800_000],
    [{ type: 'date' }, '0001-01-01', -62_135_596_800_000],
    [{ type: 'date' }, '9999-12-31', 253_402_214_400_000],
    [{ type: 'datetime' }, 0, 0],
    [{ type: 'datetime' }, -241_833_600_123, -241_833_600_123],
    [{ type: 'datetime' }, '73785600123', 73_785_600_123],
    [{ type: 'time' }, '14:30', 52_200_000],
    [{ type: 'time' }, '23:59:59.999', 86_399_999],
    [{ type: 'time' }, '0', 0],
    [{ type: 'time' }, '52200000', 52_200_000],
    [{ type: 'time' }, 1430, 1430],
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
    [{ type: 'date' }, 20_261_124, 'send the day as text such as "1972-05-04"'],
    [{ type: 'date' }, -241_833_600, 'may be in seconds'],
    [{ type: 'date' }, 1_616_253_910_842_000, 'beyond the year 9999'],
    [{ type: 'date' }, -62_167_219_200_001, 'before the year 0'],
    [{ type: 'date' }, '', 'send one such as "2026-11-24"'],
    [{ type: 'date' }, '--1', 'send one such as "2026-11-24"'],
    [{ type: 'time' }, '24:00', 'send one such as "14:30"'],
    [{ type: 'time' }, '1430', 'write it as "14:30"'],
    [{ type: 'time' }, '930', 'write it as "14:30"'],
    [{ type: 'time' }, '093015', 'write it as "14:30"'],
    [{ type: 'time' }, 86_400_000, 'send one such as "14:30"'],
    [{ type: 'datetime' }, 1_616_253_910, 'if it is, multiply it by 1000'],
    [{ type: 'datetime' }, -241_833_600, 'may be in seconds'],
    [{ type: 'datetime' }, 1.5, 'send epoch milliseconds such as'],
    [{ type: 'datetimeISO8601' }, '2026-11-24 14:30:00+05', 'write a T instead'],
    [{ type: 'datetimeISO8601' }, '2026-11-24T14:30:00 +05', 'ISO 8601 with an offset'],
    [{ type: 'datetimeISO8601' }, '2026-11-24T14Z', 'ISO 8601 with an offset'],
    [{ type: 'datetimeISO8601' }, '2026-11-24T24:01Z', 'ISO 8601 with an offset'],
    [{ type: 'datetimeISO8601' }, '2026-11-24T14:30:00+24', 'ISO 8601 with an offset'],
    [{ type: 'datetimeISO8601' }, '20261124T143000Z', 'ISO 8601 with an offset'],
    [{ type: 'datetimeISO8601' }, '2026-11-31T14:30:00Z', 'ISO 8601 with an offset'],
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

describe('what people write', () => {
  it.each([
    "maeve.o'dowd@example.com",
    'info@xn--mnchen-3ya.example',
    'sales&support@example.com',
    'kontakt@example.xn--p1ai',
    'bounce+tag=user/x@example.com',
    '"ada lovelace"@example.com',
    'münchen@münchen.example',
    '用户@例子.广告',
    `${'a'.repeat(70)}@example.com`,
  ])('the email address %s is taken as it is', (address) => {
    expect(parsed({ type: 'email' }, address)).toMatchObject({ success: true, output: address });
  });

  it.each([
    ...['ada@', '@example.com', 'ada', 'a@b', 'a..b@example.com', '.a@example.com', 'a.@example.com'],
    ...['a b@example.com', 'a@example.com ', 'a@1.2.3.4', 'a@-x.example', 'a@x-.example', 'a@x..example'],
    ...['Ada <ada@example.com>', 'a@b.example,c@d.example', 'mailto:a@b.example', 'a\u200bb@example.com'],
  ])('%j is no email address', (address) => {
    expect(parsed({ type: 'email' }, address).success).toBe(false);
  });

  it.each([
    '(212) 555-0100',
    '(030) 1234567',
    '+(49) 30 1234567',
    '+1 212 555 0100 x12',
    '+1 (212) 555-0100 ext. 12',
    '06\u00a012\u00a034\u00a056\u00a078',
    '06\u202f12\u202f34\u202f56\u202f78',
    '030/123 45-67',
    '+49-30‑1234',
    '0049 (0) 30.1234.5',
  ])('the phone number %j is taken as it is', (number) => {
    expect(parsed({ type: 'phone' }, number)).toMatchObject({ success: true, output: number });
  });

  it.each(['call me', '+', '(((((', '((212) 555', '12', 'tel:+4930', '+4930\u200b1234567', '555-0100 x', ''])(
    '%j is no phone number',
    (number) => {
      expect(parsed({ type: 'phone' }, number).success).toBe(false);
    },
  );

  it.each([
    '2026-11-24T14:30Z',
    '2026-11-24T14:30:00+05',
    '2026-11-24T14:30+05:30',
    '2026-11-24T14:30:00.123456789-0800',
    '2026-11-24T14:30:00,5Z',
    '2026-11-24T24:00Z',
    '2026-11-24T24:00:00.000+00:00',
    '0001-01-01T00:00:00Z',
  ])('the moment %s is taken as it is', (moment) => {
    expect(parsed({ type: 'datetimeISO8601' }, moment)).toMatchObject({ success: true, output: moment });
  });
});

describe('a stored value, sent back as GET shows it', () => {
  const days = fc.date({
    min: new Date('0000-01-01T00:00Z'),
    max: new Date('9999-12-31T00:00Z'),
    noInvalidDate: true,
  });
  const day = days.map((date) => date.toISOString().replace(/^\+?/, '').slice(0, 10));
  const whole = fc.maxSafeInteger();
  const decimal = fc.double({ noNaN: true, noDefaultInfinity: true });
  const text = fc.string({ unit: 'binary' });
  const ids = text.filter((id) => id.trim() !== '');
  const millis = fc.integer({ min: -62_167_219_200_000, max: 253_402_300_799_999 });
  const either = (numbers: fc.Arbitrary<number>) => fc.oneof(numbers, numbers.map(String));
  const enumOf = (values: fc.Arbitrary<string | number>) =>
    fc.uniqueArray(values, { minLength: 1, maxLength: 5 });

  /** What a client may send for each type; of enums, with the options that the attribute lists. */
  const SENT: Record<string, fc.Arbitrary<{ value: unknown; options?: (string | number)[] }>> = {
    ...Object.fromEntries(
      ['string', 'text', 'name', 'stringId'].map((type) => [type, text.map((value) => ({ value }))]),
    ),
    integerId: fc.oneof(either(whole), fc.bigInt().map(String)).map((value) => ({ value })),
    email: fc.emailAddress().map((value) => ({ value })),
    phone: fc.stringMatching(/^\+?\d[\d ().\-/]{3,30}$/).map((value) => ({ value })),
    integer: either(whole).map((value) => ({ value })),
    number: either(whole).map((value) => ({ value })),
    float: either(decimal).map((value) => ({ value })),
    decimal: either(decimal).map((value) => ({ value })),
    boolean: fc.boolean().map((value) => ({ value })),
    date: fc
      .oneof(day, either(millis), either(fc.integer({ min: -4000, max: 4000 }).map((n) => n * 86_400_000)))
      .map((value) => ({ value })),
    time: fc
      .oneof(
        fc.nat(86_399_999),
        fc.integer({ min: 1_000_000, max: 86_399_999 }).map(String),
        fc.constantFrom('00:00', '23:59:59.999'),
      )
      .map((value) => ({ value })),
    datetime: either(millis).map((value) => ({ value })),
    datetimeISO8601: fc
      .tuple(day, fc.constantFrom('T14:30Z', 'T00:00:00.5+05', 'T24:00:00Z'))
      .map((parts) => ({ value: parts.join('') })),
    photo: ids.map((value) => ({ value })),
    audio: ids.map((value) => ({ value })),
    multiPhotos: fc.array(ids).map((value) => ({ value })),
    json: fc.json().map((value) => ({ value: JSON.parse(value) })),
    ...Object.fromEntries(
      (
        [
          ['String', text],
          ['Integer', whole],
          ['Float', decimal],
        ] as const
      ).flatMap(([name, values]) => {
        const one = enumOf(values).chain((options) =>
          fc.constantFrom(...options).map((value) => ({ value, options })),
        );
        const some = enumOf(values).chain((options) =>
          fc.shuffledSubarray(options).map((value) => ({ value, options })),
        );
        return [
          [`${name.toLowerCase()}Enum`, one],
          [`multi${name}Enum`, some],
        ];
      }),
    ),
  };

  it.each(ATTRIBUTE_TYPES)('of the type %s is the same again', (type) => {
    let taken = 0;
    fc.assert(
      fc.property(SENT[type] as NonNullable<(typeof SENT)[string]>, ({ value, options = [] }) => {
        const first = parsed({ type, options }, value);
        // Numbers out of DynamoDB's range, and times that may be in seconds.
        fc.pre(first.success && first.output !== null);
        taken += 1;
        const shown = JSON.parse(JSON.stringify(first.output));
        const again = parsed({ type, options }, shown);
        expect(again.issues?.map(({ message }) => message)).toBeUndefined();
        expect(again.output).toEqual(shown);
      }),
      { numRuns: 300 },
    );
    expect(taken).toBeGreaterThan(100);
  });
});

describe('numbers', () => {
  it('come as numbers or as their text', () => {
    expect(accepts(INTEGER, '105')).toBe(105);
    expect(accepts(INTEGER, 105)).toBe(105);
    expect(accepts(INTEGER, '1e3')).toBe(1000);
    expect(accepts(DECIMAL, '-1.5')).toBe(-1.5);
    expect(Object.is(accepts(DECIMAL, -0), 0)).toBe(true);
  });

  it.each([
    '',
    ' ',
    ' 1',
    'NaN',
    'Infinity',
    '0x10',
    '1_000',
    '1,5',
    '01',
    '+1',
    '.5',
    '1.',
    'null',
    true,
    [],
    {},
  ])('%j is none', (value) => {
    expect(accepts(INTEGER, value)).toBeUndefined();
    expect(accepts(DECIMAL, value)).toBeUndefined();
  });

  it('with a fraction are not integers', () => {
    expect(accepts(INTEGER, 1.5)).toBeUndefined();
    expect(accepts(INTEGER, '1.5')).toBeUndefined();
  });

  it('whose range is told, are exact within it', () => {
    const message = (value: unknown) => v.safeParse(DECIMAL, value).issues?.[0].message;
    for (const value of ['9007199254740993', '1e20', 1e126, '1e-131']) {
      expect(message(value)).toContain(
        'up to 9007199254740991, others have at most 15 significant digits and a magnitude of 1e-130 to 9.99e125',
      );
    }
    for (const text of [
      '9007199254740991',
      '-9007199254740991',
      '1e-130',
      '0.123456789012345',
      '123456789012.345',
    ]) {
      expect(accepts(DECIMAL, text), text).toBe(Number(text));
    }
  });

  it.each([1e126, -1e126, 1e-131])('%d is beyond what DynamoDB stores', (value) => {
    expect(accepts(DECIMAL, value)).toBeUndefined();
  });
});

describe('other attributes', () => {
  it('are taken as they are and never converted', () => {
    expect(accepts(attributeSchema({ type: 'string' }), '')).toBe('');
    expect(accepts(attributeSchema({ type: 'string' }), '😀\u0000')).toBe('😀\u0000');
    expect(accepts(attributeSchema({ type: 'string' }), 5)).toBeUndefined();
    expect(accepts(attributeSchema({ type: 'string' }), '\ud800')).toBeUndefined();
    expect(accepts(attributeSchema({ type: 'boolean' }), false)).toBe(false);
    expect(accepts(attributeSchema({ type: 'boolean' }), 'false')).toBeUndefined();
    expect(accepts(attributeSchema({ type: 'boolean' }), 0)).toBeUndefined();
  });
});
