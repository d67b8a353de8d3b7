import type { EntryStatus, Job } from '../../client/index.ts';
import { percentOf, processedOf } from '../model/progress.ts';
import { count, ENTRY_WORDS } from '../model/words.ts';

/** The order of the segments. What waits is the background of the bar. */
const SEGMENTS = ['SUCCESS', 'INVALID', 'ERROR', 'CANCELLED', 'NOT_STARTED'] as const satisfies EntryStatus[];

/** Returns the segments that a bar of these counts has. */
function segmentsOf(counts: Job['counts']) {
  return SEGMENTS.filter((status) => counts[status] > 0);
}

interface OutcomeBarProps {
  job: Pick<Job, 'total' | 'counts'>;
  label: string;
}

/** What has become of the entries of a job, as a bar. */
export function OutcomeBar({ job, label }: OutcomeBarProps) {
  const { total, counts } = job;
  const processed = processedOf(job);
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
      {segmentsOf(counts).map((status) => (
        <div
          key={status}
          class={status === 'NOT_STARTED' ? 'segment' : `segment done ${ENTRY_WORDS[status].tone}`}
          style={{ flexGrow: counts[status] }}
        />
      ))}
    </div>
  );
}

interface LegendProps extends Pick<Job, 'counts'> {
  words?: typeof ENTRY_WORDS;
}

/** What the colours of the bar mean. */
export function OutcomeLegend({ counts, words = ENTRY_WORDS }: LegendProps) {
  return (
    <ul class="legend plain">
      {segmentsOf(counts).map((status) => (
        <li key={status} class={status === 'NOT_STARTED' ? '' : words[status].tone}>
          <span class={status === 'NOT_STARTED' ? 'swatch' : 'swatch done'} aria-hidden="true" />
          {words[status].label} {count(counts[status])}
        </li>
      ))}
    </ul>
  );
}
