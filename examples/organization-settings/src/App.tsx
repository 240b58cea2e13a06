/** The frame: signs the person in, and shows a page for each part of the organization that their roles let them see. */
import { useAuth0 } from '@auth0/auth0-react';
import { useCallback, useEffect, useMemo, useState } from 'react';
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

function useHash(): string {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const follow = () => setHash(location.hash);
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  return hash;
}

// An application links here with `?organization=org_…`. A refusal brings the reference to quote.
const asked = new URLSearchParams(location.search);

/** Reads what the token permits. Asks for a sign-in when there is none. */
function useToken(organization: string | undefined) {
  const { isLoading, isAuthenticated, error, loginWithRedirect, getAccessTokenSilently } = useAuth0();
  const [scopes, setScopes] = useState<ReadonlySet<string>>();
  const [again, setAgain] = useState(false);
  const signIn = useCallback(
    (parameters: object = {}, state: object = {}) => {
      const authorizationParams = { ...(organization && { organization }), ...parameters };
      void loginWithRedirect({ authorizationParams, appState: { returnTo: location.hash, ...state } });
    },
    [loginWithRedirect, organization],
  );
  const getToken = useCallback(async () => {
    const authorizationParams = organization ? { organization } : {};
    const given = await getAccessTokenSilently({ authorizationParams, detailedResponse: true });
    const list = given?.scope?.split(' ') ?? [];
    setScopes((before) => before ?? new Set(list.map((scope) => scope.replace(':my_org', ''))));
    return given?.access_token ?? '';
  }, [getAccessTokenSilently, organization]);
  useEffect(() => {
    if (isLoading || error) return;
    if (!isAuthenticated) signIn();
    else getToken().catch(() => setAgain(true));
  }, [isLoading, isAuthenticated, error, signIn, getToken]);
  return { scopes, again, error, signIn, getToken };
}

export function App({ settings }: { settings: Settings }) {
  const { user, logout } = useAuth0();
  const organization = (user?.org_id as string | undefined) ?? asked.get('organization') ?? undefined;
  const { scopes, again, error, signIn, getToken } = useToken(organization);
  const hash = useHash();
  const session = useMemo<Session | undefined>(
    () =>
      user && scopes && organization
        ? {
            settings,
            organizationId: organization,
            userId: user.sub ?? '',
            call: createCall(settings, getToken),
            can: (scope) => scopes.has(scope),
            tryOut: (connection) => signIn({ connection, prompt: 'login' }, { tried: { sub: user.sub, connection } }),
          }
        : undefined,
    [user, scopes, organization, settings, getToken, signIn],
  );
  if (error || again)
    return (
      <main className="alone">
        <h1>You are not signed in</h1>
        <p role="alert">{error?.message ?? 'The session is over.'}</p>
        {asked.get('error_reference') && <p>Reference: {asked.get('error_reference')}</p>}
        <button type="button" onClick={() => signIn()}>
          Sign in
        </button>
      </main>
    );
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
