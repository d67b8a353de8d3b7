import { useMemo, useState } from 'preact/hooks';
import { type Mapping, mappedRows } from '../model/flow.ts';
import { columnsOf, isRepeated, mappingFaults, meaningsOf, shownColumns } from '../model/mapping.ts';
import { counted } from '../model/words.ts';
import { FailureNotice } from '../ui/FailureNotice.tsx';
import { Notice } from '../ui/Notice.tsx';
import { MapRow } from './MapRow.tsx';
import { StepHeading } from './StepHeading.tsx';
import type { StepProps } from './step-props.ts';

/** Maps the columns of a CSV to fields. */
export function MapStep({ flow, dispatch }: StepProps<Mapping>) {
  const { procedure, source, names, guesses, clearMarker, correctedCells } = flow;
  const [error, setError] = useState<unknown>();
  const meanings = useMemo(() => meaningsOf(procedure), [procedure]);
  const faults = mappingFaults(columnsOf(names, procedure), procedure, clearMarker);
  if (source.format !== 'csv') return null;
  const columns = shownColumns(source);

  function next() {
    setError(undefined);
    if (faults.length > 0) return;
    try {
      dispatch({ type: 'mapped', rows: mappedRows(flow) });
    } catch (failure) {
      setError(failure);
    }
  }

  return (
    <div class="stack">
      <div class="card">
        <StepHeading>Map the columns</StepHeading>
        <p class="muted">
          {source.name}: {counted(source.records.length, 'row')}, {counted(columns.length, 'column')}. The
          primary key <code>{procedure.primaryKey}</code> or the <code>id</code> identifies a{' '}
          {procedure.shortId}.
        </p>
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
              {columns.map(({ header, position }) => (
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
                  onChange={(name) => dispatch({ type: 'renamed', position, name })}
                />
              ))}
            </tbody>
          </table>
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
          onInput={(event) => dispatch({ type: 'clear marker', text: event.currentTarget.value })}
        />
        <p id="clear-help" class="hint">
          An empty cell leaves the field unchanged.
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
          <button type="button" class="button primary" aria-disabled={faults.length > 0} onClick={next}>
            Check {counted(source.records.length, 'row')}
          </button>
          <button type="button" class="button" onClick={() => dispatch({ type: 'back' })}>
            Back
          </button>
          <p class="hint">
            Checking changes nothing.
            {correctedCells > 0 &&
              ` Your ${counted(correctedCells, 'correction')} stay${correctedCells === 1 ? 's' : ''} until you choose a file again with Back.`}
          </p>
        </div>
      </div>
    </div>
  );
}
