import type { RowEntry } from '../model/checking.ts';
import { valueText } from '../model/words.ts';

/** What a row changes: each field with its value before and after. */
export function Changes({ entry: { before, after, outcome } }: { entry: RowEntry }) {
  const fields = Object.keys(after);
  if (outcome === 'UNCHANGED') return <>The process already has these values.</>;
  return (
    <ul class="plain changes">
      {fields.map((field) => (
        <li key={field}>
          <span class="muted">{field.replace(/^data\./, '')}:</span> <Value value={before[field]} />{' '}
          <span aria-hidden="true">→</span>
          <span class="visually-hidden">becomes</span> <Value value={after[field]} />
        </li>
      ))}
    </ul>
  );
}

function Value({ value }: { value: unknown }) {
  return <span class={value === null || value === undefined ? 'muted' : ''}>{valueText(value)}</span>;
}
