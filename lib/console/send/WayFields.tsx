/** How rows are sent: they are applied at once, or saved as a plan that somebody approves. */
export type Way = 'now' | 'plan';

interface WayFieldsProps {
  way: Way;
  onChange: (way: Way) => void;
}

const WAYS: readonly { way: Way; label: string; help: string }[] = [
  { way: 'now', label: 'Apply at once', help: 'The rows are applied within seconds.' },
  {
    way: 'plan',
    label: 'Save as a plan',
    help: 'Nothing changes until somebody approves it, within 24 hours. What has changed by then is left as it is.',
  },
];

/** Chooses how the rows are sent. */
export function WayFields({ way, onChange }: WayFieldsProps) {
  return (
    <fieldset class="ways">
      <legend>How to send</legend>
      {WAYS.map(({ way: each, label, help }) => (
        <label key={each} class={way === each ? 'way chosen' : 'way'}>
          <input type="radio" name="way" checked={way === each} onChange={() => onChange(each)} />
          <span>
            {label}
            <span class="hint">{help}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
