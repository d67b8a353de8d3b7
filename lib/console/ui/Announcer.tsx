/** Tells a screen reader when the text changes, and shows nothing. */
export function Announcer({ text }: { text: string }) {
  return (
    <p class="visually-hidden" role="status">
      {text}
    </p>
  );
}
