/**
 * Bodies of example requests, for operations whose smallest body explains little. A test sends each one through the
 * server's validation.
 */

const CONNECTION = 'con_2kQv8ZpXwR4sTn7B';
const ROLE = 'rol_5mLc3YhWqK9dVb2F';
const CLIENT = 'Xp7RkT2mQv9LsYw4NzB8cHfJ6dGa3KeU';
const USER = 'auth0|66f1c0a2b7d34e5f8a9b0c1d';
const ENABLEMENT = { connection_id: CONNECTION, sso_rollout: 'required', link_existing_members: 'verified_email' };
const CHANGED_ENABLEMENT = { assign_membership_on_login: true };
const ROLES = { roles: [ROLE] };
const PERMISSIONS = {
  permissions: [{ resource_server_identifier: 'https://api.acme.example', permission_name: 'read:invoices' }],
};
const IDENTITIES = { connection_id: CONNECTION, identities: [{ user_id: USER, expected_email: 'dana@acme.example' }] };
const TEMPLATE = {
  template: 'verify_email',
  from: 'login@example.com',
  subject: 'Confirm your address',
  syntax: 'liquid',
  body: '<p>{{ url }}</p>',
  enabled: true,
};

export const BODIES: Readonly<Record<string, unknown>> = {
  'post /organizations': { name: 'acme', display_name: 'Acme', metadata: { plan: 'enterprise' } },
  'patch /organizations/{id}': { display_name: 'Acme Ltd' },
  'post /organizations/{id}/enabled_connections': ENABLEMENT,
  'patch /organizations/{id}/enabled_connections/{connectionId}': CHANGED_ENABLEMENT,
  'post /organizations/{id}/connections': ENABLEMENT,
  'patch /organizations/{id}/connections/{connection_id}': CHANGED_ENABLEMENT,
  'post /organizations/{id}/members': { members: [USER] },
  'delete /organizations/{id}/members': { members: [USER] },
  'post /organizations/{id}/members/{user_id}/roles': ROLES,
  'delete /organizations/{id}/members/{user_id}/roles': ROLES,
  'post /organizations/{id}/invitations': {
    inviter: { name: 'Olga' },
    invitee: { email: 'dana@acme.example' },
    client_id: CLIENT,
    roles: [ROLE],
  },
  'post /organizations/{id}/discovery-domains': { domain: 'acme.example' },
  'patch /organizations/{id}/discovery-domains/{discovery_domain_id}': { status: 'verified' },
  'post /organizations/{id}/explain': { email: 'dana@acme.example' },
  'post /organizations/{id}/explain/people': { people: [{ email: 'dana@acme.example' }] },
  'post /organizations/{id}/explain/condition': {
    condition: 'claims.department == "sales"',
    claims: { department: 'sales' },
  },
  'post /organizations/{id}/people/find': { user_ids: [USER] },
  'post /organizations/{id}/enabled_connections/{connectionId}/explain/condition': {
    condition: 'claims.department == "sales"',
  },
  'post /organizations/{id}/expected-identities': IDENTITIES,
  'post /organizations/{id}/expected-identities/remove': IDENTITIES,
  'patch /organizations/{id}/enabled_connections/{connectionId}/scim-group-roles': {
    scim_group_roles: [{ display_name: 'Accounting', roles: [ROLE] }],
  },
  'post /organizations/{id}/clients': { clients: [{ client_id: CLIENT, use_for_member_access: true }] },
  'delete /organizations/{id}/clients': { clients: [CLIENT] },
  'patch /organizations/{id}/clients/{client_id}': { use_for_member_access: false },
  'post /organizations/{id}/client-grants': { grant_id: 'cgr_8tNf6XjSrM1gUe4C' },
  'post /clients': { name: 'Portal', app_type: 'regular_web', callbacks: ['https://portal.example.com/callback'] },
  'patch /clients/{id}': { allowed_logout_urls: ['https://portal.example.com'] },
  'post /clients/{client_id}/credentials': {
    credential_type: 'public_key',
    name: 'from November on',
    pem: '-----BEGIN PUBLIC KEY-----\n…\n-----END PUBLIC KEY-----\n',
  },
  'patch /clients/{client_id}/credentials/{credential_id}': { expires_at: '2027-11-30T00:00:00.000Z' },
  'post /connections': {
    name: 'acme-okta',
    strategy: 'okta',
    options: { domain: 'acme.okta.com', client_id: '0oa1b2c3', client_secret: '…' },
    enabled_clients: [CLIENT],
  },
  'patch /connections/{id}': { display_name: 'Acme' },
  'patch /connections/{id}/clients': [{ client_id: CLIENT, status: true }],
  'post /connections/organizations/find': { connection_ids: [CONNECTION] },
  'post /connections/{id}/former-identities': {
    former_issuer: 'https://tenant.auth0.com/',
    expect_by: 'email',
    dry_run: true,
  },
  'patch /connections/{id}/scim-configuration': {
    user_id_attribute: 'externalId',
    mapping: [{ scim: 'externalId', auth0: 'preferred_username' }],
  },
  'post /connections/{id}/scim-configuration/tokens': { scopes: ['get:users', 'post:users', 'patch:users'] },
  'post /connection-profiles': {
    name: 'Customers',
    organization: { show_as_button: 'optional', assign_membership_on_login: 'none' },
    connection_name_prefix_template: 'con-{org_id}-',
    enabled_features: ['scim'],
  },
  'patch /connection-profiles/{id}': { enabled_features: [] },
  'post /user-attribute-profiles': {
    name: 'Customers',
    user_attributes: {
      email: {
        ...{ label: 'Email', description: 'The address at work', profile_required: true, auth0_mapping: 'email' },
        ...{ oidc_mapping: { mapping: 'email' }, scim_mapping: 'emails[primary eq true].value' },
      },
    },
  },
  'patch /user-attribute-profiles/{id}': { name: 'Customers of ours' },
  'post /self-service-profiles': { name: 'Customers' },
  'patch /self-service-profiles/{id}': { description: 'For customers with the enterprise plan' },
  'post /self-service-profiles/{id}/sso-ticket': {
    enabled_organizations: [{ organization_id: 'org_8mDNvTyVCbLZbTgE' }],
  },
  'post /roles': { name: 'billing', description: 'Sees and pays invoices' },
  'patch /roles/{id}': { description: 'Sees invoices' },
  'post /roles/{id}/permissions': PERMISSIONS,
  'delete /roles/{id}/permissions': PERMISSIONS,
  'post /roles/{id}/users': { users: [USER] },
  'post /users': { connection: 'Username-Password-Authentication', email: 'dana@acme.example', password: '…' },
  'patch /users/{id}': { user_metadata: { language: 'de' } },
  'post /users/{id}/roles': ROLES,
  'delete /users/{id}/roles': ROLES,
  'post /users/{id}/permissions': PERMISSIONS,
  'delete /users/{id}/permissions': PERMISSIONS,
  'post /users/{id}/identities': { provider: 'okta', connection_id: CONNECTION, user_id: 'acme-okta|00u1b2c3' },
  'post /users/{id}/identities/{provider}/{user_id}/move': { expected_email: 'dana@acme.example', dry_run: true },
  'post /users/{id}/moved-identities/{identity_id}/restore': { dry_run: true },
  'patch /sessions/{id}': { session_metadata: { device: 'kiosk' } },
  'patch /refresh-tokens/{id}': { refresh_token_metadata: { device: 'kiosk' } },
  'post /refresh-tokens/revoke': { user_id: USER },
  'patch /tenants/settings': { friendly_name: 'Northwind', session_lifetime: 72 },
  'put /prompts/{prompt}/custom-text/{language}': { 'login-id': { title: 'Welcome to Northwind' } },
  'post /custom-domains': { domain: 'login.example.com', type: 'self_managed_certs' },
  'patch /custom-domains/default': { domain: 'login.example.com' },
  'patch /attack-protection/brute-force-protection': { max_attempts: 5 },
  'patch /attack-protection/suspicious-ip-throttling': { allowlist: ['192.0.2.0/24'] },
  'patch /branding': { colors: { primary: '#1864ab' } },
  'put /branding/templates/universal-login': {
    template: '<!DOCTYPE html><html><head>{%- auth0:head -%}</head><body>{%- auth0:widget -%}</body></html>',
  },
  'post /emails/provider': {
    name: 'smtp',
    credentials: { smtp_host: 'mail.example.com', smtp_port: 587, smtp_user: 'login', smtp_pass: '…' },
    default_from_address: 'login@example.com',
  },
  'patch /emails/provider': { name: 'smtp', enabled: false },
  'post /email-templates': TEMPLATE,
  'patch /email-templates/{templateName}': { subject: 'Confirm your address' },
  'put /email-templates/{templateName}': TEMPLATE,
  'post /log-streams': {
    name: 'Collector',
    type: 'http',
    sink: { httpEndpoint: 'https://logs.example.com/vestibule' },
  },
  'patch /log-streams/{id}': { status: 'paused' },
  'post /resource-servers': {
    identifier: 'https://api.acme.example',
    name: 'Invoices',
    scopes: [{ value: 'read:invoices', description: 'See invoices' }],
  },
  'patch /resource-servers/{id}': { token_lifetime: 3600 },
  'post /client-grants': { client_id: CLIENT, audience: 'https://api.acme.example', scope: ['read:invoices'] },
  'patch /client-grants/{id}': { scope: ['read:invoices', 'pay:invoices'] },
  'post /tickets/password-change': { user_id: USER },
  'post /tickets/email-verification': { user_id: USER },
  'post /jobs/users-exports': { format: 'csv', fields: [{ name: 'email' }] },
  'post /jobs/verification-email': { user_id: USER },
  'post /actions/actions': {
    name: 'plan-into-token',
    supported_triggers: [{ id: 'post-login', version: 'v3' }],
    code: "exports.onExecutePostLogin = async (event, api) => api.idToken.setCustomClaim('plan', 'enterprise');",
  },
  'patch /actions/actions/{id}': { dependencies: [] },
  'patch /actions/triggers/{triggerId}/bindings': {
    bindings: [{ ref: { type: 'action_name', value: 'plan-into-token' }, display_name: 'plan-into-token' }],
  },
  'post /actions/check': { trigger_id: 'post-login', code: 'exports.onExecutePostLogin = async () => {};' },
  'post /actions/actions/{id}/test': { payload: { event: { user: { email: 'dana@acme.example' } } } },
  'post /actions/modules': { name: 'plans', code: 'exports.planOf = () => "enterprise";' },
  'patch /actions/modules/{id}': { code: 'exports.planOf = () => "free";' },
};
