import { type UndoSummary, undoLines } from '../model/undo.ts';
import { Sign } from '../ui/Sign.tsx';

interface UndoLinesProps {
  summary: UndoSummary;
  /** The kind of job that is undone. */
  undone: 'job' | 'undo';
  isDone?: boolean;
}

/** What an undo comes to, or would, by what becomes of the records. */
export function UndoLines({ summary, undone, isDone = false }: UndoLinesProps) {
  return (
    <ul class="plain undo-lines">
      {undoLines(summary, { isDone, undone }).map(({ words: { tone, sign, label }, text, reasons }) => (
        <li key={label} class="undo-line">
          <span class={`badge ${tone}`} aria-hidden="true">
            <Sign>{sign}</Sign>
          </span>
          <div>
            {text}
            {reasons.length > 0 && (
              <ul>
                {reasons.map((reason) => (
                  <li key={reason}>{reason}</li>
                ))}
              </ul>
            )}
          </div>
        </li>
      ))}
    </ul>
  );
}
