import { plainSigns } from './locale.ts';

/** Longer texts are not numbers. */
const MAX_LENGTH = 200;

/** A sign before or behind, digits with their signs, and a currency on one side. */
const NUMBER = /^([-+]?) ?(\p{Sc}|[A-Z]{3})? ?([-+]?)(\d[\d.,' ]*) ?(\p{Sc}|[A-Z]{3})?(-?)$/u;

/** A number as the API takes it: its digits, with nothing rounded. */
export interface ReadNumber {
  text: string;
  /** As it is written in the cell, such as € or EUR. */
  currency: string | undefined;
}

/**
 * Reads a number as people write it. A group has three digits, or two before the last as in India, so that `1.23` is not
 * 123. A percentage is not read: people mean 12 and 0.12 by it.
 * @returns undefined if the text is not such a number
 */
export function readNumber(
  cell: string,
  { group, decimal }: { group: string; decimal: string },
): ReadNumber | undefined {
  if (cell.length > MAX_LENGTH) return undefined;
  const [, sign, before, inner, body = '', behind, last] = NUMBER.exec(plainSigns(cell)) ?? [];
  const signs = [sign, inner, last].filter((text) => text !== undefined && text !== '');
  if (body === '' || signs.length > 1 || (before !== undefined && behind !== undefined)) return undefined;
  const [whole = '', fraction, ...more] = body.trim().split(decimal);
  const digits = group === '' ? whole : ungrouped(whole, group);
  if (more.length > 0 || digits === undefined || !/^(?:0|[1-9]\d*)$/.test(digits)) return undefined;
  if (fraction !== undefined && !/^\d+$/.test(fraction)) return undefined;
  const text = `${signs[0] === '-' ? '-' : ''}${digits}${fraction === undefined ? '' : `.${fraction}`}`;
  return { text, currency: before ?? behind };
}

function ungrouped(whole: string, group: string): string | undefined {
  const [first = '', ...groups] = whole.split(group);
  if (groups.length === 0) return whole;
  const isOfThree = groups.every(({ length }) => length === 3) && first.length <= 3;
  const isIndian =
    groups.every(({ length }, position) => length === (position === groups.length - 1 ? 3 : 2)) &&
    first.length <= 2;
  return first !== '' && (isOfThree || isIndian) ? first + groups.join('') : undefined;
}
