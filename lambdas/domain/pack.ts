import { MAX_BATCH_MESSAGES } from '../contract/limits.ts';
export const MAX_BATCH_BYTES = 1_048_576;

/** Packs messages into batches by count and by bytes, in order, one batch at a time. */
export function* pack<Message extends { bytes: number }>(messages: Iterable<Message>): Generator<Message[]> {
  let batch: Message[] = [];
  let bytes = 0;
  for (const message of messages) {
    const isFull = batch.length === MAX_BATCH_MESSAGES || bytes + message.bytes > MAX_BATCH_BYTES;
    if (isFull && batch.length > 0) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(message);
    bytes += message.bytes;
  }
  if (batch.length > 0) yield batch;
}
