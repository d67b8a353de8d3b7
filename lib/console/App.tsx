import { useEffect, useMemo, useReducer, useRef, useState } from 'preact/hooks';
import { useLeaveWarning } from './hooks/leave-warning.ts';
import { clientOf, type Session, SessionContext, storedKey } from './hooks/session.ts';
import { flowAfter, START } from './model/flow.ts';
import { hasUnsaved } from './model/unsaved.ts';
import { SignIn } from './SignIn.tsx';
import { lazy } from './ui/lazy.tsx';

const Workspace = lazy(async () => (await import('./Workspace.tsx')).Workspace);

/** Shows the sign-in form, or the workspace of who is signed in. */
export function App() {
  const [key, setKey] = useState(storedKey.read);
  const [reason, setReason] = useState<string>();
  // It outlives a key that expires. Another team must not see it.
  const [flow, dispatch] = useReducer(flowAfter, START);
  const team = useRef<string | undefined>(undefined);
  useLeaveWarning(hasUnsaved(flow));

  const session = useMemo((): Session | undefined => {
    if (key === undefined) return undefined;
    return {
      client: (options) => clientOf(key, options),
      signOut: (why) => {
        // A late response to the previous key must not sign out the current one.
        if (storedKey.read() === key) storedKey.remove();
        setReason(why);
        setKey((current) => (current === key ? undefined : current));
        if (why === undefined) dispatch({ type: 'start again' });
      },
    };
  }, [key]);

  // Signing in or out removes the element that had the focus.
  const shown = useRef(session);
  useEffect(() => {
    if (shown.current === session) return;
    shown.current = session;
    document.getElementById('main')?.focus();
  }, [session]);

  if (session === undefined) {
    const signIn = (newKey: string, newTeam: string) => {
      // A check that the key stopped goes on.
      dispatch({ type: newTeam === team.current ? 'try again' : 'start again' });
      storedKey.write(newKey);
      setReason(undefined);
      setKey(newKey);
    };
    return (
      <SignIn reason={reason} hasWork={flow.step !== 'choose'} prepare={Workspace.load} onSignIn={signIn} />
    );
  }
  return (
    <SessionContext.Provider value={session}>
      <Workspace
        flow={flow}
        dispatch={dispatch}
        onTeam={(current) => {
          team.current = current;
        }}
      />
    </SessionContext.Provider>
  );
}
