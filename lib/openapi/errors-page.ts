import {
  type Explanation,
  INVALID_EXPLANATIONS,
  REQUEST_EXPLANATIONS,
} from '../../lambdas/contract/error-explanations.ts';
import {
  ENTRY_ERROR_MESSAGES,
  type EntryErrorCode,
  INVALID_CODES,
  REQUEST_ERRORS,
  RETRYABLE_CODES,
  type RequestErrorCode,
} from '../../lambdas/contract/errors.ts';

/** The catalogue as a page. */
export function errorsPage(): string {
  const explained = Object.entries(REQUEST_EXPLANATIONS) as [RequestErrorCode, Explanation][];
  const byStatus = explained.toSorted(([a], [b]) => REQUEST_ERRORS[a] - REQUEST_ERRORS[b]);
  const entries = Object.entries(ENTRY_ERROR_MESSAGES) as [EntryErrorCode, string][];
  return `# Errors

Each error has a \`code\`, which never changes its meaning, a \`message\` for people, which names the fault and the remedy,
and a \`pointer\` (RFC 6901) to its place in the request, where there is one. This page is made of the code by \`npm run
errors\`.

## Of a request

Nothing of it is applied, unless an \`INTERNAL_ERROR\` or \`QUEUE_UNAVAILABLE\` came half-way.

| status | code | because | so |
|---|---|---|---|
${byStatus.map(([code, { cause, remedy }]) => `| ${REQUEST_ERRORS[code]} | \`${code}\` | ${cause} | ${remedy} |`).join('\n')}

## Of an item that is not valid

Its entry is \`INVALID\`; the other items go on. Up to 100 errors of an item are listed; once
those of a request have 20 MiB of text, one for each further item.

| code | because | so |
|---|---|---|
${INVALID_CODES.map((code) => `| \`${code}\` | ${INVALID_EXPLANATIONS[code].cause} | ${INVALID_EXPLANATIONS[code].remedy} |`).join('\n')}

## Of an entry that failed

Its entry is \`ERROR\`. \`POST …/retry\` sends those again that may succeed as they are.

| code | message | by retry |
|---|---|---|
${entries.map(([code, message]) => `| \`${code}\` | ${message} | ${RETRYABLE_CODES.includes(code) ? 'yes' : ''} |`).join('\n')}
`;
}
