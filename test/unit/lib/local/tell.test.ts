import { expect, it, vi } from 'vitest';
import { tell } from '../../../../lib/local/tell.ts';

/** Clears the screen, sets the title, and shows what follows from right to left. */
const HOSTILE = '\u001b[2J\u009b2J\u001b]0;title\u0007\u202egpj.exe\nready http://evil.example';

it('what is told of an error has no commands to the terminal', () => {
  const told = vi.spyOn(console, 'error').mockImplementation(() => {});
  tell('It failed:', new Error(HOSTILE));
  tell('It failed:', HOSTILE);
  const text = told.mock.calls.flat().join('');
  told.mockRestore();
  expect(text).toContain('gpj.exe');
  expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
});
