/**
 * `/client-grants`: each lets a client request certain scopes of an API, and says for which organizations. Must never
 * give a caller scopes of the Management API that the caller lacks.
 */
import { newId } from '../../kernel/ids.js';
import type { ClientGrantRecord, ResourceServerRecord } from '../../ports/directory/access.js';
import type { ManagementDeps } from '../api/deps.js';
import { badBody, noClient, noGrant, noResourceServer, notSupported } from '../api/errors.js';
import { toChanges, toDefaults } from '../api/fields.js';
import type { Call, Operation, Reply } from '../api/operation.js';
import { checkEveryScope } from '../api/operators.js';
import { checkHeld, checkTenantWide } from '../api/stronger-clients.js';
import { orConflict, rowsOf, viewOf } from '../api/wire.js';
import { checkGrantStays } from '../clients/environment-client.js';
import { GRANT_FIELDS, type GrantSettingsBody } from './fields.js';
import { organizationGrantOperations } from './organization-grants.js';

interface GrantBody extends GrantSettingsBody {
  readonly client_id?: string;
  readonly audience: string;
  readonly authorization_details_types?: readonly string[];
}

const TAKEN = 'A grant for this client and this audience already exists.';

const GRANT = viewOf<ClientGrantRecord>({
  id: ['string', ({ id }) => id],
  client_id: ['string', ({ clientId }) => clientId],
  audience: ['string', ({ audience }) => audience],
  ...rowsOf(GRANT_FIELDS),
});

/** Returns the API of a grant. Throws 400 unless the API has all scopes of `wanted`. */
async function getApi(call: Call, audience: string, wanted: readonly string[]): Promise<ResourceServerRecord> {
  const server = await call.directory.access.findResourceServer(audience);
  if (server === undefined || server.identifier !== audience) throw noResourceServer();
  const known = new Set(server.scopes.map((scope) => scope.value));
  const unknown = wanted.filter((scope) => !known.has(scope));
  if (unknown.length > 0)
    throw badBody(`One or more scopes are not defined in the resource server: ${unknown.slice(0, 10).join(', ')}`);
  return server;
}

/** Throws 400 for kinds of grants that this server does not support. */
function checkKinds(api: ResourceServerRecord, body: Partial<GrantBody>): void {
  // A later version of this server has further scopes of this API; no client should get them without a decision (ADR
  // 0027).
  if (api.isSystem && body.allow_all_scopes)
    throw notSupported('Grants for the Management API name their scopes: allow_all_scopes is not supported there.');
  checkTenantWide(api, { organizationUsage: body.organization_usage, allowsAny: body.allow_any_organization });
  if ((body.authorization_details_types ?? []).length > 0)
    throw notSupported('authorization_details_types: rich authorization requests are not supported by this server.');
}

async function create(deps: ManagementDeps, call: Call): Promise<Reply> {
  const body = call.body as GrantBody;
  if (body.client_id === undefined) throw badBody("Payload validation error: 'Missing required property: client_id'.");
  if ((await call.directory.clients.find(body.client_id)) === undefined) throw noClient();
  const scopes = [...new Set(body.scope ?? [])];
  const api = await getApi(call, body.audience, scopes);
  checkHeld(call, api, scopes);
  // Attack: an application signs operators in to an organization of its creator, and gets their tokens.
  if (api.isSystem && body.subject_type === 'user') checkEveryScope(call);
  checkKinds(api, body);
  const grant: ClientGrantRecord = {
    ...toDefaults(GRANT_FIELDS),
    ...toChanges(GRANT_FIELDS, body),
    id: newId(deps.entropy, 'cgr'),
    clientId: body.client_id,
    audience: body.audience,
    scopes,
    createdAt: call.now,
  };
  await orConflict(TAKEN, call.directory.access.createGrant(grant));
  return { body: GRANT.show(grant) };
}

async function getGrant(call: Call): Promise<ClientGrantRecord> {
  const grant = await call.directory.access.findGrant(call.params.id ?? '');
  if (grant === undefined) throw noGrant();
  return grant;
}

async function update(deps: ManagementDeps, call: Call): Promise<Reply> {
  const before = await getGrant(call);
  const body = call.body as Partial<GrantBody>;
  checkKinds(await getApi(call, before.audience, []), body);
  const scopes = body.scope === undefined ? undefined : [...new Set(body.scope ?? [])];
  if (scopes !== undefined) {
    checkGrantStays(deps, before, scopes);
    const added = scopes.filter((scope) => !before.scopes.includes(scope));
    checkHeld(call, await getApi(call, before.audience, scopes), added);
  }
  const after = await call.directory.access.updateGrant(before.id, {
    ...toChanges(GRANT_FIELDS, body),
    ...(scopes !== undefined && { scopes }),
  });
  if (after === undefined) throw noGrant();
  return { body: GRANT.show(after) };
}

/** Returns the operations on `/client-grants`. */
export function clientGrantOperations(deps: ManagementDeps): Operation[] {
  return [
    {
      method: 'get',
      path: '/client-grants',
      summary: 'List client grants',
      reply: GRANT.schema,
      list: { key: 'client_grants', checkpoint: true },
      async run(call) {
        const {
          client_id: clientId,
          audience,
          subject_type: subjectType,
          allow_any_organization: allowsAny,
        } = call.query;
        const filter: Parameters<typeof call.directory.access.listGrants>[0] = {
          ...(typeof clientId === 'string' ? { clientId } : {}),
          ...(typeof audience === 'string' ? { audience } : {}),
          ...(allowsAny === undefined ? {} : { allowAnyOrganization: true }),
          ...(subjectType === 'client' || subjectType === 'user' ? { subjectType } : {}),
        };
        const page = await call.directory.access.listGrants(filter, call.paging.request);
        return { page: { ...page, items: page.items.map(GRANT.show) } };
      },
    },
    {
      method: 'post',
      path: '/client-grants',
      summary: 'Create a client grant',
      status: 201,
      reply: GRANT.schema,
      refusals: [404, 409],
      run: (call) => create(deps, call),
    },
    {
      method: 'get',
      path: '/client-grants/{id}',
      summary: 'Get a client grant',
      reply: GRANT.schema,
      refusals: [404],
      run: async (call) => ({ body: GRANT.show(await getGrant(call)) }),
    },
    {
      method: 'patch',
      path: '/client-grants/{id}',
      summary: 'Update a client grant',
      reply: GRANT.schema,
      refusals: [404],
      run: (call) => update(deps, call),
    },
    {
      method: 'delete',
      path: '/client-grants/{id}',
      summary: 'Delete a client grant',
      async run(call) {
        const grant = await call.directory.access.findGrant(call.params.id ?? '');
        if (grant !== undefined) checkGrantStays(deps, grant, []);
        await call.directory.access.deleteGrant(call.params.id ?? '');
        return {};
      },
    },
    ...organizationGrantOperations(),
  ];
}
