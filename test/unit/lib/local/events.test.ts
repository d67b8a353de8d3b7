import { expect, it } from 'vitest';
import { lineOf } from '../../../../lib/local/events.ts';

/** Clears the screen, sets the title, and shows what follows from right to left. */
const HOSTILE = '\u001b[2J\u009b2J\u001b]0;title\u0007\u202egpj.exe\nready http://evil.example';

it('an event is one line without commands to the terminal', () => {
  const line = lineOf({
    id: 'a',
    source: 'b',
    'detail-type': HOSTILE,
    time: 'c',
    detail: { [HOSTILE]: HOSTILE },
  });
  expect(line).toMatch(/^event \\u001b\[2J/);
  expect(line).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
});
