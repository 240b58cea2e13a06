/** The identity providers that the form knows: their fields, and the options that the API gets. Pure. */
export interface FieldSpec {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly type?: 'password' | 'url';
  /** Several lines, such as a certificate. */
  readonly area?: true;
  readonly optional?: true;
}

interface Strategy {
  readonly name: string;
  readonly fields: readonly FieldSpec[];
}

const CLIENT: readonly FieldSpec[] = [
  { name: 'client_id', label: 'Client ID' },
  { name: 'client_secret', label: 'Client secret', type: 'password' },
];

export const STRATEGIES: Readonly<Record<string, Strategy>> = {
  oidc: {
    name: 'OpenID Connect',
    fields: [{ name: 'discovery_url', label: 'Issuer or discovery address', type: 'url' }, ...CLIENT],
  },
  samlp: {
    name: 'SAML',
    fields: [
      { name: 'metadataUrl', label: 'Metadata address', type: 'url', optional: true, hint: 'Or the two fields below.' },
      { name: 'signInEndpoint', label: 'Sign-in address', type: 'url', optional: true },
      { name: 'signingCert', label: 'Signing certificate (PEM)', area: true, optional: true },
    ],
  },
  okta: {
    name: 'Okta',
    fields: [{ name: 'domain', label: 'Okta domain', hint: 'acme.okta.com' }, ...CLIENT],
  },
  waad: {
    name: 'Microsoft Entra ID',
    fields: [{ name: 'tenant_domain', label: 'Primary domain or tenant ID' }, ...CLIENT],
  },
  'google-apps': {
    name: 'Google Workspace',
    fields: [{ name: 'domain', label: 'Google domain' }, ...CLIENT],
  },
  adfs: {
    name: 'AD FS',
    fields: [{ name: 'adfs_server', label: 'Address of the federation metadata', type: 'url' }],
  },
};

/** Returns the options for the API from the filled-in fields of the form. */
export function toOptions(strategy: string, values: Readonly<Record<string, string>>): Record<string, unknown> {
  const known = STRATEGIES[strategy]?.fields.map(({ name }) => name) ?? [];
  const options = Object.fromEntries(Object.entries(values).filter(([name]) => known.includes(name)));
  if (strategy === 'oidc') return { type: 'back_channel', ...options };
  return strategy === 'samlp' ? { signSAMLRequest: true, ...options } : options;
}
