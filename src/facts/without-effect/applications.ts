/** Settings of applications and APIs that do nothing here. Only data. Must import nothing but the form of a row. */
import { NOT_ENFORCED, promise, refused, unless, withoutEffect } from './row.js';

const NOT_CHECKED = 'this server does not check it, so it cannot be turned on. Leave it out.';
const NO_TRANSFER = 'No session is transferred to an application: its browser signs in.';
const NO_EMBEDDED = 'People sign in on this server’s pages alone.';
const NO_PAGE = 'Pages are styled by branding.';
const NO_CONSENT = 'Nobody is asked for a consent.';
const NO_OWN_APPLICATION = 'Members register no application by the My Organization API.';
const NO_SESSION_METADATA = 'Logout tokens carry no metadata of the session.';

export const APPLICATION_ROWS = [
  ...refused('/clients', {
    'signed_request_object.required require_pushed_authorization_requests require_proof_of_possession': NOT_CHECKED,
    compliance_level: unless(['none'], NOT_CHECKED),
  }),
  ...withoutEffect('/clients', {
    logo_uri: 'Pages show the logo of the organization or of the tenant.',
    is_first_party: promise('It is treated as one of your own: without a consent, in every organization.', [true]),
    third_party_security_mode: promise('Every application is treated as one of your own.', ['permissive']),
    redirection_policy: promise('A refusal without a callback is shown on a page, never redirected.', ['allow_always']),
    skip_non_verifiable_callback_uri_confirmation_prompt: NO_CONSENT,
    is_token_endpoint_ip_header_trusted: 'Addresses come from VESTIBULE_TRUST_PROXY.',
    oidc_conformant: unless([true], 'Every application is treated as conformant.'),
    'oidc_logout.backchannel_logout_session_metadata oidc_backchannel_logout.backchannel_logout_session_metadata':
      NO_SESSION_METADATA,
    session_transfer: NO_TRANSFER,
    'cross_origin_authentication cross_origin_auth cross_origin_loc': NO_EMBEDDED,
    allowed_origins: 'Scripts of other origins are allowed by web_origins.',
    'custom_login_page_preview custom_login_page form_template': NO_PAGE,
    custom_login_page_on: unless([true], NO_PAGE),
    'client_aliases allowed_clients': 'No token is issued for another application.',
    encryption_key: 'ID tokens are not encrypted.',
    'token_quota.client_credentials.enforce': unless([true], NOT_ENFORCED),
    sso: 'Sessions are always shared; sso_disabled asks again.',
    addons: 'This server is no SAML identity provider. An application signs in by OpenID Connect.',
    'mobile native_social_login': 'A mobile application signs in by the browser.',
    fedcm_login: 'The pages do not use FedCM.',
    'jwt_configuration.secret_encoded jwt_configuration.scopes': 'Tokens are signed with RS256; Actions add claims.',
    token_exchange: 'No token is exchanged: the application asks for a token of its own.',
    token_vault_privileged_access: 'No token of an identity provider is stored.',
    par_request_expiry: 'Authorization requests are not pushed.',
    resource_server_identifier: 'An API gets no tokens of other services.',
    express_configuration: 'A self-service profile lets a customer set up its connection.',
    'my_organization_configuration.third_party_client_access': NO_OWN_APPLICATION,
    'my_organization_configuration.enforce_permission_ceiling': unless([true], 'The ceiling of roles always holds.'),
    'my_organization_configuration.enforce_self_assignment_restriction': unless(
      [true],
      'No member ever gives themselves a role.',
    ),
    async_approval_notification_channels: 'Nobody signs in on another device (CIBA).',
  }),
  ...refused('/resource-servers', {
    'proof_of_possession.required token_encryption': NOT_CHECKED,
  }),
  ...withoutEffect('/resource-servers', {
    'proof_of_possession.mechanism proof_of_possession.required_for': 'Access tokens are bearer tokens.',
    signing_secret: 'Access tokens are signed with RS256.',
    'allow_online_access allow_online_access_with_ephemeral_sessions':
      'A refresh token outlives its session: allow_offline_access.',
    skip_consent_for_verifiable_first_party_clients: NO_CONSENT,
    consent_policy: promise('Nobody is asked for a consent, and no transaction is approved.'),
    authorization_details: 'Rich authorization requests are not supported.',
    authorization_policy: promise('No policy is asked for an access token. An Action may deny it.'),
    token_lifetime_for_web: unless([7200], 'There is no implicit flow: token_lifetime counts.'),
  }),
  ...withoutEffect('/client-grants', {
    default_for: 'A grant names its application.',
  }),
];
