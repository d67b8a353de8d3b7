import { useEffect, useRef } from 'preact/hooks';
import type { Entry, Job, PlannedEntry } from '../../client/index.ts';
import { useProcedure } from '../hooks/procedure.ts';
import { useSentItem } from '../hooks/sent-item.ts';
import { isPlanned, plannedRow } from '../model/planned.ts';
import { kindOf } from '../model/row-kinds.ts';
import { detailsOf, wordsOfEntry } from '../model/undo.ts';
import { count, identifierText, jobLineNoun, ROW_WORDS, timeText } from '../model/words.ts';
import { Changes } from '../ui/Changes.tsx';
import { ErrorList } from '../ui/ErrorList.tsx';
import { FailureNotice } from '../ui/FailureNotice.tsx';
import { StatusBadge } from '../ui/StatusBadge.tsx';

interface EntryDialogProps {
  job: Job;
  entry: Entry;
  onClose: () => void;
}

/** What was sent as an entry, and what has become of it. */
export function EntryDialog({ job, entry, onClose }: EntryDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const { index, line, processId, errors, attempts, completedAt } = entry;
  const outcome = detailsOf(job, entry);
  const { planned } = plannedRow(entry);
  const words = isPlanned(job) ? ROW_WORDS[kindOf(planned)] : wordsOfEntry(job, entry);

  return (
    <dialog ref={dialog} class="entry" aria-labelledby="entry-title" onClose={onClose}>
      <div class="heading">
        <h2 id="entry-title">{identifierText(entry)}</h2>
        <StatusBadge {...words} />
      </div>
      {outcome !== '' && <p>{outcome}</p>}
      {errors.length > 0 && <ErrorList errors={errors} />}
      {entry.plan !== undefined && <Plan job={job} {...entry.plan} />}
      <dl class="facts">
        {line !== null && <Fact name={`${jobLineNoun(job)} of the file`}>{count(line)}</Fact>}
        <Fact name="Item">{`${count(index + 1)} of ${count(job.total)}`}</Fact>
        {processId !== null && <Fact name="Process id">{processId}</Fact>}
        {attempts > 0 && <Fact name="Attempts">{count(attempts)}</Fact>}
        <Fact name={isPlanned(job) ? 'Saved' : 'Accepted'}>{timeText(job.createdAt)}</Fact>
        {completedAt > 0 && <Fact name="Ended">{timeText(completedAt)}</Fact>}
      </dl>
      {job.undoes === undefined && <SentItem job={job} entry={entry} />}
      <div class="actions">
        <button type="button" class="button" autofocus onClick={() => dialog.current?.close()}>
          Close
        </button>
      </div>
    </dialog>
  );
}

function SentItem({ job, entry }: Pick<EntryDialogProps, 'job' | 'entry'>) {
  const { item, error } = useSentItem(job.id, entry);
  return (
    <section>
      <h3>What was sent</h3>
      {error !== undefined && <FailureNotice error={error} />}
      {error === undefined && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard has to scroll it
        <pre class="item" tabIndex={0}>
          {item ?? 'Loading …'}
        </pre>
      )}
    </section>
  );
}

/** What was planned for an entry. */
function Plan({ job, errors, ...plan }: { job: Job } & PlannedEntry) {
  const procedure = useProcedure(job.procedure);
  return (
    <section>
      <h3>{isPlanned(job) ? 'What would change' : 'What was planned'}</h3>
      {errors.length > 0 ? <ErrorList errors={errors} /> : <Changes entry={plan} procedure={procedure} />}
    </section>
  );
}

function Fact({ name, children }: { name: string; children: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
