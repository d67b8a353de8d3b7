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
    expect(parseMessage(JSON.stringify(before))).toEqual(before);
  });

  it('of the first form, which had no version, is read as it was', () => {
    // As it stood on a queue on 2026-11-24.
    const recorded =
      '{"jobId":"b2f0f3a4-5b0e-4c39-8a53-0a1c4c8f1f7e","index":3,"team":"acme","procedure":"lead","order":120003,' +
      '"target":{"primaryKey":"LEAD-910"},"update":{"data":{"city":"Z\\ud83d\\ude00"},"state":"IN_PROGRESS"},"buried":true}';
    expect(parseMessage(recorded)).toEqual({
      jobId: 'b2f0f3a4-5b0e-4c39-8a53-0a1c4c8f1f7e',
      index: 3,
      team: 'acme',
      procedure: 'lead',
      order: 120_003,
      target: { primaryKey: 'LEAD-910' },
      update: { data: { city: 'Z😀' }, state: 'IN_PROGRESS' },
      buried: true,
    });
  });

  it('of a form that is newer than this code is left alone', () => {
    expect(() => parseMessage(JSON.stringify({ ...aMessage(), version: 3 }))).toThrow(/version|Expected/);
    expect(JSON.parse(writeMessage(aMessage()))).toHaveProperty('version', 2);
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
