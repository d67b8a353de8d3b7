import type { CsvRecord } from '../../../lambdas/rows/csv-format.ts';
import { type ColumnGuess, type MeaningGroup, OMIT } from '../model/mapping.ts';

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

/** Number of sample values of a column. */
const SAMPLES = 3;
/** Maximum length of a sample value, in characters. */
const SAMPLE_LENGTH = 60;

export function MapRow(props: MapRowProps) {
  const { header, position, records, meanings, guess, primaryKey, name, isRepeated, onChange } = props;
  const id = `column-${position}`;
  const title = header === '' ? `(column ${position + 1}, no name)` : header;
  const isGuess = guess?.from === 'guess' && guess.name === name;
  return (
    <tr class={name === OMIT ? 'left-out' : ''}>
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
          <option value={OMIT}>Omit</option>
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
          {isGuess && <span class="tag warn">Guessed from its name. Check it.</span>}
          {(name === primaryKey || name === 'id') && <span class="tag accent">Identifies the process</span>}
        </span>
      </td>
    </tr>
  );
}

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
