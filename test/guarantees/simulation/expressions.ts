import { isDeepStrictEqual } from 'node:util';

/**
 * The expressions of DynamoDB that this project uses, evaluated on plain values: conditions, key conditions and
 * updates. `../conformance/` holds it against DynamoDB Local.
 */
export type Item = Record<string, unknown>;

export interface Placeholders {
  ExpressionAttributeNames?: Record<string, string> | undefined;
  ExpressionAttributeValues?: Record<string, unknown> | undefined;
}

export class ValidationException extends Error {
  override readonly name = 'ValidationException';
}

type Evaluate<Value> = (item: Item, use: Placeholders) => Value;
type Path = (use: Placeholders) => string[];

interface Operand {
  path?: Path;
  value: Evaluate<unknown>;
}

export type Condition = Evaluate<boolean>;

export interface Update {
  set: { path: Path; value: Evaluate<unknown> }[];
  remove: Path[];
  add: { path: Path; value: Evaluate<unknown> }[];
  delete: { path: Path; value: Evaluate<unknown> }[];
}

const TOKEN = /[#:]?\w+|<=|>=|<>|[=<>(),.]/g;

class Parser {
  readonly #tokens: string[];
  #position = 0;

  constructor(text: string) {
    this.#tokens = text.match(TOKEN) ?? [];
  }

  get next(): string | undefined {
    return this.#tokens[this.#position];
  }

  take(expected?: string): string {
    const token = this.#tokens[this.#position++];
    if (token === undefined || (expected !== undefined && token !== expected)) {
      throw new Error(`The fake does not understand ${token} where ${expected ?? 'more'} is expected`);
    }
    return token;
  }

  takes(token: string): boolean {
    if (this.next !== token) return false;
    this.#position += 1;
    return true;
  }

  condition(): Condition {
    const parts = [this.#all()];
    while (this.takes('OR')) parts.push(this.#all());
    return parts.length === 1
      ? (parts[0] as Condition)
      : (item, use) => parts.some((part) => part(item, use));
  }

  #all(): Condition {
    const parts = [this.#one()];
    while (this.takes('AND')) parts.push(this.#one());
    return parts.length === 1
      ? (parts[0] as Condition)
      : (item, use) => parts.every((part) => part(item, use));
  }

  #one(): Condition {
    if (this.takes('(')) {
      const inner = this.condition();
      this.take(')');
      return inner;
    }
    const test = FUNCTIONS[this.next ?? ''];
    if (test !== undefined) {
      this.take();
      this.take('(');
      const subject = this.operand();
      const argument = this.takes(',') ? this.operand() : undefined;
      this.take(')');
      return (item, use) => test(subject.value(item, use), argument?.value(item, use));
    }
    const left = this.operand();
    if (this.takes('IN')) {
      const options = this.#list();
      return (item, use) => options.some((one) => isSame(left.value(item, use), one.value(item, use)));
    }
    if (this.takes('BETWEEN')) {
      const from = this.operand();
      this.take('AND');
      const to = this.operand();
      const isIn = (value: unknown, low: unknown, high: unknown) =>
        COMPARISONS['<=']?.(low, value) === true && COMPARISONS['<=']?.(value, high) === true;
      return (item, use) => isIn(left.value(item, use), from.value(item, use), to.value(item, use));
    }
    const operator = this.take();
    const compare = COMPARISONS[operator];
    // No error of DynamoDB's: the store would take another way, and what is simulated be less than it seems.
    if (compare === undefined) throw new Error(`The fake does not know the comparison ${operator}`);
    const right = this.operand();
    return (item, use) => compare(left.value(item, use), right.value(item, use));
  }

  operand(): Operand {
    if (this.next?.startsWith(':')) {
      const placeholder = this.take();
      return { value: (_item, { ExpressionAttributeValues = {} }) => ExpressionAttributeValues[placeholder] };
    }
    const isSize = this.takes('size');
    if (isSize) this.take('(');
    const path = this.path();
    if (!isSize) return { path, value: (item, use) => valueAt(item, path(use)) };
    this.take(')');
    return { value: (item, use) => sizeOf(valueAt(item, path(use))) };
  }

  #list(): Operand[] {
    this.take('(');
    const operands = [this.operand()];
    while (this.takes(',')) operands.push(this.operand());
    this.take(')');
    return operands;
  }

  paths(): Path[] {
    const paths = [this.path()];
    while (this.takes(',')) paths.push(this.path());
    return paths;
  }

  path(): Path {
    const segments = [this.take()];
    while (this.takes('.')) segments.push(this.take());
    return ({ ExpressionAttributeNames = {} }) =>
      segments.map((segment) => ExpressionAttributeNames[segment] ?? segment);
  }

  update(): Update {
    const update: Update = { set: [], remove: [], add: [], delete: [] };
    while (this.next !== undefined) {
      const clause = this.take();
      do {
        const path = this.path();
        if (clause === 'REMOVE') update.remove.push(path);
        else if (clause === 'ADD') update.add.push({ path, value: this.operand().value });
        else if (clause === 'DELETE') update.delete.push({ path, value: this.operand().value });
        else {
          this.take('=');
          update.set.push({ path, value: this.operand().value });
        }
      } while (this.takes(','));
    }
    return update;
  }
}

const FUNCTIONS: Record<string, (subject: unknown, argument: unknown) => boolean> = {
  attribute_exists: (subject) => subject !== undefined,
  attribute_not_exists: (subject) => subject === undefined,
  attribute_type: (subject, type) => type === 'M' && isMap(subject),
  contains: (subject, member) => subject instanceof Set && subject.has(member),
  begins_with: (subject, prefix) => typeof subject === 'string' && subject.startsWith(String(prefix)),
};

/** Values of different types, and what is not there, compare as unequal and in no order. */
const COMPARISONS: Record<string, (left: unknown, right: unknown) => boolean> = {
  '=': isSame,
  '<>': (left, right) => left !== right,
  '<': (left, right) => typeof left === typeof right && (left as number) < (right as number),
  '<=': (left, right) => typeof left === typeof right && (left as number) <= (right as number),
  '>': (left, right) => typeof left === typeof right && (left as number) > (right as number),
  '>=': (left, right) => typeof left === typeof right && (left as number) >= (right as number),
};

function isSame(left: unknown, right: unknown): boolean {
  if (left === undefined) return false;
  return left === right || (typeof left === 'object' && isDeepStrictEqual(clone(left), clone(right)));
}

function isMap(value: unknown): value is Item {
  const isOther = Array.isArray(value) || value instanceof Uint8Array || value instanceof Set;
  return typeof value === 'object' && value !== null && !isOther;
}

/** Of a map or a set the number of its members; of what has no size, nothing. */
function sizeOf(value: unknown): number | undefined {
  if (value instanceof Set) return value.size;
  return isMap(value) ? Object.keys(value).length : undefined;
}

function valueAt(item: Item, path: readonly string[]): unknown {
  let value: unknown = item;
  for (const name of path) {
    if (!isMap(value) || !Object.hasOwn(value, name)) return undefined;
    value = value[name];
  }
  return value;
}

function parsed<Parsed>(parse: (parser: Parser) => Parsed): (text: string) => Parsed {
  const known = new Map<string, Parsed>();
  return (text) => {
    const expression = known.get(text) ?? parse(new Parser(text));
    known.set(text, expression);
    return expression;
  };
}

export const parseCondition = parsed((parser) => parser.condition());
const parseUpdate = parsed((parser) => parser.update());
const parseProjection = parsed((parser) => parser.paths());

/** Whether a condition holds for an item; no condition always does. */
export function holds(text: string | undefined, item: Item, use: Placeholders): boolean {
  return text === undefined || parseCondition(text)(item, use);
}

/**
 * Changes an item, which is the caller's own copy.
 * @returns the paths that the expression touches
 * @throws ValidationException when a path leads through what is not a map
 */
export function change(text: string, item: Item, use: Placeholders): string[][] {
  const { set, remove, add, delete: deleted } = parseUpdate(text);
  const before = clone(item);
  const touched: string[][] = [];
  const parentOf = (path: string[]): Item => {
    touched.push(path);
    const parent = valueAt(item, path.slice(0, -1));
    if (isMap(parent)) return parent;
    throw new ValidationException(
      'The document path provided in the update expression is invalid for update',
    );
  };
  for (const { path, value } of set) {
    const to = path(use);
    parentOf(to)[to.at(-1) ?? ''] = clone(value(before, use));
  }
  for (const path of remove) {
    const to = path(use);
    delete parentOf(to)[to.at(-1) ?? ''];
  }
  for (const { path, value } of add) {
    const to = path(use);
    const [known, more] = [valueAt(before, to), value(before, use)];
    parentOf(to)[to.at(-1) ?? ''] =
      more instanceof Set
        ? new Set([...((known as Set<unknown> | undefined) ?? []), ...more])
        : Number(known ?? 0) + Number(more);
  }
  for (const { path, value } of deleted) {
    const to = path(use);
    const known = (valueAt(before, to) as Set<unknown> | undefined) ?? new Set();
    const left = known.difference(value(before, use) as Set<unknown>);
    const parent = parentOf(to);
    // There are no empty sets.
    if (left.size === 0) delete parent[to.at(-1) ?? ''];
    else parent[to.at(-1) ?? ''] = left;
  }
  return touched;
}

/** What a projection leaves of an item: without one a copy of the whole. */
export function project(text: string | undefined, item: Item, use: Placeholders): Item {
  if (text === undefined) return clone(item);
  return extract(
    item,
    parseProjection(text).map((path) => path(use)),
  );
}

/** What an item has at some paths, as `ReturnValues` gives it. */
export function extract(item: Item, paths: readonly string[][]): Item {
  const extracted: Item = {};
  for (const path of paths) {
    const value = valueAt(item, path);
    if (value === undefined) continue;
    let parent = extracted;
    for (const name of path.slice(0, -1)) {
      parent[name] ??= {};
      parent = parent[name] as Item;
    }
    parent[path.at(-1) ?? ''] = clone(value);
  }
  return extracted;
}

/** A copy that shares nothing but bytes, which nobody changes. Undefined members are left out. */
export function clone<Value>(value: Value): Value {
  if (Array.isArray(value)) return value.map(clone) as Value;
  // As the client gives them, whatever holds them when they are written.
  if (Buffer.isBuffer(value)) return new Uint8Array(value.buffer, value.byteOffset, value.length) as Value;
  if (value instanceof Set) return new Set(value) as Value;
  // The client writes both as maps.
  if (value instanceof Map) return clone(Object.fromEntries(value)) as Value;
  if (!isMap(value)) return value;
  const copy: Item = {};
  for (const name of Object.keys(value)) {
    const member = (value as Item)[name];
    if (member !== undefined) copy[name] = clone(member);
  }
  return copy as Value;
}
