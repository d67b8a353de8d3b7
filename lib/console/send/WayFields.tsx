import { WayChoices } from './WayChoices.tsx';

interface WayFieldsProps {
  isPlan: boolean;
  onChange: (isPlan: boolean) => void;
}

const WAYS = [
  { value: false, label: 'Apply at once', help: 'The rows are applied within seconds.' },
  {
    value: true,
    label: 'Save as a plan',
    help: 'Nothing changes until somebody approves it, within 24 hours. What has changed by then is left as it is.',
  },
];

/** Chooses how the rows are sent: they are applied at once, or saved as a plan that somebody approves. */
export function WayFields({ isPlan, onChange }: WayFieldsProps) {
  return (
    <fieldset class="ways">
      <legend>How to send</legend>
      <WayChoices name="way" ways={WAYS} value={isPlan} onChange={onChange} />
    </fieldset>
  );
}
