/**
 * `/organizations/{id}/enabled_connections/{connectionId}/people` and `…/explain/condition`, additions. The first lists
 * the members who signed in through a connection, with their stored claims. The second tests a condition of
 * auto-membership on them. Refused people are not among them, since no claims of theirs are stored. Reads only.
 */
import { parseCondition } from '../../domain/companies/membership-condition.js';
import type { Arrival, KnownArrival } from '../../ports/directory/arrivals.js';
import type { EnablementRecord } from '../../ports/directory/organizations.js';
import type { ManagementDeps } from '../api/deps.js';
import { insufficientScopes, noUser } from '../api/errors.js';
import type { Call, Operation, Reply } from '../api/operation.js';
import { ANY_OBJECT, listOf, replyOf, viewOf } from '../api/wire.js';
import { getEnablement } from './enablement-of-path.js';
import { holdsFor, tallyArrivals } from './tally-arrivals.js';

/**
 * Scopes for reading claims; a caller needs both. Attack: a caller who may only list members tests one condition after
 * another, and infers people's claims from the counts.
 */
const NEEDED = ['read:organization_members', 'read:users'];
const USUAL_TAKE = 10;
async function getReadable(call: Call): Promise<EnablementRecord> {
  if (NEEDED.some((scope) => !call.caller.scopes.has(scope))) throw insufficientScopes(NEEDED);
  return getEnablement(call);
}

const PERSON = viewOf<Arrival>({
  user_id: ['string', ({ userId }) => userId],
  'email?': ['string', ({ email }) => email],
  'name?': ['string', ({ name }) => name],
});
const SAID = viewOf<KnownArrival & { readonly seen: Date | undefined }>({
  ...PERSON.rows,
  'proved_email?': ['string', ({ provedEmail }) => provedEmail],
  claims: [ANY_OBJECT, ({ claims }) => claims],
  scim_groups: [listOf('string'), ({ scimGroups }) => scimGroups],
  'seen_at?': ['string', ({ seen }) => seen?.toISOString()],
});

async function list(call: Call): Promise<Reply> {
  const { organizationId, connectionId } = await getReadable(call);
  const { starts_with: startsWith = '', take = USUAL_TAKE } = call.query as { starts_with?: string; take?: number };
  const found = await call.directory.people.findArrivals(organizationId, connectionId, {
    startsWith,
    limit: Number(take),
  });
  return { body: { people: found.map(PERSON.show) } };
}

async function show(call: Call): Promise<Reply> {
  const { organizationId, connectionId } = await getReadable(call);
  const userId = call.params.user_id ?? '';
  const { people } = call.directory;
  const [person] = await people.getArrivals(organizationId, connectionId, [userId]);
  if (person === undefined) throw noUser();
  const seen = await people.findLastProof(userId, connectionId);
  return { body: SAID.show({ ...person, seen }) };
}

async function explain(deps: ManagementDeps, call: Call): Promise<Reply> {
  const enablement = await getReadable(call);
  const { condition: text, user_ids: ids = [] } = call.body as {
    readonly condition: string;
    readonly user_ids?: readonly string[];
  };
  const condition = parseCondition(text);
  if ('error' in condition) return { body: { usable: false, error: condition.error } };
  const { organizationId, connectionId } = enablement;
  const chosen = await call.directory.people.getArrivals(organizationId, connectionId, ids);
  const { tried, holds, complete, without } = await tallyArrivals(
    (page) => call.directory.people.listArrivals(organizationId, connectionId, page),
    condition,
    deps.clock,
  );
  return {
    body: {
      usable: true,
      reads_groups: condition.readsGroups,
      people: chosen.map((person) => ({ user_id: person.userId, holds: holdsFor(condition, person) })),
      members: { tried, holds, complete, without: without.map(PERSON.show) },
    },
  };
}

const MEMBERS = replyOf({
  tried: 'integer',
  holds: 'integer',
  complete: 'boolean',
  without: listOf(PERSON.schema),
});

/** Returns the operations on the people of an enabled connection. */
export function arrivalOperations(deps: ManagementDeps): Operation[] {
  const path = '/organizations/{id}/enabled_connections/{connectionId}';
  return [
    {
      method: 'get',
      path: `${path}/people`,
      summary: 'Find members who have come by a connection of an organization',
      reply: replyOf({ people: listOf(PERSON.schema) }),
      refusals: [404],
      run: list,
    },
    {
      method: 'get',
      path: `${path}/people/{user_id}`,
      summary: 'Tell what an identity provider said of a member at their last sign-in',
      reply: SAID.schema,
      refusals: [404],
      run: show,
    },
    {
      method: 'post',
      path: `${path}/explain/condition`,
      summary: 'Try a condition of auto-membership on the members who have come by the connection',
      reply: replyOf(
        { usable: 'boolean' },
        {
          error: 'string',
          reads_groups: 'boolean',
          people: listOf(replyOf({ user_id: 'string', holds: 'boolean' })),
          members: MEMBERS,
        },
      ),
      refusals: [404],
      readsOnly: true,
      run: (call) => explain(deps, call),
    },
  ];
}
