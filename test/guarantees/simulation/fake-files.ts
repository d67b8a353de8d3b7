import { createHash } from 'node:crypto';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import type { Caller, Connection } from './service.ts';
import type { World } from './world.ts';

/** What may go wrong with a body, beside what may with its request. */
export interface FileFaults {
  /** Probability that it breaks off. */
  brokenOff: number;
}

export interface FakeObject {
  body: Uint8Array;
  etag: string;
}

interface Upload {
  key: string;
  parts: Map<number, FakeObject>;
}

/** How many bytes of a body arrive at a time. */
const PIECE_BYTES = 120;
/** From one piece to the next, in ms at most. */
const PIECE_MS = 20;

/** An answer of S3 that trying again does not change. */
class FileError extends Error {
  /** As errors of the SDK have it. */
  readonly $metadata = {};

  constructor(name: string) {
    super(`${name} (of the fake)`);
    this.name = name;
  }
}

/** A bucket that keeps S3's promises and no more: each request is done as a whole, and what is read was there as a whole. */
export class FakeFiles {
  readonly objects = new Map<string, FakeObject>();
  readonly uploads = new Map<string, Upload>();
  #number = 0;

  /** Performs one request as a whole, but for the body of what is read. @throws what the S3 client throws */
  perform(command: unknown): { object?: FakeObject; from?: number; [member: string]: unknown } {
    if (command instanceof CreateMultipartUploadCommand) return this.#begin(command.input.Key ?? '');
    if (command instanceof CompleteMultipartUploadCommand) return this.#complete(command.input);
    if (command instanceof AbortMultipartUploadCommand) return this.#abort(command.input.UploadId);
    if (command instanceof HeadObjectCommand) {
      const { etag, body } = this.#find(command.input.Key, 'NotFound');
      return { ETag: etag, ContentLength: body.length };
    }
    if (command instanceof GetObjectCommand) return this.#get(command.input);
    if (command instanceof PutObjectCommand) {
      this.put(command.input.Key ?? '', command.input.Body as Uint8Array);
      return {};
    }
    throw new Error(`The fake does not know ${String(command?.constructor.name)}`);
  }

  put(key: string, body: Uint8Array): void {
    this.objects.set(key, { body: Uint8Array.from(body), etag: etagOf(body) });
  }

  /** What a client does who has the URL of a part. @returns the response's status and ETag */
  putPart(url: string, body: Uint8Array): { status: number; etag: string } {
    const { searchParams } = new URL(url);
    const upload = this.uploads.get(searchParams.get('uploadId') ?? '');
    if (upload === undefined) return { status: 404, etag: '' };
    const part = { body, etag: etagOf(body) };
    upload.parts.set(Number(searchParams.get('partNumber')), part);
    return { status: 200, etag: part.etag };
  }

  /** What a client reads who has the URL of an object; undefined for 404. */
  get(url: string): Uint8Array | undefined {
    const [, , ...key] = new URL(url).pathname.split('/');
    return this.objects.get(decodeURIComponent(key.join('/')))?.body;
  }

  #begin(key: string) {
    const UploadId = `upload-${this.#number++}`;
    this.uploads.set(UploadId, { key, parts: new Map() });
    return { UploadId };
  }

  #complete({ UploadId = '', MultipartUpload }: CompleteMultipartUploadCommand['input']) {
    const upload = this.uploads.get(UploadId);
    if (upload === undefined) throw new FileError('NoSuchUpload');
    const parts = (MultipartUpload?.Parts ?? []).map(({ PartNumber = 0, ETag }) => {
      const part = upload.parts.get(PartNumber);
      if (part === undefined || part.etag !== ETag) throw new FileError('InvalidPart');
      return part;
    });
    this.uploads.delete(UploadId);
    this.put(upload.key, Buffer.concat(parts.map(({ body }) => body)));
    return {};
  }

  #abort(id = '') {
    if (!this.uploads.delete(id)) throw new FileError('NoSuchUpload');
    return {};
  }

  #get({ Key, Range, IfMatch }: GetObjectCommand['input']) {
    const object = this.#find(Key, 'NoSuchKey');
    const { etag, body } = object;
    if (IfMatch !== undefined && IfMatch !== etag) throw new FileError('PreconditionFailed');
    const from = Number(/^bytes=(\d+)-$/.exec(Range ?? 'bytes=0-')?.[1]);
    if (Range !== undefined && from >= body.length) throw new FileError('InvalidRange');
    const ContentRange = Range && `bytes ${from}-${body.length - 1}/${body.length}`;
    return { object, from, ETag: etag, ContentRange };
  }

  #find(key: string | undefined, missing: 'NotFound' | 'NoSuchKey'): FakeObject {
    const object = this.objects.get(key ?? '');
    if (object === undefined) throw new FileError(missing);
    return object;
  }
}

function etagOf(body: Uint8Array): string {
  return `"${createHash('md5').update(body).digest('hex')}"`;
}

/** It signs, and that takes neither a network nor credentials of anyone. */
const signer = new S3Client({
  region: 'us-east-1',
  endpoint: 'http://files.test',
  forcePathStyle: true,
  credentials: { accessKeyId: 'simulated', secretAccessKey: 'simulated' },
  requestChecksumCalculation: 'WHEN_REQUIRED',
});

/** An S3 client whose requests go to the bucket over a connection, and whose bodies come piece by piece. */
export function fakeFilesClient(
  files: FakeFiles,
  { world, caller, connection }: { world: World; caller: Caller; connection: Connection },
  faults: () => FileFaults,
): S3Client {
  const bodyOf = async function* ({ body }: FakeObject, from: number): AsyncGenerator<Uint8Array, void> {
    const isBroken = world.happens(faults().brokenOff);
    const end = isBroken ? from + Math.floor(world.number(body.length - from)) : body.length;
    for (let at = from; at < end; at += PIECE_BYTES) {
      await world.pause(world.number(PIECE_MS));
      // What is killed never goes on.
      if (!caller.isAlive) await new Promise(() => {});
      yield body.slice(at, Math.min(at + PIECE_BYTES, end));
    }
    if (isBroken) throw Object.assign(new Error('aborted (injected)'), { code: 'ECONNRESET' });
  };
  const send = async (command: unknown) => {
    const { object, from = 0, ...answer } = await connection.call(() => files.perform(command));
    if (object === undefined) return answer;
    const Body = Object.assign(bodyOf(object, from), {
      transformToByteArray: async () => Buffer.concat(await Array.fromAsync(bodyOf(object, from))),
    });
    return { ...answer, Body };
  };
  return Object.assign(Object.create(signer) as S3Client, { send });
}
