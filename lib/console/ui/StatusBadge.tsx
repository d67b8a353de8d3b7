import type { StatusWords } from '../model/words.ts';
import { Sign } from './Sign.tsx';

/** A status as sign and word. */
export function StatusBadge({ label, sign, tone }: StatusWords) {
  return (
    <span class={`badge ${tone}`}>
      <Sign>{sign}</Sign>
      {label}
    </span>
  );
}
