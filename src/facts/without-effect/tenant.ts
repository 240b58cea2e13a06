/** Settings of the tenant that do nothing here. Only data. Must import nothing but the form of a row. */
import { NOT_ENFORCED, promise, unless, withoutEffect } from './row.js';

const NO_PAGE = 'Pages are styled by branding.';
const OWN_SESSIONS = 'Every session has session_lifetime and idle_session_lifetime.';
const ALWAYS = 'The server decides it by itself.';
const NO_CLASSIC = 'It is about Auth0’s older pages and endpoints, which are not here.';
const NO_DASHBOARD = 'It is about Auth0’s Dashboard; here is the console.';

export const TENANT_ROWS = withoutEffect('/tenants/settings', {
  'change_password guardian_mfa_page universal_login': NO_PAGE,
  error_page: 'Refusals are shown on the server’s own page, with the reference.',
  'default_token_quota.clients.client_credentials.enforce': unless([true], NOT_ENFORCED),
  'default_token_quota.organizations.client_credentials.enforce': unless([true], NOT_ENFORCED),
  device_flow: 'There is no device flow.',
  default_audience: 'An application names the API in its request.',
  default_directory: 'There is no password grant.',
  picture_url: 'The logo is that of branding.',
  'ephemeral_session_lifetime idle_ephemeral_session_lifetime': promise(OWN_SESSIONS),
  'ephemeral_session_lifetime_in_minutes idle_ephemeral_session_lifetime_in_minutes': promise(OWN_SESSIONS),
  session_cookie: promise('The cookie of a session lasts as long as the session.', [{ mode: 'persistent' }]),
  'sessions.oidc_logout_prompt_enabled': unless([true], 'The person is always asked.'),
  'oidc_logout.rp_logout_end_session_endpoint_discovery': unless([true], 'The discovery document names the endpoint.'),
  sandbox_version: unless(['22'], 'Actions run in the Node.js of the server.'),
  legacy_sandbox_version: 'Actions run in the Node.js of the server.',
  security_headers: promise('Pages have the headers of the server.'),
  customize_mfa_in_postlogin_action: unless(
    [true],
    'Actions may always ask for second factors: their code is the wish.',
  ),
  acr_values_supported: 'No acr value is offered.',
  mtls: 'Applications do not authenticate by TLS certificates.',
  pushed_authorization_requests_supported: 'Authorization requests are not pushed.',
  authorization_response_iss_parameter_supported: unless([true], 'Each application has authorization_response_iss.'),
  skip_non_verifiable_callback_uri_confirmation_prompt: 'Nobody is asked for a consent.',
  resource_parameter_profile: unless(['audience'], 'The parameter audience names the API.'),
  client_id_metadata_document_supported: 'Applications do not register themselves.',
  dynamic_client_registration_security_mode: 'Applications do not register themselves.',
  enable_ai_guide: NO_DASHBOARD,
  'phone_consolidated_experience country_codes': 'No text messages are sent.',
  include_session_metadata_in_tenant_logs: 'A line of the log names the session alone.',
  'flags.revoke_refresh_token_grant': promise(
    'A revocation takes a refresh token and those rotated from it, no other grant.',
  ),
  'flags.no_disclose_enterprise_connections': promise('The pages list no connection, but ask for the address.'),
  'flags.enforce_client_authentication_on_passwordless_start': 'There is no sign-in by a code alone.',
  'flags.enable_dynamic_client_registration': 'Applications do not register themselves.',
  'flags.enable_client_connections': 'A new application gets no connection by itself.',
  'flags.use_scope_descriptions_for_consent': 'Nobody is asked for a consent.',
  'flags.enable_sso flags.disable_impersonation': unless([true], ALWAYS),
  'flags.allow_changing_enable_sso flags.disable_clickjack_protection_headers flags.remove_alg_from_jwks': ALWAYS,
  'flags.enable_adfs_waad_email_verification flags.trust_azure_adfs_email_verified_connection_property':
    'Addresses in a domain that the company has verified count as verified.',
  'flags.mfa_show_factor_list_on_enrollment': 'The page always offers the other factors by links.',
  'flags.disable_management_api_sms_obfuscation': 'No text messages are sent.',
  'flags.custom_domains_provisioning': 'The server has one domain.',
  'flags.universal_login': unless([true], 'There are no other pages.'),
  'flags.change_pwd_flow_v1 flags.enable_pipeline2 flags.allow_legacy_delegation_grant_types': NO_CLASSIC,
  'flags.allow_legacy_ro_grant_types flags.allow_legacy_tokeninfo_endpoint flags.enable_legacy_profile': NO_CLASSIC,
  'flags.enable_idtoken_api2 flags.improved_signup_bot_detection_in_classic flags.disable_fields_map_fix': NO_CLASSIC,
  'flags.enable_public_signup_user_exists_error': 'Whether an address is known is told to its owner alone, by mail.',
  'flags.enable_apis_section flags.dashboard_log_streams_next flags.dashboard_insights_view': NO_DASHBOARD,
  'flags.genai_trial': NO_DASHBOARD,
});
