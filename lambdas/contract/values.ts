import * as v from 'valibot';
import { PROCESS_STATUSES } from './fields.ts';
import { memoize } from './memoize.ts';
import { isInfinite } from './numbers.ts';
import { oneLine } from './printable.ts';
import { plannedTime } from './times.ts';

/** DynamoDB stores UTF-8. */
export const wellFormed = v.check<string, string>(
  (text) => text.isWellFormed(),
  'holds half of a surrogate pair, which is not valid Unicode: send complete characters',
);

const MILLISECONDS = 'is not a time: send epoch milliseconds such as 1616253910842, or null to clear';

const stateSchema = memoize((states: readonly string[]) =>
  v.picklist(states, `is not a state of this procedure: send one of ${listOf(states)}`),
);

/** What a client may send for the fields beside `data`; `state` depends on the procedure. */
export const FIELD_SCHEMAS = {
  state: stateSchema,
  status: v.picklist(PROCESS_STATUSES, `is not a status: send one of ${PROCESS_STATUSES.join(', ')}`),
  assignedTo: v.nullable(
    v.pipe(
      v.string('is not a string: send the name of the assignee, or null to unassign'),
      v.check((name) => name.trim() !== '', 'is empty: send the name of the assignee, or null to unassign'),
      wellFormed,
    ),
  ),
  nextActionAt: v.nullable(plannedTime(MILLISECONDS)),
  isDeleted: v.literal(
    true,
    'is not true: send true to delete. A bulk update does not restore a deleted process',
  ),
};

/**
 * A value as it may be quoted in a message: its JSON, at most 60 characters of it, a number as it was written. Invisible
 * characters are escaped, since the value would look right without them.
 */
export function quote(value: unknown): string {
  if (Array.isArray(value)) return 'an array';
  if (JSON.isRawJSON(value)) return truncate(JSON.stringify(value));
  if (typeof value === 'object' && value !== null) return 'an object';
  if (isInfinite(value)) return 'a number that is too large';
  return oneLine(JSON.stringify(typeof value === 'string' ? truncate(value) : value));
}

/** Maximum number of values that a message lists; every error of a request may repeat it. */
const MAX_LISTED_VALUES = 20;

/** The values that a client may send, as a message lists them. */
export function listOf(values: readonly (string | number)[]): string {
  const listed = values.slice(0, MAX_LISTED_VALUES).map(quote);
  const more = values.length - listed.length;
  return more === 0 ? listed.join(', ') : `${listed.join(', ')} and ${more} more that the procedure lists`;
}

/** A text as it may stand in a message: cut short, but not in the middle of a surrogate pair. */
export function truncate(text: string, length = 60): string {
  return text.length <= length ? text : `${text.slice(0, length).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
