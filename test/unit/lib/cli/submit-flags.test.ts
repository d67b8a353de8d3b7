import { expect, test } from 'vitest';
import { csvFlags, flagsOf } from '../../../../lib/cli/submit-flags.ts';

test('what the cells of a CSV mean is given again with all flags that say so', () => {
  const map = new Map([
    ['Ort', 'city'],
    ['', ''],
  ]);
  const read = { mapFile: 'map.json', locale: 'de', timeZone: 'Europe/Berlin' };
  const expected = new Map([['Stage', 'state']]);
  const all = {
    key: 'Ref',
    map,
    expect: expected,
    ...read,
    clearMarker: '-',
    delimiter: '\t',
    padShortRows: true,
  } as const;
  expect(flagsOf(csvFlags({ ...all, ignoreUnknownColumns: true }))).toBe(
    '--key Ref --map Ort=city --map = --map-file map.json --expect Stage=state --locale de --time-zone Europe/Berlin --clear-marker - --delimiter tab --pad-short-rows --ignore-unknown-columns',
  );
  expect(csvFlags({ clearMarker: '\\N' })).toEqual([]);
});

test('flags are quoted as a shell takes them', () => {
  expect(
    flagsOf([
      ['map', "Kunde's Ort=city"],
      ['key', 'lead_id'],
      ['map', '$x='],
    ]),
  ).toBe(`--map 'Kunde'\\''s Ort=city' --key lead_id --map '$x='`);
});
