/**
 * The roles that the customer gives to groups of their directory. The customer may give only the roles that the
 * set-up's ticket lists. Keeps the operator's rules for other roles, and all rules for groups that the page did not
 * show.
 */
import type { ScimGroup, ScimGroupRoles } from '../../ports/directory/scim-groups.js';
import type { SetupGroups } from '../pages/models.js';
import { scopeOf } from '../scim/deps.js';
import type { SetupProgress } from './progress.js';
import { ensureEnablement } from './put-into-use.js';
import type { Visit } from './session.js';

type Fields = Readonly<Record<string, string>>;
type Group = Pick<ScimGroup, 'id' | 'displayName' | 'externalId'>;

/** Maximum number of groups on the page; a person would not look through more. */
const MAX_GROUPS = 100;

const fieldOf = (group: Group, index: number): string => `role.${group.id}.${index}`;

function isAbout(rule: ScimGroupRoles, { displayName, externalId }: Group): boolean {
  if (rule.displayName === undefined) return rule.externalId === externalId;
  return rule.displayName.toLowerCase() === displayName.toLowerCase();
}

async function listGroups({ deps }: Visit, { connection }: SetupProgress) {
  const none = { total: 0, groups: [] };
  if (connection === undefined) return none;
  const configuration = await deps.directory.scim.findConfiguration(connection.id);
  if (configuration === undefined) return none;
  const query = {
    filter: undefined,
    sort: { by: 'displayName', descending: false },
    offset: 0,
    limit: MAX_GROUPS,
  } as const;
  return deps.directory.scim.findGroups(scopeOf({ connection, configuration }), query, 'without');
}

async function listRules({ deps, setup }: Visit, { connection }: SetupProgress): Promise<readonly ScimGroupRoles[]> {
  return connection === undefined ? [] : deps.directory.scim.listGroupRoles(setup.organizationId, connection.id);
}

/** Returns the directory's groups, each with the roles that the ticket lists. Undefined when the ticket lists none. */
export async function findGroupRoles(visit: Visit, progress: SetupProgress): Promise<SetupGroups | undefined> {
  const { assignableRoles, provisioning } = visit.setup.config;
  if (!provisioning || assignableRoles.length === 0) return undefined;
  const { total, groups } = await listGroups(visit, progress);
  const rules = await listRules(visit, progress);
  return {
    items: groups.map((group) => ({
      id: group.id,
      name: group.displayName,
      roles: assignableRoles.map((name, index) => ({
        field: fieldOf(group, index),
        name,
        isGiven: rules.some((rule) => isAbout(rule, group) && rule.roles.includes(name)),
      })),
    })),
    more: total - groups.length,
  };
}

/**
 * Returns a rule that gives `roles` to a group. It names the group by the directory's own id if there is one, so that
 * renaming the group changes nobody's roles.
 */
function ruleFor({ displayName, externalId }: Group, roles: readonly string[]): ScimGroupRoles {
  return externalId === undefined ? { displayName, roles } : { externalId, roles };
}

/** Returns the new rules. `groups` are those that the page showed. */
function toRules(
  before: readonly ScimGroupRoles[],
  groups: readonly Group[],
  assignable: readonly string[],
  fields: Fields,
): readonly ScimGroupRoles[] {
  const kept = before.map((rule) => {
    const isShown = groups.some((group) => isAbout(rule, group));
    return isShown ? { ...rule, roles: rule.roles.filter((name) => !assignable.includes(name)) } : rule;
  });
  // The form names a role by its position in the ticket's list, so it cannot name any other role.
  const given = groups.map((group) =>
    ruleFor(
      group,
      assignable.filter((_, index) => fields[fieldOf(group, index)] !== undefined),
    ),
  );
  return [...kept, ...given].filter(({ roles }) => roles.length > 0);
}

const toBody = ({ displayName, externalId, roles }: ScimGroupRoles) => ({
  ...(displayName === undefined ? { external_id: externalId } : { display_name: displayName }),
  roles,
});

/** Writes the roles that the form gives. Throws {@link ManagementError}. */
export async function saveGroupRoles(visit: Visit, progress: SetupProgress, fields: Fields): Promise<void> {
  const { deps, setup, actor } = visit;
  const { assignableRoles } = setup.config;
  if (progress.connection === undefined || assignableRoles.length === 0) return;
  // A group created after the page was sent has no fields in the form, so its roles do not change.
  const shown = new Set((fields.groups ?? '').split(' '));
  const groups = (await listGroups(visit, progress)).groups.filter(({ id }) => shown.has(id));
  await ensureEnablement(visit, progress);
  const rules = toRules(await listRules(visit, progress), groups, assignableRoles, fields);
  await deps.invoke(actor, 'patch /organizations/{id}/enabled_connections/{connectionId}/scim-group-roles', {
    params: { id: setup.organizationId, connectionId: progress.connection.id },
    scopes: ['create:organization_group_roles', 'delete:organization_group_roles'],
    body: { scim_group_roles: rules.map(toBody) },
  });
}
