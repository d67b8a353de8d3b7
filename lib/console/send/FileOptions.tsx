import type { CellSample, Inspection } from '../model/inspect-source.ts';
import type { SheetPreview } from '../model/preview-sheets.ts';
import type { ReadOptions } from '../model/source.ts';
import { count } from '../model/words.ts';
import { Notice } from '../ui/Notice.tsx';

interface FileOptionsProps {
  inspection: Inspection;
  options: ReadOptions;
  onChange: (options: ReadOptions) => void;
}

/** Shows what there is to choose about a file: its encoding, or the sheet and the row that names the columns. */
export function FileOptions({ inspection, options, onChange }: FileOptionsProps) {
  switch (inspection.is) {
    case 'clear':
      return null;
    case 'wrong':
      return (
        <Notice tone="bad" title="The file cannot be read." isAlert>
          <ul class="plain">
            {inspection.faults.map((fault) => (
              <li key={fault}>{fault}</li>
            ))}
          </ul>
        </Notice>
      );
    case 'not UTF-8':
      return <EncodingChoice {...inspection} options={options} onChange={onChange} />;
    case 'workbook':
      return <SheetChoice sheets={inspection.sheets} options={options} onChange={onChange} />;
  }
}

interface EncodingChoiceProps extends Omit<FileOptionsProps, 'inspection'> {
  message: string;
  samples: readonly CellSample[];
}

function EncodingChoice({ message, samples, options, onChange }: EncodingChoiceProps) {
  const isChosen = options.encoding === 'windows-1252';
  return (
    <Notice
      tone={isChosen ? 'good' : 'warn'}
      title={isChosen ? 'The file is read as Windows-1252.' : 'The letters of the file are not clear.'}
      isAlert
    >
      {!isChosen && <p>{message}</p>}
      <p>These cells {isChosen ? 'read' : 'would read'} as follows. Are they right?</p>
      <table class="preview">
        <thead>
          <tr>
            <th scope="col">Line</th>
            <th scope="col">Column</th>
            <th scope="col">Cell</th>
          </tr>
        </thead>
        <tbody>
          {samples.map(({ line, header, text }) => (
            <tr key={text}>
              <td class="number">{count(line)}</td>
              <td>{header}</td>
              <td>{text}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <button
        type="button"
        class="button"
        aria-pressed={isChosen}
        onClick={() => onChange(isChosen ? {} : { encoding: 'windows-1252' })}
      >
        {isChosen ? 'Do not read as Windows-1252' : 'Read as Windows-1252'}
      </button>
      {!isChosen && <p class="hint">If they are wrong, save the file as "CSV UTF-8" and choose it again.</p>}
    </Notice>
  );
}

interface SheetChoiceProps extends Omit<FileOptionsProps, 'inspection'> {
  sheets: readonly SheetPreview[];
}

function SheetChoice({ sheets, options, onChange }: SheetChoiceProps) {
  const sheet =
    sheets.find(({ name }) => name === options.sheet) ??
    sheets.find(({ isHidden }) => !isHidden) ??
    sheets[0];
  if (sheet === undefined) return null;
  const headerRow = options.headerRow ?? sheet.headerRow;
  const width = Math.max(...sheet.rows.map(({ cells }) => cells.length));
  const columns = Array.from({ length: width }, (_, column) => column);
  return (
    <div class="sheet-choice">
      <div class="fields">
        <div>
          <label for="sheet">Sheet</label>
          <select
            id="sheet"
            value={sheet.name}
            onChange={(event) => onChange({ sheet: event.currentTarget.value })}
          >
            {sheets.map(({ name, isHidden }) => (
              <option key={name} value={name}>
                {isHidden ? `${name} (hidden)` : name}
              </option>
            ))}
          </select>
        </div>
        <div>
          <label for="header-row">Row that names the columns</label>
          <select
            id="header-row"
            value={String(headerRow)}
            onChange={(event) =>
              onChange({ sheet: sheet.name, headerRow: Number(event.currentTarget.value) })
            }
          >
            {sheet.rows.map(({ number }) => (
              <option key={number} value={String(number)}>
                {count(number)}
              </option>
            ))}
          </select>
        </div>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard has to scroll it */}
      <section class="table-frame" aria-label="First rows of the sheet" tabIndex={0}>
        <table class="preview">
          <tbody>
            {sheet.rows.map(({ number, cells }) => (
              <tr key={number} class={previewClass(number, headerRow)}>
                <th scope="row" class="number">
                  {count(number)}
                </th>
                {columns.map((column) => (
                  <td key={column}>{cells[column]}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <p class="hint">
        The first rows. Row {count(headerRow)} names the columns; rows above it are left out.
      </p>
    </div>
  );
}

function previewClass(number: number, headerRow: number): string {
  if (number === headerRow) return 'header-row';
  return number < headerRow ? 'left-out' : '';
}
