import { attributeOf } from '../../../lambdas/contract/procedure.ts';
import type { ProcedureView } from '../../client/index.ts';
import { timeText, valueText } from './words.ts';

const days = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeZone: 'UTC' });

const DAY_MS = 24 * 60 * 60 * 1000;
/** The last moment of a `Date`. */
const LAST_MOMENT = 8_640_000_000_000_000;

/**
 * Shows a value of a process. Nobody reads epoch milliseconds: a day is shown as a day, a moment as the clock of the user
 * shows it, and a time of day as hours and minutes.
 * @param field - `nextActionAt`, or `data.` with the name of an attribute
 */
export function fieldText(
  field: string,
  value: unknown,
  procedure: Pick<ProcedureView, 'attributes'>,
): string {
  if (typeof value !== 'number' || Math.abs(value) > LAST_MOMENT) return valueText(value);
  switch (typeOf(field, procedure)) {
    case 'date':
      return value % DAY_MS === 0 ? days.format(value) : timeText(value);
    case 'datetime':
      return timeText(value);
    case 'time':
      return new Date(value).toISOString().slice('1970-01-01T'.length, -'.000Z'.length);
    default:
      return valueText(value);
  }
}

function typeOf(field: string, procedure: Pick<ProcedureView, 'attributes'>): string | undefined {
  if (field === 'nextActionAt') return 'datetime';
  return field.startsWith('data.') ? attributeOf(procedure, field.slice('data.'.length))?.type : undefined;
}
