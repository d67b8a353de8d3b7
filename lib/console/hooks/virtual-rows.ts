import { elementScroll, observeElementOffset, observeElementRect, Virtualizer } from '@tanstack/virtual-core';
import { useLayoutEffect, useReducer, useRef, useState } from 'preact/hooks';

/** Rows that are kept beyond those that can be seen. */
const OVERSCAN = 10;

/**
 * Which of many rows are to be in the document: those that can be seen, and some more.
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
