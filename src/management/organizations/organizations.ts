/** `/organizations`: the customers. */
import type { Branding } from '../../domain/tenant.js';
import { newId } from '../../kernel/ids.js';
import type { EnablementRecord, OrganizationChanges, OrganizationRecord } from '../../ports/directory/organizations.js';
import type { ManagementDeps } from '../api/deps.js';
import { badBody, badQuery, noOrganization } from '../api/errors.js';
import { sometimesShown, toChanges, toDefaults, toJson } from '../api/fields.js';
import type { Call, Operation, Wire } from '../api/operation.js';
import { continuing, parseSort } from '../api/paging.js';
import { ANY_OBJECT, listOf, mergeMetadata, orConflict, present, replyOf } from '../api/wire.js';
import { ENABLEMENT_REPLY, type EnablementBody, enable, toEnablementWire } from '../enabled-connections/operations.js';
import { ORGANIZATION_FIELDS, ORGANIZATION_FIXED, type OrganizationSettingsBody } from './fields.js';
import { getOrganization } from './organization-of-path.js';
import { keepWaysIn } from './ways-in.js';

interface BrandingBody {
  readonly logo_url?: string;
  readonly colors?: { readonly primary: string; readonly page_background: string };
}

interface OrganizationBody extends OrganizationSettingsBody {
  readonly branding?: BrandingBody;
  readonly metadata?: Wire;
  readonly enabled_connections?: readonly EnablementBody[];
}

function toBrandingWire(branding: Branding): Wire | undefined {
  const { logoUrl, primaryColor, pageBackground } = branding;
  if (logoUrl === undefined && primaryColor === undefined && pageBackground === undefined) return undefined;
  const colors =
    primaryColor === undefined && pageBackground === undefined
      ? undefined
      : present({ primary: primaryColor, page_background: pageBackground });
  return present({ logo_url: logoUrl, colors });
}

function fromBranding(body: BrandingBody | undefined): Branding {
  return {
    logoUrl: body?.logo_url,
    primaryColor: body?.colors?.primary,
    pageBackground: body?.colors?.page_background,
  };
}

/** Converts an organization into Auth0's JSON. */
export function toOrganizationWire(organization: OrganizationRecord): Wire {
  return present({
    ...ORGANIZATION_FIXED,
    id: organization.id,
    display_name: organization.name,
    ...toJson(ORGANIZATION_FIELDS, organization),
    branding: toBrandingWire(organization.branding),
    metadata: Object.keys(organization.metadata).length > 0 ? organization.metadata : undefined,
  });
}

const NAME_TAKEN = 'An organization with this name already exists.';
const COLORS = replyOf({}, { primary: 'string', page_background: 'string' });
const BRANDING = replyOf({}, { logo_url: 'string', colors: COLORS });
const ALWAYS = {
  id: 'string',
  name: 'string',
  display_name: 'string',
  third_party_client_access: 'string',
  is_app_entitlement_active: 'boolean',
} as const;
const SOMETIMES = { ...sometimesShown(ORGANIZATION_FIELDS), branding: BRANDING, metadata: ANY_OBJECT };
/** Schema of an organization in an answer. */
export const ORGANIZATION_REPLY = replyOf(ALWAYS, SOMETIMES);
/** The answer to a creation also has the connections that were enabled with it. */
const CREATED_REPLY = replyOf(ALWAYS, { ...SOMETIMES, enabled_connections: listOf(ENABLEMENT_REPLY) });

/** Throws 400 for settings that would admit people unknown to this server. */
function checkFixed(body: Wire): void {
  for (const [name, value] of Object.entries(ORGANIZATION_FIXED)) {
    if (body[name] !== undefined && body[name] !== value)
      throw badBody(`${name}: this server has ${value} alone, not ${body[name]}.`);
  }
}

async function create(deps: ManagementDeps, call: Call) {
  const body = call.body as OrganizationBody;
  checkFixed(call.body as Wire);
  const connections = body.enabled_connections ?? [];
  const organization: OrganizationRecord = {
    ...toDefaults(ORGANIZATION_FIELDS),
    ...toChanges(ORGANIZATION_FIELDS, body),
    id: newId(deps.entropy, 'org'),
    branding: fromBranding(body.branding),
    metadata: mergeMetadata({}, body.metadata),
    createdAt: call.now,
    updatedAt: call.now,
  };
  await orConflict(NAME_TAKEN, call.directory.organizations.create(organization));
  const enabled: EnablementRecord[] = [];
  for (const connection of connections) enabled.push(await enable(deps, call, organization.id, connection));
  const wire = toOrganizationWire(organization);
  const withConnections = enabled.length > 0 ? { ...wire, enabled_connections: enabled.map(toEnablementWire) } : wire;
  return { body: withConnections, log: { organizationId: organization.id } };
}

async function update(call: Call) {
  const before = await getOrganization(call);
  const body = call.body as OrganizationBody;
  checkFixed(call.body as Wire);
  const changes: OrganizationChanges = {
    ...toChanges(ORGANIZATION_FIELDS, body),
    ...(body.branding !== undefined && { branding: fromBranding(body.branding) }),
    // Auth0 replaces an organization's metadata as a whole.
    ...(body.metadata !== undefined && { metadata: mergeMetadata({}, body.metadata) }),
    updatedAt: call.now,
  };
  const write = () => orConflict(NAME_TAKEN, call.directory.organizations.update(before.id, changes));
  const after = await keepWaysIn(call.directory, { organizationId: before.id }, write);
  if (after === undefined) throw noOrganization();
  return { body: toOrganizationWire(after) };
}

/** The fields that `sort` may name, with our names. Age is the default order and needs none. */
const SORTS = { created_at: undefined, name: 'name', display_name: 'displayName' } as const;

async function list(call: Call) {
  const startsWith = call.query.starts_with as string | undefined;
  // Sorts by name: names with the same beginning are then adjacent, and an index finds them. Any other order would read
  // all.
  const order = startsWith === undefined ? undefined : 'display_name:1';
  if (order !== undefined && call.query.sort !== undefined && call.query.sort !== order)
    throw badQuery(`Query validation error: 'With starts_with the list is sorted by ${order}' on property sort.`);
  const sort = parseSort(order ?? call.query.sort, ['created_at', 'name', 'display_name']);
  const sortBy = sort === undefined ? undefined : SORTS[sort.field];
  const request = {
    ...continuing(call.paging.request, sortBy !== undefined),
    descending: sort?.descending ?? false,
  };
  const page = await call.directory.organizations.list(request, { sortBy, startsWith });
  return { page: { ...page, items: page.items.map(toOrganizationWire) } };
}

/** Returns the operations on `/organizations`. Resources of one organization have files of their own. */
export function organizationOperations(deps: ManagementDeps): Operation[] {
  return [
    {
      method: 'get',
      path: '/organizations',
      summary: 'List organizations',
      status: 200,
      reply: ORGANIZATION_REPLY,
      list: { key: 'organizations', checkpoint: true, byText: true },
      refusals: [],
      run: list,
    },
    {
      method: 'post',
      path: '/organizations',
      summary: 'Create an organization',
      status: 201,
      reply: CREATED_REPLY,
      refusals: [404, 409],
      run: (call) => create(deps, call),
    },
    {
      method: 'get',
      path: '/organizations/name/{name}',
      summary: 'Get an organization by its name',
      status: 200,
      reply: ORGANIZATION_REPLY,
      refusals: [404],
      async run(call) {
        const organization = await call.directory.organizations.findByName(call.params.name ?? '');
        if (organization === undefined) throw noOrganization();
        return { body: toOrganizationWire(organization) };
      },
    },
    {
      method: 'get',
      path: '/organizations/{id}',
      summary: 'Get an organization',
      status: 200,
      reply: ORGANIZATION_REPLY,
      refusals: [404],
      run: async (call) => ({ body: toOrganizationWire(await getOrganization(call)) }),
    },
    {
      method: 'patch',
      path: '/organizations/{id}',
      summary: 'Update an organization',
      status: 200,
      reply: ORGANIZATION_REPLY,
      refusals: [404, 409],
      run: update,
    },
    {
      method: 'delete',
      path: '/organizations/{id}',
      summary: 'Delete an organization',
      status: 204,
      refusals: [404],
      async run(call) {
        if (!(await call.directory.organizations.delete(call.params.id ?? ''))) throw noOrganization();
        return {};
      },
    },
  ];
}
