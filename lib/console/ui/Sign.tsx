/** Signs that not every font has, as paths in a square of 16. */
const PATHS: Readonly<Record<string, string>> = {
  '✓': 'm3 8.5 3.5 3.5L13 4.5',
  '✕': 'm4 4 8 8m0-8-8 8',
  '○': 'M8 3.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9',
  '→': 'M2.5 8h11m-4-4 4 4-4 4',
  '←': 'M13.5 8h-11m4-4-4 4 4 4',
};

/** A sign beside words that say the same. */
export function Sign({ children }: { children: string }) {
  const path = PATHS[children];
  if (path === undefined) {
    return (
      <span class="badge-sign" aria-hidden="true">
        {children}
      </span>
    );
  }
  return (
    <svg class="sign" viewBox="0 0 16 16" aria-hidden="true">
      <path d={path} />
    </svg>
  );
}
