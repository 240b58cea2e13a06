/** `/roles`: the roles of the tenant. Tokens contain their names. */
import { newId } from '../../kernel/ids.js';
import type { RoleRecord } from '../../ports/directory/members.js';
import type { ManagementDeps } from '../api/deps.js';
import { badBody, noRole } from '../api/errors.js';
import { toChanges, toDefaults } from '../api/fields.js';
import type { Call, Operation } from '../api/operation.js';
import { orConflict, rowsOf, viewOf } from '../api/wire.js';
import { ROLE } from '../organizations/member-roles.js';
import { ROLE_FIELDS, type RoleBody } from './fields.js';

/** A role in the answers of this resource. All roles are the tenant's; those of one organization do not exist here. */
const TENANT_ROLE = viewOf<RoleRecord>({
  ...ROLE.rows,
  type: ['string', () => 'tenant'],
  ...rowsOf({ assignableByOrganizations: ROLE_FIELDS.assignableByOrganizations }),
});

const NAME_TAKEN = 'A role with this name already exists.';
const MAX_NAME = 255;

function checkName(name: string | null | undefined): void {
  if (name !== undefined && (name === null || name.trim() === '' || name.length > MAX_NAME)) {
    throw badBody(`The name of a role has 1 to ${MAX_NAME} characters.`);
  }
}

async function create(deps: ManagementDeps, call: Call) {
  const body = call.body as RoleBody;
  checkName(body.name);
  const settings = { ...toDefaults(ROLE_FIELDS), ...toChanges(ROLE_FIELDS, body) };
  const role = { ...settings, id: newId(deps.entropy, 'rol'), createdAt: call.now };
  await orConflict(NAME_TAKEN, call.directory.members.createRole(role));
  return { body: TENANT_ROLE.show(role) };
}

/** Returns the operations on `/roles`. */
export function roleOperations(deps: ManagementDeps): Operation[] {
  return [
    {
      method: 'get',
      path: '/roles',
      summary: 'List roles',
      reply: TENANT_ROLE.schema,
      list: { key: 'roles', checkpoint: false },
      async run(call) {
        const name = call.query.name_filter;
        if (call.query.type === 'organization') return { page: { items: [], total: 0 } };
        const filter = typeof name === 'string' && name !== '' ? { name } : {};
        const page = await call.directory.members.listAllRoles(filter, call.paging.request);
        return { page: { ...page, items: page.items.map(TENANT_ROLE.show) } };
      },
    },
    // 200, not 201, as in Auth0's document and in its recorded answers.
    {
      method: 'post',
      path: '/roles',
      summary: 'Create a role',
      reply: TENANT_ROLE.schema,
      refusals: [409],
      run: (call) => create(deps, call),
    },
    {
      method: 'get',
      path: '/roles/{id}',
      summary: 'Get a role',
      reply: TENANT_ROLE.schema,
      refusals: [404],
      async run(call) {
        const role = await call.directory.members.findRole(call.params.id ?? '');
        if (role === undefined) throw noRole();
        return { body: TENANT_ROLE.show(role) };
      },
    },
    {
      method: 'patch',
      path: '/roles/{id}',
      summary: 'Update a role',
      reply: TENANT_ROLE.schema,
      refusals: [404, 409],
      async run(call) {
        const body = call.body as RoleBody;
        checkName(body.name);
        const { members } = call.directory;
        const role = await orConflict(
          NAME_TAKEN,
          members.updateRole(call.params.id ?? '', toChanges(ROLE_FIELDS, body)),
        );
        if (role === undefined) throw noRole();
        return { body: TENANT_ROLE.show(role) };
      },
    },
    {
      method: 'delete',
      path: '/roles/{id}',
      summary: 'Delete a role',
      reply: { type: 'object', additionalProperties: false },
      refusals: [404],
      async run(call) {
        if (!(await call.directory.members.deleteRole(call.params.id ?? ''))) throw noRole();
        return { body: {} };
      },
    },
  ];
}
