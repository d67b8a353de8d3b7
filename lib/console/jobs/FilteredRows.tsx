import type { ComponentChildren } from 'preact';
import { useId, useMemo, useState } from 'preact/hooks';
import type { Entry } from '../../client/index.ts';
import { identifierText, type StatusWords } from '../model/words.ts';
import { Filter } from '../ui/Filter.tsx';
import { type TableColumn, VirtualTable } from '../ui/VirtualTable.tsx';

const ALL = 'all';

/** Rows of a kind, and how the kind is shown. */
export interface KindOfRows<Row> extends StatusWords {
  kind: string;
  rows: readonly Row[];
}

interface FilteredRowsProps<Row> {
  title: string;
  /** Label of the filter. */
  filterLabel: string;
  /** Label of the table. */
  label: string;
  columns: readonly TableColumn<Row>[];
  /** All rows. */
  rows: readonly Row[];
  /** Number of rows, including those that are not read. */
  total: number;
  kinds: readonly KindOfRows<Row>[];
  /** Returns what names the process of a row. */
  nameOf: (row: Row) => Pick<Entry, 'identifier'>;
  /** Shown when there are no rows. */
  empty: string;
  /** Notices above the table. */
  children?: ComponentChildren;
}

/** A table of what would change, filtered by kind and by process. All rows are in the browser. */
export function FilteredRows<Row>(props: FilteredRowsProps<Row>) {
  const { title, filterLabel, label, columns, rows, total, kinds, nameOf, empty, children } = props;
  const id = useId();
  const [filter, setFilter] = useState(ALL);
  const [text, setText] = useState('');
  const wanted = text.trim().toLowerCase();
  const chosen = kinds.find(({ kind }) => kind === filter)?.rows ?? rows;
  const shown = useMemo(
    () =>
      wanted === ''
        ? chosen
        : chosen.filter((row) => identifierText(nameOf(row)).toLowerCase().includes(wanted)),
    [chosen, wanted],
  );
  return (
    <section class="card" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{title}</h2>
      <Filter
        label={filterLabel}
        value={filter}
        onChange={setFilter}
        choices={[
          { value: ALL, label: 'All', count: total },
          ...kinds.map(({ kind, rows: ofKind, ...words }) => ({
            value: kind,
            ...words,
            count: ofKind.length,
          })),
        ]}
      />
      <search class="entry-search">
        <div>
          <label for={`${id}-identifier`}>Id or primary key contains</label>
          <input
            id={`${id}-identifier`}
            type="search"
            value={text}
            autocomplete="off"
            spellcheck={false}
            onInput={({ currentTarget }) => setText(currentTarget.value)}
          />
        </div>
      </search>
      {children}
      <VirtualTable
        // A new filter starts at the top.
        key={`${filter} ${wanted}`}
        label={label}
        columns={columns}
        rows={shown}
        total={shown.length}
        empty={empty}
      />
    </section>
  );
}
