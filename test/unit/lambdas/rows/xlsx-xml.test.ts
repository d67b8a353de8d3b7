import { expect, test } from 'vitest';
import { readXml, unescaped } from '../../../../lambdas/rows/xlsx-xml.ts';

async function* inParts(text: string, size = 7) {
  for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size);
}

async function read(text: string): Promise<string[]> {
  const events: string[] = [];
  await readXml(inParts(text), {
    open: (name, attributes) =>
      events.push(`<${name}${Object.entries(attributes).map(([key, value]) => ` ${key}=${value}`)}`),
    text: (part) => events.push(part),
    close: (name) => events.push(`>${name}`),
  });
  return events;
}

test('elements come without their prefixes, and texts whole, however the XML comes in parts', async () => {
  expect(
    await read('<x:a xmlns:x="u" x:id="1"><x:b>ü &amp; &#x1F680;</x:b><c><![CDATA[<d>]]></c></x:a>'),
  ).toEqual(['<a xmlns:x=u, x:id=1', '<b', 'ü & 🚀', '>b', '<c', '<d>', '>c', '>a']);
});

test.for<[string, string]>([
  ['<a>', 'unclosed tag'],
  ['<a></b>', 'unexpected close tag'],
  ['<a>&lol;</a>', 'undefined entity'],
  ['', 'document must contain a root element'],
  // Nothing is expanded: https://github.com/xmppo/node-expat/issues/237
  [
    '<!DOCTYPE a [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;">]><a>&lol2;</a>',
    'it has a document type declaration (DTD)',
  ],
  ['<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', 'it has a document type declaration (DTD)'],
])('%j is a damaged workbook', async ([text, message]) => {
  await expect(read(text)).rejects.toThrow(`The workbook is damaged: `);
  await expect(read(text)).rejects.toThrow(message);
});

test('names of members that every object has are names as any other', async () => {
  // https://github.com/SheetJS/sheetjs/issues/2822
  expect(await read('<__proto__ __proto__="1" constructor="2"/>')).toEqual([
    '<__proto__ __proto__=1, constructor=2',
    '>__proto__',
  ]);
  expect(({} as Record<string, unknown>)['1']).toBeUndefined();
});

test.for<[string, string]>([
  ['a_x000D_\n', 'a\r\n'],
  ['_x005F_x000D_', '_x000D_'],
  // https://github.com/mjul/docjure/issues/61: only capitals are an escape.
  ['foo_x220f_bar', 'foo_x220f_bar'],
  // https://github.com/SheetJS/sheetjs/pull/557: always four digits.
  ['_xd_', '_xd_'],
  ['_x0041_x0042_', 'Ax0042_'],
])('%j is read as %j', ([text, read]) => {
  expect(unescaped(text)).toBe(read);
});
