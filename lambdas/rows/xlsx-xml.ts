import { SaxesParser } from 'saxes';
import { FileError } from './row.ts';
import { damaged } from './xlsx-package.ts';

/** What a part of a workbook consists of. Names have no prefix, as programs choose their own. */
export interface XmlVisitor {
  open?: (name: string, attributes: XmlAttributes) => void;
  text?: (text: string) => void;
  close?: (name: string) => void;
}

/** By their name as it is written, with its prefix. */
export type XmlAttributes = Readonly<Record<string, string>>;

/** Characters without an element or text that ends. A cell has at most 32,767. */
const MAX_EVENT_LENGTH = 16_000_000;

/**
 * Reads XML in chunks. Nothing is expanded or loaded: a document type declaration is refused.
 * @returns after each chunk, so that the caller can take what the visitor has collected
 * @throws FileError when the text is not well-formed
 */
export async function* visitXml(
  texts: AsyncIterable<string>,
  { open, text: takeText, close }: XmlVisitor,
): AsyncGenerator<void, void, void> {
  const parser = new SaxesParser({ xmlns: false, position: false });
  let unheard = 0;
  parser.on('doctype', () => {
    throw damaged('it has a document type declaration (DTD)');
  });
  parser.on('opentag', ({ name, attributes }) => {
    unheard = 0;
    open?.(localName(name), attributes);
  });
  parser.on('text', (text) => takeText?.(text));
  parser.on('cdata', (text) => takeText?.(text));
  parser.on('closetag', ({ name }) => {
    unheard = 0;
    close?.(localName(name));
  });
  try {
    for await (const text of texts) {
      unheard += text.length;
      parser.write(text);
      if (unheard > MAX_EVENT_LENGTH) throw damaged('it has a text that is longer than any cell');
      yield;
    }
    parser.close();
  } catch (error) {
    if (error instanceof FileError || error instanceof DOMException) throw error;
    throw damaged((error as Error).message);
  }
  yield;
}

/** Reads XML that is small. */
export async function readXml(texts: AsyncIterable<string>, visitor: XmlVisitor): Promise<void> {
  for await (const _ of visitXml(texts, visitor));
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

/** Whether an attribute is set (ECMA-376, part 1, 22.9.2.7 and W3C XML Schema, boolean). */
export function isSet(value: string | undefined): boolean {
  return value === '1' || value === 'true';
}

/**
 * Reads the escapes of characters that XML cannot hold, such as `_x000D_` (ECMA-376, part 1, 22.4.2.4). Excel takes only
 * capital digits for one: https://github.com/mjul/docjure/issues/61
 */
export function unescaped(text: string): string {
  if (!text.includes('_x')) return text;
  return text.replace(/_x([0-9A-F]{4})_/g, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
}
