/** The image of favicon.svg, in the colours of the page. */
export function Logo() {
  return (
    <svg class="logo" viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
      <rect width="32" height="32" rx="8" />
      <path d="M7 10h9M7 16h6M7 22h9" />
      <path d="m17.5 16.5 3.2 3.2 5.3-7.2" />
    </svg>
  );
}
