/**
 * The names after `event.` and `api.` in the code of an Action, by trigger: paths of properties and methods, several in a
 * text. The code editor completes them. Made by scripts/action-names.ts; only data.
 */

export interface ActionNames {
  readonly event: readonly string[];
  readonly api: readonly string[];
}

export const ACTION_NAMES: Readonly<Record<string, ActionNames>> = {
  'post-login': {
    event: [
      'authentication.methods authorization.roles client.client_id client.metadata client.name connection.id',
      'connection.metadata connection.name connection.strategy organization.display_name organization.id',
      'organization.membership organization.metadata organization.name refresh_token.client_id',
      'refresh_token.created_at refresh_token.expires_at refresh_token.id refresh_token.idle_expires_at',
      'refresh_token.metadata refresh_token.resource_servers refresh_token.rotating refresh_token.session_id',
      'refresh_token.user_id request.body request.hostname request.ip request.language request.method',
      'request.query request.user_agent resource_server.identifier secrets session.authenticated_at',
      'session.created_at session.expires_at session.id session.idle_expires_at session.last_interacted_at',
      'session.metadata session.user_id stats.logins_count tenant.id transaction.acr_values',
      'transaction.correlation_id transaction.id transaction.locale transaction.login_hint',
      'transaction.metadata transaction.prompt transaction.protocol transaction.redirect_uri',
      'transaction.requested_scopes transaction.response_mode transaction.response_type transaction.state',
      'transaction.ui_locales user.app_metadata user.created_at user.email user.email_verified',
      'user.enrolledFactors user.family_name user.given_name user.identities user.last_password_reset',
      'user.multifactor user.name user.nickname user.phone_number user.picture user.updated_at user.user_id',
      'user.user_metadata user.username',
    ],
    api: [
      'access.deny accessToken.addScope accessToken.removeScope accessToken.setCustomClaim',
      'authentication.challengeWith authentication.challengeWithAny authentication.enrollWith',
      'authentication.enrollWithAny authentication.setPrimaryUser cache.delete cache.get cache.set',
      'idToken.setCustomClaim multifactor.enable redirect.canRedirect redirect.encodeToken',
      'redirect.sendUserTo redirect.validateToken refreshToken.deleteMetadata refreshToken.evictMetadata',
      'refreshToken.revoke refreshToken.setExpiresAt refreshToken.setIdleExpiresAt refreshToken.setMetadata',
      'roles.getUserEffectiveRoles roles.getUserEffectiveRolesByNames rules.wasExecuted samlResponse',
      'session.deleteMetadata session.evictMetadata session.revoke session.setCookieMode',
      'session.setExpiresAt session.setIdleExpiresAt session.setMetadata transaction user.setAppMetadata',
      'user.setUserMetadata validation.error',
    ],
  },
  'pre-user-registration': {
    event: [
      'client.client_id client.metadata client.name connection.id connection.metadata connection.name',
      'connection.strategy request.body request.hostname request.ip request.language request.method',
      'request.query request.user_agent secrets tenant.id transaction.acr_values transaction.correlation_id',
      'transaction.id transaction.locale transaction.login_hint transaction.prompt transaction.protocol',
      'transaction.redirect_uri transaction.requested_scopes transaction.response_mode',
      'transaction.response_type transaction.state transaction.ui_locales user.app_metadata user.email',
      'user.email_verified user.name user.user_metadata',
    ],
    api: ['access.deny cache.delete cache.get cache.set user.setAppMetadata user.setUserMetadata', 'validation.error'],
  },
  'post-user-registration': {
    event: [
      'client connection.id connection.metadata connection.name connection.strategy request.hostname',
      'request.ip request.language request.method request.query request.user_agent secrets tenant.id',
      'transaction.acr_values transaction.correlation_id transaction.id transaction.locale',
      'transaction.login_hint transaction.prompt transaction.protocol transaction.redirect_uri',
      'transaction.requested_scopes transaction.response_mode transaction.response_type transaction.state',
      'transaction.ui_locales user.app_metadata user.created_at user.email user.email_verified',
      'user.family_name user.given_name user.name user.nickname user.phone_number user.picture',
      'user.updated_at user.user_id user.user_metadata user.username',
    ],
    api: ['cache.delete cache.get cache.set'],
  },
  'credentials-exchange': {
    event: [
      'accessToken.customClaims accessToken.scope client.client_id client.metadata client.name',
      'organization.display_name organization.id organization.metadata organization.name request.body',
      'request.hostname request.ip request.language request.method request.user_agent',
      'resource_server.identifier secrets tenant.id transaction.correlation_id transaction.requested_scopes',
    ],
    api: [
      'access.deny accessToken.addScope accessToken.removeScope accessToken.setCustomClaim cache.delete',
      'cache.get cache.set transaction',
    ],
  },
  'post-change-password': {
    event: [
      'connection.id connection.metadata connection.name connection.strategy request.hostname request.ip',
      'request.language request.method request.user_agent secrets tenant.id user.email user.email_verified',
      'user.last_password_reset user.phone_number user.user_id user.username',
    ],
    api: ['cache.delete cache.get cache.set'],
  },
  'login-post-identifier': {
    event: [
      'authentication.identifier.type authentication.identifier.value client.client_id client.metadata',
      'client.name initial_organization.display_name initial_organization.id initial_organization.metadata',
      'initial_organization.name organization request.hostname request.ip request.language request.method',
      'request.query request.user_agent resource_server.identifier secrets tenant.id transaction.acr_values',
      'transaction.correlation_id transaction.id transaction.locale transaction.login_hint',
      'transaction.prompt transaction.protocol transaction.redirect_uri transaction.requested_scopes',
      'transaction.response_mode transaction.response_type transaction.state transaction.ui_locales',
    ],
    api: [
      'access.deny authentication.setConnectionByName authentication.setOrganization cache.delete cache.get',
      'cache.set',
    ],
  },
  'organization-admission': {
    event: [
      'client.client_id client.metadata client.name connection.id connection.metadata connection.name',
      'connection.strategy email.address email.domain email.domain_proved_by_another',
      'email.domain_proved_by_organization email.proved identity.claims identity.claims_cut identity.email',
      'identity.email_verified organization.display_name organization.id organization.metadata',
      'organization.name request.body request.hostname request.ip request.method request.query',
      'request.user_agent secrets tenant.id transaction.acr_values transaction.protocol',
      'transaction.requested_scopes transaction.ui_locales user.app_metadata user.email user.email_verified',
      'user.name user.user_id user.user_metadata',
    ],
    api: ['admission.allow admission.deny cache.delete cache.get cache.set'],
  },
};
