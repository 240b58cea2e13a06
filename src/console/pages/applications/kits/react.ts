/** The kit for a single-page application with React and auth0-react. Pure. */
import { type CodeFacts, domainOf, type Kit, VITE } from './kit.js';

const main = (facts: CodeFacts) => `import { Auth0Provider, useAuth0 } from '@auth0/auth0-react';
import { useEffect } from 'react';
import { createRoot } from 'react-dom/client';

// Links of invitations bring the organization and the invitation in the address; a refusal brings the reference to quote.
const asked = Object.fromEntries(new URLSearchParams(window.location.search));
const { organization, invitation, error_reference: reference } = asked;

function Me() {
  const { isLoading, error, user, loginWithRedirect, logout } = useAuth0();
  const signIn = () => loginWithRedirect({ authorizationParams: { organization, invitation } });
  useEffect(() => {
    if (invitation) signIn();
  }, []);
  if (isLoading || invitation) return null;
  if (user)
    return (
      <p>
        {user.email}{' '}
        <button onClick={() => logout({ logoutParams: { returnTo: window.location.origin } })}>Sign out</button>
      </p>
    );
  return (
    <>
      {error && <p>{error.message}</p>}
      {error && reference && <p>Reference: {reference}</p>}
      <button onClick={signIn}>Sign in</button>
    </>
  );
}

// A reload keeps people signed in where this page and the server are of one site: app.example.com and login.example.com, both https.
createRoot(document.getElementById('root')).render(
  <Auth0Provider
    domain="${domainOf(facts)}"
    clientId="${facts.clientId}"
    authorizationParams={{ redirect_uri: '${facts.callback}', scope: 'openid profile email' }}
  >
    <Me />
  </Auth0Provider>,
);
`;

export const REACT: Kit = {
  ...VITE,
  name: 'React',
  tried: 'auth0-react 2.27.0, React 19.3.1',
  install: () =>
    'npm create --yes vite@latest my-app -- --template react --no-interactive\ncd my-app\nnpm install\nnpm install @auth0/auth0-react',
  files: (facts) => [{ name: 'my-app/src/main.jsx', text: main(facts) }],
};
