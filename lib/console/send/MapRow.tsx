import { useMemo } from 'preact/hooks';
import type { Column } from '../../../lambdas/rows/column.ts';
import type { ColumnGuess } from '../../../lambdas/rows/column-guess.ts';
import type { CsvRecord } from '../../../lambdas/rows/csv-format.ts';
import type { Reading } from '../../../lambdas/rows/reading.ts';
import type { ColumnLook } from '../model/column-look.ts';
import { type MeaningGroup, OMIT } from '../model/mapping.ts';
import { hasReading, ReadingRow } from './ReadingRow.tsx';

interface MapRowProps {
  header: string;
  position: number;
  records: readonly CsvRecord[];
  meanings: readonly MeaningGroup[];
  guess: ColumnGuess | undefined;
  primaryKey: string;
  /** What the API calls the column. */
  name: string;
  /** Whether another column has the same name. */
  isRepeated: boolean;
  column: Column | undefined;
  look: ColumnLook | undefined;
  /** How the user has decided that its cells are read. */
  reading: Reading | undefined;
  onChange: (name: string) => void;
  onRead: (reading: Reading) => void;
}

/** Number of sample values of a column. */
const SAMPLES = 3;
/** Maximum length of a sample value, in characters. */
const SAMPLE_LENGTH = 60;

export function MapRow(props: MapRowProps) {
  const { header, position, records, meanings, guess, primaryKey, name, isRepeated, onChange } = props;
  const { column, look, reading, onRead } = props;
  const id = `column-${position}`;
  // Of many columns, most are shown again without a change.
  const samples = useMemo(() => samplesOf(records, position), [records, position]);
  const options = useMemo(() => meanings.map(meaningOptions), [meanings]);
  const title = header === '' ? `(column ${position + 1}, no name)` : header;
  const isGuess = guess?.from === 'guess' && guess.name === name;
  const isRead =
    look !== undefined && (column?.is === 'field' || column?.is === 'attribute') && hasReading(look, reading);
  return (
    <>
      <tr class={`${name === OMIT ? 'left-out' : ''} ${isRead ? 'has-reading' : ''}`}>
        <th scope="row">
          <label class="map-name" for={id}>
            {title}
          </label>
        </th>
        <td class="samples">{samples.join(' · ') || <span class="muted">(empty)</span>}</td>
        <td>
          <select
            id={id}
            value={name}
            aria-describedby={`${id}-note`}
            aria-invalid={isRepeated}
            onChange={(event) => onChange(event.currentTarget.value)}
          >
            <option value={OMIT}>Omit</option>
            {options}
          </select>
          <span id={`${id}-note`} class="map-note">
            {isRepeated && <span class="tag bad">Chosen for several columns</span>}
            {isGuess && <span class="tag warn">{REASONS[guess.because ?? 'name']}</span>}
            {(name === primaryKey || name === 'id') && <span class="tag accent">Identifies the process</span>}
          </span>
        </td>
      </tr>
      {isRead && (
        <ReadingRow title={title} id={id} column={column} look={look} decided={reading} onRead={onRead} />
      )}
    </>
  );
}

function meaningOptions({ label, meanings }: MeaningGroup) {
  return (
    <optgroup key={label} label={label}>
      {meanings.map((meaning) => (
        <option key={meaning.name} value={meaning.name}>
          {meaning.label}
        </option>
      ))}
    </optgroup>
  );
}

const REASONS = {
  name: 'Guessed from its name. Check it.',
  values: 'Guessed from its values. Check it.',
  'name and values': 'Guessed from its name and values. Check it.',
};

/** Returns the first different values. */
function samplesOf(records: readonly CsvRecord[], position: number): string[] {
  const samples = new Set<string>();
  for (const { record } of records) {
    const cell = record[position] ?? '';
    if (cell !== '') samples.add(cell);
    if (samples.size === SAMPLES) break;
  }
  return [...samples].map((value) =>
    value.length > SAMPLE_LENGTH ? `${value.slice(0, SAMPLE_LENGTH)} …` : value,
  );
}
