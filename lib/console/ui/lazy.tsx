import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { part } from '../model/part.ts';
import { FailureNotice } from './FailureNotice.tsx';

interface Lazy<Props> {
  (props: Props): preact.JSX.Element;
  /** Loads it before it is shown. */
  load: () => Promise<unknown>;
}

/** A part of the page that is loaded when it is first shown. */
export function lazy<Props extends object>(load: () => Promise<ComponentType<Props>>): Lazy<Props> {
  let Loaded: ComponentType<Props> | undefined;
  const loadOnce = async () => {
    Loaded ??= await part(load);
  };

  function Part(props: Props) {
    const [isLoaded, setIsLoaded] = useState(Loaded !== undefined);
    const [error, setError] = useState<unknown>();
    useEffect(() => {
      if (!isLoaded) loadOnce().then(() => setIsLoaded(true), setError);
    }, []);
    if (Loaded !== undefined) return <Loaded {...props} />;
    if (error !== undefined) return <FailureNotice error={error} />;
    return (
      <p class="muted" role="status">
        Loading …
      </p>
    );
  }
  return Object.assign(Part, { load: loadOnce });
}
