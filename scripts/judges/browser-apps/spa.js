/**
 * A single-page application with auth0-spa-js, built as its guide says. Shows its state as JSON in `#state`, and offers
 * the actions of its buttons as `window.app`. `/login` begins a sign-in with the parameters of its address; invitation
 * links lead there.
 */
import { createAuth0Client } from '@auth0/auth0-spa-js';
import { asComponent } from './component.js';

const parameters = new URLSearchParams(location.search);
const settings = await (await fetch('/settings.json')).json();
// A judge adds settings of its own for the next page.
const more = JSON.parse(sessionStorage.getItem('settings') ?? '{}');
const auth0 = await createAuth0Client({ ...settings, ...more });

async function readState() {
  if (parameters.has('state') && (parameters.has('code') || parameters.has('error'))) {
    history.replaceState({}, '', '/');
    try {
      await auth0.handleRedirectCallback(`${location.origin}/?${parameters}`);
    } catch (error) {
      const { error: code, error_description: description } = error;
      return { error: code ?? String(error), description, reference: parameters.get('error_reference') };
    }
  }
  return { user: (await auth0.getUser()) ?? null };
}

window.app = {
  token: (options) => auth0.getTokenSilently({ detailedResponse: true, ...options }),
  logout: (options) => auth0.logout({ logoutParams: { returnTo: location.origin, ...options } }),
  async popup(authorizationParams) {
    await auth0.loginWithPopup({ authorizationParams });
    return auth0.getUser();
  },
  claims: () => auth0.getIdTokenClaims(),
  mfa: auth0.mfa,
  myAccount: auth0.myAccount,
  component: asComponent(auth0, (options) => auth0.getTokenSilently(options)),
};
if (location.pathname === '/login')
  await auth0.loginWithRedirect({ authorizationParams: Object.fromEntries(parameters) });
else document.querySelector('#state').textContent = JSON.stringify(await readState());
