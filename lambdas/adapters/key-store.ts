import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import * as v from 'valibot';
import { hashKey } from '../contract/api-key.ts';
import { DEFAULT_SCOPE, isScope, type Scope } from '../contract/scopes.ts';
import { CONFIGURATION_CACHE_MS, cached } from './cache.ts';

const keySchema = v.object({
  team: v.string(),
  /** Short ids of the procedures that the key may use; absent means all. */
  procedures: v.optional(v.array(v.string())),
  /** Epoch ms; absent means that the key is good until it is deleted. */
  expiresAt: v.optional(v.number()),
  /** What the key is for. No key fails for its name. */
  name: v.fallback(v.optional(v.string()), undefined),
  scope: v.optional(v.unknown(), DEFAULT_SCOPE),
});

export type ApiKey = v.InferOutput<typeof keySchema> & { scope: Scope };

export class KeyStore {
  readonly #find: (hash: string) => Promise<ApiKey | undefined>;
  readonly #now: () => number;

  constructor(client: DynamoDBDocumentClient, table: string, now: () => number) {
    this.#now = now;
    this.#find = cached(
      async (keyHash) => {
        const { Item } = await client.send(new GetCommand({ TableName: table, Key: { keyHash } }));
        if (Item === undefined) return undefined;
        const { scope, ...key } = v.parse(keySchema, Item);
        // A scope that is not known may mean less than any known one.
        return isScope(scope) ? { ...key, scope } : undefined;
      },
      CONFIGURATION_CACHE_MS,
      now,
    );
  }

  /** What a key allows; undefined when there is no such key, or none any more, or its scope is unknown. */
  async find(key: string): Promise<ApiKey | undefined> {
    const known = await this.#find(hashKey(key));
    return known?.expiresAt !== undefined && known.expiresAt <= this.#now() ? undefined : known;
  }
}
