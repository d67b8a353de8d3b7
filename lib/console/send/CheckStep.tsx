import { useMemo, useState } from 'preact/hooks';
import { useFileWarnings } from '../hooks/file-warnings.ts';
import { useRowChecks } from '../hooks/row-checks.ts';
import { useSlices } from '../hooks/slices.ts';
import { causesOf } from '../model/causes.ts';
import { type Corrections, cellsAt, sendableRows, withReplaced } from '../model/checking.ts';
import { createsProposal, effectText } from '../model/creates.ts';
import { sheetReadingsOf } from '../model/file-notices.ts';
import type { Checking } from '../model/flow.ts';
import { correctedRows } from '../model/mapped-rows.ts';
import { columnsOf, sentText, shownColumns } from '../model/mapping.ts';
import { countedKinds, rowKinds } from '../model/row-kinds.ts';
import { nounOf } from '../model/source.ts';
import { count, counted, ROW_WORDS } from '../model/words.ts';
import { Announcer } from '../ui/Announcer.tsx';
import { FailureNotice } from '../ui/FailureNotice.tsx';
import { Filter } from '../ui/Filter.tsx';
import { Notice } from '../ui/Notice.tsx';
import { ProgressBar } from '../ui/ProgressBar.tsx';
import { CauseList } from './CauseList.tsx';
import { CheckActions } from './CheckActions.tsx';
import { CreatesSelect } from './CreatesSelect.tsx';
import { type RowCheck, RowCheckTable } from './RowCheckTable.tsx';
import { StepHeading } from './StepHeading.tsx';
import type { StepProps } from './step-props.ts';

const ALL = 'all';

/** Shows what would happen to each row, before anything is sent. Cells that are wrong can be corrected. */
export function CheckStep({ flow, dispatch }: StepProps<Checking>) {
  const { choice, procedure, source, names, readings, rows, rowChecks, pending, corrections, error } = flow;
  const { creates } = choice;
  // Of a tile, or of a cause.
  const [filter, setFilter] = useState<string>(ALL);
  const [fault, setFault] = useState<unknown>();
  const { run } = useSlices();
  useRowChecks(flow, dispatch);

  const columns = useMemo(() => columnsOf(names, procedure, readings), [names, procedure, readings]);
  const kinds = useMemo(() => rowKinds(rowChecks), [rowChecks]);
  // The first check has all of them at its end.
  const isChecked = rowChecks.length === rows.length;
  const causes = useMemo(
    () => (isChecked ? causesOf(rows, rowChecks, columns) : []),
    [isChecked, rows, rowChecks, columns],
  );
  const warnings = useFileWarnings(flow);
  const sheetReadings = useMemo(() => sheetReadingsOf(flow), [rows]);
  const cause = causes.find(({ key }) => key === filter);
  const tiles = countedKinds(kinds, creates);
  const kind = tiles.find((each) => each === filter);
  const positions = cause?.positions ?? (kind === undefined ? undefined : kinds[kind]);
  const shown = useMemo(
    () => (positions ?? [...rowChecks.keys()]).flatMap((position) => rowCheckAt(flow, position)),
    [rows, rowChecks, positions],
  );

  const isCsv = source.format === 'csv';
  const isDone = pending.length === 0;
  const failing = kinds.wrong.length + kinds.missing.length + kinds.exists.length;
  const noun = nounOf(source);
  const heading = headingOf(flow, failing);
  const effect = isDone && creates !== undefined ? effectText(creates, kinds) : undefined;

  /** Checks what is corrected, unless it cannot be sent at all. */
  async function check(all: Corrections) {
    setFault(undefined);
    try {
      const taken = await run(correctedRows(flow, all));
      if (taken !== undefined) dispatch({ type: 'corrected', corrections: all, rows: taken });
    } catch (failure) {
      setFault(failure);
    }
  }

  const editing = isCsv
    ? {
        headers: source.head.headers,
        ...{ columns, procedure },
        isCorrected: (position: number) => corrections.has(position),
        cellsAt: (position: number) => cellsAt(flow, position),
        onEdit: (position: number, cells: readonly string[]) => dispatch({ type: 'edited', position, cells }),
      }
    : undefined;

  return (
    <div class="stack">
      <div class="card">
        <StepHeading>{heading}</StepHeading>
        <p class="muted">
          {source.name} for {procedure.name} (<code>{procedure.shortId}</code>).{' '}
          {source.format === 'csv' && `${sentText(columns, shownColumns(source).length)} `}
          {rows.length === 1 ? 'The row has' : 'The rows have'} not been sent.
        </p>
        <CreatesSelect
          creates={creates}
          proposal={isDone ? createsProposal(creates, kinds) : undefined}
          onChange={(chosen) => dispatch({ type: 'creates', creates: chosen })}
        />
        {effect !== undefined && <p>{effect}</p>}
        {sheetReadings.length > 0 && (
          <details class="readings">
            <summary>How the sheet is read</summary>
            <ul>
              {sheetReadings.map((reading) => (
                <li key={reading}>{reading}</li>
              ))}
            </ul>
          </details>
        )}
        {warnings.length > 0 && (
          <Notice tone="warn" title="Check the file again">
            <ul class="plain">
              {warnings.map((warning) => (
                <li key={warning}>{warning}</li>
              ))}
            </ul>
          </Notice>
        )}
        {!isDone && (
          <ProgressBar label="Rows checked" done={rows.length - pending.length} total={rows.length} />
        )}
        <Announcer text={isDone ? [heading, effect].filter(Boolean).join('. ') : ''} />
        {error !== undefined && (
          <FailureNotice error={error} onTryAgain={() => dispatch({ type: 'try again' })} />
        )}
        {rowChecks.length > 0 && (
          <>
            <Filter
              label="Rows to show"
              value={positions === undefined ? ALL : filter}
              onChange={setFilter}
              choices={[
                { value: ALL, label: 'All rows', count: rowChecks.length },
                ...tiles.map((each) => ({
                  value: each,
                  ...ROW_WORDS[each],
                  count: kinds[each].length,
                })),
              ]}
            />
            {causes.length > 0 && (
              <CauseList
                causes={causes}
                chosen={cause?.key}
                onChoose={setFilter}
                isCorrectable={isCsv && isDone}
                columns={columns}
                procedure={procedure}
                onReplace={(replaced, column, cell) => check(withReplaced(flow, replaced, column, cell))}
              />
            )}
            {failing > 0 && !isCsv && (
              <p class="hint">
                Items of JSON are corrected in their file: download them, correct them, and send that file.
              </p>
            )}
            <RowCheckTable
              key={filter}
              noun={noun}
              rowChecks={shown}
              procedure={procedure}
              editing={editing}
            />
          </>
        )}
        {fault !== undefined && <FailureNotice error={fault} />}
      </div>
      <CheckActions
        flow={flow}
        dispatch={dispatch}
        sendable={sendableRows(flow).length}
        failing={failing}
        creating={kinds.create.length}
        onCheck={() => check(corrections)}
      />
    </div>
  );
}

function rowCheckAt({ rows, rowChecks }: Checking, position: number): RowCheck[] {
  const [row, entry] = [rows[position], rowChecks[position]];
  return row === undefined || entry === undefined ? [] : [{ position, row, entry }];
}

function headingOf({ rows, rowChecks, pending, error }: Checking, failing: number): string {
  const all = counted(rows.length, 'row');
  if (error !== undefined) return `The check stopped after ${count(rows.length - pending.length)} of ${all}`;
  if (pending.length > 0) return `Checking ${counted(pending.length, 'row')} …`;
  if (failing > 0) return `${count(failing)} of ${all} would not be applied`;
  return rowChecks.length === 1 ? 'The row would be applied' : `All ${all} would be applied`;
}
