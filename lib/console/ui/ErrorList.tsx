import type { Entry } from '../../client/index.ts';

/** All errors of an item, in a cell. */
export function ErrorList({ errors }: Pick<Entry, 'errors'>) {
  return (
    <ul class="plain">
      {errors.map(({ code, message, pointer }) => (
        <li key={`${code} ${pointer}`}>
          <code class="code">{code}</code> {message}
        </li>
      ))}
    </ul>
  );
}
