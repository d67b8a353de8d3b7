import type { StatusWords } from '../model/words.ts';

/** A status as sign and word. */
export function StatusBadge({ label, sign, tone }: StatusWords) {
  return (
    <span class={`badge ${tone}`}>
      <span class="badge-sign" aria-hidden="true">
        {sign}
      </span>
      {label}
    </span>
  );
}
