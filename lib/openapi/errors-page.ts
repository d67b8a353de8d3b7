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

/** Writes the catalogue as a page. */
export function errorsPage(): string {
  const explained = Object.entries(REQUEST_EXPLANATIONS) as [RequestErrorCode, Explanation][];
  const byStatus = explained.toSorted(([a], [b]) => REQUEST_ERRORS[a] - REQUEST_ERRORS[b]);
  const entries = Object.entries(ENTRY_ERROR_MESSAGES) as [EntryErrorCode, string][];
  return `# Errors

Each error has a \`code\`, whose meaning never changes. Its \`message\` is for people, and says what is wrong and what to do.
Its \`pointer\` (RFC 6901) names the place in the request, if there is one. \`npm run errors\` writes this page from the code.

## Errors of a request

Nothing of the request is applied, except after \`INTERNAL_ERROR\` or \`QUEUE_UNAVAILABLE\`: some of it may be.

| Status | Code | Cause | Fix |
|---|---|---|---|
${byStatus.map(([code, { cause, fix }]) => `| ${REQUEST_ERRORS[code]} | \`${code}\` | ${cause} | ${fix} |`).join('\n')}

## Errors of an invalid item

Its entry is \`INVALID\`; the other items are processed. At most 100 errors of an item are listed. Once the errors of a
request exceed 20 MiB, one is listed for each further item.

| Code | Cause | Fix |
|---|---|---|
${INVALID_CODES.map((code) => `| \`${code}\` | ${INVALID_EXPLANATIONS[code].cause} | ${INVALID_EXPLANATIONS[code].fix} |`).join('\n')}

## Errors of a failed entry

The entry is \`ERROR\`. \`POST …/retry\` retries the entries with a retryable code.

| Code | Message | Retryable |
|---|---|---|
${entries.map(([code, message]) => `| \`${code}\` | ${message} | ${RETRYABLE_CODES.includes(code) ? 'yes' : ''} |`).join('\n')}
`;
}
