/** The list of all endpoints of the Management API. */
import type { FastifyPluginAsync } from 'fastify';
import { absentOperations, findAbsentWords } from './absent/operations.js';
import { actionBindingOperations } from './actions/action-bindings.js';
import { actionCheckOperations } from './actions/action-check.js';
import { actionExecutionOperations } from './actions/action-executions.js';
import { actionVersionOperations } from './actions/action-versions.js';
import { actionOperations } from './actions/actions.js';
import { actionModuleVersionOperations } from './actions/module-versions.js';
import { actionModuleOperations } from './actions/modules.js';
import type { ManagementDeps } from './api/deps.js';
import type { Operation } from './api/operation.js';
import { serveOperations } from './api/plugin.js';
import { createInvoke, type Invoke, type InvokeWrites } from './api/run-write.js';
import { attackProtectionOperations } from './attack-protection/attack-protection.js';
import { ipBlockOperations } from './blocks/ip-blocks.js';
import { userBlockOperations } from './blocks/user-blocks.js';
import { brandingOperations } from './branding/branding.js';
import { templateOperations } from './branding/templates.js';
import { themeOperations } from './branding/themes.js';
import { clientGrantOperations } from './client-grants/client-grants.js';
import { clientOperations } from './clients/clients.js';
import { clientCredentialOperations } from './clients/credentials.js';
import { connectionClientOperations } from './connections/connection-clients.js';
import { formerIdentityOperations } from './connections/connection-former-identities.js';
import { connectionKeyOperations } from './connections/connection-keys.js';
import { connectionUseOperations } from './connections/connection-use.js';
import { connectionUserOperations } from './connections/connection-users.js';
import { connectionOperations } from './connections/connections.js';
import { customDomainOperations } from './custom-domains/custom-domains.js';
import { discoveryDomainOperations } from './discovery-domains/discovery-domains.js';
import { emailProviderOperations } from './emails/provider.js';
import { emailTemplateOperations } from './emails/templates.js';
import { arrivalOperations } from './enabled-connections/arrivals.js';
import { enablementOperations } from './enabled-connections/operations.js';
import { scimGroupRoleOperations } from './enabled-connections/scim-group-roles.js';
import { guardianOperations } from './guardian/guardian.js';
import { signingKeyOperations } from './keys/signing-keys.js';
import { logStreamOperations } from './log-streams/log-streams.js';
import { logOperations } from './logs/logs.js';
import { allInvitationOperations } from './organizations/all-invitations.js';
import { organizationClientOperations } from './organizations/clients.js';
import { conditionOperations } from './organizations/conditions.js';
import { expectedIdentityOperations } from './organizations/expected-identities.js';
import { explainOperations } from './organizations/explain.js';
import { invitationOperations } from './organizations/invitations.js';
import { memberRoleOperations } from './organizations/member-roles.js';
import { memberOperations } from './organizations/members.js';
import { organizationOperations } from './organizations/organizations.js';
import { peopleOperations } from './organizations/people.js';
import { profileOperations } from './profiles/profiles.js';
import { customTextOperations } from './prompts/custom-texts.js';
import { resourceServerOperations } from './resource-servers/resource-servers.js';
import { roleUserOperations, userRoleOperations } from './roles/holders.js';
import { rolePermissionOperations, userPermissionOperations } from './roles/permissions.js';
import { roleOperations } from './roles/roles.js';
import { scimConfigurationOperations } from './scim/scim-configurations.js';
import { scimTokenOperations } from './scim/scim-tokens.js';
import { selfServiceProfileOperations } from './self-service/profiles.js';
import { setupTicketOperations } from './self-service/tickets.js';
import { serverSettingsOperations } from './server/server-settings.js';
import { refreshTokenOperations } from './sessions/refresh-tokens.js';
import { sessionOperations } from './sessions/sessions.js';
import { statsOperations } from './stats/stats.js';
import { tenantOperations } from './tenant/tenants.js';
import { authenticationMethodOperations } from './users/authentication-methods.js';
import { effectiveAccessOperations } from './users/effective-access.js';
import { enrollmentTicketOperations } from './users/enrollment-tickets.js';
import { evidenceOperations } from './users/evidence.js';
import { factorResetOperations } from './users/factor-resets.js';
import { jobOperations } from './users/jobs.js';
import { moveOperations } from './users/move-identity.js';
import { revokeAccessOperations } from './users/revoke-access.js';
import { ticketOperations } from './users/tickets.js';
import { userExportFiles } from './users/user-export-file.js';
import { identityOperations } from './users/user-identities.js';
import { userOperations } from './users/users.js';

/**
 * Returns the routes of `operations`, to be registered below `/api/v2`, and a function with which this server's own pages
 * run the same operations.
 */
export function createManagement(
  deps: ManagementDeps,
  operations: readonly Operation[],
): { readonly routes: FastifyPluginAsync; readonly invoke: Invoke; readonly invokeWrites: InvokeWrites } {
  return {
    routes: serveOperations(deps, operations, userExportFiles(deps), findAbsentWords),
    ...createInvoke(deps, operations),
  };
}

/** Returns all operations of the Management API, in the order in which the OpenAPI document lists them. */
export function createOperations(deps: ManagementDeps): readonly Operation[] {
  return [
    ...organizationOperations(deps),
    ...enablementOperations(deps),
    ...organizationClientOperations(deps),
    ...memberOperations(),
    ...memberRoleOperations(),
    ...invitationOperations(deps),
    ...allInvitationOperations(),
    ...discoveryDomainOperations(deps),
    ...explainOperations(deps),
    ...conditionOperations(),
    ...peopleOperations(),
    ...arrivalOperations(deps),
    ...expectedIdentityOperations(deps),
    ...clientOperations(deps),
    ...clientCredentialOperations(deps),
    ...connectionOperations(deps),
    ...connectionKeyOperations(deps),
    ...connectionClientOperations(deps),
    ...connectionUserOperations(deps),
    ...connectionUseOperations(deps),
    ...formerIdentityOperations(deps),
    ...scimGroupRoleOperations(),
    ...scimConfigurationOperations(deps),
    ...scimTokenOperations(deps),
    ...selfServiceProfileOperations(deps),
    ...profileOperations(deps),
    ...setupTicketOperations(deps),
    ...roleOperations(deps),
    ...rolePermissionOperations(),
    ...roleUserOperations(),
    ...userOperations(deps),
    ...userRoleOperations(),
    ...userPermissionOperations(),
    ...authenticationMethodOperations(deps),
    ...enrollmentTicketOperations(deps),
    ...factorResetOperations(deps),
    ...effectiveAccessOperations(),
    ...sessionOperations(),
    ...revokeAccessOperations(),
    ...refreshTokenOperations(),
    ...userBlockOperations(deps),
    ...ipBlockOperations(deps),
    ...identityOperations(deps),
    ...moveOperations(),
    ...evidenceOperations(),
    ...signingKeyOperations(deps),
    ...tenantOperations(),
    ...serverSettingsOperations(deps),
    ...customTextOperations(),
    ...customDomainOperations(deps),
    ...attackProtectionOperations(),
    ...guardianOperations(),
    ...brandingOperations(),
    ...statsOperations(),
    ...themeOperations(deps),
    ...templateOperations(),
    ...emailProviderOperations(deps),
    ...emailTemplateOperations(deps),
    ...logOperations(),
    ...logStreamOperations(deps),
    ...resourceServerOperations(deps),
    ...clientGrantOperations(deps),
    ...ticketOperations(deps),
    ...jobOperations(deps),
    ...actionOperations(deps),
    ...actionVersionOperations(deps),
    ...actionBindingOperations(deps),
    ...actionCheckOperations(deps),
    ...actionExecutionOperations(deps),
    ...actionModuleOperations(deps),
    ...actionModuleVersionOperations(deps),
    ...absentOperations(),
  ];
}
