import type { UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import { attributeName, type Change, withChanges } from '../domain/merge.ts';
import type { ResolvedTarget } from '../domain/ports.ts';
import { type Process, TOP_LEVEL_FIELDS } from '../domain/process.ts';

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
const MAX_EXPRESSION_BYTES = 4096;
/** The same page: at most 300 operators or functions in an expression; each field takes two. */
const MAX_EXPRESSION_FIELDS = 150;
/** The same page: at most 100 operands of IN. */
const MAX_IN_OPERANDS = 100;

type Write = Omit<UpdateCommandInput, 'TableName'>;

/** Placeholders for names and values, each declared as it is used. */
class Placeholders {
  readonly names: Record<string, string> = {};
  readonly values: Record<string, unknown> = {};
  #count = 0;

  name(name: string): string {
    const placeholder = `#${this.#next()}`;
    this.names[placeholder] = name;
    return placeholder;
  }

  value(value: unknown): string {
    const placeholder = `:${this.#next()}`;
    this.values[placeholder] = value;
    return placeholder;
  }

  #next(): string {
    this.#count += 1;
    return this.#count.toString(36);
  }
}

/**
 * The one write of the common case: a live process of this team that no newer update has reached.
 *
 * @param changes - at least one
 * @returns undefined when one expression cannot hold the changes
 */
export function directWrite(
  target: ResolvedTarget,
  changes: readonly Change[],
  options: { primaryKey: string | undefined; stateFrom?: readonly string[] | undefined; now: number },
): Write | undefined {
  const { primaryKey, stateFrom = [], now } = options;
  if (changes.length > MAX_EXPRESSION_FIELDS || stateFrom.length > MAX_IN_OPERANDS) return undefined;
  const use = new Placeholders();
  const data = use.name('data');
  const clocks = use.name('clocks');
  const clock = use.name('clock');
  const version = use.name('version');
  const isDeleted = use.name('isDeleted');
  const map = use.value('M');

  const orders = new Map<number, string>();
  const set: string[] = [];
  const remove: string[] = [];
  for (const { field, value, order } of changes) {
    const attribute = attributeName(field);
    const path = attribute === undefined ? use.name(field) : `${data}.${use.name(attribute)}`;
    if (value === null) remove.push(path);
    else set.push(`${path}=${use.value(value)}`);
    if (!orders.has(order)) orders.set(order, use.value(order));
    set.push(`${clocks}.${use.name(field)}=${orders.get(order)}`);
  }
  const allOrders = [...orders.keys()];
  set.push(`${clock}=${use.value(Math.max(...allOrders))}`, `${use.name('updatedAt')}=${use.value(now)}`);

  const UpdateExpression = [
    `SET ${set.join(',')}`,
    remove.length > 0 ? `REMOVE ${remove.join(',')}` : '',
    `ADD ${version} ${use.value(1)}`,
  ].join(' ');
  if (UpdateExpression.length > MAX_EXPRESSION_BYTES) return undefined;

  const isOurs = `${use.name('team')}=${use.value(target.team)} AND ${use.name('procedure')}=${use.value(target.procedure)}`;
  const isLive = `(attribute_not_exists(${isDeleted}) OR ${isDeleted}=${use.value(false)})`;
  const hasMaps = `attribute_type(${data},${map}) AND attribute_type(${clocks},${map})`;
  const isOlder = `(attribute_not_exists(${clock}) OR ${clock}<${use.value(Math.min(...allOrders))})`;
  const conditions = [isOurs, isLive, hasMaps, isOlder];
  if (primaryKey !== undefined) conditions.push(`${use.name('primaryKey')}=${use.value(primaryKey)}`);
  if (stateFrom.length > 0) {
    const state = use.name('state');
    const isAllowed = `${state} IN (${stateFrom.map((from) => use.value(from)).join(',')})`;
    conditions.push(`(attribute_not_exists(${state}) OR ${isAllowed})`);
  }
  return {
    Key: { id: target.id },
    UpdateExpression,
    ConditionExpression: conditions.join(' AND '),
    ExpressionAttributeNames: use.names,
    ExpressionAttributeValues: use.values,
    ReturnValues: 'UPDATED_OLD',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  };
}

/**
 * The write after a read: the process with the changes merged in, if nobody has written it since.
 *
 * `data` and `clocks` are written whole, so that any number of attributes fits and maps that another writer
 * left out come into being.
 */
export function mergedWrite(process: Process, changes: readonly Change[], now: number): Write {
  const use = new Placeholders();
  const merged = withChanges(process, changes, now);
  const written: (keyof Process)[] = ['data', 'clocks', 'clock', 'version', 'updatedAt'];
  for (const field of TOP_LEVEL_FIELDS) {
    if (changes.some((change) => change.field === field)) written.push(field);
  }
  const isCleared = (name: keyof Process) => merged[name] === undefined;
  const set = written
    .filter((name) => !isCleared(name))
    .map((name) => `${use.name(name)}=${use.value(merged[name])}`);
  const remove = written.filter(isCleared).map((name) => use.name(name));
  const isUntouchedSince =
    process.version === undefined
      ? `attribute_exists(${use.name('id')}) AND attribute_not_exists(${use.name('version')})`
      : `${use.name('version')}=${use.value(process.version)}`;
  const conditions = [isUntouchedSince];
  // Other writers need not count versions; what was decided by the state holds only as long as that is the same.
  if (written.includes('state')) conditions.push(sameState(process, use));
  return {
    Key: { id: process.id },
    UpdateExpression: `SET ${set.join(',')}${remove.length > 0 ? ` REMOVE ${remove.join(',')}` : ''}`,
    ConditionExpression: conditions.join(' AND '),
    ExpressionAttributeNames: use.names,
    ExpressionAttributeValues: use.values,
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  };
}

function sameState({ state }: Process, use: Placeholders): string {
  const name = use.name('state');
  return state === undefined ? `attribute_not_exists(${name})` : `${name}=${use.value(state)}`;
}
