import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_ERRORS } from '../../../../lambdas/contract/limits.ts';
import { checkItem, MAX_ITEM_BYTES } from '../../../../lambdas/domain/check-item.ts';
import { RequestCheck } from '../../../../lambdas/domain/request-check.ts';
import { aProcedure } from '../../../support/builders.ts';

const procedure = aProcedure();
const check = (item: unknown) => checkItem(item, 3, procedure);

/** The errors of an item as `CODE pointer`. */
function errorsOf(item: unknown): string[] {
  const checked = check(item);
  return 'errors' in checked ? checked.errors.map(({ code, pointer }) => `${code} ${pointer}`) : [];
}

function messageOf(item: unknown): string {
  const checked = check(item);
  return 'errors' in checked ? checked.errors.map(({ message }) => message).join('\n') : '';
}

describe('the primary key of a process that is created', () => {
  const byNumber = aProcedure({
    primaryKey: 'ref',
    attributes: { ref: { type: 'integer' }, city: { type: 'string' } },
  });
  const errorsOfNew = (item: unknown, creates: 'all' | 'missing', of = byNumber) => {
    const checked = checkItem(item, 3, of, undefined, new RequestCheck(of, creates));
    return 'errors' in checked ? checked.errors.map(({ code, pointer }) => `${code} ${pointer}`) : [];
  };

  it('that is none of its type is told where it stands', () => {
    expect(errorsOfNew({ ref: '005' }, 'all')).toEqual(['INVALID_VALUE /processes/3/ref']);
    expect(errorsOfNew({ data: { ref: '005' } }, 'all')).toEqual(['INVALID_VALUE /processes/3/data/ref']);
    expect(errorsOfNew({ ref: '005', data: { city: 'Goa' } }, 'missing')).toEqual([
      'INVALID_VALUE /processes/3/ref',
    ]);
  });

  it('has room in the index beside team and procedure', () => {
    const most = 2048 - 'local'.length - 'lead'.length;
    const errors = (bytes: number, creates: 'all' | 'missing') =>
      errorsOfNew(
        { lead_id: 'é'.repeat(bytes / 2) + 'x'.repeat(bytes % 2), state: 'NEW' },
        creates,
        procedure,
      );
    for (const creates of ['all', 'missing'] as const) {
      expect(errors(most, creates)).toEqual([]);
      expect(errors(most + 1, creates)).toEqual(['INVALID_IDENTIFIER /processes/3/lead_id']);
    }
    const named = { data: { lead_id: 'x'.repeat(2048) } };
    expect(errorsOfNew(named, 'all', procedure)).toEqual(['INVALID_IDENTIFIER /processes/3/data/lead_id']);
    expect(errorsOf({ lead_id: 'x'.repeat(2048), state: 'NEW' })).toEqual([]);
  });
});

describe('the identifier', () => {
  it('is an id, a primary key, or both', () => {
    const update = { state: 'NEW' };
    expect(check({ id: 'LEAD-001', update })).toEqual({ valid: { target: { id: 'LEAD-001' }, update } });
    expect(check({ lead_id: 'L', update })).toEqual({ valid: { target: { primaryKey: 'L' }, update } });
    expect(check({ lead_id: 910, update })).toEqual({ valid: { target: { primaryKey: '910' }, update } });
    expect(check({ id: 'a', lead_id: 'L', update })).toEqual({
      valid: { target: { id: 'a', primaryKey: 'L' }, update },
    });
  });

  it('missing is told with the name of the primary key', () => {
    expect(errorsOf({ update: { state: 'NEW' } })).toEqual(['IDENTIFIER_MISSING /processes/3']);
    expect(messageOf({ update: { state: 'NEW' } })).toContain('"lead_id"');
  });

  it.each([null, '', 5, true, {}, [], '\ud800', 'x'.repeat(2049)])('%j is not an id', (id) => {
    expect(errorsOf({ id, state: 'NEW' })).toEqual(['INVALID_IDENTIFIER /processes/3/id']);
  });

  it.each([null, '', true, {}, 'é'.repeat(1025)])('%j is not a primary key', (lead_id) => {
    expect(errorsOf({ lead_id, state: 'NEW' })).toEqual(['INVALID_IDENTIFIER /processes/3/lead_id']);
  });

  it('of a numeric primary key is the same as a number and as its digits', () => {
    const numbered = aProcedure({ primaryKey: 'score' });
    const referenceOf = (score: unknown) => checkItem({ score, state: 'NEW' }, 0, numbered);
    expect(referenceOf('105')).toEqual(referenceOf(105));
  });
});

describe('the update', () => {
  it('is the same wrapped and flat', () => {
    const update = { data: { city: 'Goa', score: '105' }, state: 'NEW', assignedTo: null };
    const converted = { data: { city: 'Goa', score: 105 }, state: 'NEW', assignedTo: null };
    expect(check({ id: 'a', update })).toEqual({ valid: { target: { id: 'a' }, update: converted } });
    expect(check({ id: 'a', ...update })).toEqual(check({ id: 'a', update }));
  });

  it('wrapped and flat at once is refused, field by field', () => {
    expect(errorsOf({ id: 'a', update: { state: 'NEW' }, status: 'OPEN', data: {} })).toEqual([
      'WRAPPED_AND_FLAT /processes/3/status',
      'WRAPPED_AND_FLAT /processes/3/data',
    ]);
  });

  it.each([{}, { data: {} }, { update: {} }, { update: { data: {} } }])('%j changes nothing', (update) => {
    expect(errorsOf({ id: 'a', ...update })[0]).toMatch(/^UPDATE_MISSING/);
  });

  it.each([
    [{ id: 'a', update: null }, ['INVALID_VALUE /processes/3/update']],
    [{ id: 'a', update: [] }, ['INVALID_VALUE /processes/3/update']],
    [{ id: 5, update: {} }, ['INVALID_IDENTIFIER /processes/3/id']],
    [{ update: {} }, ['IDENTIFIER_MISSING /processes/3', 'UPDATE_MISSING /processes/3/update']],
  ])('%j is told to change nothing only when nothing in it is wrong', (item, errors) => {
    expect(errorsOf(item)).toEqual(errors);
  });

  it('a known name in the wrong place is told where it belongs', () => {
    const nested = (update: object) => messageOf({ id: 'a', update: { state: 'NEW', ...update } });
    expect(nested({ id: 'b' })).toMatch(/^"id" is not a field of an update\. .*beside "update"\./);
    expect(nested({ lead_id: 'b' })).toMatch(/^"lead_id" is not a field of an update\. .*beside "update"\./);
    expect(nested({ update: {} })).toContain('directly into the outer "update"');
    expect(nested({ idd: 'b' })).not.toContain('Did you mean "id"');
    expect(nested({ city: 'b' })).toContain('put it into "data"');
  });

  it('unknown fields are told with the nearest known name, or that they belong into data', () => {
    expect(errorsOf({ id: 'a', stat: 'NEW' })).toEqual(['UNKNOWN_FIELD /processes/3/stat']);
    expect(messageOf({ id: 'a', stat: 'NEW' })).toMatch(/"state"|"status"/);
    expect(messageOf({ id: 'a', city: 'Goa' })).toContain('put it into "data"');
  });

  it('unknown attributes are told with the nearest known name and the primary key', () => {
    const item = { id: 'a', data: { citty: 'Goa' } };
    expect(errorsOf(item)).toEqual(['UNKNOWN_ATTRIBUTE /processes/3/data/citty']);
    expect(messageOf(item)).toContain('"city"');
    expect(messageOf(item)).toContain('"lead_id"');
  });

  it.each(['__proto__', 'constructor', 'toString', 'a.b', 'select', '"', '😀'])(
    '%j is an attribute only when the procedure has it',
    (name) => {
      const item = JSON.parse(`{"id":"a","data":{${JSON.stringify(name)}:"x"}}`);
      expect(errorsOf(item)[0]).toMatch(/^UNKNOWN_ATTRIBUTE/);
      const attributes = Object.fromEntries([[name, { type: 'string' as const }]]);
      const checked = checkItem(item, 0, aProcedure({ attributes }));
      expect('valid' in checked && Object.entries(checked.valid.update.data ?? {})).toEqual([[name, 'x']]);
    },
  );

  it('null clears an attribute', () => {
    expect(check({ id: 'a', data: { city: null } })).toMatchObject({
      valid: { update: { data: { city: null } } },
    });
  });

  it('never changes the primary key, and may repeat it', () => {
    expect(errorsOf({ lead_id: 'L', data: { lead_id: 'M', city: 'x' } })).toEqual([
      'PRIMARY_KEY_IMMUTABLE /processes/3/data/lead_id',
    ]);
    expect(errorsOf({ lead_id: 'L', data: { lead_id: null, city: 'x' } })).toEqual([
      'PRIMARY_KEY_IMMUTABLE /processes/3/data/lead_id',
    ]);
    const update = { data: { city: 'x' } };
    const repeated = { data: { lead_id: 'L', city: 'x' } };
    expect(check({ lead_id: 'L', ...repeated })).toEqual({ valid: { target: { primaryKey: 'L' }, update } });
    expect(errorsOf({ lead_id: 'L', data: { lead_id: 'L' } })).toEqual(['UPDATE_MISSING /processes/3']);
  });

  it('by id may name the primary key, which must be that of the process found', () => {
    const valid = (data: object) => check({ id: 'a', data });
    const target = { id: 'a' };
    expect(valid({ lead_id: 'L', city: 'x' })).toEqual({
      valid: { target, update: { data: { city: 'x' }, primaryKey: 'L' } },
    });
    expect(valid({ lead_id: 5 })).toEqual({ valid: { target, update: { data: {}, primaryKey: '5' } } });
    for (const lead_id of ['', null, true, {}, '\ud800', 'x'.repeat(2049)]) {
      expect(errorsOf({ id: 'a', data: { lead_id } })).toEqual([
        'PRIMARY_KEY_IMMUTABLE /processes/3/data/lead_id',
      ]);
    }
    expect(errorsOf({ id: 'a', lead_id: 'L', data: { lead_id: 'M' } })).toEqual([
      'PRIMARY_KEY_IMMUTABLE /processes/3/data/lead_id',
    ]);
  });
});

describe('what is expected of the process', () => {
  const change = { id: 'a', state: 'NEW' };

  it('is converted like an update, and stands beside the update or flat on the item', () => {
    const expected = { version: '3', state: null, data: { score: '105', city: null } };
    const converted = { version: 3, state: null, data: { score: 105, city: null } };
    const valid = { target: { id: 'a' }, update: { state: 'NEW' }, expect: converted };
    expect(check({ ...change, expect: expected })).toEqual({ valid });
    expect(check({ id: 'a', update: { state: 'NEW' }, expect: expected })).toEqual({ valid });
  });

  it('may be any field, or none', () => {
    const expected = {
      version: 0,
      state: 'NEW',
      status: 'OPEN',
      assignedTo: 'Ada',
      nextActionAt: 1616253910842,
    };
    const none = Object.fromEntries(Object.keys(expected).map((name) => [name, null]));
    for (const each of [expected, none])
      expect(check({ ...change, expect: each })).toMatchObject({ valid: { expect: each } });
  });

  it.each([
    [null, 'INVALID_VALUE /processes/3/expect'],
    [[], 'INVALID_VALUE /processes/3/expect'],
    [{}, 'INVALID_VALUE /processes/3/expect'],
    [{ data: {} }, 'INVALID_VALUE /processes/3/expect'],
    [{ data: null }, 'INVALID_VALUE /processes/3/expect/data'],
    [{ stat: 'NEW' }, 'UNKNOWN_FIELD /processes/3/expect/stat'],
    [{ isDeleted: null }, 'UNKNOWN_FIELD /processes/3/expect/isDeleted'],
    [{ state: 'OLD' }, 'INVALID_VALUE /processes/3/expect/state'],
    [{ version: 1.5 }, 'INVALID_VALUE /processes/3/expect/version'],
    [{ data: { cty: 'Goa' } }, 'UNKNOWN_ATTRIBUTE /processes/3/expect/data/cty'],
    [{ data: { score: 'x' } }, 'INVALID_VALUE /processes/3/expect/data/score'],
  ])('%j lets no update through', (expected, error) => {
    expect(errorsOf({ ...change, expect: expected })).toEqual([error]);
  });

  it('in the wrong place, or misspelt, is told where it belongs', () => {
    const within = { id: 'a', update: { state: 'NEW', expect: { version: 1 } } };
    expect(errorsOf(within)).toEqual(['UNKNOWN_FIELD /processes/3/update/expect']);
    expect(messageOf(within)).toContain('beside "update"');
    expect(messageOf({ ...change, expects: { version: 1 } })).toContain('Did you mean "expect"?');
    expect(messageOf({ ...change, expect: { stat: 'NEW' } })).toContain('Did you mean "state"?');
  });

  it('has at most 50 attributes', () => {
    const attributes = Object.fromEntries(
      Array.from({ length: 51 }, (_, number) => [`a${number}`, { type: 'string' as const }]),
    );
    const wide = aProcedure({ attributes });
    const expecting = (count: number) => {
      const data = Object.fromEntries(
        Object.keys(attributes)
          .slice(0, count)
          .map((name) => [name, 'x']),
      );
      return checkItem({ ...change, expect: { data } }, 0, wide);
    };
    expect(expecting(50)).toHaveProperty('valid');
    expect(expecting(51)).toMatchObject({
      errors: [{ code: 'INVALID_VALUE', pointer: '/processes/0/expect/data' }],
    });
  });

  it('alone changes nothing', () => {
    expect(errorsOf({ id: 'a', expect: { version: 1 } })).toEqual(['UPDATE_MISSING /processes/3']);
  });

  it('is the primary key where an earlier release let it be', () => {
    const named = aProcedure({ primaryKey: 'expect' });
    expect(checkItem({ expect: 'L', state: 'NEW' }, 0, named)).toEqual({
      valid: { target: { primaryKey: 'L' }, update: { state: 'NEW' } },
    });
  });
});

describe('errors', () => {
  it('are all told at once', () => {
    const item = {
      update: { data: { citty: 1, score: 'x' }, state: 'X', status: 'Y', nextActionAt: 1_616_253_910 },
    };
    expect(errorsOf(item)).toEqual([
      'IDENTIFIER_MISSING /processes/3',
      'UNKNOWN_ATTRIBUTE /processes/3/update/data/citty',
      'INVALID_VALUE /processes/3/update/data/score',
      'INVALID_VALUE /processes/3/update/state',
      'INVALID_VALUE /processes/3/update/status',
      'INVALID_VALUE /processes/3/update/nextActionAt',
    ]);
    expect(messageOf(item)).toContain('seconds');
  });

  it('are listed up to a bound, and the rest is counted', () => {
    const data = Object.fromEntries(Array.from({ length: 150 }, (_, i) => [`unknown${i}`, 1]));
    const codes = errorsOf({ id: 'a', data });
    expect(codes).toHaveLength(MAX_ERRORS + 1);
    expect(codes.at(-1)).toBe('TOO_MANY_ERRORS /processes/3');
    expect(messageOf({ id: 'a', data })).toContain('50 more errors');
  });

  it('are one for an attribute, however many members of its list are wrong', () => {
    const procedureOfLists = aProcedure({
      attributes: {
        tags: { type: 'multiStringEnum', options: ['a', 'b'] },
        photos: { type: 'multiPhotos' },
      },
    });
    const data = { tags: Array(10_000).fill('x'), photos: Array(10_000).fill(1) };
    const checked = checkItem({ id: 'a', data }, 3, procedureOfLists);
    const pointers = 'errors' in checked ? checked.errors.map(({ pointer }) => pointer) : [];
    expect(pointers).toEqual(['/processes/3/data/tags', '/processes/3/data/photos']);
  });

  it('list a few of the values that may be sent, and how many there are beside them', () => {
    const options = Array.from({ length: 5_000 }, (_, i) => `option ${i}`);
    const attributes = { tag: { type: 'stringEnum' as const, options } };
    for (const item of [
      { id: 'a', data: { tag: 'x' } },
      { id: 'a', state: 'x' },
    ]) {
      const checked = checkItem(item, 3, aProcedure({ attributes, states: options }));
      const [error] = 'errors' in checked ? checked.errors : [];
      expect(error?.message).toContain('"option 0", "option 1", ');
      expect(error?.message).toContain('"option 19" and 4980 more that the procedure lists');
    }
  });

  it('suggest a name once for a whole request, and no more when the names are too many', () => {
    const attributes = Object.fromEntries(
      Array.from({ length: 300 }, (_, i) => [`attribute${i}`, { type: 'string' as const }]),
    );
    const wide = aProcedure({ attributes });
    const request = new RequestCheck(wide);
    const suggested = (name: string) => {
      const checked = checkItem({ id: 'a', data: { [name]: 1 } }, 3, wide, undefined, request);
      return 'errors' in checked && checked.errors[0]?.message.includes('Did you mean');
    };
    for (let i = 0; i < 1_000; i++) expect(suggested(`atribute${i}`)).toBe(true);
    expect(suggested('atribute one too many')).toBe(false);
    expect(suggested('atribute0')).toBe(true);
  });

  it('suggest a name of the place where the wrong one stands', () => {
    const suggested = messageOf({
      id: 'a',
      update: { stat: 1, updat: 1, data: { cit: 1, stat: 1 } },
      updat: 1,
    });
    expect(suggested.match(/Did you mean "\w+"/g)).toEqual([
      'Did you mean "update"',
      'Did you mean "state"',
      'Did you mean "city"',
    ]);
  });

  it('do not repeat an endless name', () => {
    const checked = check({ id: 'a', data: { ['x'.repeat(100_000)]: 1 } });
    expect(JSON.stringify(checked).length).toBeLessThan(1_000);
    expect(errorsOf({ id: 'a', data: { ['x'.repeat(100_000)]: 1 } })).toEqual([
      'UNKNOWN_ATTRIBUTE /processes/3/data',
    ]);
  });

  it('that the text showed make an item invalid, too', () => {
    const found = [{ code: 'DUPLICATE_KEY', message: 'twice', pointer: '/processes/3/state' }] as const;
    const told = { listed: found, more: 0 };
    expect(checkItem({ id: 'a', state: 'NEW' }, 3, procedure, told)).toEqual({ errors: found });
  });

  it('that the text showed count to the bound like the others', () => {
    const error = { code: 'NUMBER_NOT_EXACT', message: '1e999', pointer: '/processes/3/x' } as const;
    const told = { listed: Array(MAX_ERRORS).fill(error), more: 20 };
    const checked = checkItem({ id: 'a', stat: 'NEW' }, 3, procedure, told);
    const last = 'errors' in checked ? checked.errors.at(-1) : undefined;
    expect(last).toMatchObject({
      code: 'TOO_MANY_ERRORS',
      message: expect.stringContaining('21 more errors'),
    });
  });
});

describe('size', () => {
  it('is bounded to the byte', () => {
    const ofBytes = (bytes: number) => {
      const item = { id: 'a', data: { city: '' } };
      item.data.city = 'x'.repeat(bytes - JSON.stringify(item).length);
      return item;
    };
    expect(errorsOf(ofBytes(MAX_ITEM_BYTES))).toEqual([]);
    expect(errorsOf(ofBytes(MAX_ITEM_BYTES + 1))).toEqual(['UPDATE_TOO_LARGE /processes/3']);
  });

  it('is told whatever the item is and whatever else is wrong with it', () => {
    const data = Object.fromEntries(Array.from({ length: 50_000 }, (_, i) => [`unknown${i}`, 1]));
    expect(errorsOf({ id: 'a', data })[0]).toBe('UPDATE_TOO_LARGE /processes/3');
    expect(errorsOf('x'.repeat(MAX_ITEM_BYTES))).toEqual([
      'UPDATE_TOO_LARGE /processes/3',
      'INVALID_ITEM /processes/3',
    ]);
  });
});

it.each([null, 1, 'x', true, []])('%j is no item', (item) => {
  expect(errorsOf(item)).toEqual(['INVALID_ITEM /processes/3']);
});

it('whatever the item, it is either valid or has errors that point into it', () => {
  const name = fc.constantFrom('id', 'lead_id', 'update', 'data', 'state', 'isDeleted', 'city', '__proto__');
  const item = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.jsonValue(),
      fc.dictionary(name, tie('value'), { maxKeys: 5 }),
    ),
  })).value;
  fc.assert(
    fc.property(item, (value) => {
      const checked = check(value);
      if ('valid' in checked) {
        expect(checked.valid.target.id ?? checked.valid.target.primaryKey).toBeTruthy();
        return;
      }
      expect(checked.errors.length).toBeGreaterThan(0);
      for (const { pointer, message } of checked.errors) {
        expect(pointer).toMatch(/^\/processes\/3(\/|$)/);
        expect(message).toMatch(/\w+ \w+/);
      }
    }),
    { numRuns: 2_000 },
  );
});
