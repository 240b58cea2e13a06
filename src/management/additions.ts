/**
 * Additions of this server to Auth0's requests: properties added to Auth0's definitions, and requests of endpoints that
 * Auth0 does not have. A request that uses no addition has exactly Auth0's shape. docs/auth0-compatibility.md links to
 * the lists.
 */
import { STRATEGY_NAMES } from '../facts/strategies.js';
import { additionsOf } from './api/fields.js';
import type { JsonSchema } from './api/operation.js';
import { CLIENT_FIELDS } from './clients/fields.js';
import { ENABLEMENT_FIELDS } from './enabled-connections/fields.js';
import { WEBAUTHN_SETTINGS } from './guardian/requests.js';
import { ORGANIZATION_CLIENTS } from './organizations/client-requests.js';
import { ORGANIZATION_FIELDS } from './organizations/fields.js';
import { QUESTIONS_ABOUT_PEOPLE } from './organizations/questions.js';
import {
  CONNECTION_PATH,
  DOMAIN_PATH,
  ENABLEMENT_PATH,
  IDENTITY_PATH,
  MEMBER_PATH,
  MOVED_PATH,
  ORGANIZATION_PATH,
  type OwnRequest,
  USER_PATH,
} from './own-request.js';
import { ROLE_FIELDS } from './roles/fields.js';

const ENABLEMENT: JsonSchema = additionsOf(ENABLEMENT_FIELDS);

const CLIENT: JsonSchema = {
  ...additionsOf(CLIENT_FIELDS),
  authorization_response_iss: { type: ['boolean', 'null'] },
  refusals: { type: ['string', 'null'], enum: ['redirect', 'page', null] },
};

const CONNECTION: JsonSchema = {
  needs_organization: { type: 'boolean' },
  managed_by_organization: { type: ['string', 'null'], maxLength: 50 },
};

const ROLE: JsonSchema = additionsOf(ROLE_FIELDS);

/** Properties that this server adds, by the name of the definition in Auth0's document. */
export const ADDED_PROPERTIES: Readonly<Record<string, JsonSchema>> = {
  CreateClientRequestContent: CLIENT,
  UpdateClientRequestContent: CLIENT,
  CreateConnectionRequestContent: CONNECTION,
  UpdateConnectionRequestContent: CONNECTION,
  ConnectionForOrganization: ENABLEMENT,
  AddOrganizationConnectionRequestContent: ENABLEMENT,
  UpdateOrganizationConnectionRequestContent: ENABLEMENT,
  CreateOrganizationAllConnectionRequestContent: ENABLEMENT,
  UpdateOrganizationAllConnectionRequestContent: ENABLEMENT,
  CreateOrganizationRequestContent: additionsOf(ORGANIZATION_FIELDS),
  UpdateOrganizationRequestContent: additionsOf(ORGANIZATION_FIELDS),
  CreateRoleRequestContent: ROLE,
  UpdateRoleRequestContent: ROLE,
  UpdateTenantSettingsRequestContent: {
    membership_evaluation: { type: 'string', enum: ['after_actions', 'before_actions'] },
  },
  LinkUserIdentityRequestContent: { expected_email: { type: 'string', format: 'email' } },
  SelfServiceProfileSsoTicketProvisioningConfig: {
    assignable_roles: {
      type: 'array',
      minItems: 1,
      maxItems: 20,
      items: { type: 'string', minLength: 1, maxLength: 100 },
    },
  },
  // A log collector in a network of VESTIBULE_OUTBOUND_ALLOW may use plain http.
  LogStreamHttpSink: { httpEndpoint: { type: 'string', pattern: '^https?://.*', maxLength: 2048 } },
  // Ids of refresh tokens are longer here than Auth0's.
  RevokeRefreshTokensRequestContent: {
    ids: { type: 'array', minItems: 1, maxItems: 100, items: { type: 'string', minLength: 1, maxLength: 100 } },
  },
  UpdateActionRequestContent: { deploy: { type: 'boolean' } },
  // A module's secret that is sent without a value keeps its stored one, as an Action's does: a caller who changes one
  // secret cannot read the others to send them again.
  UpdateActionModuleRequestContent: {
    secrets: {
      type: 'array',
      maxItems: 30,
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['name'],
        properties: {
          name: { type: 'string', maxLength: 255, pattern: '^[^\u0000]*$' },
          value: { type: 'string', maxLength: 4096, pattern: '^[^\u0000]*$' },
        },
      },
    },
  },
};

/** Values that this server adds to an enumeration, by the name of the definition. */
export const ADDED_VALUES: Readonly<Record<string, readonly string[]>> = {
  ActionTriggerTypeEnum: ['organization-admission'],
  // All strategies of this server. Some are in Auth0's lists already.
  ConnectionStrategyEnum: STRATEGY_NAMES,
  ConnectionIdentityProviderEnum: STRATEGY_NAMES,
  UserIdentityProviderEnum: STRATEGY_NAMES,
};

/** Query parameter for lists: only items whose shown name, or whose address, begins with this text. */
const STARTS_WITH: JsonSchema = { starts_with: { type: 'string', minLength: 1, maxLength: 255 } };
const CHECK_DISCOVERY: JsonSchema = { check_discovery: { type: 'boolean' } };

/** Query parameters that this server adds, by operation. */
export const ADDED_PARAMETERS: Readonly<Record<string, JsonSchema>> = {
  'get /organizations': STARTS_WITH,
  'get /organizations/{id}/invitations': STARTS_WITH,
  'get /connections': STARTS_WITH,
  'get /clients': STARTS_WITH,
  'post /connections': CHECK_DISCOVERY,
  'patch /connections/{id}': { ...CHECK_DISCOVERY, options_revision: { type: 'string', maxLength: 100 } },
};

/**
 * Scope in an operator's token that means "everything that the operator's roles permit at the time of a request". The
 * console requests it, because a list of all scopes would make the address of its sign-in too long. An operator's
 * script should request only the scopes that it needs; its token then has no others.
 */
export const ROLES_SCOPE = 'use:roles';

/**
 * Additional scopes of this server that permit an operation, besides Auth0's. Each permits less than Auth0's scope
 * does.
 */
export const OWN_SCOPES: Readonly<Record<string, readonly string[]>> = {
  // For blocking a person without the right to change their password or address.
  'patch /users/{id}': ['update:users_blocked'],
  // For unblocking a person locked out by failed attempts; Auth0 requires the right to change the person.
  'delete /user-blocks': ['update:users_blocked'],
  'delete /user-blocks/{id}': ['update:users_blocked'],
};

/**
 * The request that prepares or withdraws expected identities. An invalid line gets an error in its place in the answer;
 * the other lines are still processed.
 */
const EXPECTED_IDENTITIES: OwnRequest = {
  scopes: ['update:users'],
  path: ORGANIZATION_PATH,
  body: {
    type: 'object',
    additionalProperties: false,
    required: ['connection_id', 'identities'],
    properties: {
      connection_id: { type: 'string', format: 'connection-id' },
      identities: {
        type: 'array',
        minItems: 1,
        maxItems: 1000,
        items: {
          type: 'object',
          additionalProperties: false,
          required: ['user_id'],
          properties: {
            user_id: { type: 'string', minLength: 1, maxLength: 2048 },
            subject: { type: 'string', maxLength: 1024 },
            expected_email: { type: 'string', maxLength: 1024 },
          },
        },
      },
    },
  },
};

/** Query parameters of a list that accepts a cursor (`take`, `from`) or page numbers. */
const PAGING = {
  take: { type: 'integer', minimum: 1, maximum: 100 },
  from: { type: 'string', maxLength: 1000 },
  page: { type: 'integer', minimum: 0 },
  per_page: { type: 'integer', minimum: 1, maximum: 100 },
  include_totals: { type: 'boolean' },
};

const GROUP_NAME = { type: 'string', minLength: 1, maxLength: 255 };
/** Requests to endpoints that Auth0 does not have. */
export const OWN_REQUESTS: Readonly<Record<string, OwnRequest>> = {
  ...QUESTIONS_ABOUT_PEOPLE,
  'get /organizations/search': { scopes: ['read:organizations'] },
  'get /resource-servers/search': { scopes: ['read:resource_servers'] },
  'patch /organizations/{id}/members/{user_id}': {
    scopes: ['update:organization_members'],
    path: MEMBER_PATH,
    body: {
      type: 'object',
      additionalProperties: false,
      required: ['break_glass'],
      properties: { break_glass: { type: 'boolean' } },
    },
  },
  ...ORGANIZATION_CLIENTS,
  ...WEBAUTHN_SETTINGS,
  'get /organizations/{id}/enabled_connections/{connectionId}/scim-group-roles': {
    scopes: ['read:organization_group_roles'],
    path: ENABLEMENT_PATH,
  },
  'patch /organizations/{id}/enabled_connections/{connectionId}/scim-group-roles': {
    // The operation also requires delete:organization_group_roles.
    scopes: ['create:organization_group_roles'],
    path: ENABLEMENT_PATH,
    body: {
      type: 'object',
      additionalProperties: false,
      required: ['scim_group_roles'],
      properties: {
        scim_group_roles: {
          type: 'array',
          maxItems: 500,
          items: {
            type: 'object',
            additionalProperties: false,
            required: ['roles'],
            oneOf: [{ required: ['display_name'] }, { required: ['external_id'] }],
            properties: {
              display_name: GROUP_NAME,
              external_id: GROUP_NAME,
              roles: {
                type: 'array',
                minItems: 1,
                maxItems: 50,
                items: { type: 'string', minLength: 1, maxLength: 100 },
              },
            },
          },
        },
      },
    },
  },
  'post /connections/{id}/former-identities': {
    // The request decides which user owns an identity, so this scope alone is not enough (see
    // connection-former-identities.ts).
    scopes: ['update:users'],
    path: CONNECTION_PATH,
    body: {
      type: 'object',
      additionalProperties: false,
      required: ['former_issuer', 'expect_by'],
      properties: {
        former_issuer: { type: 'string', maxLength: 1024 },
        expect_by: { type: 'string', enum: ['subject', 'email'] },
        subjects: {
          type: 'object',
          maxProperties: 1000,
          additionalProperties: { type: 'string', minLength: 1, maxLength: 255 },
        },
        only: { type: 'array', maxItems: 1000, items: { type: 'string', minLength: 1, maxLength: 255 } },
        dry_run: { type: 'boolean' },
      },
    },
  },
  'post /users/{id}/identities/{provider}/{user_id}/move': {
    scopes: ['update:users'],
    path: IDENTITY_PATH,
    body: {
      type: 'object',
      additionalProperties: false,
      oneOf: [{ required: ['subject'] }, { required: ['expected_email'] }],
      properties: {
        subject: { type: 'string', minLength: 1, maxLength: 255 },
        expected_email: { type: 'string', format: 'email' },
        absorb_user_id: { type: 'string', minLength: 1, maxLength: 1024 },
        dry_run: { type: 'boolean' },
      },
    },
  },
  'get /users/{id}/evidence': { scopes: ['read:users'], path: USER_PATH },
  'get /connections/{id}/organizations': {
    scopes: ['read:organization_connections'],
    path: CONNECTION_PATH,
    query: { type: 'object', properties: PAGING },
  },
  'get /invitations': {
    scopes: ['read:organization_invitations'],
    query: {
      type: 'object',
      properties: { ...PAGING, ...STARTS_WITH, state: { type: 'string', enum: ['waiting', 'expired'] } },
    },
  },
  'post /connections/organizations/find': {
    scopes: ['read:organization_connections'],
    body: {
      type: 'object',
      additionalProperties: false,
      required: ['connection_ids'],
      properties: {
        connection_ids: {
          type: 'array',
          minItems: 1,
          maxItems: 100,
          items: { type: 'string', minLength: 1, maxLength: 50 },
        },
      },
    },
  },
  'get /server/settings': { scopes: ['read:tenant_settings'] },
  'post /connections/{id}/examine': {
    scopes: ['read:connections_options'],
    path: CONNECTION_PATH,
    body: { type: 'object', additionalProperties: false },
  },
  'get /users/{id}/moved-identities': { scopes: ['read:users'], path: USER_PATH },
  'post /users/{id}/moved-identities/{identity_id}/restore': {
    scopes: ['update:users'],
    path: MOVED_PATH,
    body: {
      type: 'object',
      additionalProperties: false,
      properties: { end_new_identity: { type: 'boolean' }, dry_run: { type: 'boolean' } },
    },
  },
  'post /organizations/{id}/discovery-domains/{discovery_domain_id}/verify': {
    scopes: ['update:organization_discovery_domains'],
    path: DOMAIN_PATH,
    body: { type: 'object', additionalProperties: false },
  },
  'post /actions/check': {
    scopes: ['update:actions'],
    body: {
      type: 'object',
      additionalProperties: false,
      required: ['code'],
      properties: {
        // Optional: without a trigger, the code is checked as that of a module.
        trigger_id: { type: 'string', minLength: 1, maxLength: 100 },
        code: { type: 'string' },
        dependencies: {
          type: 'array',
          maxItems: 10,
          items: {
            type: 'object',
            additionalProperties: false,
            required: ['name'],
            properties: { name: { type: 'string' }, version: { type: 'string' } },
          },
        },
        secret_names: { type: 'array', maxItems: 30, items: { type: 'string', minLength: 1, maxLength: 128 } },
        module_names: { type: 'array', maxItems: 3, items: { type: 'string', minLength: 1, maxLength: 255 } },
      },
    },
  },
  'post /organizations/{id}/expected-identities': EXPECTED_IDENTITIES,
  'post /organizations/{id}/expected-identities/remove': EXPECTED_IDENTITIES,
};
