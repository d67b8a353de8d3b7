import { expect, test } from 'vitest';
import { attributesTable } from '../../../../lib/cli/procedures.ts';

const attributes = {
  ref: { type: 'integer' },
  level: { type: 'stringEnum', options: ['low', 'high'] },
  note: { type: 'string' },
} as const;
const procedure = {
  attributes: { ...attributes, level: { ...attributes.level, options: [...attributes.level.options] } },
};

test('the attributes of a procedure tell what a new process needs and what it has by default', () => {
  expect(attributesTable({ ...procedure, required: ['level'], defaults: { level: 'low', note: ' x' } })).toBe(
    [
      'attribute  type        to create  default  options',
      'ref        integer',
      'level      stringEnum  required   low      low, high',
      'note       string                 " x"',
    ].join('\n'),
  );
});

test('a procedure without either has no column for it', () => {
  expect(attributesTable(procedure)).toBe(
    [
      'attribute  type        options',
      'ref        integer',
      'level      stringEnum  low, high',
      'note       string',
    ].join('\n'),
  );
  expect(attributesTable({ ...procedure, required: ['note'] }).split('\n')[0]).toBe(
    'attribute  type        to create  options',
  );
});
