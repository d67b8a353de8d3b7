import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { isTransient } from './aws-errors.ts';
import { attachment } from './content-disposition.ts';
import {
  FileChangedError,
  isChanged,
  isMissing,
  isPastEnd,
  type UploadFault,
  uploadFaultOf,
} from './file-faults.ts';

/** How long the URLs of parts are valid, unless the credentials end before. */
export const PART_URL_TTL_MS = 60 * 60 * 1000;

/**
 * How long temporary credentials are taken to last that do not say when they end. Lambda's do not: it gives a function
 * its role's in the environment, without an end, and takes them to outlive an invocation, which may run for 15 minutes.
 * A URL ends with the credentials that signed it.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-presigned-url.html
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 */
export const UNTOLD_CREDENTIALS_MS = 15 * 60 * 1000;

/** Maximum number of times in a row that a body breaks off without a byte more. */
const MAX_BREAKS = 4;

/**
 * An S3 client. Bodies are large, so that its requests get more time than those to queues and tables.
 *
 * A checksum is computed only where it is asked for. By default the SDK signs the one of an empty body into the URL of a
 * part, which no real part then has. What protects a part on its way is TLS; S3 answers the part's MD5 as its ETag (the
 * bucket is encrypted by SSE-S3) and checks it again when the client names it to complete the upload.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-dataintegrity.html
 * https://github.com/seaweedfs/seaweedfs/issues/10216, https://github.com/aws/aws-sdk-js-v3/issues/6994
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html
 */
export function createFilesClient(): S3Client {
  return new S3Client({
    maxAttempts: 3,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    // S3 itself is addressed by host names of buckets, which 127.0.0.1 cannot have.
    forcePathStyle: process.env.AWS_ENDPOINT_URL_S3 !== undefined,
    requestHandler: {
      requestTimeout: 20_000,
      throwOnRequestTimeout: true,
      connectionTimeout: 2_000,
      // A body that stands still is asked for again.
      socketTimeout: 30_000,
      httpsAgent: { maxSockets: 64 },
    },
  });
}

export interface StoredFile {
  etag: string;
  /** Bytes. */
  size: number;
}

export interface SignedParts {
  parts: { partNumber: number; url: string }[];
  /** Epoch ms, when the first of them is refused. */
  expiresAt: number;
}

export type CompletedUpload =
  | ({ status: 'COMPLETED' } & StoredFile)
  | { status: 'REFUSED'; fault: UploadFault; message: string };

/** The files of file jobs, in one bucket. */
export class FileStore {
  readonly #client: S3Client;
  readonly #bucket: string;

  constructor(client: S3Client, bucket: string) {
    this.#client = client;
    this.#bucket = bucket;
  }

  /** Begins a multipart upload. @returns its id */
  async beginUpload(key: string): Promise<string> {
    const { UploadId } = await this.#client.send(new CreateMultipartUploadCommand(this.#object(key)));
    if (UploadId === undefined) throw new Error('S3 began an upload without an id');
    return UploadId;
  }

  /**
   * Signs the URLs that parts 1 to `count` are PUT to.
   * @param now - epoch ms
   * @param ttlMs - how long they are valid at most
   */
  async signParts(
    key: string,
    uploadId: string,
    count: number,
    now: number,
    ttlMs = PART_URL_TTL_MS,
  ): Promise<SignedParts> {
    const { options, expiresAt } = await this.#lifetime(now, ttlMs);
    const parts = await Promise.all(
      Array.from({ length: count }, async (_, index) => {
        const partNumber = index + 1;
        const command = new UploadPartCommand({
          ...this.#object(key),
          UploadId: uploadId,
          PartNumber: partNumber,
        });
        return { partNumber, url: await getSignedUrl(this.#client, command, options) };
      }),
    );
    return { parts, expiresAt };
  }

  /**
   * Makes one object of the parts; again the same when that was done before.
   * @param parts - in the order of their numbers; S3 refuses another
   */
  async completeUpload(
    key: string,
    uploadId: string,
    parts: readonly { partNumber: number; etag: string }[],
  ): Promise<CompletedUpload> {
    const Parts = parts.map(({ partNumber, etag }) => ({ PartNumber: partNumber, ETag: etag }));
    let refused: CompletedUpload | undefined;
    try {
      await this.#client.send(
        new CompleteMultipartUploadCommand({
          ...this.#object(key),
          UploadId: uploadId,
          MultipartUpload: { Parts },
        }),
      );
    } catch (error) {
      const fault = uploadFaultOf(error);
      if (fault === undefined) throw error;
      refused = { status: 'REFUSED', fault, message: (error as Error).message };
      // Completed before, or aborted: the object tells which.
      if (fault !== 'NoSuchUpload') return refused;
    }
    const found = await this.find(key);
    if (found !== undefined) return { status: 'COMPLETED', ...found };
    if (refused !== undefined) return refused;
    throw new Error('S3 completed an upload, and does not have the object');
  }

  /** Removes the parts of an upload, unless that was done before. */
  async abortUpload(key: string, uploadId: string): Promise<void> {
    try {
      await this.#client.send(new AbortMultipartUploadCommand({ ...this.#object(key), UploadId: uploadId }));
    } catch (error) {
      if (uploadFaultOf(error) !== 'NoSuchUpload') throw error;
    }
  }

  async find(key: string): Promise<StoredFile | undefined> {
    try {
      const { ETag = '', ContentLength = 0 } = await this.#client.send(
        new HeadObjectCommand(this.#object(key)),
      );
      return { etag: ETag, size: ContentLength };
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  /**
   * Reads the bytes of an object as they are consumed. A connection that breaks off, or that S3 ends since nobody reads
   * for a while, is replaced by another from the next byte on.
   *
   * @param options.from - the first byte; past the end there is nothing
   * @param options.etag - of the object that is meant; by default the one that is there when reading begins
   * @throws FileChangedError when the object is another, or gone
   */
  async *read(
    key: string,
    { from = 0, etag }: { from?: number; etag?: string | undefined } = {},
  ): AsyncGenerator<Uint8Array, void> {
    let position = from;
    let pinned = etag;
    for (let breaks = 0; ; breaks++) {
      const part = await this.#openFrom(key, position, pinned);
      if (part === undefined) return;
      pinned = part.etag;
      try {
        for await (const bytes of part.body) {
          position += bytes.length;
          breaks = 0;
          yield bytes;
        }
        if (position >= part.size) return;
      } catch (error) {
        if (breaks >= MAX_BREAKS || !isTransient(error)) throw error;
      }
    }
  }

  /** Reads an object of a size that the memory holds. @returns undefined when it is missing */
  async readWhole(key: string): Promise<Uint8Array | undefined> {
    for (let breaks = 0; ; breaks++) {
      const body = await this.#open(key);
      try {
        return await body?.transformToByteArray();
      } catch (error) {
        if (breaks >= MAX_BREAKS || !isTransient(error)) throw error;
      }
    }
  }

  /** Stores an object instead of the one that is there. S3 checks its CRC32, and a reader of the whole does so again. */
  async put(key: string, body: Uint8Array, contentType: string): Promise<void> {
    await this.#client.send(
      new PutObjectCommand({
        ...this.#object(key),
        Body: body,
        ContentType: contentType,
        ChecksumAlgorithm: 'CRC32',
      }),
    );
  }

  /**
   * Signs a URL that downloads an object.
   * @param fileName - that a browser saves it under
   * @param ttlMs - how long it is valid at most
   */
  async signGet(key: string, fileName: string, ttlMs: number): Promise<string> {
    const { options } = await this.#lifetime(Date.now(), ttlMs);
    const command = new GetObjectCommand({
      ...this.#object(key),
      ResponseContentDisposition: attachment(fileName),
    });
    return getSignedUrl(this.#client, command, options);
  }

  #object(key: string): { Bucket: string; Key: string } {
    return { Bucket: this.#bucket, Key: key };
  }

  async #open(key: string) {
    try {
      const { Body } = await this.#client.send(new GetObjectCommand(this.#object(key)));
      return Body;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  async #openFrom(key: string, from: number, etag: string | undefined) {
    try {
      const { Body, ETag, ContentRange } = await this.#client.send(
        new GetObjectCommand({ ...this.#object(key), Range: `bytes=${from}-`, IfMatch: etag }),
      );
      return {
        body: Body as unknown as AsyncIterable<Uint8Array>,
        etag: ETag,
        size: Number(ContentRange?.split('/')[1]),
      };
    } catch (error) {
      if (isPastEnd(error)) return undefined;
      if (isChanged(error) || isMissing(error)) {
        throw new FileChangedError(`${key} is no longer the file that is read`, { cause: error });
      }
      throw error;
    }
  }

  /** When what is signed now is refused: after its own time, or with the credentials that sign. */
  async #lifetime(now: number, ttlMs: number) {
    const { sessionToken, expiration } = await this.#client.config.credentials();
    const untold = sessionToken === undefined ? Number.POSITIVE_INFINITY : now + UNTOLD_CREDENTIALS_MS;
    const end = Math.min(now + ttlMs, expiration?.getTime() ?? untold);
    // A URL says its beginning and its lifetime in whole seconds, of which there is at least one.
    const start = Math.floor(now / 1000);
    const seconds = Math.max(1, Math.floor(end / 1000) - start);
    return {
      expiresAt: (start + seconds) * 1000,
      options: { expiresIn: seconds, signingDate: new Date(start * 1000) },
    };
  }
}
