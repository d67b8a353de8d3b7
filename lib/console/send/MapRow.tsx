import type { CsvRecord } from '../../../lambdas/rows/csv-format.ts';
import { type ColumnGuess, LEAVE_OUT, type MeaningGroup } from '../model/mapping.ts';

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
  onChange: (name: string) => void;
}

/** So many values show what a column holds. */
const SAMPLES = 3;
/** So much of a value does, in characters. */
const SAMPLE_LENGTH = 60;

export function MapRow(props: MapRowProps) {
  const { header, position, records, meanings, guess, primaryKey, name, isRepeated, onChange } = props;
  const id = `column-${position}`;
  const title = header === '' ? `(column ${position + 1}, without a name)` : header;
  const isGuess = guess?.from === 'guess' && guess.name === name;
  return (
    <tr class={name === LEAVE_OUT ? 'left-out' : ''}>
      <th scope="row">
        <label class="map-name" for={id}>
          {title}
        </label>
      </th>
      <td class="samples">
        {samplesOf(records, position).join(' · ') || <span class="muted">(empty)</span>}
      </td>
      <td>
        <select
          id={id}
          value={name}
          aria-describedby={`${id}-note`}
          aria-invalid={isRepeated}
          onChange={(event) => onChange(event.currentTarget.value)}
        >
          <option value={LEAVE_OUT}>Leave out</option>
          {meanings.map((group) => (
            <optgroup key={group.label} label={group.label}>
              {group.meanings.map((meaning) => (
                <option key={meaning.name} value={meaning.name}>
                  {meaning.label}
                </option>
              ))}
            </optgroup>
          ))}
        </select>
        <span id={`${id}-note`} class="map-note">
          {isRepeated && <span class="tag bad">Chosen for several columns</span>}
          {isGuess && <span class="tag warn">Guessed by its name: please check</span>}
          {(name === primaryKey || name === 'id') && <span class="tag accent">Names the process</span>}
        </span>
      </td>
    </tr>
  );
}

/** The first values that differ. */
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
