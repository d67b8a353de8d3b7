const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const format =
    formats.get(timeZone) ??
    new Intl.DateTimeFormat('en', {
      ...{ timeZone, calendar: 'gregory', numberingSystem: 'latn', hourCycle: 'h23', era: 'short' },
      ...{ year: 'numeric', month: 'numeric', day: 'numeric' },
      ...{ hour: 'numeric', minute: 'numeric', second: 'numeric' },
    });
  formats.set(timeZone, format);
  return format;
}

/** Returns how far the clocks of a time zone are ahead of UTC at a moment, in milliseconds. */
export function offsetAt(timeZone: string, moment: number): number {
  const parts = new Map(
    formatOf(timeZone)
      .formatToParts(moment)
      .map(({ type, value }) => [type, value]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes) => Number(parts.get(type));
  const local = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  );
  return local - Math.floor(moment / 1000) * 1000;
}

/**
 * Returns the moment of a local time, in epoch milliseconds.
 * @param local - the local time as if it were UTC
 * @returns undefined for a time that clocks skip or show twice, as when summer time begins or ends
 */
export function momentOf(timeZone: string, local: number): number | undefined {
  const offsets = new Set([offsetAt(timeZone, local - DAY_MS), offsetAt(timeZone, local + DAY_MS)]);
  const moments = [...offsets]
    .map((offset) => local - offset)
    .filter((moment) => moment + offsetAt(timeZone, moment) === local);
  return moments.length === 1 ? moments[0] : undefined;
}

/** Writes an offset from UTC as ISO 8601 has it, `+01:00`; undefined for one with seconds, as before about 1900. */
export function offsetText(offset: number): string | undefined {
  const minutes = Math.abs(offset) / 60_000;
  if (!Number.isInteger(minutes)) return undefined;
  const two = (number: number) => String(number).padStart(2, '0');
  return `${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
