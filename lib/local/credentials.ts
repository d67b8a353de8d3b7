import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LOCAL_REGION } from './template.ts';

/** What the AWS SDK asks of its environment before it asks a local service. */
export interface LocalCredentials {
  AWS_REGION: string;
  AWS_ACCESS_KEY_ID: string;
  AWS_SECRET_ACCESS_KEY: string;
}

/**
 * The access key id is the secret here. DynamoDB Local cannot be kept from the network, but has a database for each id,
 * so that a stranger meets an empty one; the other services answer to nobody without it.
 *
 * @param options.dataDir - folder to keep it in, as the tables are in a database of its name
 * @param options.dynamoDbEndpoint - of a database that runs already, whose tables may be of an earlier start
 */
export async function localCredentials(
  options: { dataDir?: string | undefined; dynamoDbEndpoint?: string | undefined } = {},
): Promise<LocalCredentials> {
  return {
    AWS_REGION: LOCAL_REGION,
    AWS_ACCESS_KEY_ID: options.dynamoDbEndpoint === undefined ? await secretId(options.dataDir) : 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  };
}

async function secretId(dataDir: string | undefined): Promise<string> {
  // DynamoDB Local takes letters and digits only.
  const id = randomBytes(20).toString('hex');
  if (dataDir === undefined) return id;
  // The database's file has the id in its name.
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const path = join(dataDir, 'access-key-id');
  try {
    await writeFile(path, id, { mode: 0o600, flag: 'wx' });
    return id;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return await readFile(path, 'utf8');
  }
}

/** The settings of an SDK client for a local service. */
export function clientSettings(endpoint: string, credentials: LocalCredentials) {
  return {
    endpoint,
    region: credentials.AWS_REGION,
    credentials: {
      accessKeyId: credentials.AWS_ACCESS_KEY_ID,
      secretAccessKey: credentials.AWS_SECRET_ACCESS_KEY,
    },
  };
}
