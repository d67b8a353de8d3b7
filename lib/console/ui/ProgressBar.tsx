import { percentOf } from '../model/progress.ts';
import { count } from '../model/words.ts';

interface ProgressBarProps {
  label: string;
  done: number;
  total: number;
}

export function ProgressBar({ label, done, total }: ProgressBarProps) {
  const percent = percentOf(done, total);
  return (
    <div
      class="progress"
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
      aria-valuetext={`${count(done)} of ${count(total)}`}
    >
      <div class="progress-done" style={{ transform: `scaleX(${total === 0 ? 1 : done / total})` }} />
    </div>
  );
}
