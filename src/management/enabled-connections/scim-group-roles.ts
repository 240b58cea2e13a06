/**
 * `/organizations/{id}/enabled_connections/{connectionId}/scim-group-roles`, an addition: rules that give an
 * organization's members roles for as long as the connection's directory has them in a group. A rule names the group by
 * its name or external id, so it may be written before the group exists. Creates no memberships.
 */

import { findScimSubject } from '../../facts/strategies.js';
import type { ScimGroupRoles } from '../../ports/directory/scim-groups.js';
import { badBody, insufficientScopes } from '../api/errors.js';
import type { Call, Operation, Reply, Wire } from '../api/operation.js';
import { listOf, replyOf } from '../api/wire.js';
import { getEnablement } from './enablement-of-path.js';

interface RuleBody {
  readonly display_name?: string;
  readonly external_id?: string;
  readonly roles: readonly string[];
}

interface RulesBody {
  readonly scim_group_roles: readonly RuleBody[];
}

const toWire = ({ displayName, externalId, roles }: ScimGroupRoles): Wire => ({
  ...(displayName === undefined ? { external_id: externalId } : { display_name: displayName }),
  roles,
});

const fromWire = ({ display_name: displayName, external_id: externalId = '', roles }: RuleBody): ScimGroupRoles => ({
  ...(displayName === undefined ? { externalId } : { displayName }),
  roles: [...new Set(roles)],
});

async function list(call: Call): Promise<Reply> {
  const { organizationId, connectionId } = await getEnablement(call);
  const rules = await call.directory.scim.listGroupRoles(organizationId, connectionId);
  return { body: { scim_group_roles: rules.map(toWire) } };
}

/**
 * Both scopes are needed, as on Auth0 for roles of groups: a request that sets all rules gives roles, and removes those
 * of omitted rules.
 */
export const GROUP_ROLE_SCOPES = ['create:organization_group_roles', 'delete:organization_group_roles'];

export const insufficientGroupScope = () => insufficientScopes(GROUP_ROLE_SCOPES);

async function replace(call: Call): Promise<Reply> {
  if (GROUP_ROLE_SCOPES.some((scope) => !call.caller.scopes.has(scope))) throw insufficientGroupScope();
  const { organizationId, connectionId, strategy } = await getEnablement(call);
  if (findScimSubject(strategy) === undefined) throw badBody('This connection type does not support SCIM.');
  const rules = (call.body as RulesBody).scim_group_roles.map(fromWire);
  const unknown = await call.directory.scim.setGroupRoles(organizationId, connectionId, rules);
  if (unknown.length > 0)
    throw badBody(`One or more of the specified roles do not exist: ${unknown.slice(0, 10).join(', ')}`);
  return { ...(await list(call)), log: { connectionId } };
}

/** Returns the operations on the roles for groups. */
export function scimGroupRoleOperations(): Operation[] {
  const path = '/organizations/{id}/enabled_connections/{connectionId}/scim-group-roles';
  const reply = replyOf({
    scim_group_roles: listOf(replyOf({ roles: listOf('string') }, { display_name: 'string', external_id: 'string' })),
  });
  return [
    {
      method: 'get',
      path,
      summary: 'List the roles that an organization gives for groups of a directory',
      reply,
      refusals: [404],
      run: list,
    },
    {
      method: 'patch',
      path,
      summary: 'Replace the roles that an organization gives for groups of a directory',
      reply,
      refusals: [404],
      run: replace,
    },
  ];
}
