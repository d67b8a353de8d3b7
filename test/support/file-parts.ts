import type { FileFault, FilePosition } from '../../lambdas/rows/file-fault.ts';
import {
  type ChunkLimits,
  type FileChunk,
  type FileHead,
  type FileShape,
  splitFile,
} from '../../lambdas/rows/split-file.ts';

const encoder = new TextEncoder();

export const bytesOf = (text: string | Uint8Array): Uint8Array =>
  typeof text === 'string' ? encoder.encode(text) : text;

export const textOf = (bytes: Uint8Array | undefined): string =>
  new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);

/** Gives bytes in parts of a size. */
export async function* inParts(bytes: Uint8Array, size = bytes.length): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

export interface SplitOptions extends Partial<FileShape> {
  /** Size of the parts of the source. */
  size?: number;
  limits?: Partial<ChunkLimits>;
  from?: FilePosition;
}

export interface Split {
  head: FileHead | undefined;
  /** Those before the fault. */
  chunks: FileChunk[];
  broken: FileChunk[];
  fault: FileFault | undefined;
}

/** Splits a whole file, from a position if one is given. */
export async function split(
  file: string | Uint8Array,
  { size, limits, from, format = 'csv', delimiter }: SplitOptions = {},
): Promise<Split> {
  const source = inParts(bytesOf(file).subarray(from?.byte ?? 0), size);
  const result: Split = { head: undefined, chunks: [], broken: [], fault: undefined };
  const all = { rows: 10_000, bytes: 4_000_000, ...limits };
  for await (const part of splitFile(source, { format, delimiter }, from, all)) {
    if ('head' in part) result.head = part.head;
    else if ('fault' in part) result.fault = part.fault;
    else if (part.isBroken === true) result.broken.push(part);
    else result.chunks.push(part);
  }
  return result;
}
