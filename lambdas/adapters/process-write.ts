import { isDeepStrictEqual } from 'node:util';
import type { UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import type { Process } from '../contract/process.ts';
import { APPLIED_LETTER, FORGOTTEN_UP_TO, MAX_REMEMBERED, withDecisions } from '../domain/decided.ts';
import { type Decision, writesFields } from '../domain/decision.ts';
import { attributeName, type Change, withChanges } from '../domain/merge.ts';
import type { ResolvedReference } from '../domain/ports.ts';
import { type Expected, type ExpectedName, membersOf, rawValue } from '../domain/precondition.ts';
import { isMap } from '../domain/process.ts';

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
const MAX_EXPRESSION_BYTES = 4096;
/** The same page: at most 300 operators or functions in an expression; each field takes two. */
const MAX_EXPRESSION_FIELDS = 150;
/** The same page: at most 100 operands of IN. */
const MAX_IN_OPERANDS = 100;

export type Write = Omit<UpdateCommandInput, 'TableName'>;

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

/** What guards the one update of a write. */
export interface Guard {
  order: number;
  /** The states that the process may come from; undefined for any. */
  stateFrom: readonly string[] | undefined;
  expect: Expected | undefined;
}

/**
 * The one write of the common case: a live process of this team that no newer update has reached.
 *
 * @param changes - at least one
 * @returns undefined when one expression cannot hold the changes
 */
export function directWrite(
  target: ResolvedReference,
  changes: readonly Change[],
  options: {
    primaryKey: string | undefined;
    guard?: Guard | undefined;
    now: number;
  },
): Write | undefined {
  const { primaryKey, guard, now } = options;
  if (changes.length > MAX_EXPRESSION_FIELDS) return undefined;
  if ((guard?.stateFrom?.length ?? 0) > MAX_IN_OPERANDS) return undefined;
  const use = new Placeholders();
  const data = use.name('data');
  const clocks = use.name('clocks');
  const clock = use.name('clock');
  const isDeleted = use.name('isDeleted');
  const map = use.value('M');
  const orders = changes.map(({ order }) => order);

  const expression = new UpdateExpression(use);
  expression.setMembers(changes, { data, clocks });
  expression.set.push(
    `${clock}=${use.value(Math.max(...orders))}`,
    `${use.name('updatedAt')}=${use.value(now)}`,
  );
  if (guard?.expect !== undefined)
    expression.set.push(
      `${use.name('decided')}.${use.name(String(guard.order))}=${use.value(APPLIED_LETTER)}`,
    );
  const text = `${expression} ADD ${use.name('version')} ${use.value(1)}`;
  if (text.length > MAX_EXPRESSION_BYTES) return undefined;

  const isOurs = `${use.name('team')}=${use.value(target.team)} AND ${use.name('procedure')}=${use.value(target.procedure)}`;
  const isLive = `(attribute_not_exists(${isDeleted}) OR ${isDeleted}=${use.value(false)})`;
  const hasMaps = `attribute_type(${data},${map}) AND attribute_type(${clocks},${map})`;
  const isOlder = `(attribute_not_exists(${clock}) OR ${clock}<${use.value(Math.min(...orders))})`;
  const conditions = [isOurs, isLive, hasMaps, isOlder];
  if (primaryKey !== undefined) conditions.push(`${use.name('primaryKey')}=${use.value(primaryKey)}`);
  if (guard !== undefined) conditions.push(...guardConditions(guard, use));
  return {
    Key: { id: target.id },
    UpdateExpression: text,
    ConditionExpression: conditions.join(' AND '),
    ExpressionAttributeNames: use.names,
    ExpressionAttributeValues: use.values,
    ReturnValues: 'UPDATED_OLD',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  };
}

/** The update may be applied, and no copy of it was judged before. */
function guardConditions({ order, stateFrom, expect }: Guard, use: Placeholders): string[] {
  const decided = use.name('decided');
  const upTo = `${decided}.${use.name(FORGOTTEN_UP_TO)}`;
  const conditions = [
    `attribute_not_exists(${decided}.${use.name(String(order))})`,
    `(attribute_not_exists(${upTo}) OR ${upTo}<${use.value(order)})`,
  ];
  if (stateFrom !== undefined) {
    const state = use.name('state');
    const from = stateFrom.map((each) => use.value(each)).join(',');
    conditions.push(`(attribute_not_exists(${state}) OR ${state} IN (${from}))`);
  }
  if (expect !== undefined) {
    conditions.push(
      `attribute_type(${decided},${use.value('M')})`,
      `size(${decided})<${use.value(MAX_REMEMBERED)}`,
      ...membersOf(expect).map(([name, value]) => hasValue(use, name, value ?? undefined)),
    );
  }
  return conditions;
}

/** The process has that value in a member of `expect`; undefined for none. */
function hasValue(use: Placeholders, name: ExpectedName, value: unknown): string {
  const attribute = name === 'version' ? undefined : attributeName(name);
  const path = attribute === undefined ? use.name(name) : `${use.name('data')}.${use.name(attribute)}`;
  return value === undefined ? `attribute_not_exists(${path})` : `${path}=${use.value(storable(value))}`;
}

/** What a decision was made of besides the clocks, and holds only as long as it is the same. */
const DECIDED_BY = ['team', 'procedure', 'primaryKey', 'version', 'isDeleted'] as const;
/** The same of a guarded update. Another system that sets a field as the newest raises `clock`. */
const GUARDED_BY = ['state', 'clock', 'decided'] as const;

/**
 * The write after a read: a decision written into the process that it was made of, if that is still the same.
 *
 * Other systems need not count versions. So it writes the members of `data` and `clocks` one by one: what no update names
 * stays as it is, whoever has written it meanwhile. A map that is missing comes into being.
 */
export function mergedWrite(process: Process, decision: Omit<Decision, 'verdicts'>, now: number): Write {
  return writeOf(process, decision, now, false) ?? (writeOf(process, decision, now, true) as Write);
}

/**
 * @param isWhole - whether maps are written as a whole, on the condition that they are as they were read
 * @returns undefined when one expression cannot hold the changes
 */
function writeOf(
  process: Process,
  { changes, decided, isGuarded, dependsOn }: Omit<Decision, 'verdicts'>,
  now: number,
  isWhole: boolean,
): Write | undefined {
  if (!isWhole && changes.length > MAX_EXPRESSION_FIELDS) return undefined;
  const use = new Placeholders();
  const expression = new UpdateExpression(use);
  const conditions: string[] = [];
  const isAsRead = (name: keyof Process) => {
    const attribute = use.name(name);
    const value = process[name];
    if (value === undefined) conditions.push(`attribute_not_exists(${attribute})`);
    else conditions.push(`${attribute}=${use.value(storable(value))}`);
  };
  for (const name of isGuarded ? [...DECIDED_BY, ...GUARDED_BY] : DECIDED_BY) isAsRead(name);
  for (const name of dependsOn) conditions.push(hasValue(use, name, rawValue(process, name)));

  if (writesFields({ changes, decided })) {
    const merged = withChanges(process, changes, now);
    const members: { data?: string; clocks?: string } = {};
    for (const name of ['data', 'clocks'] as const) {
      if (isMap(process[name]) && !isWhole) {
        members[name] = use.name(name);
        conditions.push(`attribute_type(${members[name]},${use.value('M')})`);
      } else if (!isDeepStrictEqual(process[name], merged[name])) {
        isAsRead(name);
        expression.assign(use.name(name), storable(merged[name]));
      }
    }
    expression.setMembers(changes, members);
    for (const name of ['clock', 'version', 'updatedAt'] as const)
      expression.assign(use.name(name), merged[name]);
  }
  if (decided.size > 0) expression.assign(use.name('decided'), withDecisions(process.decided, decided));
  const text = String(expression);
  if (text.length > MAX_EXPRESSION_BYTES) return undefined;
  return {
    Key: { id: process.id },
    UpdateExpression: text,
    ConditionExpression: conditions.join(' AND '),
    ExpressionAttributeNames: use.names,
    ExpressionAttributeValues: use.values,
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  };
}

/** The clauses SET and REMOVE of an update expression. */
class UpdateExpression {
  readonly set: string[] = [];
  readonly #remove: string[] = [];
  readonly #use: Placeholders;
  readonly #orders = new Map<number, string>();

  constructor(use: Placeholders) {
    this.#use = use;
  }

  assign(path: string, value: unknown): void {
    if (value === null || value === undefined) this.#remove.push(path);
    else this.set.push(`${path}=${this.#use.value(value)}`);
  }

  /**
   * Sets the fields of changes, each with its clock.
   * @param maps - the paths of the maps that are written member by member
   */
  setMembers(changes: readonly Change[], { data, clocks }: { data?: string; clocks?: string }): void {
    for (const { field, value, order } of changes) {
      const attribute = attributeName(field);
      if (attribute === undefined) this.assign(this.#use.name(field), value);
      else if (data !== undefined) this.assign(`${data}.${this.#use.name(attribute)}`, value);
      if (clocks === undefined) continue;
      const clock = this.#orders.get(order) ?? this.#use.value(order);
      this.#orders.set(order, clock);
      this.set.push(`${clocks}.${this.#use.name(field)}=${clock}`);
    }
  }

  toString(): string {
    const remove = this.#remove.length > 0 ? `REMOVE ${this.#remove.join(',')}` : '';
    return [this.set.length > 0 ? `SET ${this.set.join(',')}` : '', remove].filter(Boolean).join(' ');
  }
}

/**
 * A stored value as the document client writes it back whatever its members are called: of a plain object it asks the
 * member `constructor` for its type, of a Map it does not.
 */
function storable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(storable);
  if (!isMap(value)) return value;
  return new Map(Object.entries(value).map(([name, member]) => [name, storable(member)]));
}
