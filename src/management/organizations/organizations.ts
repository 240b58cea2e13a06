/** `/organizations`: the customers of the tenant. */
import type { Branding } from '../../domain/tenant.js';
import { newId, newSecret } from '../../kernel/ids.js';
import type { EnablementRecord, OrganizationChanges, OrganizationRecord } from '../../ports/directory/organizations.js';
import type { ManagementDeps } from '../api/deps.js';
import { badQuery, insufficientScope, noOrganization, notSupported } from '../api/errors.js';
import { toChanges, toDefaults } from '../api/fields.js';
import type { Call, Operation, Wire } from '../api/operation.js';
import { continuing, parseSort } from '../api/paging.js';
import { ANY_OBJECT, listOf, mergeMetadata, orConflict, replyOf, rowsOf, viewOf } from '../api/wire.js';
import { ENABLEMENT, type EnablementBody, enable } from '../enabled-connections/operations.js';
import { checkOrganizationCanRequire } from '../guardian/required-factors.js';
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
  readonly token_quota?: Wire | null;
  readonly enabled_connections?: readonly EnablementBody[];
}

const nonEmpty = (object: Wire) => (Object.keys(object).length > 0 ? object : undefined);

const COLORS = viewOf<Branding>({
  'primary?': ['string', ({ primaryColor }) => primaryColor],
  'page_background?': ['string', ({ pageBackground }) => pageBackground],
});
const BRANDING = viewOf<Branding>({
  'logo_url?': ['string', ({ logoUrl }) => logoUrl],
  'colors?': [COLORS.schema, (branding) => nonEmpty(COLORS.show(branding))],
});
/** An organization in answers. */
export const ORGANIZATION = viewOf<OrganizationRecord>({
  third_party_client_access: ['string', () => ORGANIZATION_FIXED.third_party_client_access],
  ...rowsOf({ limitsApplications: ORGANIZATION_FIELDS.limitsApplications }),
  id: ['string', ({ id }) => id],
  display_name: ['string', ({ displayName, name }) => displayName ?? name],
  ...rowsOf({ name: ORGANIZATION_FIELDS.name, blocked: ORGANIZATION_FIELDS.blocked }),
  ...rowsOf({ mfa: ORGANIZATION_FIELDS.mfa, mfaFactors: ORGANIZATION_FIELDS.mfaFactors }),
  'branding?': [BRANDING.schema, ({ branding }) => nonEmpty(BRANDING.show(branding))],
  'metadata?': [ANY_OBJECT, ({ metadata }) => nonEmpty(metadata)],
  'token_quota?': [ANY_OBJECT, ({ tokenQuota }) => tokenQuota],
});
/** An organization in the list. With `include_client_association_for` it also says whether it lists that application. */
const LISTED = viewOf<OrganizationRecord & { readonly forMembers?: boolean | undefined }>({
  ...ORGANIZATION.rows,
  'client?': [
    replyOf({ use_for_member_access: 'boolean' }),
    ({ forMembers }) => (forMembers === undefined ? undefined : { use_for_member_access: forMembers }),
  ],
});
/** The answer to the creation of an organization. It also has the connections that were enabled in the same request. */
const CREATED = viewOf<OrganizationRecord & { readonly enabled: readonly EnablementRecord[] }>({
  ...ORGANIZATION.rows,
  'enabled_connections?': [
    listOf(ENABLEMENT.schema),
    ({ enabled }) => (enabled.length > 0 ? enabled.map(ENABLEMENT.show) : undefined),
  ],
});

function fromBranding(body: BrandingBody | undefined): Branding {
  return {
    logoUrl: body?.logo_url,
    primaryColor: body?.colors?.primary,
    pageBackground: body?.colors?.page_background,
  };
}

const NAME_TAKEN = 'An organization with this name already exists.';

/** Refuses a requirement of a second factor that nobody could meet. `scope` names the write in the refusal. */
async function checkSecondFactor(call: Call, organizationId: string, body: OrganizationBody, scope: string) {
  if (body.mfa === undefined && body.mfa_factors === undefined) return;
  await checkOrganizationCanRequire(call, organizationId, { changes: toChanges(ORGANIZATION_FIELDS, body), scope });
}

async function create(deps: ManagementDeps, call: Call) {
  const body = call.body as OrganizationBody;
  const connections = body.enabled_connections ?? [];
  const organization: OrganizationRecord = {
    ...toDefaults(ORGANIZATION_FIELDS),
    ...toChanges(ORGANIZATION_FIELDS, body),
    id: newId(deps.entropy, 'org'),
    branding: fromBranding(body.branding),
    metadata: mergeMetadata({}, body.metadata),
    tokenQuota: body.token_quota ?? undefined,
    createdAt: call.now,
    updatedAt: call.now,
  };
  await checkSecondFactor(call, organization.id, body, 'create:organizations');
  await orConflict(NAME_TAKEN, call.directory.organizations.create(organization));
  const enabled: EnablementRecord[] = [];
  for (const connection of connections) enabled.push(await enable(deps, call, organization.id, connection));
  return { body: CREATED.show({ ...organization, enabled }), log: { organizationId: organization.id } };
}

/**
 * Refuses to limit the applications of the operators' organization. Its members would lose the console, and nobody could
 * give it back: applications enter it by a client grant.
 */
async function checkOperatorsStay({ directory }: Call, organizationId: string): Promise<void> {
  if ((await directory.operators.find())?.organizationId === organizationId)
    throw notSupported(
      'is_app_entitlement_active: applications enter the organization of the operators by a client grant for the Management API.',
    );
}

async function update(deps: ManagementDeps, call: Call) {
  const before = await getOrganization(call);
  const body = call.body as OrganizationBody;
  const closes = body.is_app_entitlement_active === true && !before.limitsApplications;
  if (closes) await checkOperatorsStay(call, before.id);
  const changes: OrganizationChanges = {
    ...toChanges(ORGANIZATION_FIELDS, body),
    ...(body.branding !== undefined && { branding: fromBranding(body.branding) }),
    // As on Auth0, metadata in the request replaces the stored metadata completely.
    ...(body.metadata !== undefined && { metadata: mergeMetadata({}, body.metadata) }),
    ...(body.token_quota !== undefined && { tokenQuota: body.token_quota ?? undefined }),
    updatedAt: call.now,
  };
  await checkSecondFactor(call, before.id, body, 'update:organizations');
  const { organizations } = call.directory;
  const write = async () => {
    // Attack: a login that began before the organization limited its applications is committed afterwards.
    if (closes) await organizations.renewEnablements(before.id, newSecret(deps.entropy));
    return orConflict(NAME_TAKEN, organizations.update(before.id, changes));
  };
  const after = await keepWaysIn(call.directory, { organizationId: before.id }, write);
  if (after === undefined) throw noOrganization();
  return { body: ORGANIZATION.show(after) };
}

/** The fields by which `sort` may sort, with our names. The default order is by age, so `created_at` needs no name. */
const SORTS = { created_at: undefined, name: 'name', display_name: 'displayName' } as const;

/** The scope that shows which applications an organization lists. */
const READS_CLIENTS = 'read:organization_clients';

async function list(call: Call) {
  const startsWith = call.query.starts_with as string | undefined;
  const clientId = call.query.include_client_association_for as string | undefined;
  if (clientId !== undefined && !call.caller.scopes.has(READS_CLIENTS)) throw insufficientScope([READS_CLIENTS]);
  // With `starts_with`, the list is sorted by name: names with the same beginning are then adjacent, and an index finds
  // them. Any other order would read all rows.
  const order = startsWith === undefined ? undefined : 'display_name:1';
  if (order !== undefined && call.query.sort !== undefined && call.query.sort !== order)
    throw badQuery(`Query validation error: 'With starts_with the list is sorted by ${order}' on property sort.`);
  const sort = parseSort(order ?? call.query.sort, ['created_at', 'name', 'display_name']);
  const sortBy = sort === undefined ? undefined : SORTS[sort.field];
  const request = {
    ...continuing(call.paging.request, sortBy !== undefined),
    descending: sort?.descending ?? false,
  };
  const { organizations } = call.directory;
  const page = await organizations.list(request, { sortBy, startsWith });
  const ids = page.items.map(({ id }) => id);
  const listing = clientId === undefined ? undefined : await organizations.findClientIn(ids, clientId);
  const items = page.items.map((item) => LISTED.show({ ...item, forMembers: listing?.get(item.id) }));
  return { page: { ...page, items } };
}

/** Returns the operations on `/organizations`. Resources of one organization have files of their own. */
export function organizationOperations(deps: ManagementDeps): Operation[] {
  return [
    {
      method: 'get',
      path: '/organizations',
      summary: 'List organizations',
      reply: LISTED.schema,
      list: { key: 'organizations', checkpoint: true, byText: true },
      run: list,
    },
    {
      method: 'post',
      path: '/organizations',
      summary: 'Create an organization',
      status: 201,
      reply: CREATED.schema,
      refusals: [404, 409],
      run: (call) => create(deps, call),
    },
    {
      method: 'get',
      path: '/organizations/name/{name}',
      summary: 'Get an organization by its name',
      reply: ORGANIZATION.schema,
      refusals: [404],
      async run(call) {
        const organization = await call.directory.organizations.findByName(call.params.name ?? '');
        if (organization === undefined) throw noOrganization();
        return { body: ORGANIZATION.show(organization) };
      },
    },
    {
      method: 'get',
      path: '/organizations/{id}',
      summary: 'Get an organization',
      reply: ORGANIZATION.schema,
      refusals: [404],
      run: async (call) => ({ body: ORGANIZATION.show(await getOrganization(call)) }),
    },
    {
      method: 'patch',
      path: '/organizations/{id}',
      summary: 'Update an organization',
      reply: ORGANIZATION.schema,
      refusals: [404, 409],
      run: (call) => update(deps, call),
    },
    {
      method: 'delete',
      path: '/organizations/{id}',
      summary: 'Delete an organization',
      refusals: [404],
      async run(call) {
        if (!(await call.directory.organizations.delete(call.params.id ?? ''))) throw noOrganization();
        return {};
      },
    },
  ];
}
