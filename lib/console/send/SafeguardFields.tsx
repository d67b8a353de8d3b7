import { MAX_ENTRIES } from '../../../lambdas/contract/limits.ts';
import { isPercentage, isRowCount, type NumberChoice, type SafeguardChoices } from '../model/safeguards.ts';
import { count } from '../model/words.ts';

interface SafeguardFieldsProps {
  /** Number of rows to send. */
  rows: number;
  choices: SafeguardChoices;
  onChange: (choices: SafeguardChoices) => void;
}

/** What keeps the other rows from being applied when too many fail. */
export function SafeguardFields({ rows, choices, onChange }: SafeguardFieldsProps) {
  const { canary, errorPercent, after } = choices;
  return (
    <details class="safeguards">
      <summary>Stop when rows fail</summary>
      <NumberField
        {...{ choice: canary, isValid: isRowCount(canary.text), max: MAX_ENTRIES, unit: 'rows' }}
        label="Start with the first"
        name="Number of rows to start with"
        onChange={(choice) => onChange({ ...choices, canary: choice })}
      />
      <NumberField
        {...{ choice: errorPercent, isValid: isPercentage(errorPercent.text), max: 100, unit: '% fail' }}
        label="Stop when more than"
        name="Percentage of rows that may fail"
        onChange={(choice) => onChange({ ...choices, errorPercent: choice })}
      />
      {errorPercent.isChosen && (
        <div class="safeguard after">
          <label for="look-after">But not before</label>
          <NumberInput
            {...{
              id: 'look-after',
              isWrong: !isRowCount(after),
              max: MAX_ENTRIES,
              unit: 'rows are processed',
            }}
            name="Number of processed rows from which on failures are looked at"
            value={after}
            onInput={(text) => onChange({ ...choices, after: text })}
          />
        </div>
      )}
      <p class="hint">
        The other rows follow only if {errorPercent.isChosen ? 'no more than that' : 'none'} of the first
        fail.
        {rows > MAX_ENTRIES && ` This holds for each job of ${count(MAX_ENTRIES)} rows.`}
      </p>
    </details>
  );
}

interface NumberFieldProps {
  choice: NumberChoice;
  isValid: boolean;
  max: number;
  label: string;
  /** What the number is, for those who do not see the label beside it. */
  name: string;
  unit: string;
  onChange: (choice: NumberChoice) => void;
}

function NumberField({ choice, isValid, max, label, name, unit, onChange }: NumberFieldProps) {
  const isWrong = choice.isChosen && !isValid;
  return (
    <div class="safeguard">
      <label>
        <input
          type="checkbox"
          checked={choice.isChosen}
          onChange={({ currentTarget }) => onChange({ ...choice, isChosen: currentTarget.checked })}
        />{' '}
        {label}
      </label>
      <NumberInput
        {...{ isWrong, max, name, unit, value: choice.text }}
        onInput={(text) => onChange({ isChosen: true, text })}
      />
    </div>
  );
}

interface NumberInputProps extends Pick<NumberFieldProps, 'max' | 'name' | 'unit'> {
  id?: string;
  isWrong: boolean;
  value: string;
  onInput: (text: string) => void;
}

function NumberInput({ id, isWrong, max, name, unit, value, onInput }: NumberInputProps) {
  return (
    <>
      <input
        id={id}
        type="number"
        aria-label={name}
        aria-invalid={isWrong}
        min={0}
        max={max}
        step="any"
        value={value}
        onInput={({ currentTarget }) => onInput(currentTarget.value)}
      />
      <span>{unit}</span>
      {isWrong && <span class="field-fault">Give a number up to {count(max)}.</span>}
    </>
  );
}
