import { elementScroll, observeElementOffset, observeElementRect, Virtualizer } from '@tanstack/virtual-core';
import { useLayoutEffect, useReducer, useRef, useState } from 'preact/hooks';

/** Number of rows that are rendered beyond the visible ones. */
const OVERSCAN = 10;

/**
 * Selects the rows to render: the visible ones, and some more.
 * @param estimatedHeight - of a row in px, until it has been measured
 */
export function useVirtualRows(count: number, estimatedHeight: number) {
  const scroller = useRef<HTMLDivElement>(null);
  const [, rerender] = useReducer((times: number) => times + 1, 0);
  const options = {
    count,
    overscan: OVERSCAN,
    estimateSize: () => estimatedHeight,
    getScrollElement: () => scroller.current,
    observeElementRect,
    observeElementOffset,
    scrollToFn: elementScroll,
    onChange: () => rerender(undefined),
  };
  const [virtualizer] = useState(() => new Virtualizer<HTMLDivElement, HTMLTableRowElement>(options));
  virtualizer.setOptions(options);
  useLayoutEffect(() => virtualizer._didMount(), [virtualizer]);
  useLayoutEffect(() => virtualizer._willUpdate());

  const items = virtualizer.getVirtualItems();
  const before = items.at(0)?.start ?? 0;
  const after = virtualizer.getTotalSize() - (items.at(-1)?.end ?? 0);
  return { scroller, items, before, after, measure: virtualizer.measureElement };
}
