/** The frame: signs the person in, and shows a page for each part of the organization that their roles let them see. */
import { type AppState, useAuth0 } from '@auth0/auth0-react';
import { useCallback, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { createCall, type Settings } from './api';
import { DetailsPage } from './Details';
import { DomainsPage } from './Domains';
import { InvitationsPage } from './Invitations';
import { MembersPage } from './Members';
import { ProvidersPage } from './Providers';
import { type Session, SessionContext } from './session';

const PAGES = [
  { hash: '#details', name: 'Details', scope: 'read:details', Page: DetailsPage },
  { hash: '#domains', name: 'Domains', scope: 'read:domains', Page: DomainsPage },
  { hash: '#providers', name: 'Identity providers', scope: 'read:identity_providers', Page: ProvidersPage },
  { hash: '#members', name: 'Members', scope: 'read:members', Page: MembersPage },
  { hash: '#invitations', name: 'Invitations', scope: 'read:member_invitations', Page: InvitationsPage },
] as const;

function onHashChange(changed: () => void): () => void {
  addEventListener('hashchange', changed);
  return () => removeEventListener('hashchange', changed);
}

const find = (name: string) => new URLSearchParams(location.search).get(name) ?? undefined;

/** Reads what the token permits. Asks for a sign-in when there is none, or one into another organization. */
function useToken() {
  const { user, isLoading, isAuthenticated, error, loginWithRedirect, getAccessTokenSilently } = useAuth0();
  const [scopes, setScopes] = useState<ReadonlySet<string>>();
  const [isOver, setIsOver] = useState(false);
  const refused = error as (Error & { readonly appState?: AppState }) | undefined;
  // An application links here with `?organization=org_…`. That counts, wherever else the person is signed in.
  const organization: string | undefined = find('organization') ?? user?.org_id ?? refused?.appState?.organization;
  const isElsewhere = user?.org_id !== organization;
  const signIn = useCallback(
    (parameters: object = {}, state: object = {}) => {
      const authorizationParams = { ...(organization && { organization }), ...parameters };
      void loginWithRedirect({ authorizationParams, appState: { returnTo: location.hash, organization, ...state } });
    },
    [loginWithRedirect, organization],
  );
  const getToken = useCallback(async () => {
    try {
      const authorizationParams = organization ? { organization } : {};
      const given = await getAccessTokenSilently({ authorizationParams, detailedResponse: true });
      const list = given?.scope?.split(' ') ?? [];
      setScopes((before) => before ?? new Set(list.map((scope) => scope.replace(':my_org', ''))));
      return given?.access_token ?? '';
    } catch (failure) {
      // The server answered with an error: only a sign-in helps. Without an answer, the next try may do.
      if (failure instanceof Error && 'error' in failure) setIsOver(true);
      throw failure;
    }
  }, [getAccessTokenSilently, organization]);
  useEffect(() => {
    if (isLoading || error) return;
    if (!isAuthenticated || isElsewhere) signIn();
    else getToken().catch(() => setIsOver(true));
  }, [isLoading, isAuthenticated, isElsewhere, error, signIn, getToken]);
  return { user: isElsewhere ? undefined : user, scopes, isOver, refused, signIn, getToken };
}

export function App({ settings }: { settings: Settings }) {
  const { logout } = useAuth0();
  const { user, scopes, isOver, refused, signIn, getToken } = useToken();
  const hash = useSyncExternalStore(onHashChange, () => location.hash);
  const session = useMemo<Session | undefined>(
    () =>
      user && scopes
        ? {
            settings,
            userId: user.sub ?? '',
            call: createCall(settings, getToken),
            can: (scope) => scopes.has(scope),
            tryOut: (connection, title) => signIn({ connection, prompt: 'login' }, { tried: { sub: user.sub, title } }),
          }
        : undefined,
    [user, scopes, settings, getToken, signIn],
  );
  if (refused || isOver) {
    const tried = refused?.appState?.tried?.title;
    return (
      <main className="alone">
        <h1>{tried ? `${tried} does not let you in` : 'You are not signed in'}</h1>
        <p role="alert">{refused?.message ?? 'The session is over.'}</p>
        {refused && find('error_reference') && <p>Reference: {find('error_reference')}</p>}
        {/* Otherwise the session that was refused would be refused again, without a question. */}
        <button type="button" onClick={() => signIn(refused && { prompt: 'login' })}>
          Sign in
        </button>
      </main>
    );
  }
  if (!session) return <p className="alone">Signing in …</p>;
  const pages = PAGES.filter(({ scope }) => session.can(scope));
  const open = pages.find((page) => page.hash === hash) ?? pages[0];
  return (
    <SessionContext value={session}>
      <header>
        <h1>Organization settings</h1>
        <span>{user?.email}</span>
        <button type="button" className="quiet" onClick={() => logout({ logoutParams: { returnTo: location.origin } })}>
          Sign out
        </button>
      </header>
      <nav aria-label="Settings">
        {pages.map((page) => (
          <a key={page.hash} href={page.hash} aria-current={page === open ? 'page' : undefined}>
            {page.name}
          </a>
        ))}
      </nav>
      <main>{open ? <open.Page /> : <p>You have no rights here. Ask an administrator of your organization.</p>}</main>
    </SessionContext>
  );
}
