/**
 * The parts of Auth0's Management API that this server does not have, with the answers of an Auth0 tenant that does not
 * use them: an empty list, the documented defaults, or 404. So tools that read a whole tenant (deploy-cli, Terraform)
 * keep working. Writes are refused with a sentence. Must never pretend: each value here is true of this server, or is
 * Auth0's default for a feature that is off.
 */
import { type AbsentFeature, cursor, is, list, missing, noneOf } from './answers.js';
import { SIGN_IN_FEATURES } from './sign-in-features.js';

const NO_PROVISIONING = 'The connection has no directory provisioning.';

export const ABSENT_FEATURES: readonly AbsentFeature[] = [
  ...SIGN_IN_FEATURES,
  {
    name: 'Forms and flows',
    instead: 'An Action with a redirect shows a page of your own.',
    paths: {
      '/flows': list('flows'),
      '/flows/{id}': missing('The flow does not exist.'),
      '/flows/{flow_id}/executions': list('executions', { checkpoint: true }),
      '/flows/{flow_id}/executions/{execution_id}': missing('The execution does not exist.'),
      '/flows/vault/connections': list('connections'),
      '/flows/vault/connections/{id}': missing('The vault connection does not exist.'),
      '/forms': list('forms'),
      '/forms/{id}': missing('The form does not exist.'),
    },
  },
  {
    name: 'Event streams',
    instead: 'Every change is a line in the log.',
    paths: {
      '/events': missing('There are no events to subscribe to.'),
      '/event-streams': cursor('eventStreams'),
      '/event-streams/{id}': missing('The event stream does not exist.'),
      '/event-streams/{id}/deliveries': missing('The event stream does not exist.'),
      '/event-streams/{id}/deliveries/{event_id}': missing('The event stream does not exist.'),
      '/event-streams/{id}/redeliver': missing('The event stream does not exist.'),
      '/event-streams/{id}/redeliver/{event_id}': missing('The event stream does not exist.'),
      '/event-streams/{id}/test': missing('The event stream does not exist.'),
    },
  },
  {
    name: 'Experiments',
    instead: 'Pages are the same for everybody.',
    paths: {
      '/experimentation/experiments': cursor('experiments'),
      '/experimentation/experiments/{id}': missing('Experiment not found.'),
      '/experimentation/experiments/{id}/status': missing('Experiment not found.'),
      '/experimentation/experiments/{id}/validate': missing('Experiment not found.'),
      '/experimentation/feature-flags': cursor('feature_flags'),
      '/experimentation/feature-flags/{id}': missing('Feature flag not found.'),
      '/experimentation/feature-flags/{id}/status': missing('Feature flag not found.'),
      '/experimentation/feature-flags/{id}/variations': missing('Feature flag not found.'),
      '/experimentation/feature-flags/{id}/variations/{vid}': missing('Feature flag not found.'),
      '/experimentation/segments': cursor('segments'),
      '/experimentation/segments/{id}': missing('Segment not found.'),
    },
  },
  {
    name: 'Network access control',
    instead: 'A proxy in front of the server does it.',
    paths: {
      '/network-acls': list('network_acls'),
      '/network-acls/{id}': missing('The network ACL does not exist.'),
    },
  },
  {
    name: 'Rate limit policies',
    instead: 'Limits are the same for all applications.',
    paths: {
      '/rate-limit-policies': cursor('rate_limit_policies'),
      '/rate-limit-policies/{id}': missing('The rate limit policy does not exist.'),
    },
  },
  {
    name: 'Risk assessment and signals',
    instead: 'An Action can ask a service of yours.',
    paths: {
      '/risk-assessments/settings': is({ enabled: false }),
      '/risk-assessments/settings/new-device': is({ remember_for: 30 }),
      '/supplemental-signals': is({ akamai_enabled: false }),
    },
  },
  {
    name: 'Token exchange',
    instead: 'The application asks for a token of its own.',
    paths: {
      '/token-exchange-profiles': cursor('token_exchange_profiles'),
      '/token-exchange-profiles/{id}': missing('The token exchange profile does not exist.'),
    },
  },
  {
    name: 'Words of the set-up pages',
    instead: 'The set-up by a customer speaks as the server has it.',
    paths: { '/self-service-profiles/{id}/custom-text/{language}/{page}': is({}) },
  },
  {
    name: 'Directory provisioning',
    instead: 'Inbound SCIM brings people and groups.',
    paths: {
      '/connections-directory-provisionings': cursor('directory_provisionings'),
      '/connections/{id}/directory-provisioning': noneOf(NO_PROVISIONING),
      '/connections/{id}/directory-provisioning/default-mapping': missing(NO_PROVISIONING),
      '/connections/{id}/directory-provisioning/synchronizations': noneOf(NO_PROVISIONING),
      '/connections/{id}/directory-provisioning/synchronized-groups': missing(NO_PROVISIONING),
    },
  },
  {
    name: 'Groups as resources',
    instead: 'Groups of a directory give roles in an organization: its scim-group-roles say which.',
    of: 'organization',
    paths: {
      '/organizations/{organization_id}/groups': cursor('groups'),
      '/organizations/{organization_id}/groups/{group_id}/roles': missing('The group does not exist.'),
    },
  },
  {
    name: 'Groups of the tenant',
    instead: 'Groups of a directory give roles in an organization, not in the tenant.',
    paths: {
      '/groups': list('groups', { checkpoint: true }),
      '/groups/{id}': missing('The group does not exist.'),
      '/groups/{id}/members': missing('The group does not exist.'),
      '/groups/{id}/roles': missing('The group does not exist.'),
    },
  },
  {
    name: 'Groups of a role',
    instead: 'Groups of a directory give roles in an organization, not in the tenant.',
    of: 'role',
    paths: { '/roles/{id}/groups': cursor('groups') },
  },
  {
    name: 'Groups of a user',
    instead: 'Groups of a directory give roles in an organization: the effective roles of a member name them.',
    ofUser: true,
    paths: {
      '/users/{id}/groups': list('groups', { checkpoint: true }),
      '/users/{id}/effective-roles/sources/groups': cursor('groups'),
    },
  },
  {
    name: 'Applications that are described by a document (CIMD)',
    instead: 'An operator makes an application in the console, or a script by POST /clients.',
    paths: { '/clients/cimd/preview': is({}), '/clients/cimd/register': is({}) },
  },
  {
    name: 'Verifiable credentials',
    instead: 'People sign in by a password or their identity provider.',
    paths: {
      '/verifiable-credentials/verification/templates': cursor('templates'),
      '/verifiable-credentials/verification/templates/{id}': missing('The template does not exist.'),
    },
  },
  {
    name: 'Device credentials',
    instead:
      'People prove themselves by a password or their identity provider, not by a key of a device. Refresh tokens are shown by /users/{id}/refresh-tokens.',
    paths: {
      '/device-credentials': list('device_credentials'),
      '/device-credentials/{id}': missing('The device credential does not exist.'),
    },
  },
  {
    name: 'Consent of people',
    instead: 'Applications are first-party; nobody is asked for a consent.',
    paths: { '/grants': list('grants'), '/grants/{id}': missing('The grant does not exist.') },
  },
  {
    name: 'Keys of your own',
    instead: 'Keys are made and kept by the server; VESTIBULE_SECRET_KEY is the root of what it seals.',
    paths: {
      '/keys/custom-signing': missing('There are no custom signing keys.'),
      '/keys/encryption': list('keys'),
      '/keys/encryption/rekey': is({}),
      '/keys/encryption/{kid}': missing('Encryption key not found.'),
      '/keys/encryption/{kid}/wrapping-key': missing('Encryption key not found.'),
    },
  },
  {
    name: 'AD/LDAP connectors',
    instead: 'A company signs in by OpenID Connect or SAML.',
    paths: { '/connections/{id}/status': missing('not connected to any node') },
  },
  {
    name: 'Pages of your own',
    instead: 'Pages are styled by branding; their HTML is the server’s.',
    paths: {
      '/prompts/rendering': list('configs'),
      '/prompts/{prompt}/screen/{screen}/rendering': is({ rendering_mode: 'standard' }),
      '/prompts/{prompt}/partials': is({}),
    },
  },
  {
    name: 'Other ways to ask for the address and the password',
    instead: 'The pages ask for the address first; their words are /prompts/{prompt}/custom-text/{language}.',
    paths: {
      '/prompts': is({
        universal_login_experience: 'new',
        identifier_first: true,
        webauthn_platform_first_factor: false,
      }),
    },
  },
];
