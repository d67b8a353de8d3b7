import type { EntryStatus, Job } from '../../client/index.ts';
import { percentOf, processedOf } from '../model/progress.ts';
import { count, ENTRY_WORDS } from '../model/words.ts';

/** Segments of the bar, in their order. What waits is its background. */
const SEGMENTS = ['SUCCESS', 'INVALID', 'ERROR', 'CANCELLED'] as const satisfies EntryStatus[];

interface OutcomeBarProps {
  job: Pick<Job, 'total' | 'counts'>;
  label: string;
}

/** What has become of the entries of a job, as a bar. */
export function OutcomeBar({ job, label }: OutcomeBarProps) {
  const { total, counts } = job;
  const processed = processedOf(job);
  const parts = [...SEGMENTS, 'NOT_STARTED' as const].filter((status) => counts[status] > 0);
  return (
    <div
      class="progress outcomes"
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percentOf(processed, total)}
      aria-valuetext={`${count(processed)} of ${count(total)}`}
    >
      {parts.map((status) => (
        <div
          key={status}
          class={status === 'NOT_STARTED' ? 'segment' : `segment done ${ENTRY_WORDS[status].tone}`}
          style={{ flexGrow: counts[status] }}
        />
      ))}
    </div>
  );
}

/** What the colours of the bar mean. */
export function OutcomeLegend({ counts }: Pick<Job, 'counts'>) {
  const shown = [...SEGMENTS, 'NOT_STARTED' as const].filter((status) => counts[status] > 0);
  return (
    <ul class="legend plain">
      {shown.map((status) => (
        <li key={status} class={status === 'NOT_STARTED' ? '' : ENTRY_WORDS[status].tone}>
          <span class={status === 'NOT_STARTED' ? 'swatch' : 'swatch done'} aria-hidden="true" />
          {ENTRY_WORDS[status].label} {count(counts[status])}
        </li>
      ))}
    </ul>
  );
}
