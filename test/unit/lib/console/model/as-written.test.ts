import { expect, test } from 'vitest';
import { parseAsWritten } from '../../../../../lib/console/model/as-written.ts';

test.for(['{"a":[1.50,1e400,9007199254740993,-0,1]}', '{"a":"1.50","b":null}'])(
  'the numbers of %s stay as they are written',
  (text) => {
    expect(JSON.stringify(parseAsWritten(text))).toBe(text);
  },
);
