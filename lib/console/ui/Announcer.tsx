/** Announces a changed text to screen readers, and shows nothing. */
export function Announcer({ text }: { text: string }) {
  return (
    <p class="visually-hidden" role="status">
      {text}
    </p>
  );
}
