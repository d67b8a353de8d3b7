import { PROCESS_STATUSES } from '../../../lambdas/contract/fields.ts';
import { attributeOf } from '../../../lambdas/contract/procedure.ts';
import type { Column } from '../../../lambdas/rows/column.ts';
import type { ProcedureView } from '../../client/index.ts';

/** Returns the values that a cell of a column can have. Undefined when they cannot be listed. */
export function choicesOf(column: Column, procedure: ProcedureView): readonly string[] | undefined {
  if (column.is === 'field') {
    if (column.name === 'state') return procedure.states;
    if (column.name === 'status') return PROCESS_STATUSES;
    return column.name === 'isDeleted' ? ['true'] : undefined;
  }
  if (column.is !== 'attribute') return undefined;
  switch (column.type) {
    case 'boolean':
      return ['true', 'false'];
    case 'stringEnum':
    case 'integerEnum':
    case 'floatEnum':
      return attributeOf(procedure, column.name)?.options?.map(String);
    default:
      return undefined;
  }
}
