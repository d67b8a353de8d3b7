interface Way<T> {
  value: T;
  label: string;
  help: string;
}

interface WayChoicesProps<T> {
  /** Of the radio buttons. */
  name: string;
  ways: readonly Way<T>[];
  value: T;
  onChange: (value: T) => void;
}

/** Ways to go on of which one is chosen, each with what it means. */
export function WayChoices<T>({ name, ways, value, onChange }: WayChoicesProps<T>) {
  return (
    <>
      {ways.map(({ value: each, label, help }) => (
        <label key={label} class={value === each ? 'way chosen' : 'way'}>
          <input type="radio" name={name} checked={value === each} onChange={() => onChange(each)} />
          <span>
            {label}
            <span class="hint">{help}</span>
          </span>
        </label>
      ))}
    </>
  );
}
