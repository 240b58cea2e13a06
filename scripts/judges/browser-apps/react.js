/** The same application as `spa.js` with auth0-react, in React's strict mode, which runs each effect twice. */
import { Auth0Provider, useAuth0 } from '@auth0/auth0-react';
import { createElement, StrictMode, useEffect, useRef } from 'react';
import { createRoot } from 'react-dom/client';
import { asComponent } from './component.js';

const parameters = new URLSearchParams(location.search);
const isLogin = location.pathname === '/login';
// A judge adds settings of its own for the next page.
const more = JSON.parse(sessionStorage.getItem('settings') ?? '{}');
const { authorizationParams, ...settings } = { ...(await (await fetch('/settings.json')).json()), ...more };

function toText({ user, error }) {
  if (error === undefined) return JSON.stringify({ user: user ?? null });
  const reference = parameters.get('error_reference');
  return JSON.stringify({ error: error.error ?? String(error), description: error.error_description, reference });
}

function State() {
  const auth0 = useAuth0();
  const { isLoading, loginWithRedirect, loginWithPopup, getAccessTokenSilently, getIdTokenClaims, logout } = auth0;
  const begun = useRef(false);
  useEffect(() => {
    if (isLoading || !isLogin || begun.current) return;
    begun.current = true;
    loginWithRedirect({ authorizationParams: Object.fromEntries(parameters) });
  }, [isLoading, loginWithRedirect]);
  window.app = {
    token: (options) => getAccessTokenSilently({ detailedResponse: true, ...options }),
    logout: (options) => logout({ logoutParams: { returnTo: location.origin, ...options } }),
    async popup(asked) {
      await loginWithPopup({ authorizationParams: asked });
      return getIdTokenClaims();
    },
    claims: () => getIdTokenClaims(),
    mfa: auth0.mfa,
    myAccount: auth0.myAccount,
    component: asComponent(auth0, getAccessTokenSilently),
  };
  return isLoading || isLogin ? null : toText(auth0);
}

const provider = createElement(Auth0Provider, { ...settings, authorizationParams }, createElement(State));
createRoot(document.querySelector('#state')).render(createElement(StrictMode, null, provider));
