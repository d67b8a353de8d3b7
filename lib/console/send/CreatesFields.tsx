import type { Creates } from '../../client/creates.ts';
import { CREATES_CHOICES } from '../model/creates.ts';

interface CreatesFieldsProps {
  creates: Creates | undefined;
  onChange: (creates: Creates | undefined) => void;
}

/** Chooses what rows do: update records, create them, or what fits. */
export function CreatesFields({ creates, onChange }: CreatesFieldsProps) {
  return (
    <fieldset class="ways creates" aria-labelledby="creates-title">
      {CREATES_CHOICES.map(({ creates: each, label, help }) => (
        <label key={label} class={creates === each ? 'way chosen' : 'way'}>
          <input type="radio" name="creates" checked={creates === each} onChange={() => onChange(each)} />
          <span>
            {label}
            <span class="hint">{help}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
