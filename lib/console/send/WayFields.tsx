interface WayFieldsProps {
  isPlan: boolean;
  onChange: (isPlan: boolean) => void;
}

const WAYS = [
  { isPlan: false, label: 'Apply at once', help: 'The rows are applied within seconds.' },
  {
    isPlan: true,
    label: 'Save as a plan',
    help: 'Nothing changes until somebody approves it, within 24 hours. What has changed by then is left as it is.',
  },
] as const;

/** Chooses how the rows are sent: they are applied at once, or saved as a plan that somebody approves. */
export function WayFields({ isPlan, onChange }: WayFieldsProps) {
  return (
    <fieldset class="ways">
      <legend>How to send</legend>
      {WAYS.map(({ isPlan: each, label, help }) => (
        <label key={label} class={isPlan === each ? 'way chosen' : 'way'}>
          <input type="radio" name="way" checked={isPlan === each} onChange={() => onChange(each)} />
          <span>
            {label}
            <span class="hint">{help}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
