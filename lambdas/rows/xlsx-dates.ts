const DAY_MS = 24 * 60 * 60 * 1000;

/** The day of the number 0 in either system, as epoch milliseconds. */
const EPOCH_1900 = Date.UTC(1899, 11, 31);
const EPOCH_1904 = Date.UTC(1904, 0, 1);

/**
 * 29 February 1900, which never was: Excel counts it, as Lotus 1-2-3 did.
 * https://learn.microsoft.com/office/troubleshoot/excel/wrongly-assumes-1900-is-leap-year
 */
const LEAP_DAY = 60;

/** 31 December 9999 */
const LAST_DAY = Date.UTC(9999, 11, 31);

/**
 * Returns the moment of a serial number, as the epoch milliseconds that it would be in UTC. Workbooks have no time zones.
 * @returns undefined where there is no such day
 */
export function momentOf(serial: number, is1904: boolean): number | undefined {
  // Fractions of a millisecond are what a double adds.
  const ms = Math.round(serial * DAY_MS);
  const day = Math.floor(ms / DAY_MS);
  const moment = is1904 ? EPOCH_1904 + ms : EPOCH_1900 + ms - (day > LEAP_DAY ? DAY_MS : 0);
  const isDay = is1904 ? day >= 0 : day >= 1 && day !== LEAP_DAY;
  return isDay && moment < LAST_DAY + DAY_MS ? moment : undefined;
}

/** Returns the serial number of a moment in the system of 1900. */
export function serialOf(moment: number): number {
  const serial = (moment - EPOCH_1900) / DAY_MS;
  return serial >= LEAP_DAY ? serial + 1 : serial;
}

/** Writes the day of a moment: `2026-11-24`. */
export function dayText(moment: number): string {
  return new Date(moment).toISOString().slice(0, 'yyyy-mm-dd'.length);
}

/** Writes a day with its time: `2026-11-24T08:30:00`. */
export function dayAndTimeText(moment: number): string {
  return `${dayText(moment)}T${timeText(moment - Math.floor(moment / DAY_MS) * DAY_MS)}`;
}

/** Writes a time of day, or a duration of any number of hours: `08:30:00`, `26:30:00`. */
export function timeText(ms: number): string {
  const hours = Math.floor(ms / 3_600_000);
  const [minutes, seconds, rest] = [Math.floor(ms / 60_000) % 60, Math.floor(ms / 1000) % 60, ms % 1000];
  const fraction = rest === 0 ? '' : `.${String(rest).padStart(3, '0')}`;
  return `${[hours, minutes, seconds].map((part) => String(part).padStart(2, '0')).join(':')}${fraction}`;
}

/** Returns the milliseconds of a part of a day, without its days. */
export function timeOfDay(serial: number): number {
  const ms = Math.round(serial * DAY_MS);
  return ms - Math.floor(ms / DAY_MS) * DAY_MS;
}

/** Returns the milliseconds of a number of days. */
export function durationOf(serial: number): number {
  return Math.round(serial * DAY_MS);
}
