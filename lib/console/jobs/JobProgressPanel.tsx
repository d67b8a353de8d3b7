import type { Job } from '../../client/index.ts';
import {
  announcementOf,
  overallRate,
  processedOf,
  rateOf,
  type Sample,
  timeLeft,
} from '../model/progress.ts';
import { appliedWord, count, durationText, entryWords, timeLeftText } from '../model/words.ts';
import { Announcer } from '../ui/Announcer.tsx';
import { OutcomeBar, OutcomeLegend } from '../ui/OutcomeBar.tsx';

/** The progress and speed of a job. */
export function JobProgressPanel({ job, samples }: { job: Job; samples: readonly Sample[] }) {
  const processed = processedOf(job);
  const isOver = job.completionStatus !== 'IN_PROGRESS';
  return (
    <div class="job-progress">
      <p class="big">
        <strong>{count(isOver ? job.counts.SUCCESS : processed)}</strong> of {count(job.total)}{' '}
        {isOver ? appliedWord(job) : 'processed'}
      </p>
      <p class="rate">{rateText(job, samples)}</p>
      <OutcomeBar job={job} label="Entries processed" />
      <OutcomeLegend counts={job.counts} words={entryWords(job)} />
      {job.statusMessage !== null && <p class="status-message">{job.statusMessage}</p>}
      <Announcer text={announcementOf(job)} />
    </div>
  );
}

function rateText(job: Job, samples: readonly Sample[]): string {
  if (job.completionStatus === 'IN_PROGRESS') {
    const rate = rateOf(samples);
    if (rate === undefined) return 'Starting …';
    const left = timeLeft(job, samples);
    const speed = `${count(Math.round(rate))} a second`;
    return left === undefined ? speed : `${speed}, ${timeLeftText(left)}`;
  }
  const rate = overallRate(job);
  // A plan that is discarded has taken no time.
  if (rate === undefined || rate === 0) return '';
  const took = durationText(job.completedAt - job.startedAt);
  return rate < 1 ? `in ${took}` : `in ${took}, ${count(Math.round(rate))} a second`;
}
