import { useState } from 'preact/hooks';
import type { Job } from '../../client/index.ts';
import { usePlannedRows } from '../hooks/planned-rows.ts';
import { expiresAt, plannedRecords, plannedText } from '../model/planned.ts';
import { count, durationLeftText, PLANNED_WORDS, timeText } from '../model/words.ts';
import { Announcer } from '../ui/Announcer.tsx';
import { Notice } from '../ui/Notice.tsx';
import { OutcomeBar, OutcomeLegend } from '../ui/OutcomeBar.tsx';
import { OtherPlans } from './OtherPlans.tsx';
import { PlanActions } from './PlanActions.tsx';
import { PlannedEntries } from './PlannedEntries.tsx';

interface PlanViewProps {
  job: Job;
  /** Reads the job again. */
  onChanged: () => void;
}

/** What a plan would change, and its approval. */
export function PlanView({ job, onChanged }: PlanViewProps) {
  const [hasChanged, setHasChanged] = useState(false);
  const reading = usePlannedRows(job);
  const { SUCCESS = 0, ERROR = 0, INVALID = 0 } = job.plannedCounts ?? {};
  const counts = { SUCCESS, ERROR, INVALID, NOT_STARTED: 0, CANCELLED: 0 };
  const records = plannedRecords(reading.rows);
  const label = `${count(SUCCESS)} of ${count(job.total)} would be applied`;
  return (
    <div class="stack">
      <div class="card">
        <div class="job-progress">
          <p class="big">
            <strong>{count(SUCCESS)}</strong> of {count(job.total)} would be applied
          </p>
          <p class="rate">expires in {durationLeftText(expiresAt(job) - Date.now())}</p>
          <OutcomeBar job={{ total: job.total, counts }} label="Entries by what is planned" />
          <OutcomeLegend counts={counts} words={PLANNED_WORDS} />
          {reading.isComplete && records.created > 0 && <p>{plannedText(records)}.</p>}
          <p class="status-message">
            Nothing has changed yet. The plan can be approved until {timeText(expiresAt(job))}; then it
            expires.
          </p>
          <Announcer text={`This is a plan: ${label}.`} />
        </div>
        {hasChanged && (
          <Notice tone="warn" title="The plan has changed" isAlert>
            <p>Nothing was approved. The plan is shown as it is now: look at it, then approve it.</p>
          </Notice>
        )}
        <PlanActions
          job={job}
          reading={reading}
          onDone={onChanged}
          onOther={() => {
            setHasChanged(true);
            reading.tryAgain();
            onChanged();
          }}
        />
      </div>
      <OtherPlans job={job} />
      <PlannedEntries job={job} reading={reading} />
    </div>
  );
}
