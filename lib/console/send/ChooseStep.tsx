import type { TargetedSubmitEvent } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { definedOf } from '../../../lambdas/contract/defined-of.ts';
import { ApiError } from '../../client/index.ts';
import { useFailure } from '../hooks/failure.ts';
import { useProcedureNames } from '../hooks/procedure-names.ts';
import { useSession } from '../hooks/session.ts';
import type { Choosing } from '../model/flow.ts';
import { FailureNotice } from '../ui/FailureNotice.tsx';
import { DropZone } from './DropZone.tsx';
import type { StepProps } from './step-props.ts';

/** Chooses the procedure, and the file or text to send. */
export function ChooseStep({ flow, dispatch }: StepProps<Choosing>) {
  const { client } = useSession();
  const { error, fail, clear } = useFailure();
  const known = useProcedureNames();
  const [typed, setTyped] = useState(flow.choice?.procedure ?? '');
  const [file, setFile] = useState(flow.choice?.file);
  const [text, setText] = useState(flow.choice?.text ?? '');
  const [isBusy, setIsBusy] = useState(false);
  const [faults, setFaults] = useState<{ procedure?: string; source?: string }>({});
  const input = useRef<HTMLInputElement>(null);
  const pasted = useRef<HTMLTextAreaElement>(null);
  const [newest] = known;
  useEffect(() => {
    // A suggestion must not replace what the user types.
    if (newest !== undefined && document.activeElement !== input.current) {
      setTyped((before) => before || newest);
    }
  }, [newest]);

  async function submit(event: TargetedSubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    if (isBusy) return;
    clear();
    const procedureName = typed.trim();
    const chosen = file ?? (text.trim() === '' ? undefined : new File([text], 'pasted text'));
    const found = definedOf({
      procedure: procedureName === '' ? 'Enter the procedure of the updates.' : undefined,
      source: chosen === undefined ? 'Choose a file, or paste the updates.' : undefined,
    });
    setFaults(found);
    if (procedureName === '') return input.current?.focus();
    if (chosen === undefined) return pasted.current?.focus();
    setIsBusy(true);
    try {
      const procedure = await client().procedure(procedureName);
      // Loaded on demand, as reading files is most of the code of the page.
      const { readSource } = await import('../model/read-source.ts');
      const choice = { procedure: procedureName, file, text };
      dispatch({ type: 'chosen', choice, procedure, source: await readSource(chosen) });
    } catch (failure) {
      setIsBusy(false);
      if (!isUnknownProcedure(failure)) return fail(failure);
      setFaults({ procedure: failure.message });
      input.current?.focus();
    }
  }

  /** Takes another file or text, and clears the errors of the one before. */
  function choose(nextFile: File | undefined, nextText: string) {
    setFile(nextFile);
    setText(nextText);
    setFaults(({ source: _source, ...others }) => others);
    clear();
  }

  return (
    <form class="stack" onSubmit={submit} noValidate>
      <div class="card">
        <label for="procedure">Procedure</label>
        <input
          ref={input}
          id="procedure"
          class="short"
          list="procedures"
          value={typed}
          placeholder="lead"
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          aria-invalid={faults.procedure !== undefined}
          aria-describedby="procedure-help procedure-fault"
          onInput={(event) => setTyped(event.currentTarget.value)}
        />
        <datalist id="procedures">
          {known.map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
        <p id="procedure-help" class="hint">
          Short id, such as <code>lead</code>. All rows are processes of this procedure.
        </p>
        <p id="procedure-fault" class="field-fault" role="alert">
          {faults.procedure}
        </p>
      </div>
      <div class="card">
        <h2>What to send</h2>
        <div class="choices">
          <DropZone file={file} onFile={(chosen) => choose(chosen, '')} faultId="source-fault" />
          <div class="paste">
            <label for="pasted">Or paste text</label>
            <textarea
              ref={pasted}
              id="pasted"
              value={text}
              spellcheck={false}
              aria-describedby="paste-help source-fault"
              aria-invalid={faults.source !== undefined}
              placeholder={'lead_id,city\nLEAD-910,Tokyo'}
              onInput={(event) => choose(undefined, event.currentTarget.value)}
            />
            <p id="paste-help" class="hint">
              CSV with the column names in the first line, JSON, or JSON lines.
            </p>
          </div>
        </div>
        <p id="source-fault" class="field-fault" role="alert">
          {faults.source}
        </p>
      </div>
      {error !== undefined && <FailureNotice error={error} />}
      <div class="actions">
        <button type="submit" class="button primary" aria-disabled={isBusy}>
          {isBusy ? 'Reading …' : 'Continue'}
        </button>
        <p class="hint">Nothing is sent yet.</p>
      </div>
    </form>
  );
}

function isUnknownProcedure(failure: unknown): failure is ApiError {
  return failure instanceof ApiError && (failure.status === 404 || failure.status === 403);
}
