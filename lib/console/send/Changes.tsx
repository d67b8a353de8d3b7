import { useState } from 'preact/hooks';
import type { RowEntry } from '../model/checking.ts';
import { counted, valueText } from '../model/words.ts';
import { Sign } from '../ui/Sign.tsx';

/** Number of fields that are listed at first: a row of many fields would hide the others. */
const FIRST = 6;

/** What a row changes: each field with its value before and after. */
export function Changes({ entry: { before, after, outcome } }: { entry: RowEntry }) {
  const [isWhole, setIsWhole] = useState(false);
  const fields = Object.keys(after);
  if (outcome === 'UNCHANGED') return <>The process already has these values.</>;
  const shown = isWhole ? fields : fields.slice(0, FIRST);
  return (
    <ul class="plain changes">
      {shown.map((field) => (
        <li key={field}>
          <span class="muted">{field.replace(/^data\./, '')}:</span> <Value value={before[field]} />{' '}
          <Sign>→</Sign>
          <span class="visually-hidden">becomes</span> <Value value={after[field]} />
        </li>
      ))}
      {fields.length > shown.length && (
        <li>
          <button type="button" class="link" onClick={() => setIsWhole(true)}>
            Show {counted(fields.length - shown.length, 'more field')}
          </button>
        </li>
      )}
    </ul>
  );
}

function Value({ value }: { value: unknown }) {
  return <span class={value === null || value === undefined ? 'muted' : ''}>{valueText(value)}</span>;
}
