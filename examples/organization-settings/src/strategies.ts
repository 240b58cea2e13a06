/** The identity providers that the forms know: their fields, and the options that the API gets. Pure. */
export type Options = Readonly<Record<string, unknown>>;

/** `area`: several lines, such as a certificate. */
type FieldSpec = Readonly<{
  name: string;
  label: string;
  hint?: string;
  type?: 'password' | 'url';
  area?: true;
  optional?: true;
}>;

/** `fixed`: options that nobody is asked for. */
type Strategy = Readonly<{ name: string; fields: readonly FieldSpec[]; fixed?: Options }>;

const CLIENT: readonly FieldSpec[] = [
  { name: 'client_id', label: 'Client ID' },
  { name: 'client_secret', label: 'Client secret', type: 'password' },
];

const METADATA = { name: 'metadataUrl', label: 'Metadata address', hint: 'Or the three fields below.' };

export const STRATEGIES: Readonly<Record<string, Strategy>> = {
  oidc: {
    name: 'OpenID Connect',
    fields: [{ name: 'discovery_url', label: 'Issuer or discovery address', type: 'url' }, ...CLIENT],
    fixed: { type: 'back_channel' },
  },
  samlp: {
    name: 'SAML',
    fields: [
      { ...METADATA, type: 'url', optional: true },
      { name: 'signInEndpoint', label: 'Sign-in address', type: 'url', optional: true },
      { name: 'issuer', label: 'Entity ID of the provider', optional: true },
      { name: 'cert', label: 'Signing certificate (PEM)', area: true, optional: true },
    ],
    fixed: { signSAMLRequest: true },
  },
  okta: { name: 'Okta', fields: [{ name: 'domain', label: 'Okta domain', hint: 'acme.okta.com' }, ...CLIENT] },
  waad: {
    name: 'Microsoft Entra ID',
    fields: [{ name: 'tenant_domain', label: 'Primary domain or tenant ID' }, ...CLIENT],
  },
  'google-apps': { name: 'Google Workspace', fields: [{ name: 'domain', label: 'Google domain' }, ...CLIENT] },
};

const LABELS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    Object.values(STRATEGIES).flatMap(({ fields }) => fields.map(({ name, label }) => [name, label])),
  ),
  ...{ domain: 'Domain', name: 'Short name', display_name: 'Title', email: 'Email address', logo_url: 'Logo' },
};

/** Returns the label of the field that an error of the API points at: `/options/client_secret`. */
export function labelOf(pointer: string): string {
  const name = pointer.split('/').pop() ?? '';
  return LABELS[name] ?? name;
}

/** Returns the options for the API: the filled-in fields, and of the options `before` those that no field is for. */
export function toOptions(strategy: string, values: Options, before: Options = {}): Options {
  const { fields = [], fixed } = STRATEGIES[strategy] ?? {};
  const isField = ([name]: [string, unknown]) => fields.some((field) => field.name === name);
  const kept = Object.entries({ ...fixed, ...before }).filter((entry) => !isField(entry));
  return Object.fromEntries([...kept, ...Object.entries(values).filter(isField)]);
}
