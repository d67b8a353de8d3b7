import type { ApiKeyView } from '../../client/index.ts';
import { expiryText, stageTone } from '../model/words.ts';
import { Sign } from './Sign.tsx';

/** Whose data is changed, and where: the team, the stage and the name of the API key, and its scope if it is not all. */
export function KeyFacts({ apiKey: { team, stage, name, scope, expiresAt } }: { apiKey: ApiKeyView }) {
  const expiry = expiryText(expiresAt, Date.now());
  return (
    <ul class="key-facts plain" aria-label="API key">
      <li>
        Team <strong>{team}</strong>
      </li>
      <li>
        Stage <span class={`badge stage ${stageTone(stage)}`}>{stage}</span>
      </li>
      {name !== null && (
        <li class="key-name">
          Key <strong>{name}</strong>
        </li>
      )}
      {scope !== 'write' && (
        <li>
          Scope <strong>{scope}</strong>
        </li>
      )}
      {expiry !== undefined && (
        <li>
          <span class="badge warn">
            <Sign>!</Sign>
            {expiry}
          </span>
        </li>
      )}
    </ul>
  );
}
