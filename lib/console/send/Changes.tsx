import type { ProcedureView } from '../../client/index.ts';
import type { RowEntry } from '../model/checking.ts';
import { fieldText } from '../model/field-text.ts';

interface ChangesProps {
  entry: RowEntry;
  procedure: ProcedureView;
}

/** What a row changes: each field with its value before and after. */
export function Changes({ entry: { before, after, outcome }, procedure }: ChangesProps) {
  const value = (field: string, values: Readonly<Record<string, unknown>>) => (
    <Value value={values[field]} text={fieldText(field, values[field], procedure)} />
  );
  if (outcome === 'UNCHANGED') return <>The process already has these values.</>;
  return (
    <ul class="plain changes">
      {Object.keys(after).map((field) => (
        <li key={field}>
          <span class="muted">{field.replace(/^data\./, '')}:</span> {value(field, before)}{' '}
          <span aria-hidden="true">→</span>
          <span class="visually-hidden">becomes</span> {value(field, after)}
        </li>
      ))}
    </ul>
  );
}

function Value({ value, text }: { value: unknown; text: string }) {
  return <span class={value === null || value === undefined ? 'muted' : ''}>{text}</span>;
}
