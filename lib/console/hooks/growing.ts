import { useEffect, useState } from 'preact/hooks';

/** Returns how many of many elements are rendered: a few at once, then a few more at a time until all are. */
export function useGrowing(total: number, atOnce: number): number {
  const [count, setCount] = useState(atOnce);
  useEffect(() => {
    if (count >= total) return;
    const timer = setTimeout(() => setCount(count + atOnce));
    return () => clearTimeout(timer);
  }, [count, total, atOnce]);
  return count;
}
