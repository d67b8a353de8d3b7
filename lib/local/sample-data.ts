import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchWriteCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import pMap from 'p-map';
import { hashKey } from '../../lambdas/contract/api-key.ts';
import type { Procedure } from '../../lambdas/contract/procedure.ts';
import type { Process } from '../../lambdas/contract/process.ts';
import type { TableNames } from './template.ts';

/** Maximum number of items in a BatchWriteItem. */
const BATCH_SIZE = 25;
const BATCHES_IN_FLIGHT = 8;

const TEAM = 'local';
const OTHER_TEAM = 'other';

const API_KEYS = [
  { keyHash: hashKey('local-key'), team: TEAM },
  { keyHash: hashKey('lead-only-key'), team: TEAM, procedures: ['lead'] },
  { keyHash: hashKey('read-key'), team: TEAM, scope: 'read' },
  { keyHash: hashKey('plan-key'), team: TEAM, scope: 'plan' },
  { keyHash: hashKey('other-key'), team: OTHER_TEAM },
];

const person: Procedure['attributes'] = {
  first_name: { type: 'string' },
  last_name: { type: 'string' },
  name: { type: 'string' },
  phone_number: { type: 'string' },
  email: { type: 'string' },
  city: { type: 'string' },
  country: { type: 'string' },
};

const LEAD: Procedure = {
  team: TEAM,
  id: '5f0c1d1e-8d1b-4f0a-9a53-1f6f2f6f0001',
  shortId: 'lead',
  name: 'Lead',
  primaryKey: 'lead_id',
  states: ['NEW', 'IN_PROGRESS', 'CONVERTED'],
  attributes: {
    lead_id: { type: 'string' },
    ...person,
    score: { type: 'integer' },
    budget: { type: 'decimal' },
    newsletter: { type: 'boolean' },
  },
};

const CONTACT: Procedure = {
  team: TEAM,
  id: '5f0c1d1e-8d1b-4f0a-9a53-1f6f2f6f0002',
  shortId: 'contact',
  name: 'Contact',
  primaryKey: 'phone_number',
  states: ['NEW', 'IN_PROGRESS'],
  attributes: person,
};

const OTHER_LEAD: Procedure = { ...LEAD, team: OTHER_TEAM, id: '5f0c1d1e-8d1b-4f0a-9a53-1f6f2f6f0003' };

const CITIES = ['Bangalore', 'Goa', 'Mumbai', 'Pune', 'Delhi'];

function processOf(procedure: Procedure, id: string, primaryKey: string, now: number): Process {
  return {
    id,
    team: procedure.team,
    procedure: procedure.shortId,
    primaryKey,
    status: 'OPEN',
    state: 'NEW',
    data: { [procedure.primaryKey]: primaryKey, country: 'India' },
    clocks: {},
    createdAt: now,
    updatedAt: now,
  };
}

function* processes(sampleSize: number, now: number): Generator<Process> {
  yield processOf(LEAD, '46ce67e5-684e-4cfc-b47e-345a485d1cdd', 'LEAD-146', now);
  yield processOf(LEAD, '1e50dd73-9ce6-405b-932a-9c4c5e7b5599', 'LEAD-150', now);
  yield processOf(LEAD, 'LEAD-001', 'LEAD-001', now);
  yield processOf(LEAD, '9a1d8f4e-0f3c-4a86-8d0a-6a4f0d9e0910', 'LEAD-910', now);
  yield processOf(LEAD, '9a1d8f4e-0f3c-4a86-8d0a-6a4f0d9e0143', 'EXT-TEST-143', now);
  yield processOf(CONTACT, '9a1d8f4e-0f3c-4a86-8d0a-6a4f0d9e8433', '9901258433', now);
  yield processOf(OTHER_LEAD, '9a1d8f4e-0f3c-4a86-8d0a-6a4f0d9e1910', 'LEAD-910', now);
  for (let i = 1; i <= sampleSize; i++) {
    const id = `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`;
    const lead = processOf(LEAD, id, `LEAD-${String(i).padStart(5, '0')}`, now);
    yield { ...lead, data: { ...lead.data, city: CITIES[i % CITIES.length], score: i % 100 } };
  }
}

/**
 * Loads the sample: two teams with their procedures, processes and API keys.
 * @param sampleSize - how many leads to add to those that the documentation names
 */
export async function loadSampleData(
  client: DynamoDBClient,
  tables: TableNames,
  sampleSize: number,
): Promise<void> {
  const documents = DynamoDBDocumentClient.from(client);
  const now = Date.now();
  const write = async (table: string, items: Iterable<object>) => {
    await pMap(
      batches(items),
      async (batch) => {
        const requests = batch.map((Item) => ({ PutRequest: { Item } }));
        await documents.send(new BatchWriteCommand({ RequestItems: { [table]: requests } }));
      },
      { concurrency: BATCHES_IN_FLIGHT },
    );
  };
  await write(tables.apiKeys, API_KEYS);
  await write(tables.procedures, [LEAD, CONTACT, OTHER_LEAD]);
  await write(tables.processes, processes(sampleSize, now));
}

function* batches<Item>(items: Iterable<Item>): Generator<Item[]> {
  let batch: Item[] = [];
  for (const item of items) {
    batch.push(item);
    if (batch.length === BATCH_SIZE) {
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}
