import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { orderOf, parseMessage, writeMessage } from '../../../../lambdas/domain/update-message.ts';
import { aMessage } from '../../../support/builders.ts';

describe('a queue message', () => {
  it('comes back as it was, whatever characters it has, without those that SQS refuses', () => {
    const text = fc.string({
      unit: fc.oneof(fc.constantFrom('\ufffe', '\uffff', '😀', '\u0000'), fc.string()),
    });
    fc.assert(
      fc.property(text, text, (city, name) => {
        const message = aMessage({ update: { data: Object.fromEntries([[name, city]]) } });
        const written = writeMessage(message);
        expect(written).not.toMatch(/[\ud800-\udfff\ufffe\uffff]/);
        expect(parseMessage(written)).toEqual(message);
      }),
    );
  });

  it('comes back with the primary key that data named, and without one from before there was any', () => {
    const update = { data: {}, primaryKey: 'KEY' };
    expect(parseMessage(writeMessage(aMessage({ update }))).update).toEqual(update);
    const before = aMessage({ target: { id: 'LEAD-001', primaryKey: 'KEY' } });
    expect(parseMessage(writeMessage(before))).toEqual(before);
  });

  it('of a form that is newer than this code is left alone', () => {
    expect(() => parseMessage(JSON.stringify({ ...aMessage(), version: 6 }))).toThrow(/version|Expected/);
    expect(JSON.parse(writeMessage(aMessage()))).toHaveProperty('version', 2);
  });

  it('that expects something has a form that an apply of the release before leaves alone', () => {
    const guarded = aMessage({ expect: { version: 3, data: { city: null } } });
    expect(JSON.parse(writeMessage(guarded))).toHaveProperty('version', 3);
    expect(parseMessage(writeMessage(guarded))).toEqual(guarded);
  });

  it.each([{ version: 1 }, {}])('of a form that was never released, as %j, is left alone', (form) => {
    expect(() => parseMessage(JSON.stringify({ ...aMessage(), ...form }))).toThrow(/version|Expected/);
  });

  it.each(['', 'x', '{}', '[]', 'null', '{"jobId":1}'])('%j is none', (body) => {
    expect(() => parseMessage(body)).toThrow();
  });

  it('has an order: first by request, then by index', () => {
    expect(orderOf(1, 9_999)).toBeLessThan(orderOf(2, 0));
    expect(orderOf(2, 0)).toBeLessThan(orderOf(2, 1));
    expect(Number.isSafeInteger(orderOf(9e11, 9_999))).toBe(true);
  });
});
