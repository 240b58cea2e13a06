/** Starts the page: reads its two settings, and lets auth0-react sign people in. Has no secret. */
import { type AppState, Auth0Provider, type User } from '@auth0/auth0-react';
import { createRoot } from 'react-dom/client';
import { App } from './App';
import { SCOPES, type Settings } from './api';
import './styles.css';

const settings = (await (await fetch('settings.json')).json()) as Settings;
const here = location.origin + location.pathname;

/** Takes the code out of the address after a sign-in, names the organization there, and goes back to the open tab. */
function onRedirectCallback(state?: AppState, user?: User): void {
  const query = user?.org_id ? `?organization=${encodeURIComponent(user.org_id)}` : '';
  history.replaceState({}, '', `${location.pathname}${query}${state?.returnTo ?? ''}`);
  if (state?.tried) sessionStorage.setItem('tried', JSON.stringify(state.tried));
  dispatchEvent(new HashChangeEvent('hashchange'));
}

createRoot(document.getElementById('root') as HTMLElement).render(
  <Auth0Provider
    domain={settings.domain}
    clientId={settings.clientId}
    authorizationParams={{
      redirect_uri: here,
      audience: `${settings.domain}/my-org/`,
      scope: `openid profile email ${SCOPES.join(' ')}`,
    }}
    onRedirectCallback={onRedirectCallback}
  >
    <App settings={settings} />
  </Auth0Provider>,
);
