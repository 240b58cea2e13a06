/**
 * A small picture of each identity provider, so that people find theirs in a list at a glance. Drawn as paths in a
 * square of 24 units, since no page loads a picture from elsewhere. The names beside them say the same, so they are
 * decoration for screen readers. Only data. Must import nothing but types, because the console imports it too.
 */
import type { ProviderName } from './providers.js';

export interface LogoPath {
  readonly d: string;
  /** A colour, or `currentColor` for the colour of the text, which differs in light and dark pages. */
  readonly fill: string;
}

const MICROSOFT: readonly LogoPath[] = [
  { d: 'M3 3h8.5v8.5H3z', fill: '#f25022' },
  { d: 'M12.5 3H21v8.5h-8.5z', fill: '#7fba00' },
  { d: 'M3 12.5h8.5V21H3z', fill: '#00a4ef' },
  { d: 'M12.5 12.5H21V21h-8.5z', fill: '#ffb900' },
];

const OKTA: readonly LogoPath[] = [
  { d: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zm0 4.6a4.4 4.4 0 1 1 0 8.8 4.4 4.4 0 0 1 0-8.8z', fill: 'currentColor' },
];

const GOOGLE: readonly LogoPath[] = [
  {
    d: 'M22.56 12.25c0-.78-.07-1.53-.2-2.25H12v4.26h5.92a5.06 5.06 0 0 1-2.21 3.31v2.77h3.57c2.08-1.92 3.28-4.74 3.28-8.09z',
    fill: '#4285f4',
  },
  {
    d: 'M12 23c2.97 0 5.46-.98 7.28-2.66l-3.57-2.77c-.98.66-2.23 1.06-3.71 1.06-2.86 0-5.29-1.93-6.16-4.53H2.18v2.84A11 11 0 0 0 12 23z',
    fill: '#34a853',
  },
  { d: 'M5.84 14.1a6.6 6.6 0 0 1 0-4.2V7.07H2.18a11 11 0 0 0 0 9.86z', fill: '#fbbc05' },
  {
    d: 'M12 5.38c1.62 0 3.06.56 4.21 1.64l3.15-3.15A11 11 0 0 0 2.18 7.07L5.84 9.9C6.71 7.31 9.14 5.38 12 5.38z',
    fill: '#ea4335',
  },
];

/** A key, for any provider with OpenID Connect. */
const KEY: readonly LogoPath[] = [
  {
    d: 'M8 7a5 5 0 1 0 4.6 7H15v3h3v-3h3v-4h-8.4A5 5 0 0 0 8 7zm0 3.2a1.8 1.8 0 1 1 0 3.6 1.8 1.8 0 0 1 0-3.6z',
    fill: 'currentColor',
  },
];

/** A signed document, for any provider with SAML. */
const DOCUMENT: readonly LogoPath[] = [
  {
    d: 'M5 2h9l5 5v15H5zm2 2v16h10V8h-4V4zm2 7h6v1.6H9zm0 3.4h6V16H9z',
    fill: 'currentColor',
  },
];

export const PROVIDER_LOGOS: Readonly<Record<ProviderName, readonly LogoPath[]>> = {
  okta: OKTA,
  'okta-samlp': OKTA,
  waad: MICROSOFT,
  adfs: MICROSOFT,
  'google-apps': GOOGLE,
  'keycloak-samlp': [
    { d: 'M7 3.5h10l5 8.5-5 8.5H7L2 12z', fill: '#33677f' },
    { d: 'M10.6 7.5 8 12l2.6 4.5h2.2L10.2 12l2.6-4.5zm3.4 0 2.6 4.5-2.6 4.5h-1.2l1.6-4.5-1.6-4.5z', fill: '#fff' },
  ],
  'auth0-samlp': [
    { d: 'M12 2 4 4.6V12c0 4.8 3.4 8 8 10 4.6-2 8-5.2 8-10V4.6z', fill: '#eb5424' },
    { d: 'm12 6 1.5 4h4.2l-3.4 2.5 1.3 4.1L12 14.1l-3.6 2.5 1.3-4.1L6.3 10h4.2z', fill: '#fff' },
  ],
  pingfederate: [
    { d: 'M3 3h18v18H3z', fill: '#b3282d' },
    { d: 'M9 7h4.2a3.3 3.3 0 0 1 0 6.6H11V17H9zm2 1.8v3h2a1.5 1.5 0 0 0 0-3z', fill: '#fff' },
  ],
  oidc: KEY,
  samlp: DOCUMENT,
};

/** Returns the paths of a provider's picture; those of a key for a name without one. */
export function logoOf(name: string): readonly LogoPath[] {
  return Object.hasOwn(PROVIDER_LOGOS, name) ? PROVIDER_LOGOS[name as ProviderName] : KEY;
}
