import { describe, expect, it } from 'vitest';
import { jsonPointer } from '../../../../lambdas/domain/json-pointer.ts';

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
