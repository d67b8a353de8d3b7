import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { ImageReader } from '../domain/ports.ts';
import { type Images, readImages, writeImages } from './image-text.ts';
import { imagesKey, imagesPartition } from './job-items.ts';
import { piecesOf, readPartition } from './pieces.ts';

/**
 * Up to that size images lie beside their results, which are written anyway: with those of ten usual updates an item stays
 * below 2 KB, two write units.
 */
const MAX_BESIDE_BYTES = 1_500;

/** Keeps the images of entries in the Jobs table, beside their results or under a partition key of their own. */
export class ImageStore implements ImageReader {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  /**
   * Stores the images of an item of results, before that item.
   * @param part - the sort key of that item
   * @returns what of them is to be stored in it
   */
  async store(
    jobId: string,
    part: string,
    images: Images,
    expiresAt: number,
  ): Promise<{ images?: Uint8Array }> {
    if (images.size === 0) return {};
    const bytes = writeImages(images);
    if (bytes.length <= MAX_BESIDE_BYTES) return { images: bytes };
    for (const [number, piece] of piecesOf(bytes).entries()) {
      const Item = { ...imagesKey(jobId, part, number), images: piece, expiresAt };
      await this.#client.send(new PutCommand({ TableName: this.#table, Item }));
    }
    return {};
  }

  async read(jobId: string, part: string): Promise<Images> {
    const { Item } = await this.#client.send(
      new GetCommand({
        TableName: this.#table,
        Key: { jobId, part },
        ConsistentRead: true,
      }),
    );
    if (Item?.images !== undefined) return readImages(Item.images);
    const pieces = await readPartition(this.#client, this.#table, imagesPartition(jobId, part));
    if (pieces.length === 0) return new Map();
    return readImages(Buffer.concat(pieces.map(({ images }) => images as Uint8Array)));
  }
}
