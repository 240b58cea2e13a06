/** Everything that has a version: where it is, how it is changed, and the row that holds it. Makes one of each; judges nothing. */
import { THEME } from '../support/themes.js';
import { type Cast, createCast, type Management } from './harness.js';

/** Ids. */
export type Made = Cast &
  Readonly<
    Record<
      'action' | 'module' | 'api' | 'grant' | 'stream' | 'domain' | 'profile' | 'theme' | 'limits' | 'attributes',
      string
    >
  >;

const MAIL = { template: 'verify_email', body: '{{ url }}', from: 'a@acme.example', syntax: 'liquid', enabled: true };
const page = (word: string) => ({ template: `${word}{%- auth0:head -%}{%- auth0:widget -%}` });
const code = (word: string) => ({ code: `exports.onExecutePostLogin = async () => { /* ${word} */ };` });
const EMAIL = { label: 'Email', description: 'The address', profile_required: true, auth0_mapping: 'email' };
const ATTRIBUTES = { email: EMAIL };
const named = (name: string) => ({ name });
const order = (name: string) => ({ bindings: [{ ref: { type: 'action_name', value: 'one' }, display_name: name }] });
const colour = (primary: string) => ({ colors: { primary } });
const inOrganization = ({ organization }: Made, rest: string) => `/organizations/${organization}/${rest}`;

/** Makes one of each; the ids. */
export async function makeVersioned(api: Management): Promise<Made> {
  const cast = await createCast(api);
  const made: Record<string, string> = {};
  const post = async (path: string, body: unknown) => (await api.post(path, body)).body;
  const supported_triggers = [{ id: 'post-login', version: 'v3' }];
  made.action = (await post('/actions/actions', { name: 'one', supported_triggers, ...code('one') })).id;
  await post(`/actions/actions/${made.action}/deploy`, {});
  made.module = (await post('/actions/modules', { name: 'one', code: 'module.exports = 1;' })).id;
  made.api = (await post('/resource-servers', { name: 'API', identifier: 'urn:api' })).id;
  made.grant = (await post('/client-grants', { client_id: cast.client, audience: 'urn:api', scope: [] })).id;
  const sink = { httpEndpoint: 'https://logs.example/in' };
  made.stream = (await post('/log-streams', { name: 'one', type: 'http', sink })).id;
  made.domain = (await post(`/organizations/${cast.organization}/discovery-domains`, { domain: 'acme.example' })).id;
  made.profile = (await post('/self-service-profiles', { name: 'one' })).id;
  made.limits = (await post('/connection-profiles', { name: 'one' })).id;
  made.attributes = (await post('/user-attribute-profiles', { name: 'one', user_attributes: ATTRIBUTES })).id;
  made.theme = (await post('/branding/themes', THEME)).themeId;
  await post(`/connections/${cast.oidcConnection}/scim-configuration`, {});
  await post('/emails/provider', { name: 'smtp', credentials: { smtp_host: 'mail.example' } });
  await post('/email-templates', { ...MAIL, subject: 'one' });
  await api.put('/branding/templates/universal-login', page('one'));
  await api.put('/prompts/login-id/custom-text/de', { 'login-id': { title: 'eins' } });
  return { ...cast, ...made } as Made;
}

export interface Versioned {
  readonly path: string;
  readonly at: (made: Made) => string;
  /** Changes, each from what was before. */
  readonly bodies: readonly [unknown, unknown, unknown];
  readonly method?: 'PUT';
  /** The row that a write changes, held by a transaction of somebody else. */
  readonly row: string;
}

export const three = (make: (word: string) => unknown): Versioned['bodies'] => [
  make('two'),
  make('three'),
  make('four'),
];
const COLOURS = [colour('#0059d6'), colour('#112233'), colour('#332211')] as const;
const seen = (show_as_button: boolean, assign_membership_on_login: boolean) => ({
  show_as_button,
  assign_membership_on_login,
});
const [NEITHER, BUTTON, MEMBERSHIP] = [seen(false, false), seen(true, false), seen(false, true)];
const TENANT = 'tenant';
const ENABLED = 'organization_connections';

export const CHANGES: readonly Versioned[] = [
  {
    path: '/organizations/{id}',
    at: (made) => `/organizations/${made.organization}`,
    bodies: three(named),
    row: 'organizations',
  },
  { path: '/clients/{id}', at: (made) => `/clients/${made.client}`, bodies: three(named), row: 'clients' },
  {
    path: '/connections/{id}',
    at: (made) => `/connections/${made.oidcConnection}`,
    bodies: three((display_name) => ({ display_name })),
    row: 'connections',
  },
  {
    path: '/users/{id}',
    at: (made) => `/users/${encodeURIComponent(made.dana)}`,
    bodies: three((nickname) => ({ nickname })),
    row: 'users',
  },
  { path: '/roles/{id}', at: (made) => `/roles/${made.role}`, bodies: three(named), row: 'roles' },
  {
    path: '/resource-servers/{id}',
    at: (made) => `/resource-servers/${made.api}`,
    bodies: three(named),
    row: 'resource_servers',
  },
  {
    path: '/client-grants/{id}',
    at: (made) => `/client-grants/${made.grant}`,
    bodies: [{ organization_usage: 'allow' }, { organization_usage: 'require' }, { organization_usage: 'deny' }],
    row: 'client_grants',
  },
  {
    path: '/actions/actions/{id}',
    at: (made) => `/actions/actions/${made.action}`,
    bodies: three(code),
    row: 'actions',
  },
  {
    path: '/actions/modules/{id}',
    at: (made) => `/actions/modules/${made.module}`,
    bodies: three((name) => ({ code: `module.exports = '${name}';` })),
    row: 'action_modules',
  },
  {
    path: '/actions/triggers/{triggerId}/bindings',
    at: () => '/actions/triggers/post-login/bindings',
    bodies: three(order),
    row: TENANT,
  },
  {
    path: '/organizations/{id}/enabled_connections/{connectionId}',
    at: (made) => inOrganization(made, `enabled_connections/${made.oidcConnection}`),
    bodies: [NEITHER, BUTTON, MEMBERSHIP],
    row: ENABLED,
  },
  {
    path: '/organizations/{id}/connections/{connection_id}',
    at: (made) => inOrganization(made, `connections/${made.oidcConnection}`),
    bodies: [BUTTON, MEMBERSHIP, NEITHER],
    row: ENABLED,
  },
  {
    path: '/organizations/{id}/discovery-domains/{discovery_domain_id}',
    at: (made) => inOrganization(made, `discovery-domains/${made.domain}`),
    bodies: [
      { use_for_organization_discovery: false },
      { use_for_organization_discovery: true },
      { status: 'verified' },
    ],
    row: 'discovery_domains',
  },
  { path: '/log-streams/{id}', at: (made) => `/log-streams/${made.stream}`, bodies: three(named), row: 'log_streams' },
  {
    path: '/self-service-profiles/{id}',
    at: (made) => `/self-service-profiles/${made.profile}`,
    bodies: three(named),
    row: 'self_service_profiles',
  },
  {
    path: '/connection-profiles/{id}',
    at: (made) => `/connection-profiles/${made.limits}`,
    bodies: three(named),
    row: 'profiles',
  },
  {
    path: '/user-attribute-profiles/{id}',
    at: (made) => `/user-attribute-profiles/${made.attributes}`,
    bodies: three(named),
    row: 'profiles',
  },
  {
    path: '/tenants/settings',
    at: () => '/tenants/settings',
    bodies: three((friendly_name) => ({ friendly_name })),
    row: TENANT,
  },
  { path: '/branding', at: () => '/branding', bodies: COLOURS, row: TENANT },
  {
    path: '/branding/themes/{themeId}',
    at: (made) => `/branding/themes/${made.theme}`,
    bodies: three((displayName) => ({ ...THEME, displayName })),
    row: TENANT,
  },
  {
    path: '/branding/templates/universal-login',
    at: () => '/branding/templates/universal-login',
    bodies: three(page),
    method: 'PUT',
    row: 'page_templates',
  },
  ...['brute-force-protection', 'suspicious-ip-throttling'].map((part) => ({
    path: `/attack-protection/${part}`,
    at: () => `/attack-protection/${part}`,
    bodies: three((word) => ({ allowlist: [`10.0.0.${word.length}`] })),
    row: TENANT,
  })),
  {
    path: '/emails/provider',
    at: () => '/emails/provider',
    // Nothing that a read without `fields` shows, the last one not at all.
    bodies: [
      { default_from_address: 'two@acme.example' },
      { default_from_address: 'three@acme.example' },
      { credentials: { smtp_user: 'u', smtp_pass: 'four' } },
    ],
    row: 'email_provider',
  },
  {
    path: '/email-templates/{templateName}',
    at: () => '/email-templates/verify_email',
    bodies: three((subject) => ({ subject })),
    row: 'email_templates',
  },
  {
    path: '/connections/{id}/scim-configuration',
    at: (made) => `/connections/${made.oidcConnection}/scim-configuration`,
    bodies: three((auth0) => ({ user_id_attribute: 'externalId', mapping: [{ scim: 'displayName', auth0 }] })),
    row: 'scim_configurations',
  },
  {
    path: '/prompts/{prompt}/custom-text/{language}',
    at: () => '/prompts/login-id/custom-text/de',
    bodies: three((title) => ({ 'login-id': { title } })),
    method: 'PUT',
    row: 'custom_texts',
  },
];
