/**
 * The handler names of each trigger of Actions, and the methods of its `api`. Facts from Auth0's published types for
 * Actions (post-login v3, the other triggers as named); `organization-admission` and the scopes of
 * `credentials-exchange` are Vestibule's own.
 */

export interface Handler {
  readonly name: string;
  /** Methods of `api`, as `resource.method`; `resource.*` where the trigger has too many to list. */
  readonly methods: readonly string[];
}

export interface Trigger {
  readonly id: string;
  /** The handlers that the trigger calls; the first must be exported. */
  readonly handlers: readonly Handler[];
  /** True where every execution of the trigger has `event.organization`. */
  readonly hasOrganization?: boolean;
}

const CACHE = ['cache.delete', 'cache.get', 'cache.set'];
const METADATA = ['user.setAppMetadata', 'user.setUserMetadata'];
const LIFETIME = ['setExpiresAt', 'setIdleExpiresAt', 'setMetadata', 'deleteMetadata', 'evictMetadata'];

const POST_LOGIN = [
  'access.deny',
  'accessToken.addScope',
  'accessToken.removeScope',
  'accessToken.setCustomClaim',
  'authentication.challengeWith',
  'authentication.challengeWithAny',
  'authentication.enrollWith',
  'authentication.enrollWithAny',
  'authentication.setPrimaryUser',
  ...CACHE,
  'groups.getUserGroups',
  'groups.hasGroupMembership',
  'idToken.setCustomClaim',
  'multifactor.enable',
  'prompt.render',
  'redirect.canRedirect',
  'redirect.encodeToken',
  'redirect.sendUserTo',
  'redirect.validateToken',
  'refreshToken.revoke',
  ...LIFETIME.map((method) => `refreshToken.${method}`),
  'roles.getUserEffectiveRoles',
  'roles.getUserEffectiveRolesByIds',
  'roles.getUserEffectiveRolesByNames',
  'rules.wasExecuted',
  'samlResponse.*',
  'session.revoke',
  'session.setCookieMode',
  ...LIFETIME.map((method) => `session.${method}`),
  'transaction.*',
  ...METADATA,
  'validation.error',
];

const DENIAL = ['access.deny', 'validation.error'];

export const TRIGGERS: readonly Trigger[] = [
  {
    id: 'post-login',
    handlers: [
      { name: 'onExecutePostLogin', methods: POST_LOGIN },
      { name: 'onContinuePostLogin', methods: [...POST_LOGIN, 'authentication.recordMethod'] },
    ],
  },
  {
    id: 'pre-user-registration',
    handlers: [{ name: 'onExecutePreUserRegistration', methods: [...DENIAL, ...CACHE, ...METADATA] }],
  },
  { id: 'post-user-registration', handlers: [{ name: 'onExecutePostUserRegistration', methods: CACHE }] },
  {
    id: 'credentials-exchange',
    handlers: [
      {
        name: 'onExecuteCredentialsExchange',
        methods: [
          'access.deny',
          'accessToken.addScope',
          'accessToken.removeScope',
          'accessToken.setCustomClaim',
          ...CACHE,
          'transaction.*',
        ],
      },
    ],
  },
  { id: 'post-change-password', handlers: [{ name: 'onExecutePostChangePassword', methods: CACHE }] },
  {
    id: 'login-post-identifier',
    handlers: [
      {
        name: 'onExecutePostIdentifier',
        methods: ['authentication.setConnectionByName', 'authentication.setOrganization', 'access.deny', ...CACHE],
      },
    ],
  },
  {
    id: 'organization-admission',
    handlers: [{ name: 'onExecuteOrganizationAdmission', methods: ['admission.allow', 'admission.deny', ...CACHE] }],
    hasOrganization: true,
  },
];

/** Finds the trigger with this id, if the linter knows it. */
export function findTrigger(id: string | undefined): Trigger | undefined {
  return TRIGGERS.find((trigger) => trigger.id === id);
}

/** Finds the trigger that calls a handler of this name. */
export function findTriggerOfHandler(name: string): Trigger | undefined {
  return TRIGGERS.find((trigger) => trigger.handlers.some((handler) => handler.name === name));
}
