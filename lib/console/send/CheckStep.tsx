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
import { RowCheckTable, type RowVerdict } from './RowCheckTable.tsx';
import { StepHeading } from './StepHeading.tsx';
import type { StepProps } from './step-props.ts';

/** What would become of each row, before anything is sent. */
export function CheckStep({ flow, dispatch }: StepProps<Checking>) {
  const { procedure, source, rows, verdicts, error } = flow;
  const { client } = useSession();
  const { fail } = useFailure();
  const [isOnlyWrong, setIsOnlyWrong] = useState(false);
  const [attempt, setAttempt] = useState(0);
  const isDone = verdicts.length === rows.length;

  // Runs once for the rows, and again when asked to.
  useEffect(() => {
    // What had been said before someone looked at a job meanwhile stays.
    if (isDone) return;
    const controller = new AbortController();
    const { signal } = controller;
    const check = async () => {
      if (verdicts.length > 0) dispatch({ type: 'try again' });
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
    (): RowVerdict[] => verdicts.map((entry, position) => ({ entry, line: rows[position]?.line ?? 0 })),
    [verdicts, rows],
  );
  const wrong = useMemo(() => all.filter(({ entry }) => entry.completionStatus !== 'SUCCESS'), [all]);
  const warnings = useMemo(() => warningsOf(flow), [rows]);
  const noun = rowNoun(source.format);
  const shown = isOnlyWrong ? wrong : all;
  const heading = headingOf(flow, wrong.length);

  async function download() {
    const { failedRowsFile } = await import('../model/failed-rows.ts');
    save(failedRowsFile(source, rows, verdicts));
  }

  return (
    <div class="stack">
      <div class="card">
        <StepHeading>{heading}</StepHeading>
        <p class="muted">
          {source.name} for {procedure.name} (<code>{procedure.shortId}</code>). Nothing has been sent.
        </p>
        {warnings.length > 0 && (
          <Notice tone="warn" title="Look at the file again">
            <ul class="plain">
              {warnings.map((warning) => (
                <li key={warning}>{warning}</li>
              ))}
            </ul>
          </Notice>
        )}
        {!isDone && <ProgressBar label="Rows checked" done={verdicts.length} total={rows.length} />}
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
              value={isOnlyWrong}
              onChange={setIsOnlyWrong}
              choices={[
                { value: false, label: 'All rows', count: all.length },
                { value: true, label: 'Wrong', sign: '!', tone: 'warn', count: wrong.length },
              ]}
            />
            <RowCheckTable noun={noun} verdicts={shown} />
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
        {isDone && wrong.length > 0 && (
          <button type="button" class="button" onClick={download}>
            Download the {counted(wrong.length, 'wrong row')}
          </button>
        )}
        <button type="button" class="button" onClick={() => dispatch({ type: 'back' })}>
          Back
        </button>
        <p class="hint">
          {isDone && wrong.length > 0
            ? 'Wrong rows do not keep the others from being applied.'
            : 'Rows are applied in their order.'}
        </p>
      </div>
    </div>
  );
}

function headingOf({ rows, verdicts, error }: Checking, wrong: number): string {
  const all = counted(rows.length, 'row');
  if (error !== undefined) return `The check broke off after ${count(verdicts.length)} of ${all}`;
  if (verdicts.length < rows.length) return `Checking ${all} …`;
  if (wrong > 0) return `${count(wrong)} of ${all} would not be applied`;
  return rows.length === 1 ? 'The row would be applied' : `All ${all} would be applied`;
}
