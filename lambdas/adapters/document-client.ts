import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, NumberValue } from '@aws-sdk/lib-dynamodb';
import { isExactNumber } from '../contract/numbers.ts';

/** A number that a double cannot hold: kept as text, written back and shown in JSON with all its digits. */
class ExactNumber extends NumberValue {
  toJSON(): unknown {
    return JSON.rawJSON(this.toString());
  }
}

/** How stored numbers are read, by the client and wherever else an item is unmarshalled. */
export const UNMARSHALL_OPTIONS = {
  wrapNumbers: (text: string) => (isExactNumber(text) ? Number(text) : new ExactNumber(text)),
};

/**
 * A DynamoDB document client whose requests end well within a function's time limit.
 *
 * Numbers of other writers that a double cannot hold survive reading and writing back.
 */
export function createDocumentClient(): DynamoDBDocumentClient {
  const client = new DynamoDBClient({
    maxAttempts: 4,
    requestHandler: {
      requestTimeout: 1_000,
      throwOnRequestTimeout: true,
      connectionTimeout: 1_000,
      httpsAgent: { maxSockets: 64 },
    },
  });
  return DynamoDBDocumentClient.from(client, {
    marshallOptions: { removeUndefinedValues: true },
    // A copy, since the client adds to it what only its own calls need.
    unmarshallOptions: { ...UNMARSHALL_OPTIONS },
  });
}
