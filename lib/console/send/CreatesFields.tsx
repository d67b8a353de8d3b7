import type { Creates } from '../../client/creates.ts';
import { CREATES_CHOICES } from '../model/creates.ts';
import { WayChoices } from './WayChoices.tsx';

interface CreatesFieldsProps {
  creates: Creates | undefined;
  onChange: (creates: Creates | undefined) => void;
}

const WAYS = CREATES_CHOICES.map(({ creates, ...way }) => ({ value: creates, ...way }));

/** Chooses what rows do: update records, create them, or what fits. */
export function CreatesFields({ creates, onChange }: CreatesFieldsProps) {
  return (
    <fieldset class="ways creates" aria-labelledby="creates-title">
      <WayChoices name="creates" ways={WAYS} value={creates} onChange={onChange} />
    </fieldset>
  );
}
