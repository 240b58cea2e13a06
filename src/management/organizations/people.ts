/**
 * `/organizations/{id}/people`, an addition: the members with all data that a rollout needs, up to a thousand at a
 * time, in order or by id. Reads only.
 */
import { acceptedFactors, OPERATOR_FACTORS, toSecondFactor, toTenantFactors } from '../../domain/factors/factor.js';
import { type FactorRule, factorRuleOf } from '../../domain/factors/factor-effect.js';
import type { OrganizationRecord } from '../../ports/directory/organizations.js';
import type { PersonIdentity, PersonRecord } from '../../ports/directory/people.js';
import { badQuery, ManagementError, noConnectionOfOrganization } from '../api/errors.js';
import type { Call, Operation, Reply } from '../api/operation.js';
import { listOf, replyOf, TEXT_OR_NULL, viewOf, wordOf } from '../api/wire.js';
import { getOrganization } from './organization-of-path.js';

/** Most people on one page. */
const MAX_PEOPLE = 1_000;

const IDENTITY = viewOf<PersonIdentity>({
  provider: ['string', ({ strategy }) => strategy],
  connection_id: ['string', ({ connectionId }) => connectionId],
  connection: ['string', ({ connectionName }) => connectionName],
  status: [wordOf('bound', 'expected'), ({ status }) => status],
  primary: ['boolean', ({ isPrimary }) => isPrimary],
  'user_id?': ['string', ({ subject }) => subject ?? undefined],
  'expected_email?': [
    'string',
    ({ status, expectedEmail }) => (status === 'expected' ? (expectedEmail ?? undefined) : undefined),
  ],
});

const MEMBER = viewOf<PersonRecord>({
  roles: [listOf(replyOf({ id: 'string', name: 'string' })), ({ roles }) => roles],
  break_glass: ['boolean', ({ breakGlass }) => breakGlass],
  first_login: [TEXT_OR_NULL, ({ firstLoginHereAt }) => firstLoginHereAt?.toISOString() ?? null],
  last_login: [TEXT_OR_NULL, ({ lastLoginHereAt }) => lastLoginHereAt?.toISOString() ?? null],
  own_proof_at: [TEXT_OR_NULL, ({ ownProofAt }) => ownProofAt?.toISOString() ?? null],
  via: [wordOf('invited', 'auto', 'action', 'management'), ({ via }) => via],
});

const PERSON = viewOf<PersonRecord>({
  user_id: ['string', ({ userId }) => userId],
  email_verified: ['boolean', ({ emailVerified }) => emailVerified],
  blocked: ['boolean', ({ blocked }) => blocked],
  has_password: ['boolean', ({ hasPassword }) => hasPassword],
  second_factors: [listOf('string'), ({ secondFactors }) => secondFactors],
  logins_count: ['integer', ({ loginsCount }) => loginsCount],
  other_organizations: ['integer', ({ otherOrganizations }) => otherOrganizations],
  same_address: ['integer', ({ sameAddress }) => sameAddress],
  same_address_members: ['integer', ({ sameAddressMembers }) => sameAddressMembers],
  same_address_connections: [listOf('string'), (person) => person.sameAddressConnections],
  member: [MEMBER.schema, MEMBER.show],
  identities: [listOf(IDENTITY.schema), ({ identities }) => identities.map(IDENTITY.show)],
  'email?': ['string', ({ email }) => email],
  'name?': ['string', ({ name }) => name],
  'last_login?': ['string', ({ lastLoginAt }) => lastLoginAt?.toISOString()],
});

/**
 * Scopes for this endpoint; a caller needs all of them. Its answer combines three of Auth0's requests, which need one
 * each.
 */
const NEEDED = ['read:organization_members', 'read:users', 'read:organization_member_roles'];

function checkScopes(call: Call): void {
  const missing = NEEDED.find((scope) => !call.caller.scopes.has(scope));
  if (missing !== undefined) {
    const message = `Reading the people of an organization requires all of the scopes ${NEEDED.join(', ')}; your token lacks ${missing}.`;
    throw new ManagementError(403, message, 'insufficient_scope');
  }
}

async function list(call: Call): Promise<Reply> {
  checkScopes(call);
  const organization = await getOrganization(call);
  const { starts_with: startsWith } = call.query;
  const { limit, after } = call.paging.request;
  if (typeof startsWith === 'string') {
    if (after !== undefined)
      throw badQuery("Query validation error: 'With starts_with there is one page' on property from.");
    const found = await call.directory.people.listBeginning(organization.id, { startsWith, limit });
    return { page: { items: found.map(PERSON.show) } };
  }
  const page = await call.directory.people.list(organization.id, call.paging.request);
  return { page: { ...page, items: page.items.map(PERSON.show) } };
}

/**
 * Returns those of the named users who are members. A tool that continues its work requests only the people it still
 * lacks.
 */
async function find(call: Call): Promise<Reply> {
  checkScopes(call);
  const organization = await getOrganization(call);
  const { user_ids: ids } = call.body as { readonly user_ids: readonly string[] };
  const people = await call.directory.people.find(organization.id, ids);
  return { body: { people: people.map(PERSON.show) } };
}

/** Returns whom the settings ask for a second factor in a login into the organization, and with which. */
async function readFactorRule({ directory }: Call, { id, mfa, mfaFactors }: OrganizationRecord): Promise<FactorRule> {
  const tenant = toTenantFactors(await directory.tenant.getGuardian());
  const isOfOperators = (await directory.operators.find())?.organizationId === id;
  const accepts = acceptedFactors(isOfOperators ? { accepts: OPERATOR_FACTORS } : tenant, mfaFactors);
  return factorRuleOf(tenant, toSecondFactor(mfa, mfaFactors).secondFactor?.rule, accepts);
}

/** Answers numbers of people. They name nobody, so this requires fewer scopes. */
async function count(call: Call): Promise<Reply> {
  const organization = await getOrganization(call);
  const { people, organizations } = call.directory;
  const found = await people.count(organization.id);
  const totals = {
    members: found.members,
    with_password: found.withPassword,
    break_glass: found.breakGlass,
    never_logged_in: found.neverLoggedIn,
    without_own_proof: found.withoutOwnProof,
    second_factor: await readFactorRule(call, organization),
  };
  const connectionId = call.query.connection_id;
  if (typeof connectionId !== 'string') return { body: totals };
  if ((await organizations.findEnablement(organization.id, connectionId)) === undefined)
    throw noConnectionOfOrganization();
  const at = await people.countAt(organization.id, connectionId);
  const connection = {
    bound: at.bound,
    bound_without_password: at.boundOnly,
    expected: at.expected,
    addresses_led: at.addressed,
    only_password: at.passwordOnly,
    only_password_break_glass: at.passwordOnlyBreakGlass,
  };
  return { body: { ...totals, connection } };
}

const TOTALS = replyOf(
  {
    members: 'integer',
    with_password: 'integer',
    break_glass: 'integer',
    never_logged_in: 'integer',
    without_own_proof: 'integer',
    second_factor: replyOf({ asks: wordOf('nobody', 'everybody', 'unless_company'), accepts: listOf('string') }),
  },
  {
    connection: replyOf({
      bound: 'integer',
      bound_without_password: 'integer',
      expected: 'integer',
      addresses_led: 'integer',
      only_password: 'integer',
      only_password_break_glass: 'integer',
    }),
  },
);

/** Returns the operations on `/organizations/{id}/people`. */
export function peopleOperations(): Operation[] {
  return [
    {
      method: 'get',
      path: '/organizations/{id}/people',
      summary: 'List the people of an organization as a rollout needs them',
      reply: PERSON.schema,
      list: { key: 'people', form: 'object', checkpoint: true, maxPageSize: MAX_PEOPLE },
      refusals: [404],
      run: list,
    },
    {
      method: 'post',
      path: '/organizations/{id}/people/find',
      summary: 'Find people of an organization by their ids, as a rollout needs them',
      reply: replyOf({ people: listOf(PERSON.schema) }),
      refusals: [404],
      readsOnly: true,
      run: find,
    },
    {
      method: 'get',
      path: '/organizations/{id}/people/totals',
      summary: 'Count the people of an organization by how they can sign in',
      reply: TOTALS,
      refusals: [404],
      run: count,
    },
  ];
}
