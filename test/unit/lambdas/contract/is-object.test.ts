import { expect, test } from 'vitest';
import { isObject } from '../../../../lambdas/contract/is-object.ts';

test.each(['{}', '{"a":null}', '{"constructor":1}'])('%s is an object', (json) => {
  expect(isObject(JSON.parse(json))).toBe(true);
});

test.each(['null', '[]', '[{}]', '"{}"', '0', 'true'])('%s is not an object', (json) => {
  expect(isObject(JSON.parse(json))).toBe(false);
});
