import { expect, test } from 'vitest';
import { createProgress } from '../../../../lib/cli/progress.ts';

/** What is written to something that is not a terminal. */
function linesOf(work: (progress: ReturnType<typeof createProgress>) => void): string[] {
  const written: string[] = [];
  const stream = { isTTY: false, write: (text: string) => written.push(text) };
  const progress = createProgress(stream as unknown as NodeJS.WriteStream);
  work(progress);
  progress.stop();
  return written;
}

test('where there is no terminal, each step is a line once', () => {
  expect(
    linesOf((progress) => {
      progress.update('sent', 1_000, 5_000);
      progress.update('sent', 1_000, 5_000);
      progress.update('sent', 5_000, 5_000);
    }),
  ).toEqual(['sent 1,000 of 5,000\n', 'sent 5,000 of 5,000\n']);
});

test('a note has no commands to the terminal', () => {
  expect(linesOf((progress) => progress.note('a\u001b[2Jb')).join('')).not.toContain('\u001b');
});
