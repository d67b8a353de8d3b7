import { expect, it } from 'vitest';
import { parseProcedure } from '../../lib/operations/procedures.ts';

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

it.each<[object, string]>([
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

it('what is not JSON is refused', () => {
  expect(() => parseProcedure('{')).toThrow('The file is not JSON');
});
