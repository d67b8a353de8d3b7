import { valueText } from '../model/words.ts';

interface CellFieldProps {
  /** Of which column and line it is. */
  label: string;
  value: string;
  /** The values that it can have, if they can be listed. */
  choices: readonly string[] | undefined;
  /** Whether it may be empty, so that the field stays unchanged. */
  isOptional: boolean;
  isWrong: boolean;
  onChange: (value: string) => void;
}

/** A cell of the file that a person corrects. */
export function CellField({ label, value, choices, isOptional, isWrong, onChange }: CellFieldProps) {
  if (choices === undefined) {
    return (
      <input
        class="cell"
        aria-label={label}
        aria-invalid={isWrong}
        value={value}
        spellcheck={false}
        placeholder={isOptional ? 'Empty: leave unchanged' : ''}
        onInput={({ currentTarget }) => onChange(currentTarget.value)}
      />
    );
  }
  const isKnown = value === '' || choices.includes(value);
  return (
    <select
      class="cell"
      aria-label={label}
      aria-invalid={isWrong}
      value={value}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
    >
      {!isKnown && <option value={value}>"{valueText(value)}" (as in the file)</option>}
      {isOptional && <option value="">Leave unchanged</option>}
      {!isOptional && value === '' && <option value="">Choose a value</option>}
      {choices.map((choice) => (
        <option key={choice} value={choice}>
          {choice}
        </option>
      ))}
    </select>
  );
}
