/** Settings of organizations, people and self-service that do nothing here. Only data. Must import nothing but the form of a row. */
import { NOT_ENFORCED, refused, unless, withoutEffect } from './row.js';

const STRATEGIES = ['pingfederate', 'ad', 'adfs', 'google-apps', 'okta', 'oidc', 'samlp'];
const of = (names: readonly string[], place: (name: string) => string) => names.map(place).join(' ');
const NO_UNIVERSAL_LOGOUT = unless([['scim']], 'No provider revokes all tokens of a person; SCIM deactivates people.');
const FIXED_SUBJECT = 'The subject is the claim sub, at Entra ID oid: an address may belong to another person later.';

export const OTHER_ROWS = [
  ...refused('/organizations', {
    third_party_client_access: unless(['block'], 'this server has no applications of third parties. Leave it out.'),
  }),
  ...withoutEffect('/organizations', {
    'token_quota.client_credentials.enforce': unless([true], NOT_ENFORCED),
  }),
  ...refused('/roles', { type: unless(['tenant'], 'a role here is of the tenant, and is given in organizations.') }),
  ...withoutEffect('/connection-profiles', {
    enabled_features: NO_UNIVERSAL_LOGOUT,
    [of([...STRATEGIES, 'waad'], (name) => `strategy_overrides.${name}.enabled_features`)]: NO_UNIVERSAL_LOGOUT,
  }),
  ...withoutEffect('/user-attribute-profiles', {
    [of(STRATEGIES, (name) => `user_id.strategy_overrides.${name}.oidc_mapping`)]: unless(['sub'], FIXED_SUBJECT),
    'user_id.strategy_overrides.waad.oidc_mapping': unless(['oid'], FIXED_SUBJECT),
  }),
  ...withoutEffect('/branding', { font: 'The pages use the font of the device.' }),
  ...withoutEffect('/branding/themes', {
    'fonts.font_url': 'The pages use the font of the device.',
    'widget.social_buttons_layout': 'The button of a connection is below the address.',
    'colors.base_focus_color colors.base_hover_color': 'The color of a button says it.',
    'colors.captcha_widget_theme': 'There are no captchas.',
    'colors.icons colors.read_only_background': 'The pages have no such part.',
    'identifiers.login_display': unless(['unified'], 'The page has one field, for the address or the username.'),
    'identifiers.otp_autocomplete': unless([true], 'No code is typed in.'),
    'identifiers.phone_display': unless(
      [{ formatting: 'international', masking: 'mask_digits' }],
      'Nobody signs in by telephone.',
    ),
  }),
  ...withoutEffect('/log-streams', { isPriority: 'Every stream gets each line in its order.' }),
  ...withoutEffect('/users', { phone_verified: 'Nobody signs in by telephone.' }),
  ...withoutEffect('/users/{id}/authentication-methods', {
    'user_agent identity_user_id': 'A passkey signs in to the account, whichever identity it has.',
  }),
  ...refused('/users', { verify_phone_number: 'no text messages are sent. Leave it out.' }),
  ...refused('/self-service-profiles', {
    user_attribute_profile_id: 'a set-up link maps no attributes. List those that are needed in user_attributes.',
  }),
  ...withoutEffect('/self-service-profiles/{id}/sso-ticket', {
    'connection_config.is_domain_connection connection_config.metadata connection_config.options.icon_url':
      'The operator sets it on the connection.',
    'connection_config.show_as_button': 'show_as_button counts in enabled_organizations.',
    'enabled_features.sso': unless([true], 'A ticket is always for single sign-on.'),
  }),
];
