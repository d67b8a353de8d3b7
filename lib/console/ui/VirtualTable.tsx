import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { useVirtualRows } from '../hooks/virtual-rows.ts';

export interface TableColumn<Row> {
  name: string;
  /** CSS class that sets the width. */
  class: string;
  cell: (row: Row) => ComponentChildren;
}

interface VirtualTableProps<Row> {
  label: string;
  columns: readonly TableColumn<Row>[];
  rows: readonly Row[];
  /** Number of rows, including those that are not loaded. */
  total: number;
  /** Shown when there are no rows. */
  empty: string;
  /** Called when the last rows are near. */
  onEnd?: () => void;
}

const ROW_HEIGHT = 40;
/** Number of remaining rows at which more are loaded. */
const NEAR = 100;

/** A table of any number of rows. Only the visible ones are in the document. */
export function VirtualTable<Row>({ label, columns, rows, total, empty, onEnd }: VirtualTableProps<Row>) {
  const { scroller, items, before, after, measure } = useVirtualRows(rows.length, ROW_HEIGHT);
  const last = items.at(-1)?.index ?? 0;
  const isNearEnd = rows.length > 0 && last >= rows.length - NEAR;
  // The end of the loaded rows may still be in view.
  useEffect(() => {
    if (isNearEnd) onEnd?.();
  }, [isNearEnd, rows.length, onEnd]);

  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard has to scroll it
    <section class="scroller" ref={scroller} aria-label={label} tabIndex={0}>
      <table aria-rowcount={total + 1} aria-label={label}>
        <thead>
          <tr aria-rowindex={1}>
            {columns.map((column) => (
              <th key={column.name} scope="col" class={column.class}>
                {column.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <Space height={before} columns={columns.length} />
          {items.map(({ index, key }) => {
            const row = rows[index];
            if (row === undefined) return null;
            return (
              <tr key={key} ref={measure} data-index={index} aria-rowindex={index + 2}>
                {columns.map((column) => (
                  <td key={column.name} class={column.class}>
                    {column.cell(row)}
                  </td>
                ))}
              </tr>
            );
          })}
          <Space height={after} columns={columns.length} />
        </tbody>
      </table>
      {rows.length === 0 && <p class="empty">{empty}</p>}
    </section>
  );
}

/** Takes the place of the rows that are not in the document. */
function Space({ height, columns }: { height: number; columns: number }) {
  if (height <= 0) return null;
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: nothing in it takes the focus
    <tr aria-hidden="true" class="space">
      <td colSpan={columns} style={{ height: `${height}px` }} />
    </tr>
  );
}
