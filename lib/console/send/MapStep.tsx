import { useEffect, useMemo, useState } from 'preact/hooks';
import type { Reading } from '../../../lambdas/rows/reading.ts';
import { useColumnLooks } from '../hooks/column-looks.ts';
import { useGrowing } from '../hooks/growing.ts';
import { useMappingMemory } from '../hooks/mapping-memory.ts';
import { useSlices } from '../hooks/slices.ts';
import { guessedMapping } from '../model/chosen-mapping.ts';
import { emptyCellText } from '../model/creates.ts';
import type { Action, Mapping } from '../model/flow.ts';
import { mappedRows } from '../model/mapped-rows.ts';
import {
  columnsOf,
  isRepeated,
  mappingFaults,
  meaningsOf,
  sentText,
  shownColumns,
} from '../model/mapping.ts';
import { mappingFile } from '../model/mapping-file.ts';
import {
  FEW_COLUMNS,
  filterChoices,
  isShown,
  readingFaults,
  type Shown,
  undecidedOf,
} from '../model/shown-columns.ts';
import { counted } from '../model/words.ts';
import { FailureNotice } from '../ui/FailureNotice.tsx';
import { Filter } from '../ui/Filter.tsx';
import { Notice } from '../ui/Notice.tsx';
import { save } from '../ui/save.ts';
import { MapRow } from './MapRow.tsx';
import { ProposalNotice } from './ProposalNotice.tsx';
import { StepHeading } from './StepHeading.tsx';
import type { StepProps } from './step-props.ts';

/** Number of columns that are rendered at once. */
const AT_ONCE = 15;

/** Maps the columns of a CSV to fields. */
export function MapStep({ flow, dispatch }: StepProps<Mapping>) {
  const { choice, procedure, source, names, guesses, readings, clearMarker, correctedCells } = flow;
  const [error, setError] = useState<unknown>();
  const [isAsked, setIsAsked] = useState(false);
  const [shown, setShown] = useState<Shown>('all');
  const [touched, setTouched] = useState<ReadonlySet<number>>(new Set());
  const { run, stop, isBusy } = useSlices();
  const memory = useMappingMemory();
  const meanings = useMemo(() => meaningsOf(procedure), [procedure]);
  const sent = useMemo(() => columnsOf(names, procedure, readings), [names, procedure, readings]);
  const { looks, isDone } = useColumnLooks(flow);
  const headers = source.format === 'csv' ? source.head.headers : [];
  // Once all are known, so that nothing is announced piece by piece.
  const undecided = isDone ? undecidedOf(sent, looks, readings) : [];
  const faults = [
    ...mappingFaults(sent, procedure, clearMarker, choice.creates),
    ...undecided.map((position) => `Decide how “${headers[position]}” is read.`),
    ...readingFaults(looks, readings),
  ];
  const columns = useMemo(() => (source.format === 'csv' ? shownColumns(source) : []), [source]);
  const listed = columns.filter(
    ({ position }) => touched.has(position) || isShown(shown, sent[position], undecided.includes(position)),
  );
  const rendered = useGrowing(listed.length, AT_ONCE);
  const isReady = isDone && faults.length === 0;

  // Who asks before all values were looked at does not have to ask again.
  useEffect(() => {
    if (isDone && isAsked) void next();
  }, [isDone, isAsked]);
  if (source.format !== 'csv') return null;

  async function next() {
    setError(undefined);
    setIsAsked(!isDone);
    if (!isReady) return;
    try {
      const rows = await run(mappedRows(flow));
      if (rows === undefined) return;
      memory.remember(flow);
      dispatch({ type: 'mapped', rows });
    } catch (failure) {
      setError(failure);
    }
  }

  /** Changes the mapping. Rows that are being mapped would be those of the mapping before. */
  function change(action: Action) {
    stop();
    dispatch(action);
  }

  function show(next: Shown) {
    setTouched(new Set());
    setShown(next);
  }

  function read(decided: ReadonlyMap<number, Reading>) {
    setTouched((before) => new Set([...before, ...decided.keys()]));
    change({ type: 'read', readings: decided });
  }

  function rename(position: number, name: string) {
    setTouched((before) => new Set([...before, position]));
    change({ type: 'renamed', position, name });
  }

  function forget() {
    memory.forget(flow);
    setTouched(new Set());
    change({ type: 'forget', mapping: guessedMapping(source, procedure) });
  }

  return (
    <div class="stack">
      <div class="card">
        <StepHeading>Map the columns</StepHeading>
        <p class="muted">
          {source.name}: {counted(source.records.length, 'row')}, {counted(columns.length, 'column')}. The
          primary key <code>{procedure.primaryKey}</code>{' '}
          {choice.creates === 'all' ? (
            `names each new ${procedure.shortId}.`
          ) : (
            <>
              or the <code>id</code> identifies a {procedure.shortId}.
            </>
          )}{' '}
          <strong>{sentText(sent, columns.length)}</strong>
        </p>
        {flow.isRemembered && (
          <Notice tone="info" title="Mapped as last time">
            <p>The columns have the names of a file that you have mapped before.</p>
            <button type="button" class="button small" onClick={forget}>
              Forget that mapping
            </button>
          </Notice>
        )}
        <ProposalNotice sent={sent} looks={looks} undecided={undecided} headers={headers} onRead={read} />
        {columns.length > FEW_COLUMNS && (
          <Filter
            label="Columns to show"
            value={shown}
            onChange={show}
            choices={filterChoices(sent, columns, undecided)}
          />
        )}
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard has to scroll it */}
        <section class="table-frame" aria-label="Columns" tabIndex={0}>
          <table class="map">
            <thead>
              <tr>
                <th scope="col">Column</th>
                <th scope="col">First values</th>
                <th scope="col">Means</th>
              </tr>
            </thead>
            <tbody>
              {listed.slice(0, rendered).map(({ header, position }) => (
                <MapRow
                  key={position}
                  header={header}
                  position={position}
                  records={source.records}
                  meanings={meanings}
                  guess={guesses[position]}
                  primaryKey={procedure.primaryKey}
                  name={names[position] ?? ''}
                  isRepeated={isRepeated(names, position)}
                  column={sent[position]}
                  look={looks.get(position)}
                  reading={readings.get(position)}
                  onChange={(name) => rename(position, name)}
                  onRead={(reading) => read(new Map([[position, reading]]))}
                />
              ))}
            </tbody>
          </table>
          {listed.length === 0 && <p class="empty">There are no such columns.</p>}
        </section>
      </div>
      <div class="card">
        <label for="clear-marker">Cell that clears a field</label>
        <input
          id="clear-marker"
          class="short"
          value={clearMarker}
          spellcheck={false}
          aria-describedby="clear-help"
          onInput={(event) => change({ type: 'clear marker', text: event.currentTarget.value })}
        />
        <p id="clear-help" class="hint">
          {emptyCellText(choice.creates)}
        </p>
      </div>
      {error !== undefined && <FailureNotice error={error} />}
      <div>
        <div role="status">
          {faults.length > 0 && (
            <Notice tone="warn" title="Not ready to check">
              <ul class="plain">
                {faults.map((fault) => (
                  <li key={fault}>{fault}</li>
                ))}
              </ul>
            </Notice>
          )}
        </div>
        <div class="actions">
          <button type="button" class="button primary" aria-disabled={isDone && !isReady} onClick={next}>
            {isBusy ? 'Preparing' : 'Check'} {counted(source.records.length, 'row')}
            {isBusy && ' …'}
          </button>
          <button type="button" class="button" onClick={() => dispatch({ type: 'back' })}>
            Back
          </button>
          <button type="button" class="button" onClick={() => save(mappingFile(flow))}>
            Download mapping
          </button>
          <p class="hint">
            {isDone ? 'Checking changes nothing.' : 'Looking at the values …'}
            {correctedCells > 0 &&
              ` Your ${counted(correctedCells, 'correction')} stay${correctedCells === 1 ? 's' : ''} until you choose a file again with Back.`}
          </p>
        </div>
      </div>
    </div>
  );
}
