/** The kinds of connections in words, the same on every page. Pure; a kind that is not known is told as it is. */

const WORDS: Readonly<Record<string, string>> = {
  auth0: 'Passwords kept here',
  okta: 'Okta',
  waad: 'Microsoft Entra ID',
  'google-apps': 'Google Workspace',
  oidc: 'OpenID Connect',
  samlp: 'SAML',
};

/** The strategy in words. */
export const sayStrategy = (strategy: string): string => WORDS[strategy] ?? strategy;
