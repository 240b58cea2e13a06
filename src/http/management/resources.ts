/** Every endpoint of the Management API, in one list. */
import { actionBindingOperations } from './action-bindings.js';
import { actionExecutionOperations } from './action-executions.js';
import { actionVersionOperations } from './action-versions.js';
import { actionOperations } from './actions.js';
import { clientGrantOperations } from './client-grants.js';
import { clientOperations } from './clients.js';
import { connectionClientOperations } from './connection-clients.js';
import { formerIdentityOperations } from './connection-former-identities.js';
import { connectionOperations } from './connections.js';
import type { ManagementDeps } from './deps.js';
import { discoveryDomainOperations } from './discovery-domains.js';
import { enablementOperations } from './enabled-connections.js';
import { explainOperations } from './explain.js';
import { invitationOperations } from './invitations.js';
import { jobOperations } from './jobs.js';
import { logOperations } from './logs.js';
import { memberRoleOperations } from './member-roles.js';
import { memberOperations } from './members.js';
import type { Operation } from './operation.js';
import { organizationOperations } from './organizations.js';
import { resourceServerOperations } from './resource-servers.js';
import { roleOperations } from './roles.js';
import { tenantOperations } from './tenants.js';
import { ticketOperations } from './tickets.js';
import { identityOperations } from './user-identities.js';
import { userOperations } from './users.js';

/** All operations of the Management API, in the order of the served OpenAPI document. */
export function createOperations(deps: ManagementDeps): readonly Operation[] {
  return [
    ...organizationOperations(deps),
    ...enablementOperations(deps),
    ...memberOperations(),
    ...memberRoleOperations(),
    ...invitationOperations(deps),
    ...discoveryDomainOperations(deps),
    ...explainOperations(deps),
    ...clientOperations(deps),
    ...connectionOperations(deps),
    ...connectionClientOperations(deps),
    ...formerIdentityOperations(),
    ...roleOperations(deps),
    ...userOperations(deps),
    ...identityOperations(deps),
    ...tenantOperations(),
    ...logOperations(),
    ...resourceServerOperations(deps),
    ...clientGrantOperations(deps),
    ...ticketOperations(deps),
    ...jobOperations(deps),
    ...actionOperations(deps),
    ...actionVersionOperations(deps),
    ...actionBindingOperations(deps),
    ...actionExecutionOperations(deps),
  ];
}
