import { useState } from 'preact/hooks';
import type { Cause } from '../model/causes.ts';
import { count, counted, valueText } from '../model/words.ts';
import { CauseFix, type CauseFixProps } from './CauseFix.tsx';

interface CauseListProps extends Omit<CauseFixProps, 'cause'> {
  causes: readonly Cause[];
  /** Key of the cause whose rows are listed. */
  chosen: string | undefined;
  onChoose: (key: string) => void;
  /** Whether cells can be corrected here. */
  isCorrectable: boolean;
}

/** Number of causes that are listed at first. */
const FIRST = 6;

/** What is wrong, each with the number of its rows. A cause that is chosen can be corrected in all of them. */
export function CauseList({ causes, chosen, onChoose, isCorrectable, ...fix }: CauseListProps) {
  const [isWhole, setIsWhole] = useState(false);
  const shown = isWhole ? causes : causes.slice(0, FIRST);
  return (
    <section class="causes" aria-labelledby="causes-title">
      <h3 id="causes-title">What is wrong</h3>
      <ul class="plain">
        {shown.map((cause) => (
          <li key={cause.key}>
            <button
              type="button"
              class="cause"
              aria-pressed={cause.key === chosen}
              onClick={() => onChoose(cause.key)}
            >
              <span class="cause-text">
                <CauseText cause={cause} />
              </span>
              <span class="cause-count">{counted(cause.positions.length, 'row')}</span>
            </button>
            {isCorrectable && cause.key === chosen && <CauseFix key={cause.key} cause={cause} {...fix} />}
          </li>
        ))}
      </ul>
      {causes.length > shown.length && (
        <button type="button" class="button" onClick={() => setIsWhole(true)}>
          Show {count(causes.length - shown.length)} more
        </button>
      )}
    </section>
  );
}

function CauseText({ cause: { field, values, reason } }: { cause: Cause }) {
  const [first = ''] = values;
  return (
    <>
      {field !== undefined && <strong>{field}: </strong>}
      {values.length === 1 && first !== '' && <code class="value">"{valueText(first)}"</code>} {reason}
      {values.length > 1 && <span class="muted"> ({counted(values.length, 'different value')})</span>}
    </>
  );
}
