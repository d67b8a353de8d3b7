import { useEffect, useRef, useState } from 'preact/hooks';
import { kindOf } from '../../../lambdas/rows/cell-kind.ts';
import { knownLocale } from '../../../lambdas/rows/locale.ts';
import { type ColumnLook, lookAt } from '../model/column-look.ts';
import type { Mapping } from '../model/flow.ts';
import { columnsOf } from '../model/mapping.ts';
import { inSlices, type Sliced } from '../model/slices.ts';
import { lineNounOf } from '../model/source.ts';

/** Interval at which what was found is shown: all at once would take the page long, and each alone longer. */
const SHOWN_EVERY_MS = 100;

/** The time zone of the browser. It is proposed, and holds only where the user confirms it. */
export const BROWSER_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Locales whose names of months are tried: the user's first. */
export const LOCALES = [...new Set([...navigator.languages, 'en', 'de'])].filter(
  (locale) => knownLocale(locale) !== undefined,
);

export interface ColumnLooks {
  /** What was found, by the position of the column. */
  looks: ReadonlyMap<number, ColumnLook>;
  /** Whether all columns were looked at. */
  isDone: boolean;
}

/** Looks at all cells of the columns that are sent, in slices between which the page reacts. */
export function useColumnLooks({ source, names, readings, procedure, clearMarker }: Mapping): ColumnLooks {
  const known = useRef(new Map<string, ColumnLook>());
  const [found, setFound] = useState<ColumnLooks>({ looks: new Map(), isDone: false });
  useEffect(() => {
    const controller = new AbortController();
    function* look(): Sliced<void> {
      if (source.format !== 'csv') return;
      const looks = new Map<number, ColumnLook>();
      let shownAt = performance.now();
      for (const [position, column] of columnsOf(names, procedure, readings).entries()) {
        if (column.is !== 'field' && column.is !== 'attribute') continue;
        if (kindOf(column) === 'text' || kindOf(column) === 'json') continue;
        const cells = JSON.stringify([position, names[position], clearMarker]);
        const decided = readings.get(position);
        const key = JSON.stringify([cells, decided]);
        const options = {
          ...{ header: source.head.headers[position] ?? '', position, noun: lineNounOf(source), clearMarker },
          ...{ locales: LOCALES, timeZone: BROWSER_ZONE, known: known.current.get(cells)?.proposal },
        };
        const next = known.current.get(key) ?? (yield* lookAt(source.records, column, decided, options));
        known.current.set(key, next).set(cells, next);
        looks.set(position, next);
        if (performance.now() - shownAt < SHOWN_EVERY_MS) continue;
        shownAt = performance.now();
        setFound((before) => ({ looks: new Map([...before.looks, ...looks]), isDone: false }));
      }
      setFound({ looks, isDone: true });
    }
    setFound(({ looks }) => ({ looks, isDone: false }));
    void inSlices(look(), controller.signal);
    return () => controller.abort();
  }, [source, names, readings, procedure, clearMarker]);
  return found;
}
