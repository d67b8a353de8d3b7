import { useState } from 'preact/hooks';
import type { ProcedureView } from '../../client/index.ts';
import type { RowEntry } from '../model/checking.ts';
import { fieldText } from '../model/field-text.ts';
import { counted } from '../model/words.ts';
import { Sign } from '../ui/Sign.tsx';

/** Number of fields that are listed at first: a row of many fields would hide the others. */
const FIRST = 6;
const NO_ATTRIBUTES = { attributes: {} };

interface ChangesProps {
  entry: Pick<RowEntry, 'before' | 'after' | 'outcome'>;
  /** Undefined until it is read: values are then shown as they are stored. */
  procedure: Pick<ProcedureView, 'attributes'> | undefined;
}

/** What a row changes, or a plan: each field with its value before and after. A process that is created had none before. */
export function Changes({ entry: { before, after, outcome }, procedure }: ChangesProps) {
  const [isWhole, setIsWhole] = useState(false);
  const fields = Object.keys(after);
  const value = (field: string, values: Readonly<Record<string, unknown>>) => (
    <Value value={values[field]} text={fieldText(field, values[field], procedure ?? NO_ATTRIBUTES)} />
  );
  if (outcome === 'UNCHANGED') return <>The process already has these values.</>;
  const isNew = outcome === 'CREATED';
  if (outcome === 'SUPERSEDED') return <>A later row sets the same fields of this process.</>;
  const shown = isWhole ? fields : fields.slice(0, FIRST);
  return (
    <ul class="plain changes">
      {shown.map((field) => (
        <li key={field}>
          <span class="muted">{field.replace(/^data\./, '')}:</span>{' '}
          {!isNew && (
            <>
              {value(field, before)} <Sign>→</Sign>
              <span class="visually-hidden">becomes</span>{' '}
            </>
          )}
          {value(field, after)}
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

function Value({ value, text }: { value: unknown; text: string }) {
  return <span class={value === null || value === undefined ? 'muted' : ''}>{text}</span>;
}
