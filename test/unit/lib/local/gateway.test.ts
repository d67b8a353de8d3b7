import { describe, expect, it } from 'vitest';
import { httpResponse } from '../../../../lib/local/gateway.ts';

describe("a function's answer", () => {
  it('has at most 6 MB as the JSON that Lambda passes on', () => {
    const answer = (body: string) => () => httpResponse({ statusCode: 200, body });
    const most = 6 * 1024 * 1024 - JSON.stringify({ statusCode: 200, body: '' }).length;
    expect(answer('x'.repeat(most))().status).toBe(200);
    expect(answer('x'.repeat(most + 1))).toThrow('INTEGRATION_FAILURE');
    expect(answer('"'.repeat(most / 2 + 1))).toThrow('INTEGRATION_FAILURE');
  });

  it('is a response', () => {
    expect(() => httpResponse(undefined)).toThrow('INTEGRATION_FAILURE');
  });
});
