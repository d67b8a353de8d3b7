import { useEffect, useState } from 'preact/hooks';
import { definedOf } from '../../../lambdas/contract/defined-of.ts';
import { JOB_STATUSES } from '../../../lambdas/contract/statuses.ts';
import type { JobStatus } from '../../client/index.ts';
import { useProcedures } from '../hooks/procedures.ts';
import { replaceRoute } from '../hooks/route.ts';
import type { JobsFilter } from '../model/route.ts';
import { JOB_WORDS } from '../model/words.ts';

/** Pause after the last letter before the jobs are searched, in ms. */
const TYPING_MS = 300;

/** Fields that select the listed jobs. The address keeps them. */
export function JobFilters({ filter }: { filter: JobsFilter }) {
  const { status, procedure, text } = filter;
  const { procedures } = useProcedures();
  const [typed, setTyped] = useState(text ?? '');
  // Another link may have changed it.
  useEffect(() => setTyped(text ?? ''), [text]);
  const change = (changed: { [Name in keyof JobsFilter]: JobsFilter[Name] | undefined }) =>
    replaceRoute({ page: 'jobs', filter: definedOf({ status, procedure, text, ...changed }) });
  useEffect(() => {
    if (typed.trim() === (text ?? '')) return;
    const timer = setTimeout(() => change({ text: typed.trim() || undefined }), TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed]);

  const isListed = procedure === undefined || procedures.some(({ shortId }) => shortId === procedure);
  return (
    <search class="job-filters">
      <div>
        <label for="job-text">Name contains</label>
        <input
          id="job-text"
          type="search"
          value={typed}
          maxLength={200}
          placeholder="leads.csv"
          onInput={({ currentTarget }) => setTyped(currentTarget.value)}
        />
      </div>
      <div>
        <label for="job-status">Status</label>
        <select
          id="job-status"
          value={status ?? ''}
          onChange={({ currentTarget }) =>
            change({ status: (currentTarget.value || undefined) as JobStatus | undefined })
          }
        >
          <option value="">Any</option>
          {JOB_STATUSES.map((each) => (
            <option key={each} value={each}>
              {JOB_WORDS[each].label}
            </option>
          ))}
        </select>
      </div>
      <div>
        <label for="job-procedure">Procedure</label>
        <select
          id="job-procedure"
          value={procedure ?? ''}
          onChange={({ currentTarget }) => change({ procedure: currentTarget.value || undefined })}
        >
          <option value="">Any</option>
          {!isListed && <option value={procedure}>{procedure}</option>}
          {procedures.map(({ shortId, name }) => (
            <option key={shortId} value={shortId}>
              {name} ({shortId})
            </option>
          ))}
        </select>
      </div>
    </search>
  );
}
