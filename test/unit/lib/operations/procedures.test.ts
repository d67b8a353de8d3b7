import { expect, it } from 'vitest';
import { parseProcedure } from '../../../../lib/operations/procedures.ts';

it('what is not JSON is refused', () => {
  expect(() => parseProcedure('{')).toThrow('The file is not JSON');
});

it('a member that is unknown is named', () => {
  expect(() => parseProcedure('{ "team": "acme" }')).toThrow('team is unknown. Remove it.');
});
