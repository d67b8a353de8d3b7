import type { BulkUpdateClient, Entry } from '../../client/index.ts';
import { parseAsWritten } from './as-written.ts';

/** Reads the item that was sent as an entry. Returns it as indented JSON. Undefined if the API no longer has it. */
export async function readSentItem(
  client: BulkUpdateClient,
  jobId: string,
  entry: Entry,
): Promise<string | undefined> {
  const identifier = searchableText(entry.identifier);
  const options = identifier === undefined ? {} : { identifier };
  for await (const page of client.entriesText(jobId, 'application/x-ndjson', options)) {
    for (const line of page.split('\n')) {
      if (!line.includes(`"index":${entry.index},`)) continue;
      const { index, item } = parseAsWritten(line) as Entry & { item: unknown };
      if (index === entry.index) return JSON.stringify(item, null, 2);
    }
  }
  return undefined;
}

/** Returns a text by which the API finds the entry. Numbers may have been rounded since. */
function searchableText(identifier: Entry['identifier']): string | undefined {
  return Object.values(identifier).find((value) => typeof value === 'string' && value !== '') as
    | string
    | undefined;
}
