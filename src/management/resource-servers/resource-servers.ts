/**
 * `/resource-servers`: the APIs for which tokens are issued. The Management API is one of them, and cannot be deleted.
 */
import type { ResourceServerRecord, ScopeRecord } from '../../ports/directory/access.js';
import { accountAudience, managementAudience, organizationAudience } from '../api/audience.js';
import type { ManagementDeps } from '../api/deps.js';
import { badBody, noResourceServer, notSupported } from '../api/errors.js';
import { namesOf, toChanges, toDefaults } from '../api/fields.js';
import type { Call, Operation, Reply, Wire } from '../api/operation.js';
import { listOf, mergeKept, openTo, orConflict, replyOf, rowsOf, viewOf } from '../api/wire.js';
import { MY_ORGANIZATION_SCOPES } from '../my-organization/requests.js';
import { ACCOUNT_API, ACCOUNT_SCOPES, checkAccountApi } from './account-api.js';
import {
  POLICY_FIELDS,
  RESOURCE_SERVER_COLUMNS,
  RESOURCE_SERVER_FIELDS,
  RESOURCE_SERVER_KEPT_DEFAULTS,
  type ResourceServerSettingsBody,
  TOKEN_LIFETIME_FOR_WEB_SECONDS,
  toPolicies,
} from './fields.js';
import { checkOrganizationApi, ORGANIZATION_API } from './organization-api.js';
import { checkSystemChange } from './system-api.js';

interface ServerBody extends ResourceServerSettingsBody {
  readonly identifier: string;
  readonly scopes?: readonly ScopeRecord[];
  readonly signing_alg?: string;
  readonly token_lifetime_for_web?: number;
}

/** Properties that are not stored in `extra`: they have a column, are computed, or are ignored. */
const OWN_PROPERTIES: ReadonlySet<string> = new Set([
  ...namesOf(RESOURCE_SERVER_FIELDS),
  'identifier',
  'scopes',
  'signing_alg',
  'signing_secret',
  'subject_type_authorization',
]);
const TAKEN = 'A resource server with the same identifier already exists.';

const SERVER = viewOf<ResourceServerRecord>({
  id: ['string', ({ id }) => id],
  identifier: ['string', ({ identifier }) => identifier],
  ...rowsOf(RESOURCE_SERVER_FIELDS),
  is_system: ['boolean', ({ isSystem }) => isSystem],
  subject_type_authorization: [
    replyOf({
      user: replyOf({ policy: POLICY_FIELDS.userPolicy.schema }),
      client: replyOf({ policy: POLICY_FIELDS.clientPolicy.schema }),
    }),
    ({ userPolicy, clientPolicy }) => ({ user: { policy: userPolicy }, client: { policy: clientPolicy } }),
  ],
  scopes: [listOf(replyOf({ value: 'string' }, { description: 'string' })), ({ scopes }) => scopes],
  signing_alg: ['string', () => 'RS256'],
  token_lifetime_for_web: [
    'integer',
    ({ extra, tokenLifetimeSeconds }) =>
      Math.min(tokenLifetimeSeconds, Number(extra.token_lifetime_for_web ?? TOKEN_LIFETIME_FOR_WEB_SECONDS)),
  ],
});

function toWire(server: ResourceServerRecord): Wire {
  const { token_lifetime_for_web: _shownLast, ...kept } = server.extra;
  return { ...RESOURCE_SERVER_KEPT_DEFAULTS, ...kept, ...SERVER.show(server) };
}

function checkBody(body: Partial<ServerBody>, before?: ResourceServerRecord): void {
  const lifetime =
    body.token_lifetime ?? before?.tokenLifetimeSeconds ?? RESOURCE_SERVER_FIELDS.tokenLifetimeSeconds.default;
  if ((body.token_lifetime_for_web ?? 0) > lifetime)
    throw badBody('token_lifetime_for_web must not be longer than token_lifetime.');
  if (body.signing_alg !== undefined && body.signing_alg !== 'RS256')
    throw badBody('signing_alg: this server signs access tokens with RS256.');
  if (body.token_lifetime === 0)
    throw badBody("Payload validation error: 'Value 0 is less than minimum 1' on property token_lifetime.");
  const values = body.scopes?.map((scope) => scope.value) ?? [];
  if (new Set(values).size !== values.length) throw badBody('scopes names one scope twice.');
}

/** An API of this server for people, with its defaults and the check of its settings. */
interface OwnApi {
  readonly defaults: Partial<ResourceServerRecord>;
  readonly scopes: readonly string[];
  check(body: Partial<ServerBody>): void;
}

const ACCOUNT: OwnApi = { defaults: ACCOUNT_API, scopes: ACCOUNT_SCOPES, check: checkAccountApi };
const ORGANIZATION: OwnApi = {
  defaults: ORGANIZATION_API,
  scopes: MY_ORGANIZATION_SCOPES,
  check: checkOrganizationApi,
};

function findOwnApi({ origin }: Pick<ManagementDeps, 'origin'>, identifier: string): OwnApi | undefined {
  if (identifier === accountAudience(origin)) return ACCOUNT;
  return identifier === organizationAudience(origin) ? ORGANIZATION : undefined;
}

const extraOf = (body: Partial<ServerBody>) => Object.entries(body).filter(([name]) => !OWN_PROPERTIES.has(name));

async function create(deps: ManagementDeps, call: Call): Promise<Reply> {
  const body = call.body as ServerBody;
  checkBody(body);
  const own = findOwnApi(deps, body.identifier);
  own?.check(body);
  const server: ResourceServerRecord = {
    ...toDefaults(RESOURCE_SERVER_COLUMNS),
    ...own?.defaults,
    ...toChanges(RESOURCE_SERVER_FIELDS, body),
    ...toPolicies(body),
    id: deps.entropy.bytes(12).toString('hex'),
    identifier: body.identifier,
    scopes: body.scopes ?? (own?.scopes ?? []).map((value) => ({ value })),
    isSystem: false,
    extra: mergeKept({}, extraOf(body)),
    createdAt: call.now,
  };
  await orConflict(TAKEN, call.directory.access.createResourceServer(server));
  return { body: toWire(server) };
}

/**
 * Decodes an identifier that was percent-encoded twice. Auth0's provider for Terraform does that when it reads an API,
 * and Auth0 finds the API nevertheless.
 */
function decodeAgain(id: string): string | undefined {
  try {
    return id.includes('%') ? decodeURIComponent(id) : undefined;
  } catch {
    return undefined;
  }
}

async function getServer(call: Call): Promise<ResourceServerRecord> {
  const { id = '' } = call.params;
  const again = decodeAgain(id);
  const find = (key: string) => call.directory.access.findResourceServer(key);
  const server = (await find(id)) ?? (again === undefined ? undefined : await find(again));
  if (server === undefined) throw noResourceServer();
  return server;
}

async function update(deps: ManagementDeps, call: Call): Promise<Reply> {
  const before = await call.directory.access.findResourceServerForUpdate(call.params.id ?? '');
  if (before === undefined) throw noResourceServer();
  const body = call.body as Partial<ServerBody>;
  checkSystemChange(before, toWire(before), body);
  findOwnApi(deps, before.identifier)?.check(body);
  checkBody(body, before);
  const extra = extraOf(body);
  const after = await call.directory.access.updateResourceServer(before.id, {
    ...toChanges(RESOURCE_SERVER_FIELDS, body),
    ...toPolicies(body),
    ...(body.scopes !== undefined && { scopes: body.scopes }),
    ...(extra.length > 0 && { extra: mergeKept(before.extra, extra) }),
  });
  if (after === undefined) throw noResourceServer();
  return { body: toWire(after) };
}

async function remove(deps: ManagementDeps, call: Call): Promise<Reply> {
  const server = await call.directory.access.findResourceServer(call.params.id ?? '');
  // Only the Management API of the current address is protected; that of a former address can be deleted.
  if (server?.isSystem && server.identifier === managementAudience(deps.origin))
    throw notSupported('The Management API of this server cannot be deleted.');
  if (server !== undefined) await call.directory.access.deleteResourceServer(server.id);
  return {};
}

/** Returns the operations on `/resource-servers`. */
export function resourceServerOperations(deps: ManagementDeps): Operation[] {
  const reply = openTo(SERVER.schema);
  return [
    {
      method: 'get',
      path: '/resource-servers',
      summary: 'List resource servers',
      reply,
      list: { key: 'resource_servers', checkpoint: false },
      async run(call) {
        const { identifiers } = call.query;
        const filter =
          Array.isArray(identifiers) && identifiers.length > 0 ? { identifiers: identifiers as string[] } : {};
        const page = await call.directory.access.listResourceServers(filter, call.paging.request);
        return { page: { ...page, items: page.items.map(toWire) } };
      },
    },
    {
      method: 'post',
      path: '/resource-servers',
      summary: 'Create a resource server',
      status: 201,
      reply,
      refusals: [409],
      run: (call) => create(deps, call),
    },
    {
      method: 'get',
      path: '/resource-servers/{id}',
      summary: 'Get a resource server',
      reply,
      refusals: [404],
      run: async (call) => ({ body: toWire(await getServer(call)) }),
    },
    // Auth0's service answers 200, although its document says 201.
    {
      method: 'patch',
      path: '/resource-servers/{id}',
      summary: 'Update a resource server',
      reply,
      refusals: [404],
      run: (call) => update(deps, call),
    },
    {
      method: 'delete',
      path: '/resource-servers/{id}',
      summary: 'Delete a resource server',
      run: (call) => remove(deps, call),
    },
  ];
}
