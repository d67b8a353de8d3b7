import { CREATE_FIELDS, EXPECTED_FIELDS, UPDATE_FIELDS } from '../contract/fields.ts';
import { nearestName } from '../contract/nearest-name.ts';
import type { Procedure } from '../contract/procedure.ts';

/** Longer names are not compared with the known ones. */
const MAX_COMPARED_NAME = 64;
/** The limit for one request: about a thousand wrong names where the procedure has 300 attributes. */
const MAX_COMPARISONS = 300_000;

/** Where a name stands, which decides the names that it may be mistaken for. */
export type NamePlace = 'item' | 'update' | 'expect' | 'data' | 'creation';

/**
 * Suggests the nearest known name for a wrong one.
 *
 * One object serves a whole request: a wrong column of a file comes with every row and is compared once, and
 * a request full of different names cannot make the function compare for minutes.
 */
export class Suggestions {
  readonly #known: Record<NamePlace, readonly string[]>;
  readonly #nearest = new Map<string, string | undefined>();
  #comparisons = 0;

  constructor({ primaryKey, attributes }: Procedure) {
    this.#known = {
      item: ['id', primaryKey, 'update', 'expect', ...UPDATE_FIELDS],
      update: UPDATE_FIELDS,
      expect: EXPECTED_FIELDS,
      data: Object.keys(attributes),
      creation: [primaryKey, ...CREATE_FIELDS],
    };
  }

  /** Returns undefined if no known name is near, or the request has used up its comparisons. */
  nearest(name: string, place: NamePlace): string | undefined {
    if (name.length > MAX_COMPARED_NAME) return undefined;
    const key = `${place} ${name}`;
    if (this.#nearest.has(key)) return this.#nearest.get(key);
    const known = this.#known[place];
    if (known.length === 0 || this.#comparisons + known.length > MAX_COMPARISONS) return undefined;
    this.#comparisons += known.length;
    const nearest = nearestName(name, known);
    this.#nearest.set(key, nearest);
    return nearest;
  }
}
