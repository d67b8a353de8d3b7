import { contradiction, errorOfResponse } from './api-error.ts';
import { envelope } from './envelope.ts';
import type { ClientResponse, Requests } from './requests.ts';

export interface Page<Content> {
  content: Content;
  isEmpty: boolean;
  /** Link to the next page. */
  next: unknown;
}

/** Pages may be empty, but a list with more empty ones in a row is endless. */
const MAX_EMPTY_PAGES = 1_000;

/** Yields the pages of a list. @throws ApiError when it has no end */
export async function* pagesOf<Content>(
  requests: Requests,
  first: string,
  headers: Record<string, string>,
  read: (response: ClientResponse) => Page<Content>,
): AsyncGenerator<Content, void, void> {
  const visited = new Set<string>();
  let path = first;
  let emptyPages = 0;
  for (;;) {
    visited.add(path);
    const response = await requests.send({ method: 'GET', path, headers, isRepeatable: true });
    const { content, isEmpty, next } = read(response);
    emptyPages = isEmpty ? emptyPages + 1 : 0;
    if (emptyPages > MAX_EMPTY_PAGES) {
      throw contradiction(response.status, `returned ${emptyPages} empty pages in a row`);
    }
    yield content;
    if (next === null) return;
    path = requests.follow(next, path, response);
    if (visited.has(path)) throw contradiction(response.status, 'linked a page to itself');
  }
}

/** Yields the elements of a list. */
export async function* elementsOf<Element>(
  requests: Requests,
  first: string,
): AsyncGenerator<Element, void, void> {
  for await (const elements of pagesOf(requests, first, {}, pageOf<Element>)) yield* elements;
}

/** Parses a page of a list. @throws ApiError when it has no list */
function pageOf<Element>(response: ClientResponse): Page<Element[]> {
  const { _data, _meta } = envelope<Element[], { next?: unknown }>(response);
  if (!Array.isArray(_data)) throw errorOfResponse(response.status, response.headers, response.text);
  return { content: _data, isEmpty: _data.length === 0, next: _meta.next ?? null };
}
