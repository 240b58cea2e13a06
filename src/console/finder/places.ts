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

export const PAGES: readonly Offer[] = [
  { name: 'Today', to: '/', words: 'home start health dashboard', scopes: [] },
  { name: 'Refusals and log', to: '/log', words: 'errors events audit', scopes: ['read:logs'] },
  { name: 'Organizations', to: '/organizations', words: 'customers companies', scopes: ['read:organizations'] },
  { name: 'People', to: '/people', words: 'users accounts members', scopes: ['read:users'] },
  {
    name: 'All invitations',
    to: '/invitations',
    words: 'pending expired',
    scopes: ['read:organizations', 'read:organization_invitations'],
  },
  {
    name: 'Connections',
    to: '/connections',
    words: 'identity providers SSO SAML OIDC hrd home realm discovery',
    scopes: ['read:connections'],
  },
  { name: 'Applications', to: '/applications', words: 'clients', scopes: ['read:clients'] },
  { name: 'APIs', to: '/applications/apis', words: 'resource servers audience', scopes: ['read:resource_servers'] },
  { name: 'Actions', to: '/actions', words: 'code hooks rules', scopes: ['read:actions'] },
  { name: 'Order of Actions', to: '/actions/order', words: 'triggers bindings flow', scopes: ['read:actions'] },
  { name: 'Modules of Actions', to: '/actions/modules', words: 'shared code', scopes: ['read:actions'] },
  { name: 'Settings: General', to: '/settings', words: 'tenant support', scopes: ['read:tenant_settings'] },
  { name: 'Settings: Mail', to: '/settings/mail', words: 'email smtp provider', scopes: ['read:email_provider'] },
  {
    name: 'Settings: Languages and texts',
    to: '/settings/languages',
    words: 'prompts custom text translation words',
    scopes: ['read:tenant_settings', 'read:prompts'],
  },
  { name: 'Settings: Branding', to: '/settings/look', words: 'logo colour color', scopes: ['read:branding'] },
  { name: 'Settings: Theme', to: '/settings/theme', words: 'fonts borders', scopes: ['read:branding'] },
  { name: 'Settings: Signing keys', to: '/settings/keys', words: 'rotate jwks', scopes: ['read:signing_keys'] },
  {
    name: 'Settings: Attack protection',
    to: '/settings/limits',
    words: 'limits brute force block address',
    scopes: ['read:attack_protection'],
  },
  {
    name: 'Settings: Operators',
    to: '/settings/operators',
    words: 'administrators roles team',
    scopes: ['read:organization_members'],
  },
  { name: 'Settings: Log streams', to: '/settings/streams', words: 'webhook siem', scopes: ['read:log_streams'] },
  { name: 'API reference', to: '/settings/api', words: 'management endpoints scopes', scopes: [] },
];

export const ACTIONS: readonly Offer[] = [
  {
    name: 'Create organization',
    to: '/organizations',
    dialog: 'organization',
    words: 'new customer add',
    scopes: ['read:organizations', 'create:organizations'],
  },
  {
    name: 'Add connection',
    to: '/connections/new',
    words: 'new create set-up link identity provider SSO SAML OIDC',
    scopes: ['read:connections', 'create:connections'],
  },
  {
    name: 'Create person',
    to: '/people/new',
    words: 'new add user account',
    scopes: ['read:users', 'create:users', 'read:connections'],
  },
  {
    name: 'Add application',
    to: '/applications',
    dialog: 'application',
    words: 'new create client',
    scopes: ['read:clients', 'create:clients'],
  },
  {
    name: 'Add API',
    to: '/applications/apis',
    dialog: 'api',
    words: 'new create resource server',
    scopes: ['read:resource_servers', 'create:resource_servers'],
  },
  {
    name: 'Create Action',
    to: '/actions',
    dialog: 'action',
    words: 'new add code',
    scopes: ['read:actions', 'create:actions'],
  },
  {
    name: 'Create module',
    to: '/actions/modules',
    dialog: 'module',
    words: 'new add shared code',
    scopes: ['read:actions', 'create:actions'],
  },
  {
    name: 'Invite operator',
    to: '/settings/operators',
    words: 'administrator team',
    scopes: ['read:organization_members', 'create:client_grants', 'create:organization_invitations'],
  },
];

/** Actions for the organization whose page is open: name, address below the organization, scopes. */
const IN_ORGANIZATION = [
  ['Invite people to this organization', '/invitations/new', ['read:organizations', 'create:organization_invitations']],
  ['Members of this organization', '', ['read:organizations', 'read:organization_members']],
  ['Connections of this organization', '/connections', ['read:organizations', 'read:organization_connections']],
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
