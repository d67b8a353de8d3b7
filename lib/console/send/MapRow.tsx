import type { CsvRecord } from '../../bulk/csv-format.ts';
import { type ColumnGuess, LEAVE_OUT, type TargetGroup } from '../model/mapping.ts';

interface MapRowProps {
  header: string;
  position: number;
  records: readonly CsvRecord[];
  targets: readonly TargetGroup[];
  guess: ColumnGuess | undefined;
  primaryKey: string;
  /** What the API calls the column. */
  name: string;
  onChange: (name: string) => void;
}

/** So many values show what a column holds. */
const SAMPLES = 3;

export function MapRow(props: MapRowProps) {
  const { header, position, records, targets, guess, primaryKey, name, onChange } = props;
  const id = `column-${position}`;
  const title = header === '' ? `(column ${position + 1}, without a name)` : header;
  const isGuess = guess?.from === 'guess' && guess.name === name;
  return (
    <tr class={name === LEAVE_OUT ? 'left-out' : ''}>
      <th scope="row">
        <label for={id}>{title}</label>
      </th>
      <td class="samples">
        {samplesOf(records, position).join(' · ') || <span class="muted">(empty)</span>}
      </td>
      <td>
        <select
          id={id}
          value={name}
          aria-describedby={`${id}-note`}
          onChange={(event) => onChange(event.currentTarget.value)}
        >
          <option value={LEAVE_OUT}>Leave out</option>
          {targets.map((group) => (
            <optgroup key={group.label} label={group.label}>
              {group.targets.map((target) => (
                <option key={target.name} value={target.name}>
                  {target.label}
                </option>
              ))}
            </optgroup>
          ))}
        </select>
        <span id={`${id}-note`} class="map-note">
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
  return [...samples];
}
