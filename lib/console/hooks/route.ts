import { useLayoutEffect, useState } from 'preact/hooks';
import { hashOf, type Route, routeOf } from '../model/route.ts';

/** Returns the page that the address names. */
export function useRoute(): Route {
  const [route, setRoute] = useState(() => routeOf(location.hash));
  // Before anything else runs: a change of the address until then would be lost.
  useLayoutEffect(() => {
    const onChange = () => setRoute(routeOf(location.hash));
    addEventListener('hashchange', onChange);
    return () => removeEventListener('hashchange', onChange);
  }, []);
  return route;
}

export function goTo(route: Route): void {
  location.hash = hashOf(route);
}

/** Changes the address of the page. Going back leads to the page before. */
export function replaceRoute(route: Route): void {
  location.replace(hashOf(route));
}
