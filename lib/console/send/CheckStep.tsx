import { useEffect, useMemo, useState } from 'preact/hooks';
import { rowNoun } from '../../../lambdas/rows/file-format.ts';
import { useFailure } from '../hooks/failure.ts';
import { useSession } from '../hooks/session.ts';
import { type Checking, warningsOf } from '../model/flow.ts';
import { tryRows } from '../model/send.ts';
import { count, counted } from '../model/words.ts';
import { Announcer } from '../ui/Announcer.tsx';
import { FailureNotice } from '../ui/FailureNotice.tsx';
import { Filter } from '../ui/Filter.tsx';
import { Notice } from '../ui/Notice.tsx';
import { ProgressBar } from '../ui/ProgressBar.tsx';
import { save } from '../ui/save.ts';
import { type RowCheck, RowCheckTable } from './RowCheckTable.tsx';
import { StepHeading } from './StepHeading.tsx';
import type { StepProps } from './step-props.ts';

/** Shows what would happen to each row, before anything is sent. */
export function CheckStep({ flow, dispatch }: StepProps<Checking>) {
  const { procedure, source, rows, rowChecks, error } = flow;
  const { client } = useSession();
  const { fail } = useFailure();
  const [isOnlyFailing, setIsOnlyFailing] = useState(false);
  const [attempt, setAttempt] = useState(0);
  const isDone = rowChecks.length === rows.length;

  // Runs once for the rows, and again for each attempt.
  useEffect(() => {
    // The results stay when the user returns from another page.
    if (isDone) return;
    const controller = new AbortController();
    const { signal } = controller;
    const check = async () => {
      if (rowChecks.length > 0) dispatch({ type: 'try again' });
      for await (const entries of tryRows(client({ signal }), procedure.shortId, rows)) {
        if (signal.aborted) return;
        dispatch({ type: 'tried', entries });
      }
    };
    check().catch((failure: unknown) => {
      if (signal.aborted) return;
      dispatch({ type: 'failed', error: failure });
      fail(failure);
    });
    return () => controller.abort();
  }, [attempt]);

  const all = useMemo(
    (): RowCheck[] => rowChecks.map((entry, position) => ({ entry, line: rows[position]?.line ?? 0 })),
    [rowChecks, rows],
  );
  const failing = useMemo(() => all.filter(({ entry }) => entry.completionStatus !== 'SUCCESS'), [all]);
  const warnings = useMemo(() => warningsOf(flow), [rows]);
  const noun = rowNoun(source.format);
  const shown = isOnlyFailing ? failing : all;
  const heading = headingOf(flow, failing.length);

  async function download() {
    const { failedRowsFile } = await import('../model/failed-rows.ts');
    save(failedRowsFile(source, rows, rowChecks));
  }

  return (
    <div class="stack">
      <div class="card">
        <StepHeading>{heading}</StepHeading>
        <p class="muted">
          {source.name} for {procedure.name} (<code>{procedure.shortId}</code>). Nothing has been sent.
        </p>
        {warnings.length > 0 && (
          <Notice tone="warn" title="Check the file again">
            <ul class="plain">
              {warnings.map((warning) => (
                <li key={warning}>{warning}</li>
              ))}
            </ul>
          </Notice>
        )}
        {!isDone && <ProgressBar label="Rows checked" done={rowChecks.length} total={rows.length} />}
        <Announcer text={isDone ? heading : ''} />
        {error !== undefined && (
          <FailureNotice
            error={error}
            onTryAgain={() => {
              dispatch({ type: 'try again' });
              setAttempt(attempt + 1);
            }}
          />
        )}
        {all.length > 0 && (
          <>
            <Filter
              label="Rows to show"
              value={isOnlyFailing}
              onChange={setIsOnlyFailing}
              choices={[
                { value: false, label: 'All rows', count: all.length },
                { value: true, label: 'Errors', sign: '!', tone: 'warn', count: failing.length },
              ]}
            />
            <RowCheckTable noun={noun} rowChecks={shown} />
          </>
        )}
      </div>
      <div class="actions">
        <button
          type="button"
          class="button primary"
          aria-disabled={!isDone}
          onClick={() => isDone && dispatch({ type: 'send' })}
        >
          Send {counted(rows.length, 'row')}
        </button>
        {isDone && failing.length > 0 && (
          <button type="button" class="button" onClick={download}>
            Download {counted(failing.length, 'row')} with errors
          </button>
        )}
        <button type="button" class="button" onClick={() => dispatch({ type: 'back' })}>
          Back
        </button>
        <p class="hint">
          {isDone && failing.length > 0
            ? 'Invalid rows are skipped; the rest are applied.'
            : 'Rows are applied in their order.'}
        </p>
      </div>
    </div>
  );
}

function headingOf({ rows, rowChecks, error }: Checking, failing: number): string {
  const all = counted(rows.length, 'row');
  if (error !== undefined) return `The check stopped after ${count(rowChecks.length)} of ${all}`;
  if (rowChecks.length < rows.length) return `Checking ${all} …`;
  if (failing > 0) return `${count(failing)} of ${all} would not be applied`;
  return rows.length === 1 ? 'The row would be applied' : `All ${all} would be applied`;
}
