import { BlobReader, type FileEntry, ZipReader } from '@zip.js/zip.js/lib/zip-core-custom.js';
import { isCompoundFile } from './file-kind.ts';
import { FileError } from './row.ts';

/** The parts of a workbook (ECMA-376, part 2). */
export interface XlsxPackage {
  has: (path: string) => boolean;
  /**
   * Reads a part as text, in chunks.
   * @param maxBytes - of its text
   * @throws FileError when the part is missing, damaged or larger
   */
  read: (path: string, maxBytes: number) => AsyncGenerator<string, void, void>;
}

/** A workbook has dozens. */
const MAX_PARTS = 10_000;

/** The page and the command have threads of their own; a workbook opened in one needs no more. */
const OPTIONS = { useWebWorkers: false, useCompressionStream: true } as const;

/**
 * Opens a workbook.
 * @throws FileError that says what the file is instead, with the remedy
 */
export async function openPackage(blob: Blob): Promise<XlsxPackage> {
  const beginning = new Uint8Array(await blob.slice(0, 512).arrayBuffer());
  if (isCompoundFile(beginning)) throw await compoundFile(blob, beginning);
  const parts = await partsOf(blob);
  if (!hasWorkbook(parts)) throw await otherZip(parts);
  if ([...parts.values()].some(({ encrypted }) => encrypted)) throw new FileError([PASSWORD]);
  return {
    has: (path) => parts.has(path.toLowerCase()),
    read: (path, maxBytes) => {
      const part = parts.get(path.toLowerCase());
      if (part === undefined) throw damaged(`it lacks ${path}`);
      return textOf(part, maxBytes);
    },
  };
}

/** Returns the error of a workbook that programs would not open, or would repair. */
export function damaged(what: string): FileError {
  return new FileError([`The workbook is damaged: ${what}. Open it in the spreadsheet and save it again.`]);
}

type Parts = ReadonlyMap<string, FileEntry>;

/** Reads the directory of a ZIP file. Names are compared regardless of case, and some programs write backslashes. */
async function partsOf(blob: Blob): Promise<Parts> {
  const parts = new Map<string, FileEntry>();
  try {
    const reader = new ZipReader(new BlobReader(blob), { ...OPTIONS, filenameValidation: 'tolerant' });
    for await (const entry of reader.getEntriesGenerator()) {
      if (!entry.directory) parts.set(entry.filename.replaceAll('\\', '/').toLowerCase(), entry);
      if (parts.size > MAX_PARTS) break;
    }
  } catch (error) {
    throw unreadable(error);
  }
  if (parts.size > MAX_PARTS)
    throw new FileError([
      'The file is a ZIP file with more than 10,000 files. Unpack it and send one of them.',
    ]);
  return parts;
}

function unreadable(error: unknown): unknown {
  // The blob itself could not be read: that is no fault of the workbook.
  if (error instanceof FileError || error instanceof DOMException) return error;
  return damaged(`it cannot be unpacked (${(error as Error).message})`);
}

async function* textOf(part: FileEntry, maxBytes: number): AsyncGenerator<string, void, void> {
  const { filename, uncompressedSize } = part;
  const tooLarge = () =>
    new FileError([
      `The workbook is too large: ${filename} has more than ${Math.round(maxBytes / 1024 ** 2)} MB of text. Split it, or save the sheet as "CSV UTF-8".`,
    ]);
  if (uncompressedSize > maxBytes) throw tooLarge();
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let bytes = 0;
  try {
    for await (const chunk of unpacked(part)) {
      bytes += chunk.length;
      // What the directory says may be wrong.
      if (bytes > maxBytes) throw tooLarge();
      yield decoder.decode(chunk, { stream: true });
    }
    yield decoder.decode();
  } catch (error) {
    throw unreadable(error);
  }
}

async function* unpacked(part: FileEntry): AsyncGenerator<Uint8Array, void, void> {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const written = part.getData(writable, { ...OPTIONS, checkSignature: true });
  // Told below, unless the reader has stopped before.
  written.catch(() => undefined);
  // Not every browser iterates a stream.
  const reader = readable.getReader();
  try {
    for (;;) {
      const { done, value } = await Promise.race([reader.read(), rejected(written)]);
      if (done) break;
      yield value;
    }
    await written;
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** Never resolves. */
function rejected(promise: Promise<unknown>): Promise<never> {
  return promise.then(() => new Promise<never>(() => undefined));
}

const PASSWORD =
  'The workbook is protected by a password. Open it, remove the password (File, Info, Protect Workbook) and save it.';

const SAVE_AS = 'Open it in the spreadsheet and save it as a workbook (.xlsx).';

function hasWorkbook(parts: Parts): boolean {
  return (
    parts.has('xl/workbook.xml') ||
    (parts.has('_rels/.rels') && parts.has('[content_types].xml') && !isOther(parts))
  );
}

const OTHERS = [
  { part: 'xl/workbook.bin', what: 'a binary workbook of Excel (.xlsb)', remedy: SAVE_AS },
  {
    part: 'word/document.xml',
    what: 'a document of Word (.docx)',
    remedy: 'Copy its table into a spreadsheet and save that as a workbook (.xlsx).',
  },
  {
    part: 'ppt/presentation.xml',
    what: 'a presentation of PowerPoint (.pptx)',
    remedy: 'Copy its table into a spreadsheet and save that as a workbook (.xlsx).',
  },
] as const;

function isOther(parts: Parts): boolean {
  return OTHERS.some(({ part }) => parts.has(part));
}

async function otherZip(parts: Parts): Promise<FileError> {
  const other = OTHERS.find(({ part }) => parts.has(part));
  if (other !== undefined) return new FileError([`The file is ${other.what}. ${other.remedy}`]);
  const mimeType = parts.get('mimetype');
  if (mimeType !== undefined) {
    const [type = ''] = await Array.fromAsync(textOf(mimeType, 1024)).catch(() => []);
    const isSheet = type.includes('opendocument.spreadsheet');
    if (isSheet) return new FileError([`The file is a spreadsheet of OpenDocument (.ods). ${SAVE_AS}`]);
    if (type.includes('opendocument'))
      return new FileError([`The file is a document of OpenDocument. ${SAVE_AS}`]);
  }
  // https://github.com/psobot/keynote-parser: the documents of iWork.
  if ([...parts.keys()].some((name) => name.endsWith('.iwa') || `/${name}`.endsWith('/index.zip')))
    return new FileError(['The file is a document of Numbers. Export it to Excel (.xlsx): File, Export To.']);
  return new FileError(['The file is a ZIP file. Unpack it and send the file in it.']);
}

/** Tells what is in a compound file by the names in its directory (MS-CFB, 2.6.1). */
async function compoundFile(blob: Blob, beginning: Uint8Array): Promise<FileError> {
  const header = new DataView(beginning.buffer);
  if (beginning.length < 512) return damaged('it ends within its header');
  const sectorSize = 2 ** Math.min(header.getUint16(30, true), 16);
  const start = (header.getUint32(48, true) + 1) * sectorSize;
  const directory = new TextDecoder('utf-16le').decode(
    await blob.slice(start, start + 64 * 1024).arrayBuffer(),
  );
  // A password wraps the ZIP file (MS-OFFCRYPTO, 2.3.4.4).
  if (directory.includes('EncryptedPackage')) return new FileError([PASSWORD]);
  if (directory.includes('WordDocument'))
    return new FileError([
      'The file is a document of Word (.doc). Copy its table into a spreadsheet and save that as a workbook (.xlsx).',
    ]);
  return /Workbook|Book/.test(directory)
    ? new FileError([`The file is a workbook of Excel 97 to 2003 (.xls). ${SAVE_AS}`])
    : new FileError([`The file is of an old program of Microsoft Office. ${SAVE_AS}`]);
}
