import { expect, it } from 'vitest';
import { parseProcedure } from '../../../../lib/operations/procedures.ts';

const LEAD = {
  shortId: 'lead',
  name: 'Lead',
  primaryKey: 'lead_id',
  states: ['NEW'],
  attributes: { lead_id: { type: 'string' } },
};

const parse = (changes: object) => () => parseProcedure(JSON.stringify({ ...LEAD, ...changes }));

it('a procedure as written down is taken', () => {
  const attributes = {
    ...LEAD.attributes,
    size: { type: 'multiIntegerEnum', options: [1, 2] },
    rate: { type: 'floatEnum', options: [0.5] },
  };
  expect(parse({ attributes })()).toEqual({ ...LEAD, attributes });
});

it('required attributes and defaults are taken, as they are stored', () => {
  const attributes = {
    ...LEAD.attributes,
    size: { type: 'integer' },
    at: { type: 'date' },
    j: { type: 'json' },
  };
  const defaults = { size: '5', at: '2026-11-24', j: 'x'.repeat(10_000) };
  const parsed = parse({ attributes, required: ['lead_id', 'size'], defaults })();
  expect(parsed).toMatchObject({
    required: ['lead_id', 'size'],
    defaults: { ...defaults, size: 5, at: Date.UTC(2026, 10, 24) },
  });
});

it.each<[object, string]>([
  [{ required: ['size'] }, 'required names "size", which is not among the attributes'],
  [{ required: ['lead_id', 'lead_id'] }, 'required lists an attribute twice'],
  [{ defaults: { size: 1 } }, 'defaults name "size", which is not among the attributes'],
  [{ defaults: { lead_id: 'L' } }, 'defaults name the primary key "lead_id", which each item brings'],
  [
    { attributes: { ...LEAD.attributes, size: { type: 'integer' } }, defaults: { size: null } },
    'the default of "size" is not a whole number',
  ],
  [
    { attributes: { ...LEAD.attributes, j: { type: 'json' } }, defaults: { j: '\u0001'.repeat(2_000) } },
    'defaults have 12008 bytes of JSON: shorten them to 10240',
  ],
  [{ shortId: '' }, 'shortId is not 1 to 100'],
  [{ name: ' ' }, 'name is empty'],
  [{ states: [] }, 'states is empty'],
  [{ states: 'NEW' }, 'states is not a list'],
  [{ states: ['NEW', 'NEW'] }, 'states lists a state twice'],
  [{ transitions: { NEW: ['WON'] } }, 'transitions name "WON", which is not among the states'],
  [{ transitions: { OLD: ['NEW'] } }, 'transitions name "OLD", which is not among the states'],
  [{ transitions: ['NEW'] }, 'transitions'],
  [{ primaryKey: 'phone' }, 'primaryKey "phone" is not among the attributes'],
  [{ primaryKey: 'state', attributes: { state: { type: 'string' } } }, 'primaryKey "state" is taken'],
  [{ attributes: { lead_id: { type: 'json' } } }, 'primaryKey "lead_id" is of type json'],
  [{ attributes: { lead_id: { type: 'strnig' } } }, 'attributes.lead_id.type is not a type'],
  [{ attributes: { lead_id: { type: 'string', options: ['a'] } } }, 'has options, and string has none'],
  [
    { attributes: { ...LEAD.attributes, a: { type: 'integerEnum', options: [1.5] } } },
    'attributes.a has options that are not of integerEnum',
  ],
  [
    { attributes: { ...LEAD.attributes, a: { type: 'stringEnum', options: ['a', 'a'] } } },
    'attributes.a has an option twice',
  ],
  [{ attributes: { ...LEAD.attributes, ['x'.repeat(256)]: { type: 'string' } } }, 'is not a name'],
  // What Valibot would leave out.
  [
    {
      attributes: JSON.parse(
        '{"lead_id":{"type":"string"},"__proto__":{"type":"string"},"constructor":{"type":"string"}}',
      ),
    },
    'attributes must not be named __proto__, constructor',
  ],
  [{ more: true }, 'more'],
])('with %j it is refused: %s', (changes, message) => {
  expect(parse(changes)).toThrow(message);
});
