import * as v from 'valibot';
import { attributeSchema } from '../contract/attribute-types.ts';
import { counted } from '../contract/counted.ts';
import type { ErrorBody, InvalidCode } from '../contract/errors.ts';
import { CREATE_FIELDS, EXPECTED_FIELDS, TOP_LEVEL_FIELDS, UPDATE_FIELDS } from '../contract/fields.ts';
import { isObject } from '../contract/is-object.ts';
import { MAX_EXPECTED_ATTRIBUTES, MAX_IDENTIFIER_BYTES } from '../contract/limits.ts';
import { isInfinite, parseAsWritten } from '../contract/numbers.ts';
import { type AttributeValue, attributeOf, type Procedure } from '../contract/procedure.ts';
import { FIELD_SCHEMAS, quote } from '../contract/values.ts';
import type { Creation } from './creation.ts';
import { jsonPointer } from './json-pointer.ts';
import type { Expected } from './precondition.ts';
import type { Update } from './process.ts';
import { RequestCheck } from './request-check.ts';
import type { NamePlace } from './suggestions.ts';
import { statesBefore } from './transitions.ts';
import type { ProcessReference } from './update-message.ts';

/**
 * The largest item, as JSON in UTF-8. On the queue it may grow to three times that (see `writeMessage`), and
 * a message has at most 1 MiB; a stored process, and a chunk of the stored submission, have at most 400 KB.
 */
export const MAX_ITEM_BYTES = 320 * 1024;

/** An item that can be queued. */
export interface ValidItem {
  target: ProcessReference;
  update: Update;
  /** What the process must have for the update to be applied. */
  expect?: Expected;
  /** What creates the process if none has the primary key. */
  create?: Creation;
  /** Position of an earlier item of the request that may create the process. */
  after?: number;
}

/** What the text of an item showed to be wrong: as many errors as may be listed, and how many more there are. */
export interface TextErrors {
  listed: readonly ErrorBody[];
  more: number;
  /** The item as it is written, in one line: parsing loses what is wrong with it. */
  text: string;
}

/** The text is there of an item of which parsing loses something. */
export type FoundInText = Pick<TextErrors, 'listed' | 'more'> & Partial<Pick<TextErrors, 'text'>>;

export type CheckedItem = { valid: ValidItem } | { errors: ErrorBody[] };

type Fields = Record<string, unknown>;

/** What a field stands on. */
const PLACES = { item: 'an item', update: 'an update', creation: 'an item that is to be created' } as const;

/**
 * Checks one item of `processes` against its procedure and converts its values.
 *
 * @param item - the parsed JSON value
 * @param index - its position in `processes`, for the pointers
 * @param found - errors that the JSON text already showed (duplicate keys, inexact numbers)
 * @param request - what the item shares with the others of its request
 * @returns the update to queue, or all of the item's errors, as far as they may be listed
 */
export function checkItem(
  item: unknown,
  index: number,
  procedure: Procedure,
  found: FoundInText = { listed: [], more: 0 },
  request: RequestCheck = new RequestCheck(procedure),
): CheckedItem {
  const checker = new ItemChecker(procedure, index, request);
  const valid = checker.check(item, found);
  if (checker.errors.length === 0 && valid !== undefined) return { valid };
  const errors = checker.listedErrors();
  request.noteListed(errors);
  return { errors };
}

class ItemChecker {
  /** At most as many as may be listed. */
  readonly errors: ErrorBody[] = [];
  #more = 0;
  readonly #procedure: Procedure;
  readonly #index: number;
  readonly #request: RequestCheck;
  readonly #maxErrors: number;
  /** Where the item names what it creates. */
  #keyPath: readonly string[];
  #text: string | undefined;
  /** The item with its numbers as they were written, made when an error has to repeat one. */
  #asWritten: unknown;

  constructor(procedure: Procedure, index: number, request: RequestCheck) {
    this.#procedure = procedure;
    this.#index = index;
    this.#request = request;
    this.#maxErrors = request.maxErrors;
    this.#keyPath = [procedure.primaryKey];
  }

  check(item: unknown, found: FoundInText): ValidItem | undefined {
    this.#text = found.text;
    // First, since it decides what is kept of the item.
    const bytes = Buffer.byteLength(JSON.stringify(item));
    if (bytes > MAX_ITEM_BYTES) {
      this.#fail(
        'UPDATE_TOO_LARGE',
        [],
        () =>
          `The item has ${bytes} bytes; at most ${MAX_ITEM_BYTES} fit. Shorten it, or split it into several items.`,
      );
    }
    for (const error of found.listed) this.#add(error);
    this.#more += found.more;
    if (!isObject(item)) {
      this.#fail(
        'INVALID_ITEM',
        [],
        () => `An item must be an object with an identifier and an update, not ${this.#quoted(item, [])}.`,
      );
      return undefined;
    }
    const isCreate = this.#request.creates === 'all';
    const target = isCreate ? this.#newTarget(item) : this.#target(item);
    const { fields, path } = isCreate ? this.#createFields(item) : this.#updateFields(item);
    const update = this.#update(fields, path, target);
    if (isCreate) return { target, update, create: this.#creation(update, target, fields) };
    if (this.#hasExpect(item)) return { target, update, expect: this.#expect(item.expect) };
    const mayCreate =
      this.#request.creates === 'missing' && target.id === undefined && update.isDeleted === undefined;
    return mayCreate
      ? { target, update, create: this.#creation(update, target, fields) }
      : { target, update };
  }

  listedErrors(): ErrorBody[] {
    if (this.#more === 0) return this.errors;
    const message = `The item has ${counted(this.#more, 'more error')}. Correct those listed and send it again.`;
    return [...this.errors, { code: 'TOO_MANY_ERRORS', message, pointer: this.#pointer([]) }];
  }

  #target(item: Fields): ProcessReference {
    const { primaryKey } = this.#procedure;
    const target: ProcessReference = {};
    if (Object.hasOwn(item, 'id')) this.#identify(target, 'id', item.id, ['id']);
    if (primaryKey !== 'id' && Object.hasOwn(item, primaryKey)) {
      this.#identify(target, 'primaryKey', this.#primaryKeyText(item[primaryKey]), [primaryKey]);
    }
    if (!Object.hasOwn(item, 'id') && !Object.hasOwn(item, primaryKey)) {
      this.#fail(
        'IDENTIFIER_MISSING',
        [],
        () =>
          `The item names no process. Add "id" or the primary key of ${this.#procedure.shortId}, "${primaryKey}".`,
      );
    }
    return target;
  }

  /** What is created is named by its primary key, on the item or in its `data`. */
  #newTarget(item: Fields): ProcessReference {
    const { primaryKey, shortId } = this.#procedure;
    const target: ProcessReference = {};
    const isInData =
      !Object.hasOwn(item, primaryKey) && isObject(item.data) && Object.hasOwn(item.data, primaryKey);
    const path = isInData ? ['data', primaryKey] : [primaryKey];
    const holder = isInData ? (item.data as Fields) : item;
    if (Object.hasOwn(holder, primaryKey)) {
      this.#keyPath = path;
      this.#identify(target, 'primaryKey', this.#primaryKeyText(holder[primaryKey]), path);
    } else {
      const message = `The item has no primary key. Add "${primaryKey}", by which ${shortId} names its processes.`;
      this.#fail('IDENTIFIER_MISSING', [], () => message);
    }
    return target;
  }

  /** The fields of a process that is created stand on the item itself. */
  #createFields(item: Fields): { fields: Fields; path: string[] } {
    const { [this.#procedure.primaryKey]: _key, ...fields } = item;
    return { fields, path: [] };
  }

  /** What a process has besides its update, and what keeps it from being created. */
  #creation(update: Update, target: ProcessReference, { data: sent }: Fields): Creation {
    const { primaryKey, states, required = [], defaults = {} } = this.#procedure;
    const isSent = (name: string) => isObject(sent) && Object.hasOwn(sent, name) && sent[name] !== null;
    const isCleared = (name: string) => update.data?.[name] === null;
    const hasDefault = (name: string) => Object.hasOwn(defaults, name) && !isCleared(name);
    const missing = required.filter((name) => name !== primaryKey && !isSent(name) && !hasDefault(name));
    const isOnly = this.#request.creates === 'all';
    if (isOnly) for (const name of missing) this.#requiredMissing(name);
    const create: Creation = { data: { ...defaults, ...this.#keyAttribute(target) } };
    const [firstState] = states;
    if (update.state === undefined && firstState !== undefined) create.state = firstState;
    if (isOnly) create.ifExists = 'PROCESS_EXISTS';
    else if (missing.length > 0) create.missing = missing;
    return create;
  }

  #requiredMissing(name: string): void {
    const { shortId } = this.#procedure;
    this.#fail(
      'REQUIRED_MISSING',
      ['data', name],
      () => `"${name}" is missing, and no ${shortId} is created without it. Add it to "data".`,
    );
  }

  /** The primary key as an attribute. Other systems may have stored one that cannot be created. */
  #keyAttribute({ primaryKey: text }: ProcessReference): Record<string, AttributeValue> {
    const { primaryKey, team, shortId } = this.#procedure;
    const attribute = attributeOf(this.#procedure, primaryKey);
    if (text === undefined || attribute === undefined) return {};
    const path = this.#keyPath;
    // The three are one key of the index.
    const room = MAX_IDENTIFIER_BYTES - Buffer.byteLength(team) - Buffer.byteLength(shortId);
    if (Buffer.byteLength(text) > room) {
      const fault = `is longer than ${room} bytes in UTF-8, the most that a new ${shortId} can have`;
      this.#fail('INVALID_IDENTIFIER', [...path], () => `"${primaryKey}" ${fault}.`);
      return {};
    }
    const value = this.#parse(attributeSchema(attribute), text, path.slice(0, -1), primaryKey);
    return value === undefined ? {} : { [primaryKey]: value };
  }

  #identify(target: ProcessReference, part: keyof ProcessReference, value: unknown, path: string[]): void {
    if (isIdentifier(value)) {
      target[part] = value;
      return;
    }
    this.#fail(
      'INVALID_IDENTIFIER',
      path,
      () => `"${path.at(-1)}" ${identifierFault(part, value, this.#quoted(value, path))}.`,
    );
  }

  /** The primary key's value as it is indexed, or the value unchanged when it cannot be one. */
  #primaryKeyText(value: unknown): unknown {
    if (typeof value === 'number') return String(value);
    const attribute = attributeOf(this.#procedure, this.#procedure.primaryKey);
    if (typeof value !== 'string' || attribute === undefined || attribute.type === 'string') return value;
    const parsed = v.safeParse(attributeSchema(attribute), value);
    return parsed.success ? String(parsed.output) : value;
  }

  /** Whether an item has a precondition. Procedures of earlier releases may have a primary key of that name. */
  #hasExpect(item: Fields): boolean {
    return Object.hasOwn(item, 'expect') && this.#procedure.primaryKey !== 'expect';
  }

  /** Finds the update, wrapped in `update` or flat on the item, and the path to it. */
  #updateFields(item: Fields): { fields: Fields; path: string[] } {
    const besides = ['id', this.#procedure.primaryKey, 'update', 'expect'];
    const rest = Object.keys(item).filter((name) => !besides.includes(name));
    if (!Object.hasOwn(item, 'update')) {
      return { fields: Object.fromEntries(rest.map((name) => [name, item[name]])), path: [] };
    }

    for (const name of rest) {
      if (isUpdateField(name)) {
        this.#fail(
          'WRAPPED_AND_FLAT',
          [name],
          () => `"${name}" stands beside "update". Put it into "update", or leave "update" out.`,
        );
      } else {
        this.#unknownField(name, [name]);
      }
    }
    const { update } = item;
    if (isObject(update)) return { fields: update, path: ['update'] };
    this.#fail(
      'INVALID_VALUE',
      ['update'],
      () => `"update" must be an object of the fields to change, not ${this.#quoted(update, ['update'])}.`,
    );
    return { fields: {}, path: ['update'] };
  }

  #update(fields: Fields, path: string[], target: ProcessReference): Update {
    const update: Update = {};
    for (const [name, value] of Object.entries(fields)) {
      if (!this.#isField(name)) this.#unknownField(name, [...path, name]);
      else if (name === 'data') update.data = this.#data(value, [...path, name], target, update);
      else {
        const schema = name === 'state' ? FIELD_SCHEMAS.state(this.#procedure.states) : FIELD_SCHEMAS[name];
        Object.assign(update, { [name]: this.#parse(schema, value, path, name) });
      }
    }
    const stateFrom = update.state === undefined ? undefined : statesBefore(this.#procedure, update.state);
    if (stateFrom !== undefined) update.stateFrom = stateFrom;
    const changesNothing =
      Object.keys(update).every((name) => name === 'data') && Object.keys(update.data ?? {}).length === 0;
    // A part that is wrong may be what was meant to change something.
    const isComplete = this.errors.every(({ code }) => code === 'IDENTIFIER_MISSING');
    if (changesNothing && isComplete && this.#request.creates !== 'all') {
      this.#fail(
        'UPDATE_MISSING',
        path,
        () => `The item changes nothing. Name at least one of ${UPDATE_FIELDS.join(', ')}.`,
      );
    }
    return update;
  }

  #data(
    value: unknown,
    path: string[],
    target: ProcessReference,
    update: Update,
  ): NonNullable<Update['data']> {
    const { primaryKey } = this.#procedure;
    return this.#attributes(value, path, (name, sent) => {
      if (name !== primaryKey) return false;
      this.#keepPrimaryKey(sent, [...path, name], target, update);
      return true;
    });
  }

  /** @param isTaken - told of each attribute; whether the caller deals with it */
  #attributes(
    value: unknown,
    path: string[],
    isTaken: (name: string, sent: unknown) => boolean,
  ): Record<string, AttributeValue | null> {
    if (!isObject(value)) {
      this.#fail(
        'INVALID_VALUE',
        path,
        () => `"data" must be an object of attributes and their values, not ${this.#quoted(value, path)}.`,
      );
      return {};
    }
    const data: [string, AttributeValue | null][] = [];
    for (const [name, sent] of Object.entries(value)) {
      const attribute = attributeOf(this.#procedure, name);
      if (isTaken(name, sent)) continue;
      if (attribute === undefined) this.#unknownAttribute(name, [...path, name]);
      else if (sent === null) data.push([name, null]);
      else {
        const parsed = this.#parse(attributeSchema(attribute), sent, path, name);
        if (parsed !== undefined) data.push([name, parsed]);
      }
    }
    return Object.fromEntries(data);
  }

  /** What misspells a precondition, or expects nothing, must not let the update through. */
  #expect(value: unknown): Expected {
    const path = ['expect'];
    const names = EXPECTED_FIELDS.join(', ');
    if (!isObject(value)) {
      this.#fail(
        'INVALID_VALUE',
        path,
        () => `"expect" must be an object of ${names}, not ${this.#quoted(value, path)}.`,
      );
      return {};
    }
    const expected: Expected = {};
    for (const [name, sent] of Object.entries(value)) {
      if (!isExpectedField(name)) this.#unknownField(name, [...path, name], 'expect');
      else if (name === 'data') expected.data = this.#attributes(sent, [...path, name], () => false);
      else if (sent === null) expected[name] = null;
      else Object.assign(expected, { [name]: this.#parse(this.#expectedSchema(name), sent, path, name) });
    }
    const { data, ...fields } = value;
    const attributes = isObject(data) ? Object.keys(data).length : 0;
    if (attributes > MAX_EXPECTED_ATTRIBUTES) {
      this.#fail(
        'INVALID_VALUE',
        [...path, 'data'],
        () => `"data" has ${attributes} members; "expect" takes at most ${MAX_EXPECTED_ATTRIBUTES}.`,
      );
    } else if (
      Object.keys(fields).length === 0 &&
      attributes === 0 &&
      (data === undefined || isObject(data))
    ) {
      this.#fail(
        'INVALID_VALUE',
        path,
        () => `"expect" names nothing. Name at least one of ${names}, or leave it out.`,
      );
    }
    return expected;
  }

  #expectedSchema(name: Exclude<(typeof EXPECTED_FIELDS)[number], 'data'>): v.GenericSchema {
    if (name === 'version') return attributeSchema({ type: 'integer' });
    return name === 'state' ? FIELD_SCHEMAS.state(this.#procedure.states) : FIELD_SCHEMAS[name];
  }

  /** `data` may repeat the primary key, never change it: by id alone, only the process found tells which. */
  #keepPrimaryKey(value: unknown, path: string[], target: ProcessReference, update: Update): void {
    const text = this.#primaryKeyText(value);
    if (text === target.primaryKey) return;
    if (target.primaryKey === undefined && isIdentifier(text)) {
      update.primaryKey = text;
      return;
    }
    const { primaryKey, shortId } = this.#procedure;
    this.#fail(
      'PRIMARY_KEY_IMMUTABLE',
      path,
      () => `"${primaryKey}" is the primary key of ${shortId} and never changes. Leave it out of "data".`,
    );
  }

  #parse<Schema extends v.GenericSchema>(
    schema: Schema,
    value: unknown,
    path: string[],
    name: string,
  ): v.InferOutput<Schema> | undefined {
    // JSON has no infinity: it is a number too large for a double, of which the text showed the error.
    if (isInfinite(value)) return undefined;
    // The first fault says what to send; a list of a hundred thousand wrong members has as many.
    const parsed = v.safeParse(schema, value, { abortEarly: true });
    if (parsed.success) return parsed.output;
    const [issue] = parsed.issues;
    const place = [...path, name];
    this.#fail('INVALID_VALUE', place, () => `"${name}": ${this.#quoted(value, place)} ${issue.message}.`);
    return undefined;
  }

  #isField(name: string): name is (typeof UPDATE_FIELDS)[number] {
    if (this.#request.creates === 'all') return (CREATE_FIELDS as readonly string[]).includes(name);
    return isUpdateField(name);
  }

  #placeOf(path: string[]): Exclude<NamePlace, 'data'> {
    if (this.#request.creates === 'all') return 'creation';
    return path.length > 1 ? 'update' : 'item';
  }

  #unknownField(name: string, path: string[], place = this.#placeOf(path)): void {
    const { primaryKey, shortId } = this.#procedure;
    this.#fail('UNKNOWN_FIELD', path, () => {
      const remedy = (place === 'expect' ? undefined : this.#properPlace(name)) ?? this.#nearest(name, place);
      const what = place === 'expect' ? 'a member of "expect"' : `a field of ${PLACES[place]}`;
      return `${quote(name)} is not ${what}.${remedy} The primary key of ${shortId} is "${primaryKey}".`;
    });
  }

  /** Where a name belongs that is known, but not here. */
  #properPlace(name: string): string | undefined {
    if (this.#request.creates === 'all') {
      if (name === 'update') return ' Put its fields directly on the item.';
      if (name === 'id') return ' The service chooses it: leave it out.';
      return attributeOf(this.#procedure, name) ? ' It is an attribute: put it into "data".' : undefined;
    }
    if (name === 'update') return ' Put its fields directly into the outer "update".';
    if (name === 'expect') return ' It guards the update: put it beside "update".';
    if (name === 'id' || name === this.#procedure.primaryKey)
      return ' It names the process: put it beside "update".';
    return attributeOf(this.#procedure, name) ? ' It is an attribute: put it into "data".' : undefined;
  }

  #unknownAttribute(name: string, path: string[]): void {
    const { primaryKey, shortId } = this.#procedure;
    this.#fail(
      'UNKNOWN_ATTRIBUTE',
      path,
      () =>
        `${quote(name)} is not an attribute of ${shortId}.${this.#nearest(name, 'data')} ` +
        `The primary key of ${shortId} is "${primaryKey}".`,
    );
  }

  /** ` Did you mean "city"?`, or nothing when there is no suggestion. */
  #nearest(name: string, place: NamePlace): string {
    const nearest = this.#request.suggestions.nearest(name, place);
    return nearest === undefined ? '' : ` Did you mean "${nearest}"?`;
  }

  /** A value of the item as a message repeats it: a number has the digits that it was sent with. */
  #quoted(value: unknown, path: readonly string[]): string {
    if (typeof value !== 'number' || this.#text === undefined) return quote(value);
    this.#asWritten ??= parseAsWritten(this.#text);
    return quote(path.reduce((parent, name) => (parent as Fields)[name], this.#asWritten));
  }

  /** @param message - asked for only if the error is listed: an item may have a hundred thousand errors */
  #fail(code: InvalidCode, path: string[], message: () => string): void {
    if (this.#isFull()) this.#more += 1;
    else this.errors.push({ code, message: message(), pointer: this.#pointer(path) });
  }

  #add(error: ErrorBody): void {
    if (this.#isFull()) this.#more += 1;
    else this.errors.push(error);
  }

  #isFull(): boolean {
    return this.errors.length >= this.#maxErrors;
  }

  #pointer(path: string[]): string {
    return jsonPointer('processes', this.#index, ...path);
  }
}

/** Whether a value can name a process. */
function isIdentifier(value: unknown): value is string {
  const isText = typeof value === 'string' && value !== '' && value.isWellFormed();
  return isText && Buffer.byteLength(value) <= MAX_IDENTIFIER_BYTES;
}

/** Why it cannot. */
function identifierFault(part: keyof ProcessReference, value: unknown, quoted: string): string {
  const forms = part === 'id' ? 'a non-empty string' : 'a non-empty string or a number';
  if (typeof value !== 'string' || value === '') return `must be ${forms}, not ${quoted}`;
  if (!value.isWellFormed()) return 'holds half of a surrogate pair: send valid Unicode';
  return `is longer than ${MAX_IDENTIFIER_BYTES} bytes in UTF-8`;
}

function isExpectedField(name: string): name is (typeof EXPECTED_FIELDS)[number] {
  return (EXPECTED_FIELDS as readonly string[]).includes(name);
}

function isUpdateField(name: string): name is (typeof UPDATE_FIELDS)[number] {
  return name === 'data' || (TOP_LEVEL_FIELDS as readonly string[]).includes(name);
}
