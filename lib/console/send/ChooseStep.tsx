import type { TargetedSubmitEvent } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { definedOf } from '../../../lambdas/contract/defined-of.ts';
import { ApiError } from '../../client/index.ts';
import { useApiKey, useScope } from '../hooks/api-key.ts';
import { useFailure } from '../hooks/failure.ts';
import { useInspection } from '../hooks/inspection.ts';
import { useProcedures } from '../hooks/procedures.ts';
import { useSession } from '../hooks/session.ts';
import type { Choosing } from '../model/flow.ts';
import { part } from '../model/part.ts';
import { procedureCalled } from '../model/procedures.ts';
import { PASTED, type ReadOptions } from '../model/source.ts';
import { FailureNotice } from '../ui/FailureNotice.tsx';
import { CreatesFields } from './CreatesFields.tsx';
import { DropZone } from './DropZone.tsx';
import { FileOptions } from './FileOptions.tsx';
import { ProcedureField } from './ProcedureField.tsx';
import type { StepProps } from './step-props.ts';

const MAY_NOT_CHECK =
  'Your API key only reads. To check rows and save them as a plan, sign in with a key with the scope “plan”; to send them, with “write”.';

interface ChooseStepProps extends StepProps<Choosing> {
  /** Loads the next steps. */
  prepare: () => Promise<unknown>;
}

/** Chooses the procedure, and the file or text to send. */
export function ChooseStep({ flow, dispatch, prepare }: ChooseStepProps) {
  const { client } = useSession();
  const { error, fail, clear } = useFailure();
  const team = useApiKey()?.team;
  const { procedures, isComplete } = useProcedures();
  const mayCheck = useScope('plan');
  const [typed, setTyped] = useState(flow.choice?.procedure ?? '');
  const [file, setFile] = useState(flow.choice?.file);
  const [text, setText] = useState(flow.choice?.text ?? '');
  const [reading, setReading] = useState<ReadOptions>(flow.choice?.reading ?? {});
  const [creates, setCreates] = useState(flow.choice?.creates);
  const { inspection, inspected } = useInspection(file);
  const [isBusy, setIsBusy] = useState(false);
  const [faults, setFaults] = useState<{ procedure?: string; source?: string }>({});
  const input = useRef<HTMLInputElement>(null);
  const pasted = useRef<HTMLTextAreaElement>(null);
  const only = procedures.length === 1 ? procedures[0]?.shortId : undefined;
  useEffect(() => {
    // What the user has typed meanwhile stays.
    if (only !== undefined) setTyped((before) => before || only);
  }, [only]);

  async function submit(event: TargetedSubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    if (isBusy || !mayCheck) return;
    clear();
    // A name that is not in the list may be newer than it.
    const procedureName = procedureCalled(procedures, typed)?.shortId ?? typed.trim();
    const chosen = file ?? (text.trim() === '' ? undefined : new File([text], PASTED));
    const found = definedOf({
      procedure: procedureName === '' ? 'Choose a procedure.' : undefined,
      source: chosen === undefined ? 'Choose a file, or paste text.' : undefined,
    });
    setFaults(found);
    if (procedureName === '') return input.current?.focus();
    if (chosen === undefined) return pasted.current?.focus();
    setIsBusy(true);
    try {
      const procedure = await client().procedure(procedureName);
      const { is } = await inspected();
      // What is to be chosen is shown with the file.
      if (is === 'wrong' || (is === 'not UTF-8' && reading.encoding === undefined)) {
        setFaults({ source: 'Look at the message about the file.' });
        return setIsBusy(false);
      }
      // Loaded on demand, as they are most of the code of the page.
      const { readInWorker } = await part(() => import('../model/reading.ts'));
      const { chosenMapping } = await part(() => import('../model/chosen-mapping.ts'));
      const [source] = await Promise.all([readInWorker(chosen, reading), prepare()]);
      // Failed rows are saved without a connection, too: a reload would lose the corrections.
      if (source.format === 'csv' && source.sheet !== undefined)
        await part(() => import('../../../lambdas/rows/xlsx-failed.ts'));
      const choice = { procedure: procedureName, file, text, reading, creates };
      const mapping = chosenMapping(source, procedure, team, localStorage);
      dispatch({ type: 'chosen', choice, procedure, source, mapping });
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
    setReading({});
    setFaults(({ source: _source, ...others }) => others);
    clear();
  }

  return (
    <form class="stack" onSubmit={submit} noValidate>
      <div class="card">
        <h2>What kind of records?</h2>
        <ProcedureField
          procedures={procedures}
          isComplete={isComplete}
          value={typed}
          fault={faults.procedure}
          input={input}
          onChange={(value) => {
            setTyped(value);
            setFaults(({ procedure: _procedure, ...others }) => others);
          }}
        />
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
        {inspection !== undefined && (
          <FileOptions
            inspection={inspection}
            options={reading}
            onChange={(options) => {
              setReading(options);
              setFaults(({ source: _source, ...others }) => others);
              clear();
            }}
          />
        )}
      </div>
      <div class="card">
        <h2 id="creates-title">What the rows do</h2>
        <CreatesFields creates={creates} onChange={setCreates} />
      </div>
      {error !== undefined && <FailureNotice error={error} />}
      <div class="actions">
        <button type="submit" class="button primary" aria-disabled={isBusy || !mayCheck}>
          {isBusy ? 'Reading …' : 'Continue'}
        </button>
        <p class="hint">{mayCheck ? 'Nothing is sent yet.' : MAY_NOT_CHECK}</p>
      </div>
    </form>
  );
}

function isUnknownProcedure(failure: unknown): failure is ApiError {
  return failure instanceof ApiError && (failure.status === 404 || failure.status === 403);
}
