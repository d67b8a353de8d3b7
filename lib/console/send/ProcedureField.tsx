import type { Ref, TargetedKeyboardEvent } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { ProcedureSummary } from '../../client/index.ts';
import { useApiKey } from '../hooks/api-key.ts';
import { matchingProcedures, procedureCalled, procedureLike } from '../model/procedures.ts';
import { count, counted } from '../model/words.ts';
import { Sign } from '../ui/Sign.tsx';

interface ProcedureFieldProps {
  procedures: readonly ProcedureSummary[];
  /** Whether the list has been read. */
  isComplete: boolean;
  value: string;
  fault: string | undefined;
  input: Ref<HTMLInputElement>;
  onChange: (value: string) => void;
}

/** Maximum number of options in the document. Typing finds the others. */
const MAX_OPTIONS = 100;

/** A field for the procedure with the ones to choose from: https://www.w3.org/WAI/ARIA/apg/patterns/combobox/ */
export function ProcedureField(props: ProcedureFieldProps) {
  const { procedures, isComplete, value, fault, input, onChange } = props;
  const [isOpen, setIsOpen] = useState(false);
  const [active, setActive] = useState<number>();
  const chosen = procedureCalled(procedures, value);
  // Who opens the list again wants to see the others, too.
  const found = chosen === undefined ? matchingProcedures(procedures, value) : procedures;
  const options = found.slice(0, MAX_OPTIONS);
  const suggestion =
    fault !== undefined && chosen === undefined ? procedureLike(procedures, value) : undefined;
  const isShown = isOpen && options.length > 0;

  function choose({ shortId }: ProcedureSummary) {
    onChange(shortId);
    setIsOpen(false);
    setActive(undefined);
  }

  function press(event: TargetedKeyboardEvent<HTMLInputElement>) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const option = isShown && active !== undefined ? options[active] : undefined;
    if (step !== undefined) {
      event.preventDefault();
      setIsOpen(true);
      const before = active ?? (step > 0 ? -1 : 0);
      setActive((before + step + options.length) % Math.max(options.length, 1));
    } else if (event.key === 'Enter' && option !== undefined) {
      event.preventDefault();
      choose(option);
    } else if (event.key === 'Escape') setIsOpen(false);
  }

  return (
    <div class="combobox">
      <label for="procedure">Procedure</label>
      <input
        ref={input}
        id="procedure"
        class="short"
        role="combobox"
        aria-expanded={isShown}
        aria-controls="procedures"
        aria-autocomplete="list"
        aria-activedescendant={isShown && active !== undefined ? `procedure-${active}` : undefined}
        value={value}
        placeholder={isComplete && procedures.length > 0 ? 'Choose or search' : ''}
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        aria-invalid={fault !== undefined}
        aria-describedby="procedure-help procedure-fault"
        onInput={({ currentTarget }) => {
          const typed = currentTarget.value;
          onChange(typed);
          setActive(undefined);
          setIsOpen(procedureCalled(procedures, typed) === undefined);
        }}
        onClick={() => setIsOpen(true)}
        onBlur={() => setIsOpen(false)}
        onKeyDown={press}
      />
      <div id="procedures" class="options" role="listbox" aria-label="Procedures" hidden={!isShown}>
        {options.map((procedure, position) => (
          <Option
            key={procedure.id}
            id={`procedure-${position}`}
            procedure={procedure}
            isChosen={procedure === chosen}
            isActive={position === active}
            onChoose={() => choose(procedure)}
          />
        ))}
        {found.length > options.length && (
          <div class="hint" role="presentation">
            {count(found.length - options.length)} more. Type a part of the name.
          </div>
        )}
      </div>
      <p id="procedure-help" class="hint">
        <ProcedureHelp procedures={procedures} isComplete={isComplete} chosen={chosen} />
      </p>
      <p id="procedure-fault" class="field-fault" role="alert">
        {fault}
        {suggestion !== undefined && (
          <>
            {' '}
            <button type="button" class="link" onClick={() => choose(suggestion)}>
              Did you mean {suggestion.shortId}?
            </button>
          </>
        )}
      </p>
    </div>
  );
}

interface OptionProps {
  id: string;
  procedure: ProcedureSummary;
  isChosen: boolean;
  isActive: boolean;
  onChoose: () => void;
}

function Option({ id, procedure, isChosen, isActive, onChoose }: OptionProps) {
  const item = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isActive) item.current?.scrollIntoView({ block: 'nearest' });
  }, [isActive]);
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the field
    // biome-ignore lint/a11y/useKeyWithClickEvents: the field takes the keys
    <div
      ref={item}
      id={id}
      class={isActive ? 'option active' : 'option'}
      role="option"
      aria-selected={isChosen}
      // The field would lose the focus, and close the list before the click.
      onMouseDown={(event) => event.preventDefault()}
      onClick={onChoose}
    >
      <strong>{procedure.name}</strong> <code>{procedure.shortId}</code> {isChosen && <Sign>✓</Sign>}
    </div>
  );
}

type ProcedureHelpProps = Pick<ProcedureFieldProps, 'procedures' | 'isComplete'> & {
  chosen: ProcedureSummary | undefined;
};

function ProcedureHelp({ procedures, isComplete, chosen }: ProcedureHelpProps) {
  const isBound = (useApiKey()?.procedures ?? null) !== null;
  if (chosen !== undefined) {
    return (
      <>
        {chosen.name}. A row names its process by <code>{chosen.primaryKey}</code> or <code>id</code>.
        {isBound && procedures.length === 1 && ' Your API key allows no other procedure.'}
      </>
    );
  }
  if (!isComplete) return <>Reading the procedures …</>;
  if (procedures.length === 0) {
    return (
      <>
        {isBound ? 'Your API key allows no procedure that exists.' : 'Your team has no procedure.'} Ask the
        operator.
      </>
    );
  }
  return (
    <>
      What the rows are. {isBound ? 'Your API key allows' : 'Your team has'}{' '}
      {counted(procedures.length, 'procedure')}.
    </>
  );
}
