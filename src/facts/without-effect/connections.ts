/** Settings of connections that do nothing here. Only data. Must import nothing but data and the form of a row. */
import { PASSWORD_OPTIONS } from '../database-defaults.js';
import { promise, refused, type SettingRow, unless, withoutEffect } from './row.js';

const NO_SCRIPT =
  'this server keeps the people of a database itself and runs no script of yours. Import them (POST /jobs/users-imports) and leave it out.';
const BY_GUESSES = 'A password is judged by passwordPolicy, a least length and the guesses that it needs.';
const BY_ADDRESS = 'Everybody in a database has one address, and signs in by it.';
const NOT_STORED = promise('All claims of a person are stored in the profile of the identity.');
const NO_GRAPH = 'The provider’s directory is not asked: claims of the ID token are read.';
const FIXED_SCOPE = 'The server asks for openid, profile and email.';
const NO_ICON = 'The pages show names, no icons.';
const OWN_ADDRESS = 'An answer has to name this server’s own address.';
const NO_TOKENS = 'No token of an identity provider is stored.';

/** Makes the rows of options of some strategies. */
const options = (strategies: readonly string[], facts: Parameters<typeof withoutEffect>[1]): readonly SettingRow[] =>
  withoutEffect('/connections', facts).map((row) => ({ ...row, property: `options.${row.property}`, strategies }));

const NO_CODES = {
  because: 'people of a database sign in by a password or a passkey. Leave it out, or set enabled to false.',
  usual: [{ enabled: false }],
};

export const CONNECTION_ROWS = [
  ...withoutEffect('/connections', {
    is_domain_connection: 'Organizations decide by their discovery domains where an address leads.',
    'options.non_persistent_attrs': NOT_STORED,
    'options.icon_url': NO_ICON,
    'connected_accounts.cross_app_access': NO_TOKENS,
  }),
  ...refused('/connections', {
    'options.enabledDatabaseCustomization options.customScripts options.import_mode': {
      because: NO_SCRIPT,
      strategies: ['auth0'],
    },
    'options.authentication_methods.email_otp options.authentication_methods.phone_otp': {
      ...NO_CODES,
      strategies: ['auth0'],
    },
  }),
  ...options(['auth0'], {
    mfa: unless(
      [{ active: true, return_enroll_settings: true }],
      'A connection does not decide: the tenant, an organization or an Action does.',
    ),
    strategy_version: unless([2], 'There is one version of databases.'),
    brute_force_protection: unless([true], 'Guessing is always limited.'),
    enable_script_context: 'No script of yours runs for a database.',
    'attributes precedence': BY_ADDRESS,
    validation: 'The length of a username is not checked.',
    'authentication_methods.password.api_behavior': unless(['required'], 'The API sets passwords as it is asked to.'),
    'authentication_methods.password.signup_behavior': promise('Sign-up is turned off by disable_signup.', ['allow']),
    password_history: promise('A former password may be set again.', [{ enable: false }]),
    'password_dictionary password_no_personal_info': promise(BY_GUESSES, [{ enable: false }]),
    'password_options.history': promise('A former password may be set again.', [PASSWORD_OPTIONS.history]),
    'password_options.dictionary': promise(BY_GUESSES, [PASSWORD_OPTIONS.dictionary]),
    'password_options.profile_data': promise(BY_GUESSES, [PASSWORD_OPTIONS.profile_data]),
    'password_options.complexity.character_types': promise(BY_GUESSES),
    'password_options.complexity.character_type_rule': unless(['all'], BY_GUESSES),
    'password_options.complexity.identical_characters password_options.complexity.sequential_characters': promise(
      BY_GUESSES,
      ['allow'],
    ),
    'password_options.complexity.max_length_exceeded': unless(
      ['error'],
      'A password of more than 1,024 bytes is refused.',
    ),
    disable_self_service_change_password: promise('People may change their password by a link in a mail.'),
  }),
  ...options(['oidc', 'okta'], {
    'attribute_map.userinfo_scope userinfo_endpoint': 'Claims are read from the ID token.',
    send_back_channel_nonce: unless([true], 'A nonce is always sent.'),
    dpop_signing_alg: promise('The provider’s tokens are used once, at once, without DPoP.'),
    id_token_session_expiry_supported: promise('A session has the lifetime of the tenant.'),
    federated_connections_access_tokens: unless([{ active: false }], NO_TOKENS),
    tenant_domain: 'The issuer says which provider it is.',
    schema_version: unless(['oidc-V4'], 'Options are read in one version.'),
  }),
  ...options(['waad'], {
    'ext_admin ext_is_suspended ext_agreed_terms ext_assigned_plans ext_profile': NO_GRAPH,
    'api_enable_users max_groups_to_retrieve': NO_GRAPH,
    'basic_profile scope': FIXED_SCOPE,
    'app_id app_domain granted': 'client_id names the registration at Entra.',
    thumbprints: 'Keys are fetched from Entra.',
  }),
  ...options(['google-apps'], {
    map_user_id_to_id: unless([true], 'A person’s id is always Google’s sub.'),
    'api_enable_users ext_is_suspended ext_agreed_terms ext_admin': NO_GRAPH,
    handle_login_from_social: 'People sign in by their company’s own connection.',
    'email profile': unless([true], FIXED_SCOPE),
    'scope allow_setting_login_scopes': FIXED_SCOPE,
  }),
  ...options(['samlp'], {
    deflate: unless([true], 'A redirect is always deflated.'),
    'destinationUrl recipientUrl': OWN_ADDRESS,
    'debug login_hint': 'No SAML request carries it.',
    thumbprints: 'Certificates are compared whole.',
    tenant_domain: 'The issuer says which provider it is.',
    'global_token_revocation_jwt_iss global_token_revocation_jwt_sub': 'Sign-out is told by SAML single logout.',
    assertion_decryption_settings: 'The server says which algorithms it decrypts.',
  }),
];
