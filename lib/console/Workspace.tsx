import { useEffect, useRef } from 'preact/hooks';
import { ApiKeyContext, useReadApiKey } from './hooks/api-key.ts';
import { useRoute } from './hooks/route.ts';
import { useSending } from './hooks/sending.ts';
import { useSession } from './hooks/session.ts';
import { hashOf, type Route } from './model/route.ts';
import { stageTone } from './model/words.ts';
import { SendPage } from './send/SendPage.tsx';
import type { StepProps } from './send/step-props.ts';
import { KeyFacts } from './ui/KeyFacts.tsx';
import { Logo } from './ui/Logo.tsx';
import { lazy } from './ui/lazy.tsx';

const JobsPage = lazy(async () => (await import('./jobs/JobsPage.tsx')).JobsPage);
const PlansPage = lazy(async () => (await import('./jobs/PlansPage.tsx')).PlansPage);
const JobPage = lazy(async () => (await import('./jobs/JobPage.tsx')).JobPage);
const UndoPage = lazy(async () => (await import('./jobs/UndoPage.tsx')).UndoPage);

interface WorkspaceProps extends StepProps {
  /** Called with the team of the user. */
  onTeam: (team: string) => void;
}

/** The pages for a signed-in user. A file that is being sent keeps being sent on other pages. */
export function Workspace({ flow, dispatch, onTeam }: WorkspaceProps) {
  const { signOut } = useSession();
  const route = useRoute();
  useSending(flow, dispatch);
  const apiKey = useReadApiKey();
  useEffect(() => {
    if (apiKey !== undefined) onTeam(apiKey.team);
  }, [apiKey]);
  const main = useFocusOnChange(route.page === 'jobs' ? route.page : hashOf(route));

  return (
    <ApiKeyContext.Provider value={apiKey}>
      {/* A link would change the fragment, which selects the page. */}
      <button type="button" class="button skip" onClick={() => main.current?.focus()}>
        Skip to content
      </button>
      <header class={`bar ${apiKey === undefined ? '' : stageTone(apiKey.stage)}`}>
        <div class="bar-content">
          <a class="brand" href={hashOf({ page: 'send' })}>
            <Logo />
            <span>Bulk Update</span>
          </a>
          <nav aria-label="Pages">
            <PageLink to={{ page: 'send' }} isCurrent={route.page === 'send'}>
              Send
            </PageLink>
            <PageLink to={{ page: 'jobs', filter: {} }} isCurrent={route.page !== 'send'}>
              Jobs
            </PageLink>
          </nav>
          {apiKey !== undefined && <KeyFacts apiKey={apiKey} />}
          <button type="button" class="button quiet" onClick={() => signOut()}>
            Sign out
          </button>
        </div>
      </header>
      <main id="main" ref={main} tabIndex={-1}>
        {route.page === 'send' && <SendPage flow={flow} dispatch={dispatch} />}
        {route.page === 'jobs' && <JobsPage filter={route.filter} />}
        {route.page === 'job' && <JobPage key={route.jobId} jobId={route.jobId} />}
        {route.page === 'undo' && <UndoPage key={route.jobId} jobId={route.jobId} />}
        {route.page === 'plans' && <PlansPage key={hashOf(route)} jobIds={route.jobIds} />}
      </main>
    </ApiKeyContext.Provider>
  );
}

interface PageLinkProps {
  to: Route;
  isCurrent: boolean;
  children: string;
}

function PageLink({ to, isCurrent, children }: PageLinkProps) {
  return (
    <a class="page-link" href={hashOf(to)} aria-current={isCurrent ? 'page' : undefined}>
      {children}
    </a>
  );
}

/** Moves to the top of a new page, for the keyboard and screen readers too. */
function useFocusOnChange(page: string) {
  const main = useRef<HTMLElement>(null);
  const shown = useRef(page);
  useEffect(() => {
    if (shown.current === page) return;
    shown.current = page;
    main.current?.focus();
    scrollTo(0, 0);
  }, [page]);
  return main;
}
