import type { Counted } from './units.ts';

/**
 * US dollars for a million, us-east-1, on demand, as of 2026-11: the pricing pages of DynamoDB, SQS, Lambda (arm64)
 * and API Gateway (REST). Storage, logs, traces and data transfer are not in it.
 */
const MILLION = { writeUnits: 0.625, readUnits: 0.125, sqsRequests: 0.4, invocations: 0.2, apiRequests: 3.5 };
const GIGABYTE_SECOND = 0.0000133334;

/** Of the functions, as the stack configures them. */
const GIGABYTES = { accept: 1769 / 1024, apply: 512 / 1024 };

/**
 * Time is not counted but assumed, so that the figure means the same on any machine: a request to DynamoDB or SQS
 * takes 5 ms, what an invocation of apply does besides takes 10 ms, and accepting an item 0.1 ms.
 */
const ASSUMED_MS = { request: 5, invocation: 10, acceptedItem: 0.1 };

/**
 * The price of a million updates, sent 10,000 a request and applied ten an invocation.
 *
 * @param counted - for one update
 * @param requestsInTurn - how many requests an invocation of apply makes one after the other
 */
export function dollarsPerMillion(counted: Counted, requestsInTurn: number): number {
  const { writeUnits, readUnits, sqsRequests } = counted;
  const invocations = 0.1;
  const applySeconds = ((ASSUMED_MS.invocation + requestsInTurn * ASSUMED_MS.request) / 1000) * invocations;
  const acceptSeconds = ASSUMED_MS.acceptedItem / 1000;
  const gigabyteSeconds = applySeconds * GIGABYTES.apply + acceptSeconds * GIGABYTES.accept;
  return (
    writeUnits * MILLION.writeUnits +
    readUnits * MILLION.readUnits +
    sqsRequests * MILLION.sqsRequests +
    invocations * MILLION.invocations +
    MILLION.apiRequests / 10_000 +
    gigabyteSeconds * GIGABYTE_SECOND * 1_000_000
  );
}
