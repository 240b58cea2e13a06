/**
 * The pages and actions that the palette offers, with the scope that each needs. A row that the operator may not use is
 * not offered; the server decides about each request. Pure.
 */

/** An address in the console, in the form that the router uses. */
export interface Place {
  readonly to: string;
  readonly search?: Readonly<Record<string, string>>;
  /** The dialog that the page opens at once (see `MakeDialog`). */
  readonly dialog?: string;
}

export interface Offer extends Place {
  readonly name: string;
  /** Other words that people search by: old names, the words of other products. */
  readonly words?: string;
  /** All of these scopes are needed. */
  readonly scopes: readonly string[];
}

const offer = (name: string, to: string, words: string, ...scopes: readonly string[]): Offer => ({
  name,
  to,
  words,
  scopes,
});

/** Pages of the settings; each has a tab there. The reference has one, too. */
export const SETTINGS: readonly Offer[] = [
  offer('General', '/settings', 'tenant support', 'read:tenant_settings'),
  offer('Mail', '/settings/mail', 'email smtp provider', 'read:email_provider'),
  offer(
    'Languages',
    '/settings/languages',
    'texts prompts custom text translation words',
    'read:tenant_settings',
    'read:prompts',
  ),
  offer('Branding', '/settings/look', 'logo colour color', 'read:branding'),
  offer('Theme', '/settings/theme', 'fonts borders', 'read:branding'),
  offer('Keys', '/settings/keys', 'signing rotate jwks', 'read:signing_keys'),
  offer('Attack protection', '/settings/limits', 'limits brute force block address', 'read:attack_protection'),
  offer(
    'Second factors',
    '/settings/second-factors',
    'mfa multi-factor two-factor 2fa guardian otp totp passkey webauthn',
    'read:guardian_factors',
    'read:mfa_policies',
  ),
  offer('Operators', '/settings/operators', 'administrators roles team', 'read:organization_members'),
  offer('Log streams', '/settings/streams', 'webhook siem', 'read:log_streams'),
];
export const API_REFERENCE = offer('API reference', '/settings/api', 'management endpoints scopes');

export const PAGES: readonly Offer[] = [
  offer('Today', '/', 'home start health dashboard'),
  offer('Refusals and log', '/log', 'errors events audit', 'read:logs'),
  offer('Organizations', '/organizations', 'customers companies', 'read:organizations'),
  offer('People', '/people', 'users accounts members', 'read:users'),
  offer('All invitations', '/invitations', 'pending expired', 'read:organizations', 'read:organization_invitations'),
  offer('Connections', '/connections', 'identity providers SSO SAML OIDC hrd home realm discovery', 'read:connections'),
  offer('Applications', '/applications', 'clients', 'read:clients'),
  offer('APIs', '/applications/apis', 'resource servers audience', 'read:resource_servers'),
  offer('Roles', '/applications/roles', 'permissions rbac administrators customers', 'read:roles'),
  offer('Actions', '/actions', 'code hooks rules', 'read:actions'),
  offer('Order of Actions', '/actions/order', 'triggers bindings flow', 'read:actions'),
  offer('Modules of Actions', '/actions/modules', 'shared code', 'read:actions'),
  ...SETTINGS.map((page) => ({ ...page, name: `Settings: ${page.name}` })),
  API_REFERENCE,
];

export const ACTIONS: readonly Offer[] = [
  {
    ...offer('Create organization', '/organizations', 'new customer add', 'read:organizations', 'create:organizations'),
    dialog: 'organization',
  },
  offer(
    'Add connection',
    '/connections/new',
    'new create set-up link identity provider SSO SAML OIDC',
    'read:connections',
    'create:connections',
  ),
  offer('Create person', '/people/new', 'new add user account', 'read:users', 'create:users', 'read:connections'),
  {
    ...offer('Add application', '/applications', 'new create client', 'read:clients', 'create:clients'),
    dialog: 'application',
  },
  {
    ...offer(
      'Add API',
      '/applications/apis',
      'new create resource server',
      'read:resource_servers',
      'create:resource_servers',
    ),
    dialog: 'api',
  },
  {
    ...offer(
      'Create role for customer administrators',
      '/applications/roles',
      'new add my organization api',
      'read:roles',
      'create:roles',
    ),
    dialog: 'administrator-role',
  },
  { ...offer('Create Action', '/actions', 'new add code', 'read:actions', 'create:actions'), dialog: 'action' },
  {
    ...offer('Create module', '/actions/modules', 'new add shared code', 'read:actions', 'create:actions'),
    dialog: 'module',
  },
  offer(
    'Invite operator',
    '/settings/operators',
    'administrator team',
    'read:organization_members',
    'create:client_grants',
    'create:organization_invitations',
  ),
];

/** Actions for the organization whose page is open: name, address below the organization, scopes. */
const IN_ORGANIZATION = [
  ['Invite people to this organization', '/invitations/new', ['read:organizations', 'create:organization_invitations']],
  ['Members of this organization', '', ['read:organizations', 'read:organization_members']],
  ['Connections of this organization', '/connections', ['read:organizations', 'read:organization_connections']],
  ['Applications of this organization', '/applications', ['read:organizations', 'read:organization_clients']],
  ['Changes by this organization’s administrators', '/changes', ['read:organizations', 'read:logs']],
  ['Branding of this organization', '/branding', ['read:organizations']],
  ['Settings of this organization', '/settings', ['read:organizations']],
] as const;

const ORGANIZATION = /^\/organizations\/([^/]+)/;

/** Returns the actions and pages of the organization whose page is open; nothing on other pages. */
export function offersAt(path: string): readonly Offer[] {
  const id = ORGANIZATION.exec(path)?.[1];
  if (id === undefined) return [];
  const own = IN_ORGANIZATION.map(([name, rest, scopes]) => ({ name, to: `/organizations/${id}${rest}`, scopes }));
  const add: Offer = {
    name: 'Add connection for this organization',
    to: '/connections/new',
    search: { organization: decodeURIComponent(id) },
    scopes: ['read:connections', 'create:connections', 'read:organizations'],
  };
  return [...own, add];
}

const toWords = (text: string) =>
  text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');

/** True if each typed word begins a word of the offer. Every offer fits an empty text. */
export function fits({ name, words = '' }: Pick<Offer, 'name' | 'words'>, text: string): boolean {
  const own = toWords(`${name} ${words}`);
  return toWords(text).every((typed) => own.some((word) => word.startsWith(typed)));
}

/** Returns the offers that the operator may use and that fit the text. `may` tells whether they have a scope. */
export const pickOffers = <Given extends Offer>(
  offers: readonly Given[],
  text: string,
  may: (scope: string) => boolean,
): readonly Given[] => offers.filter((offer) => offer.scopes.every(may) && fits(offer, text));
