import { randomBytes } from 'node:crypto';
import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  PutCommand,
  paginateScan,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import * as v from 'valibot';
import { hashKey } from '../../lambdas/contract/api-key.ts';
import { definedOf } from '../../lambdas/contract/defined-of.ts';
import { DEFAULT_SCOPE, isScope, type Scope } from '../../lambdas/contract/scopes.ts';

/** The access of a key, and when it expires. */
export interface KeyAccess {
  team: string;
  /** Short ids of procedures; absent means all of the team's. */
  procedures?: string[];
  /** Epoch ms; absent means never. */
  expiresAt?: number;
  /** What the key is for. */
  name?: string;
  /** Absent means `write`. */
  scope?: Scope;
}

const storedSchema = v.object({
  keyHash: v.string(),
  team: v.string(),
  procedures: v.exactOptional(v.array(v.string())),
  expiresAt: v.exactOptional(v.number()),
  name: v.exactOptional(v.string()),
  // Whatever it is, it is to be seen: a key with an unknown scope is refused.
  scope: v.exactOptional(v.unknown()),
  createdAt: v.exactOptional(v.number()),
});

export type StoredKey = v.InferOutput<typeof storedSchema>;

/** Length of the part of a hash that is the id: 64 bits, which do not collide by chance. */
const ID_LENGTH = 16;

/** Returns the id of a key, which does not reveal it. */
export function idOf({ keyHash }: StoredKey): string {
  return keyHash.slice(0, ID_LENGTH);
}

/**
 * The API keys in their table. A key is 256 random bits. Only its SHA-256 is stored, so it can be shown only once.
 */
export class Keys {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #now: () => number;

  constructor(client: DynamoDBDocumentClient, table: string, now: () => number) {
    this.#client = client;
    this.#table = table;
    this.#now = now;
  }

  /** Creates a key. @returns the key, for the only time, and its stored form */
  async create(access: KeyAccess): Promise<{ key: string; stored: StoredKey }> {
    const key = randomBytes(32).toString('base64url');
    const stored = { ...access, keyHash: hashKey(key), createdAt: this.#now() };
    await this.#client.send(
      new PutCommand({
        TableName: this.#table,
        Item: stored,
        ConditionExpression: 'attribute_not_exists(#keyHash)',
        ExpressionAttributeNames: { '#keyHash': 'keyHash' },
      }),
    );
    return { key, stored };
  }

  /** Lists the keys of a team or of all teams, oldest first. */
  async list(team?: string): Promise<StoredKey[]> {
    const keys: StoredKey[] = [];
    for await (const { Items = [] } of paginateScan({ client: this.#client }, { TableName: this.#table })) {
      keys.push(...Items.map((item) => v.parse(storedSchema, item)));
    }
    return keys
      .filter((key) => team === undefined || key.team === team)
      .sort((a, b) => (a.createdAt ?? 0) - (b.createdAt ?? 0));
  }

  /**
   * Deletes a key.
   * @throws Error when no key has this id
   */
  async revoke(id: string): Promise<StoredKey> {
    const { keyHash } = await this.#find(id);
    const { Attributes } = await this.#client.send(
      new DeleteCommand({ TableName: this.#table, Key: { keyHash }, ReturnValues: 'ALL_OLD' }),
    );
    return v.parse(storedSchema, Attributes);
  }

  /**
   * Creates a key with the access and lifetime of another one, which then expires.
   * @param overlapMs - time in which both are valid
   * @throws Error when no key has this id, or it has expired, or its scope is unknown
   */
  async rotate(id: string, overlapMs: number): Promise<{ key: string; stored: StoredKey; old: StoredKey }> {
    const old = await this.#find(id);
    const now = this.#now();
    const { keyHash, createdAt, expiresAt: end, scope = DEFAULT_SCOPE, ...access } = old;
    if (end !== undefined && end <= now) throw new Error(`The key ${id} has expired. Create a new one.`);
    if (!isScope(scope)) throw new Error(`The key ${id} has an unknown scope. Create a new one.`);
    const expiresAsLong = end === undefined ? undefined : now + end - (createdAt ?? now);
    const created = await this.create(definedOf({ ...access, scope, expiresAt: expiresAsLong }));
    const expiresAt = Math.min(now + overlapMs, end ?? Number.POSITIVE_INFINITY);
    await this.#client.send(
      new UpdateCommand({
        TableName: this.#table,
        Key: { keyHash },
        UpdateExpression: 'SET #expiresAt = :expiresAt',
        // A key that was revoked meanwhile stays revoked.
        ConditionExpression: 'attribute_exists(#keyHash)',
        ExpressionAttributeNames: { '#expiresAt': 'expiresAt', '#keyHash': 'keyHash' },
        ExpressionAttributeValues: { ':expiresAt': expiresAt },
      }),
    );
    return { ...created, old: { ...old, expiresAt } };
  }

  async #find(id: string): Promise<StoredKey> {
    const found = (await this.list()).find((key) => idOf(key) === id);
    if (found === undefined) throw new Error(`No key has the id ${id}. "list" shows the ids.`);
    return found;
  }
}
