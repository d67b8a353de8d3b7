import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AttributeType } from '../../../../lambdas/contract/procedure.ts';
import type { Column } from '../../../../lambdas/rows/column.ts';
import { itemOf } from '../../../../lambdas/rows/csv-item.ts';

const lead: Column = { is: 'identifier', name: 'lead_id' };
const attribute = (name: string, type: AttributeType): Column => ({ is: 'attribute', name, type });

function item(cells: string[], columns: Column[]): unknown {
  return JSON.parse(itemOf(['LEAD-1', ...cells], [lead, ...columns], '\\N'));
}

test('any text arrives as it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 1 }), (text) => {
      fc.pre(text !== '\\N');
      expect(item([text], [attribute('city', 'string')])).toEqual({
        lead_id: 'LEAD-1',
        data: { city: text },
      });
    }),
  );
});
