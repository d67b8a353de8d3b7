import type { Column } from '../../../lambdas/rows/column.ts';
import type { Reading } from '../../../lambdas/rows/reading.ts';
import { BROWSER_ZONE } from '../hooks/column-looks.ts';
import { type ColumnLook, inZone, isMoment } from '../model/column-look.ts';
import { counted } from '../model/words.ts';
import { Notice } from '../ui/Notice.tsx';

interface ProposalNoticeProps {
  sent: readonly Column[];
  looks: ReadonlyMap<number, ColumnLook>;
  /** Positions of columns for which nothing is decided. */
  undecided: readonly number[];
  headers: readonly string[];
  onRead: (readings: ReadonlyMap<number, Reading>) => void;
}

/** Proposes at once how all columns are read that have one likely reading. */
export function ProposalNotice({ sent, looks, undecided, headers, onRead }: ProposalNoticeProps) {
  const proposed = undecided.flatMap((position) => {
    const column = sent[position];
    const proposal = looks.get(position)?.proposal.reading;
    const reading = column && inZone(proposal, column, BROWSER_ZONE);
    return column === undefined || reading === undefined ? [] : [{ position, column, reading }];
  });
  if (proposed.length === 0) return null;
  const hasMoments = proposed.some(({ column }) => isMoment(column));
  const isOne = proposed.length === 1;
  return (
    <Notice
      tone="warn"
      title={`${counted(proposed.length, 'column')} ${isOne ? 'is' : 'are'} not written as the API takes ${isOne ? 'it' : 'them'}`}
    >
      <p>
        {proposed.map(({ position }) => `“${headers[position]}”`).join(', ')}: see below what would be sent.
        {hasMoments && ` Local times are read as those of ${BROWSER_ZONE}.`} Nothing is changed until you
        confirm it.
      </p>
      <button
        type="button"
        class="button small"
        onClick={() => onRead(new Map(proposed.map(({ position, reading }) => [position, reading])))}
      >
        Read {counted(proposed.length, 'column')} as proposed
      </button>
    </Notice>
  );
}
