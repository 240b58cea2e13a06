/**
 * The identity providers that a connection can be made for, in the words of their own screens: the steps there, the
 * fields to fill in here, and the options made from them. The customers' set-up pages and the console take all
 * providers from this list, and know none by name. Pure.
 */
import type { Strategy } from './strategies.js';

type Typed = Readonly<Record<string, string>>;

export interface ProviderField {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly kind: 'text' | 'secret' | 'long';
  readonly required: boolean;
}

/** The providers' names, as Auth0 writes them in `allowed_strategies` of a self-service profile. */
export const PROVIDER_NAMES = [
  'okta',
  'waad',
  'google-apps',
  'oidc',
  'samlp',
  'okta-samlp',
  'keycloak-samlp',
  'auth0-samlp',
  'adfs',
  'pingfederate',
] as const;

export type ProviderName = (typeof PROVIDER_NAMES)[number];

export interface Provider {
  readonly name: ProviderName;
  readonly title: string;
  readonly hint: string;
  readonly strategy: Strategy;
  readonly instructions: readonly string[];
  readonly fields: readonly ProviderField[];
  /** Converts the typed values into the options of a connection. */
  toOptions(typed: Typed): Readonly<Record<string, unknown>>;
}

const CLIENT: readonly ProviderField[] = [
  { name: 'client_id', label: 'Client ID', kind: 'text', required: true },
  { name: 'client_secret', label: 'Client secret', kind: 'secret', required: true },
];

const toClient = ({ client_id, client_secret }: Typed) => ({ client_id, client_secret });

const METADATA: readonly ProviderField[] = [
  {
    name: 'metadataUrl',
    label: 'Address of the metadata',
    hint: 'Best: a new certificate of your provider is then noticed by itself.',
    kind: 'text',
    required: false,
  },
  {
    name: 'metadataXml',
    label: 'Or the metadata file’s content',
    hint: 'Begins with <EntityDescriptor.',
    kind: 'long',
    required: false,
  },
];

function toSaml({ metadataUrl, metadataXml }: Typed) {
  return metadataUrl ? { metadataUrl } : { metadataXml };
}

const WELL_KNOWN = '/.well-known/openid-configuration';

/**
 * Returns the discovery address of an issuer, which people type with or without `/.well-known/openid-configuration`.
 */
export function toDiscovery(typed = ''): string {
  if (typed.endsWith(WELL_KNOWN)) return typed;
  return `${typed.endsWith('/') ? typed.slice(0, -1) : typed}${WELL_KNOWN}`;
}

function saml(name: ProviderName, title: string, instructions: readonly string[]): Provider {
  return { name, title, hint: 'SAML 2.0', strategy: 'samlp', instructions, fields: METADATA, toOptions: toSaml };
}

/** The providers, in the order in which pages show them. */
export const PROVIDERS: readonly Provider[] = [
  {
    name: 'okta',
    title: 'Okta',
    hint: 'OpenID Connect',
    strategy: 'okta',
    instructions: [
      'In the Okta Admin Console, open Applications, then Create App Integration.',
      'Choose “OIDC - OpenID Connect” and “Web Application”.',
      'Put the address below into “Sign-in redirect URIs”.',
      'Under “Assignments”, give the app to the people who may sign in.',
      'Copy “Client ID” and “Client secret” from the app’s General tab.',
    ],
    fields: [
      {
        name: 'domain',
        label: 'Okta domain',
        hint: 'Such as acme.okta.com, without -admin.',
        kind: 'text',
        required: true,
      },
      ...CLIENT,
    ],
    toOptions: (typed) => ({ domain: typed.domain, ...toClient(typed) }),
  },
  {
    name: 'waad',
    title: 'Microsoft Entra ID',
    hint: 'OpenID Connect',
    strategy: 'waad',
    instructions: [
      'In the Microsoft Entra admin center, open “App registrations”, then “New registration”.',
      'Choose “Accounts in this organizational directory only”.',
      'Under “Redirect URI”, choose “Web” and put the address below.',
      'Under “Certificates & secrets”, make a “New client secret” and copy its Value.',
      'Copy “Application (client) ID” and “Directory (tenant) ID” from the Overview.',
    ],
    fields: [
      { name: 'tenantId', label: 'Directory (tenant) ID', kind: 'text', required: true },
      { name: 'client_id', label: 'Application (client) ID', kind: 'text', required: true },
      { name: 'client_secret', label: 'Value of the client secret', kind: 'secret', required: true },
    ],
    toOptions: (typed) => ({ tenantId: typed.tenantId, tenant_domain: typed.tenantId, ...toClient(typed) }),
  },
  {
    name: 'google-apps',
    title: 'Google Workspace',
    hint: 'OpenID Connect',
    strategy: 'google-apps',
    instructions: [
      'In the Google Cloud console, open “APIs & Services”, then “Credentials”.',
      'Choose “Create credentials”, “OAuth client ID”, “Web application”.',
      'Put the address below into “Authorized redirect URIs”.',
      'On the consent screen, choose “Internal”, so that only your own people can use it.',
      'Copy “Client ID” and “Client secret”.',
    ],
    fields: [
      {
        name: 'tenant_domain',
        label: 'Google Workspace domain',
        hint: 'Such as acme.com.',
        kind: 'text',
        required: true,
      },
      ...CLIENT,
    ],
    toOptions: (typed) => ({ tenant_domain: typed.tenant_domain, ...toClient(typed) }),
  },
  saml('okta-samlp', 'Okta (SAML)', [
    'In the Okta Admin Console, open Applications, then Create App Integration, and choose “SAML 2.0”.',
    'Put the addresses below into “Single sign-on URL” and “Audience URI (SP Entity ID)”.',
    'Set “Name ID format” to “EmailAddress” or “Persistent”, and add an attribute statement “email” = user.email.',
    'On the tab “Sign On”, copy the “Metadata URL”.',
  ]),
  saml('adfs', 'Active Directory Federation Services', [
    'In AD FS Management, open “Relying Party Trusts”, then “Add Relying Party Trust”, “Claims aware”.',
    'Choose “Import data … published online” with the metadata address below, or enter the values by hand.',
    'Add a rule “Send LDAP Attributes as Claims”: E-Mail-Addresses as “E-Mail Address”, and a rule that makes it the Name ID.',
    'The metadata of your server is at https://YOUR-SERVER/FederationMetadata/2007-06/FederationMetadata.xml.',
  ]),
  saml('pingfederate', 'PingFederate', [
    'In the PingFederate console, open “SP Connections” and create a connection with “Browser SSO”.',
    'Import the metadata from the address below.',
    'Put the subject and the attribute “email” into the contract, sign the assertion, and activate the connection.',
    'Export the metadata of the connection and paste it below.',
  ]),
  saml('keycloak-samlp', 'Keycloak (SAML)', [
    'Open the metadata address below: that gives a file. In the Keycloak admin console, open Clients, then “Import client”, and choose the file.',
    'Set “Name ID format” to “email” or “persistent”.',
    'Under “Client scopes”, open the scope that ends in “-dedicated” and add the mapper “User Property”: property “email”, SAML attribute name “email”.',
    'Keycloak’s own metadata is at https://YOUR-SERVER/realms/YOUR-REALM/protocol/saml/descriptor.',
  ]),
  saml('auth0-samlp', 'Auth0 (SAML)', [
    'In the Auth0 Dashboard, open your application, then “Addons”, “SAML2 Web App”.',
    'Put the sign-on address below into “Application Callback URL”, and {"audience": "…"} with the entity ID into “Settings”.',
    'The metadata is at https://YOUR-DOMAIN/samlp/metadata/YOUR-CLIENT-ID.',
  ]),
  {
    name: 'oidc',
    title: 'Another provider with OpenID Connect',
    hint: 'Keycloak, Ping, OneLogin, Auth0 …',
    strategy: 'oidc',
    instructions: [
      'Register a web application (a confidential client) at your provider.',
      'Put the address below where it asks for a redirect or callback address.',
      'Allow the scopes openid, profile and email.',
      'Copy the issuer or discovery address, the client ID and the client secret.',
    ],
    fields: [
      {
        name: 'discovery_url',
        label: 'Issuer or discovery address',
        hint: 'Such as https://login.acme.com/realms/acme.',
        kind: 'text',
        required: true,
      },
      ...CLIENT,
    ],
    toOptions: (typed) => ({
      type: 'back_channel',
      discovery_url: toDiscovery(typed.discovery_url),
      ...toClient(typed),
    }),
  },
  saml('samlp', 'Another provider with SAML', [
    'Register a service provider at your provider, with the metadata from the address below or with the values by hand.',
    'Sign the assertion with SHA-256, and send a lasting Name ID and the attribute “email”.',
    'Copy the address of the provider’s metadata, or the file.',
  ]),
];
