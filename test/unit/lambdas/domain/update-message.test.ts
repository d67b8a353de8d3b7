import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_BATCH_MESSAGES } from '../../../../lambdas/contract/limits.ts';
import { jsonPointer } from '../../../../lambdas/domain/json-pointer.ts';
import { MAX_BATCH_BYTES, pack } from '../../../../lambdas/domain/pack.ts';
import { readChunk, SubmissionWriter } from '../../../../lambdas/domain/submission.ts';
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

describe('packing', () => {
  it('keeps order and all messages, and respects both bounds unless one message alone exceeds them', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: MAX_BATCH_BYTES + 10 }), { maxLength: 60 });
    fc.assert(
      fc.property(sizes, (bytes) => {
        const messages = bytes.map((size, id) => ({ id, bytes: size }));
        const batches = [...pack(messages)];
        expect(batches.flat()).toEqual(messages);
        for (const batch of batches) {
          const total = batch.reduce((sum, message) => sum + message.bytes, 0);
          expect(batch.length).toBeGreaterThan(0);
          expect(batch.length).toBeLessThanOrEqual(MAX_BATCH_MESSAGES);
          expect(total <= MAX_BATCH_BYTES || batch.length === 1).toBe(true);
        }
      }),
    );
  });

  it('fills batches of small messages', () => {
    const messages = Array.from({ length: 95 }, () => ({ bytes: 100 }));
    expect([...pack(messages)]).toHaveLength(10);
  });
});

describe('a submission', () => {
  it('gives back every entry in order, and knows where each chunk begins', () => {
    const entries = fc.array(
      fc.record({
        item: fc.oneof(
          fc.jsonValue(),
          fc.integer({ min: 1, max: 200_000 }).map((n) => 'x'.repeat(n)),
        ),
      }),
      { maxLength: 20 },
    );
    fc.assert(
      fc.property(entries, (all) => {
        const writer = new SubmissionWriter();
        for (const entry of all) writer.add(entry);
        writer.end();
        const chunks = writer.chunks.map(readChunk);
        expect(chunks.flat()).toEqual(JSON.parse(JSON.stringify(all)));
        let start = 0;
        for (const [number, chunk] of chunks.entries()) {
          expect(writer.chunkStarts[number]).toBe(start);
          start += chunk.length;
        }
        expect(writer.chunkStarts).toHaveLength(chunks.length);
      }),
      { numRuns: 50 },
    );
  });
});

describe('a JSON pointer', () => {
  it('escapes as RFC 6901 asks', () => {
    expect(jsonPointer('processes', 3, 'data', 'a/b~c')).toBe('/processes/3/data/a~1b~0c');
    expect(jsonPointer()).toBe('');
  });

  it('ends before an endless name, and when it grows endless itself', () => {
    expect(jsonPointer('processes', 3, 'x'.repeat(257), 'y')).toBe('/processes/3');
    expect(jsonPointer('processes', ...Array(6).fill('~'.repeat(200)), 'y')).toMatch(
      /^\/processes(\/(~0){200}){2}$/,
    );
    expect(jsonPointer(...Array(1_500).fill('city'))).toMatch(/^(\/city){1,250}$/);
  });
});
