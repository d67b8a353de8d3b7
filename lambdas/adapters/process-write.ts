import { isDeepStrictEqual } from 'node:util';
import type { UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import type { Origin, Process } from '../contract/process.ts';
import { type Change, isCleared, type Writing } from '../domain/change.ts';
import { APPLIED_LETTER, FORGOTTEN_UP_TO, MAX_REMEMBERED, withDecisions } from '../domain/decided.ts';
import { type Decision, writesFields } from '../domain/decision.ts';
import { attributeName, type FieldName } from '../domain/field.ts';
import type { ResolvedReference } from '../domain/ports.ts';
import {
  type ExpectedName,
  hasPrecondition,
  membersOf,
  type Precondition,
  rawValue,
} from '../domain/precondition.ts';
import { isMap } from '../domain/process.ts';
import { plainValue } from '../domain/value-text.ts';
import { markOf, withChanges } from '../domain/with-changes.ts';
import { storable } from './storable.ts';

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
const MAX_EXPRESSION_BYTES = 4096;
/** The same page: at most 300 operators or functions in an expression; each field takes two. */
const MAX_EXPRESSION_FIELDS = 150;
/** Beyond it the condition would have too many operators, too. */
const MAX_CONDITION_FIELDS = 50;
/** The same page: at most 100 operands of IN. */
const MAX_IN_OPERANDS = 100;

export type Write = Omit<UpdateCommandInput, 'TableName'>;

/** What of a decision is written into a process. */
export type WrittenDecision = Omit<Decision, 'verdicts' | 'steps'>;

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
export interface Guard extends Precondition {
  order: number;
  /** The states that the process may come from; undefined for any. */
  stateFrom: readonly string[] | undefined;
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
    /**
     * The least order number of the updates, also of one that another of them has overtaken: the process may show what became
     * of it before.
     */
    from: number;
    now: number;
  },
): Write | undefined {
  const { primaryKey, guard, from, now } = options;
  if (changes.length > MAX_EXPRESSION_FIELDS) return undefined;
  if ((guard?.stateFrom?.length ?? 0) > MAX_IN_OPERANDS) return undefined;
  const planned = Object.values(guard?.planned ?? {});
  if (planned.length > MAX_CONDITION_FIELDS || planned.some((text) => plainValue(text) === undefined))
    return undefined;
  const use = new Placeholders();
  const data = use.name('data');
  const clocks = use.name('clocks');
  const clock = use.name('clock');
  const isDeleted = use.name('isDeleted');
  const map = use.value('M');
  const orders = changes.map(({ order }) => order);

  const expression = new UpdateExpression(use);
  expression.setFields(changes, data);
  expression.setClocks(
    changes.map(({ field, order }) => [field, order]),
    clocks,
  );
  expression.set.push(
    `${clock}=${use.value(Math.max(...orders))}`,
    `${use.name('updatedAt')}=${use.value(now)}`,
  );
  if (guard !== undefined && hasPrecondition(guard))
    expression.set.push(
      `${use.name('decided')}.${use.name(String(guard.order))}=${use.value(APPLIED_LETTER)}`,
    );
  const text = `${expression} ADD ${use.name('version')} ${use.value(1)}`;
  if (text.length > MAX_EXPRESSION_BYTES) return undefined;

  const isOurs = `${use.name('team')}=${use.value(target.team)} AND ${use.name('procedure')}=${use.value(target.procedure)}`;
  const isLive = `(attribute_not_exists(${isDeleted}) OR ${isDeleted}=${use.value(false)})`;
  const hasMaps = `attribute_type(${data},${map}) AND attribute_type(${clocks},${map})`;
  const isOlder = `(attribute_not_exists(${clock}) OR ${clock}<${use.value(from)})`;
  const conditions = [isOurs, isLive, hasMaps, isOlder, ...withoutOrigins(changes, use)];
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

/**
 * No undo has given any of the fields a value back, or taken a deletion back: then only the process tells where that comes
 * from.
 */
function withoutOrigins(changes: readonly Change[], use: Placeholders): string[] {
  const origins = use.name('origins');
  if (changes.length > MAX_CONDITION_FIELDS) return [`attribute_not_exists(${origins})`];
  const fields = new Set([...changes.map(({ field }) => field), 'isDeleted']);
  return [...fields].map((field) => `attribute_not_exists(${origins}.${use.name(field)})`);
}

/** The update may be applied, and no copy of it was judged before. */
function guardConditions(guard: Guard, use: Placeholders): string[] {
  const { order, stateFrom, expect = {}, planned = {} } = guard;
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
  if (hasPrecondition(guard)) {
    const values = Object.entries(planned).map(
      ([name, text]) => [name as FieldName, plainValue(text)] as const,
    );
    conditions.push(
      `attribute_type(${decided},${use.value('M')})`,
      `size(${decided})<${use.value(MAX_REMEMBERED)}`,
      ...[...membersOf(expect), ...values].map(([name, value]) => hasValue(use, name, value ?? undefined)),
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
export function mergedWrite(process: Process, decision: WrittenDecision, now: number): Write {
  return writeOf(process, decision, now, false) ?? (writeOf(process, decision, now, true) as Write);
}

/**
 * @param isWhole - whether maps are written as a whole, on the condition that they are as they were read
 * @returns undefined when one expression cannot hold the changes
 */
function writeOf(
  process: Process,
  { changes, decided, isGuarded, dependsOn }: WrittenDecision,
  now: number,
  isWhole: boolean,
): Write | undefined {
  if (!isWhole && changes.length > MAX_EXPRESSION_FIELDS) return undefined;
  if (!isWhole && dependsOn.length > MAX_CONDITION_FIELDS) return undefined;
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
  const isInWhole = (name: ExpectedName) => isWhole && name.startsWith('data.');
  for (const name of dependsOn) {
    if (!isInWhole(name)) conditions.push(hasValue(use, name, rawValue(process, name)));
  }

  if (writesFields({ changes, decided })) {
    const merged = withChanges(process, changes, now);
    // The path of a map that is written member by member.
    const membersPath = (name: 'data' | 'clocks' | 'origins'): string | undefined => {
      if (isMap(process[name]) && !isWhole) {
        const path = use.name(name);
        conditions.push(`attribute_type(${path},${use.value('M')})`);
        return path;
      }
      if (isWhole || !isDeepStrictEqual(process[name], merged[name])) isAsRead(name);
      if (!isDeepStrictEqual(process[name], merged[name]))
        expression.assign(use.name(name), storable(merged[name]));
      return undefined;
    };
    expression.setFields(changes, membersPath('data'));
    const marks = changes.map((writing) => ({ field: writing.field, ...markOf(process, writing) }));
    const clocks = membersPath('clocks');
    if (clocks !== undefined)
      expression.setClocks(
        marks
          .filter(({ field, clock }) => process.clocks?.[field] !== clock)
          .map(({ field, clock }) => [field, clock]),
        clocks,
      );
    const origins = marks.some(({ field, origin }) => !isSameOrigin(process, field, origin))
      ? membersPath('origins')
      : undefined;
    if (origins !== undefined) {
      for (const { field, origin } of marks)
        if (!isSameOrigin(process, field, origin))
          expression.assign(`${origins}.${use.name(field)}`, storable(origin));
    }
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

function isSameOrigin(process: Process, field: FieldName, origin: Origin | undefined): boolean {
  const stored = isMap(process.origins) ? process.origins[field] : undefined;
  return isDeepStrictEqual(stored, origin);
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

  /** @param value - undefined and null take what is there away */
  assign(path: string, value: unknown): void {
    if (value === null || value === undefined) this.#remove.push(path);
    else this.#setTo(path, value);
  }

  /**
   * Sets the fields of changes.
   * @param data - the path of the map of attributes, if they are written one by one
   */
  setFields(writings: readonly Writing[], data: string | undefined): void {
    for (const writing of writings) {
      const attribute = attributeName(writing.field);
      if (attribute !== undefined && data === undefined) continue;
      const path =
        attribute === undefined ? this.#use.name(writing.field) : `${data}.${this.#use.name(attribute)}`;
      if (isCleared(writing)) this.#remove.push(path);
      else this.#setTo(path, storable(writing.value));
    }
  }

  /** Sets members of the map of clocks at a path. */
  setClocks(marks: readonly (readonly [field: FieldName, clock: number])[], clocks: string): void {
    for (const [field, clock] of marks) {
      const value = this.#orders.get(clock) ?? this.#use.value(clock);
      this.#orders.set(clock, value);
      this.set.push(`${clocks}.${this.#use.name(field)}=${value}`);
    }
  }

  #setTo(path: string, value: unknown): void {
    this.set.push(`${path}=${this.#use.value(value)}`);
  }

  toString(): string {
    const remove = this.#remove.length > 0 ? `REMOVE ${this.#remove.join(',')}` : '';
    return [this.set.length > 0 ? `SET ${this.set.join(',')}` : '', remove].filter(Boolean).join(' ');
  }
}
