import { useEffect, useRef } from 'preact/hooks';
import type { Entry, Job } from '../../client/index.ts';
import { useSentItem } from '../hooks/sent-item.ts';
import { count, ENTRY_WORDS, identifierText, jobLineNoun, outcomeText, timeText } from '../model/words.ts';
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
  const { item, error } = useSentItem(job.id, entry);
  useEffect(() => dialog.current?.showModal(), []);
  const { index, line, processId, completionStatus, errors, attempts, completedAt } = entry;
  const outcome = outcomeText(entry);

  return (
    <dialog ref={dialog} class="entry" aria-labelledby="entry-title" onClose={onClose}>
      <div class="heading">
        <h2 id="entry-title">{identifierText(entry)}</h2>
        <StatusBadge {...ENTRY_WORDS[completionStatus]} />
      </div>
      {outcome !== '' && <p>{outcome}</p>}
      {errors.length > 0 && <ErrorList errors={errors} />}
      <dl class="facts">
        {line !== null && <Fact name={`${jobLineNoun(job)} of the file`}>{count(line)}</Fact>}
        <Fact name="Item">{`${count(index + 1)} of ${count(job.total)}`}</Fact>
        {processId !== null && <Fact name="Process id">{processId}</Fact>}
        <Fact name="Attempts">{count(attempts)}</Fact>
        <Fact name="Accepted">{timeText(job.createdAt)}</Fact>
        {completedAt > 0 && <Fact name="Ended">{timeText(completedAt)}</Fact>}
      </dl>
      <h3>What was sent</h3>
      {error !== undefined && <FailureNotice error={error} />}
      {error === undefined && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard has to scroll it
        <pre class="item" tabIndex={0}>
          {item ?? 'Loading …'}
        </pre>
      )}
      <div class="actions">
        <button type="button" class="button" autofocus onClick={() => dialog.current?.close()}>
          Close
        </button>
      </div>
    </dialog>
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
