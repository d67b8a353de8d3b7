import { gunzipSync, gzipSync } from 'node:zlib';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { convertToAttr, convertToNative } from '@aws-sdk/util-dynamodb';
import { definedOf } from '../contract/defined-of.ts';
import type { FieldName } from '../domain/field.ts';
import type { FieldImage, Image } from '../domain/image.ts';
import { UNMARSHALL_OPTIONS } from './document-client.ts';
import { storable } from './storable.ts';

/** The images of entries, by their index. */
export type Images = ReadonlyMap<number, Image>;

/** A field: what tells the written value, the clock of the one before and who wrote that, and the value if there was one. */
type Row = [written: string, of: number, by: number | null, before?: AttributeValue];

/** Images as bytes. Values keep the types of DynamoDB: numbers with all their digits, sets and bytes. */
export function writeImages(images: Images): Uint8Array {
  const rows = [...images].map(([index, image]) => [
    index,
    Object.fromEntries([...image].map(([field, found]) => [field, rowOf(found)])),
  ]);
  return gzipSync(JSON.stringify(rows, bytesAsText));
}

export function readImages(bytes: Uint8Array): Images {
  const rows = JSON.parse(gunzipSync(bytes).toString('utf8'), textAsBytes) as [number, Record<string, Row>][];
  return new Map(
    rows.map(([index, fields]) => [
      index,
      new Map(Object.entries(fields).map(([field, row]) => [field as FieldName, imageOf(row)])),
    ]),
  );
}

function rowOf({ written, of, by, before }: FieldImage): Row {
  const row = [written, of, by ?? null] as const;
  return before === undefined ? [...row] : [...row, convertToAttr(storable(before))];
}

function imageOf([written, of, by, before]: Row): FieldImage {
  return {
    ...definedOf({ written, of, by: by ?? undefined }),
    before: before === undefined ? undefined : convertToNative(before, { ...UNMARSHALL_OPTIONS }),
  };
}

const BYTES = 'base64:';

/** `B` and the members of `BS` are bytes, which JSON does not have. A Buffer would be written by its own `toJSON` before. */
function bytesAsText(this: unknown, name: string, value: unknown): unknown {
  const raw = (this as Record<string, unknown>)[name];
  return raw instanceof Uint8Array ? `${BYTES}${Buffer.from(raw).toString('base64')}` : value;
}

function textAsBytes(this: unknown, _name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const { B, BS } = value as { B?: unknown; BS?: unknown };
  if (typeof B === 'string') return { B: bytesOf(B) };
  return Array.isArray(BS) && BS.every((each) => typeof each === 'string') ? { BS: BS.map(bytesOf) } : value;
}

function bytesOf(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text.slice(BYTES.length), 'base64'));
}
