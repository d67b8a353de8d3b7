import { useMemo } from 'preact/hooks';
import { kindOf } from '../../../lambdas/rows/cell-kind.ts';
import type { SentColumn } from '../../../lambdas/rows/column.ts';
import type { Reading } from '../../../lambdas/rows/reading.ts';
import { BROWSER_ZONE, LOCALES } from '../hooks/column-looks.ts';
import { type ColumnLook, inZone, isMoment } from '../model/column-look.ts';
import { placeOfChoice, readingChoices } from '../model/reading-words.ts';
import { counted } from '../model/words.ts';
import { Sign } from '../ui/Sign.tsx';
import { ValuesFields } from './ValuesFields.tsx';

interface ReadingRowProps {
  /** What the column is called. */
  title: string;
  id: string;
  column: SentColumn;
  look: ColumnLook;
  /** The reading that the user has decided, if it is. */
  decided: Reading | undefined;
  onRead: (reading: Reading) => void;
}

/** How the cells of a column are read, where they are not written as the API takes them. */
export function ReadingRow({ title, id, column, look, decided, onRead }: ReadingRowProps) {
  const { proposal, report } = look;
  const reading = decided ?? inZone(proposal.reading, column, BROWSER_ZONE);
  const choices = readingChoices(column, reading?.locale ?? LOCALES[0] ?? 'en');
  const isListed = kindOf(column) === 'option' || kindOf(column) === 'boolean';
  const place = placeOfChoice(choices, reading);
  // Some hundred, which do not change.
  const zoneOptions = useMemo(() => ZONES.map((zone) => <option key={zone}>{zone}</option>), []);
  const isAmbiguous = decided === undefined && proposal.choices.length > 0;
  const isProposed = decided === undefined && proposal.reading !== undefined;
  return (
    <tr class="map-reading">
      <td colSpan={3}>
        <div class="reading">
          <label for={`${id}-reading`}>How “{title}” is read</label>
          <div class="reading-choice">
            <select
              id={`${id}-reading`}
              value={place < 0 ? '' : String(place)}
              aria-describedby={`${id}-changes`}
              onChange={({ currentTarget }) => {
                const choice = choices[Number(currentTarget.value)]?.reading ?? {};
                onRead(readingChosen(choice, proposal.reading, column));
              }}
            >
              {place < 0 && <option value="">{isAmbiguous ? 'Choose …' : 'As it is'}</option>}
              {choices.map(({ label }, position) => (
                <option key={label} value={String(position)}>
                  {label}
                </option>
              ))}
            </select>
            {isMoment(column) && reading?.date !== undefined && (
              <select
                aria-label={`Time zone of ${title}`}
                value={reading.timeZone ?? ''}
                onChange={({ currentTarget }) => onRead({ ...reading, timeZone: currentTarget.value })}
              >
                {zoneOptions}
              </select>
            )}
            {isProposed && reading !== undefined && (
              <button type="button" class="button small" onClick={() => onRead(reading)}>
                Confirm<span class="visually-hidden"> how {title} is read</span>
              </button>
            )}
            {isProposed && <span class="tag warn">Proposed by its values</span>}
            {isAmbiguous && (
              <span class="tag warn">“{proposal.ambiguousCell}” has several meanings. Choose one.</span>
            )}
          </div>
          <div id={`${id}-changes`} class="changes">
            {report?.changes.map(({ before, after }) => (
              <span key={before} class="change">
                <span>{before}</span> <Sign>→</Sign>
                <span class="visually-hidden"> is sent as </span> <strong>{after}</strong>
              </span>
            ))}
            {report !== undefined && report.changed > 0 && (
              <span class="muted">{counted(report.changed, 'cell')}</span>
            )}
            {report !== undefined && report.kept > 0 && !isListed && (
              <span class="tag warn">
                {counted(report.kept, 'cell')} cannot be read and {report.kept === 1 ? 'stays' : 'stay'} as{' '}
                {report.kept === 1 ? 'it is:' : 'they are, such as'} “{report.keptCell}”
              </span>
            )}
          </div>
          {report?.faults().map((fault) => (
            <p key={fault} class="field-fault">
              {fault}
            </p>
          ))}
          {isListed && proposal.unknown.length > 0 && (
            <ValuesFields
              column={column}
              unknown={proposal.unknown}
              reading={reading}
              onChange={(values) => onRead({ ...reading, values: { ...reading?.values, ...values } })}
            />
          )}
        </div>
      </td>
    </tr>
  );
}

const ZONES = [...new Set([BROWSER_ZONE, ...Intl.supportedValuesOf('timeZone')])];

/** Returns a chosen reading, with the words and the time zone of its proposal. */
function readingChosen(choice: Reading, proposal: Reading | undefined, column: SentColumn): Reading {
  const values =
    choice.ignoreCase === true && proposal?.values !== undefined ? { values: proposal.values } : {};
  return inZone({ ...choice, ...values }, column, BROWSER_ZONE) ?? {};
}

/** Whether a column needs or has a reading, so that its row is shown. */
export function hasReading({ proposal }: ColumnLook, decided: Reading | undefined): boolean {
  const isDecided = decided !== undefined && Object.keys(decided).length > 0;
  return (
    isDecided || proposal.reading !== undefined || proposal.choices.length > 0 || proposal.unknown.length > 0
  );
}
