import type { TargetedSubmitEvent } from 'preact';
import { useRef } from 'preact/hooks';
import { definedOf } from '../../../lambdas/contract/defined-of.ts';
import type { Outcome } from '../../client/index.ts';
import type { EntriesFilter } from '../hooks/entries.ts';
import { UNDO_OUTCOMES, UPDATE_OUTCOMES } from '../model/words.ts';

interface EntrySearchProps {
  /** Whether they are of an undo. */
  isUndo: boolean;
  filter: EntriesFilter;
  onFilter: (filter: EntriesFilter) => void;
}

/** Finds the entries of a process, and those with an outcome. */
export function EntrySearch({ isUndo, filter, onFilter }: EntrySearchProps) {
  const input = useRef<HTMLInputElement>(null);
  const { completionStatus, outcome, identifier } = filter;

  function find(text: string) {
    onFilter(definedOf({ ...filter, identifier: text.trim() || undefined }));
  }

  function submit(event: TargetedSubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    find(input.current?.value ?? '');
  }

  return (
    <search>
      <form class="entry-search" onSubmit={submit}>
        <div>
          <label for="entry-identifier">Id or primary key</label>
          <input
            ref={input}
            id="entry-identifier"
            type="search"
            defaultValue={identifier ?? ''}
            autocomplete="off"
            spellcheck={false}
            // The cross of the field takes the filter away.
            onInput={({ currentTarget }) =>
              currentTarget.value === '' && identifier !== undefined && find('')
            }
          />
        </div>
        <button type="submit" class="button">
          Find
        </button>
        {(completionStatus === undefined || completionStatus === 'SUCCESS') && (
          <div>
            <label for="entry-outcome">Outcome</label>
            <select
              id="entry-outcome"
              value={outcome ?? ''}
              onChange={({ currentTarget }) =>
                onFilter(
                  definedOf({
                    ...filter,
                    outcome: (currentTarget.value || undefined) as Outcome | undefined,
                  }),
                )
              }
            >
              <option value="">Any</option>
              {Object.entries(isUndo ? UNDO_OUTCOMES : UPDATE_OUTCOMES).map(([each, label]) => (
                <option key={each} value={each}>
                  {label}
                </option>
              ))}
            </select>
          </div>
        )}
      </form>
    </search>
  );
}
