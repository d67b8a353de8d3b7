import { count } from '../model/words.ts';
import { Sign } from './Sign.tsx';

export interface FilterChoice<Value> {
  value: Value;
  label: string;
  sign?: string;
  tone?: string;
  count: number;
}

interface FilterProps<Value> {
  label: string;
  choices: readonly FilterChoice<Value>[];
  value: Value;
  onChange: (value: Value) => void;
}

/** Counts that also select what is listed. */
export function Filter<Value>({ label, choices, value, onChange }: FilterProps<Value>) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: these are buttons, not fields
    <div class="filter" role="group" aria-label={label}>
      {choices.map((choice) => (
        <button
          key={choice.label}
          type="button"
          class={`filter-choice ${choice.tone ?? ''}`}
          aria-pressed={choice.value === value}
          onClick={() => onChange(choice.value)}
        >
          <span class="filter-count">{count(choice.count)}</span>
          <span class="filter-label">
            {choice.sign !== undefined && <Sign>{choice.sign}</Sign>}
            {choice.label}
          </span>
        </button>
      ))}
    </div>
  );
}
