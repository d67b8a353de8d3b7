import type { Creates } from '../../client/creates.ts';
import { CREATES_CHOICES, type CreatesProposal } from '../model/creates.ts';

interface CreatesSelectProps {
  creates: Creates | undefined;
  /** Another choice by which rows that fail would not. */
  proposal: CreatesProposal | undefined;
  onChange: (creates: Creates | undefined) => void;
}

/** Shows what rows do, and changes it. */
export function CreatesSelect({ creates, proposal, onChange }: CreatesSelectProps) {
  return (
    <div class="creates-select">
      <label for="creates">What the rows do</label>
      <select
        id="creates"
        value={creates ?? ''}
        onChange={({ currentTarget }) => onChange((currentTarget.value || undefined) as Creates | undefined)}
      >
        {CREATES_CHOICES.map(({ creates: each, label }) => (
          <option key={label} value={each ?? ''}>
            {label}
          </option>
        ))}
      </select>
      {proposal !== undefined && (
        <p class="hint">
          {proposal.text}{' '}
          <button type="button" class="link" onClick={() => onChange(proposal.creates)}>
            {proposal.label}
          </button>
        </p>
      )}
    </div>
  );
}
