/**
 * Administrators of customers in the model: members who invite, remove, give roles and prove domains by the My Organization
 * API, at the same time as operators, directories and people. Written from ADR 0099 and ADR 0100.
 */
import { endStale, isProvedByOther, removeMember, renewLeaning } from './administration.js';
import {
  connectionName,
  DONE,
  type Draft,
  endAccessOf,
  invitationOf,
  NOTHING,
  organizationOf,
  ownName,
  rejected,
  userOf,
} from './draft.js';
import type { Asked, OwnConnection, OwnDomain, OwnInvite, OwnRole } from './own-actions.js';
import { rolesOf, usedBy } from './rules.js';
import { DATABASE, memberKey, type Outcome, type State } from './state.js';

/** Its holder administers the organization. */
const ADMINISTERS = 'create:my_org:member_roles';

/** Permissions of an auditor: fewer than those of an editor, who has all. */
export const AUDITS = [
  'read:my_org:members',
  'delete:my_org:memberships',
  'create:my_org:member_invitations',
  'create:my_org:domains',
  'update:my_org:domains',
] as const;

type Rights = { readonly all: boolean; readonly some: boolean };

const rightsOfRoles = (roles: readonly string[]): Rights => ({
  all: roles.includes('editor'),
  some: roles.includes('editor') || roles.includes('auditor'),
});

const has = ({ all, some }: Rights, scope: string) => all || (some && (AUDITS as readonly string[]).includes(scope));

const rightsOf = (state: State, organization: string, user: string): Rights =>
  rightsOfRoles(rolesOf(state, organization, user));

/** Whether one may do all that the other may. */
const isWithin = (one: Rights, other: Rights) => (!one.all || other.all) && (!one.some || other.some);

/** Not blocked, and with a way into the organization by which they came before. */
function canSignIn(state: State, organization: string, user: string, except?: string): boolean {
  const held = state.users[user];
  const enabled = usedBy(state.organizations[organization]);
  if (held === undefined || held.blocked || state.members[memberKey(organization, user)] === undefined) return false;
  if (held.passwordFor !== undefined && enabled[DATABASE] !== undefined) return true;
  return state.identities.some(
    (item) =>
      item.user === user && !item.closed && item.connection !== except && enabled[item.connection] !== undefined,
  );
}

const isAdministrator = (state: State, organization: string, user: string, except?: string) =>
  canSignIn(state, organization, user, except) && has(rightsOf(state, organization, user), ADMINISTERS);

/** The roles that an invitation gives: those of a member's only while that member may give them. */
export function rolesGivenBy(state: State, { organization, roles, invitedBy }: State['invitations'][string]) {
  if (invitedBy === undefined) return roles;
  if (!isAdministrator(state, organization, invitedBy)) return [];
  const own = rightsOf(state, organization, invitedBy);
  return roles.filter((role) => isWithin(rightsOfRoles([role]), own));
}

/** A step of a member: 404 for everybody who is none, or cannot come in, and 403 without the right. */
export function byMember<A extends Asked>(
  scope: string,
  run: (draft: Draft, action: A, organization: string, actor: string) => Outcome,
) {
  return (draft: Draft, action: A): Outcome => {
    const organization = organizationOf(draft, action.organization);
    const actor = userOf(draft, action.actor);
    if (actor === undefined) return NOTHING;
    if (draft.organizations[organization]?.blocked || !canSignIn(draft, organization, actor)) return rejected(404);
    if (!has(rightsOf(draft, organization, actor), scope)) return rejected(403);
    return run(draft, action, organization, actor);
  };
}

/** Whether somebody administers the organization who can come in, by another connection than `except`. */
export const hasAdministrator = (state: State, organization: string, except?: string) =>
  Object.keys(state.users).some((user) => isAdministrator(state, organization, user, except));

/** An organization that had an administrator keeps one. */
function keepingOne(draft: Draft, organization: string, change: () => void): Outcome {
  const had = hasAdministrator(draft, organization);
  change();
  return had && !hasAdministrator(draft, organization) ? rejected(409) : DONE;
}

const invite = byMember<OwnInvite>('create:my_org:member_invitations', (draft, action, organization, actor) => {
  const connection = action.connection === undefined ? undefined : connectionName(action.connection);
  const named = draft.organizations[organization]?.enabled[connection ?? ''];
  if (connection !== undefined && !named?.seen) return rejected(404);
  if (named?.off) return rejected(400);
  if (action.roles.length > 0) {
    const own = rightsOf(draft, organization, actor);
    if (!has(own, ADMINISTERS) || !isWithin(rightsOfRoles(action.roles), own)) return rejected(403);
    if (draft.users[actor]?.email === action.email) return rejected(403);
  }
  for (const one of Object.values(draft.invitations))
    if (one.organization === organization && one.email === action.email && one.state === 'live') one.state = 'revoked';
  draft.invitations[`i${draft.serial++}`] = {
    organization,
    email: action.email,
    connection,
    roles: [...action.roles].sort(),
    link: 'mail',
    state: 'live',
    consumedBy: undefined,
    invitedBy: actor,
  };
  return DONE;
});

const revoke = byMember<Asked & { readonly invitation: number }>(
  'delete:my_org:member_invitations',
  (draft, action, organization) => {
    const invitation = draft.invitations[invitationOf(draft, action.invitation) ?? ''];
    // One that expired is still in the list, and can be revoked; the model does not tell it from one that is gone.
    if (invitation === undefined || (invitation.organization === organization && invitation.state === 'expired'))
      return NOTHING;
    if (invitation.organization !== organization || invitation.state !== 'live') return rejected(404);
    invitation.state = 'revoked';
    return DONE;
  },
);

const isMember = (draft: Draft, organization: string, user: string | undefined): user is string =>
  user !== undefined && draft.members[memberKey(organization, user)] !== undefined;

const remove = byMember<Asked & { readonly user: number }>(
  'delete:my_org:memberships',
  (draft, action, organization, actor) => {
    const user = userOf(draft, action.user);
    if (!isMember(draft, organization, user)) return rejected(404);
    if (!isWithin(rightsOf(draft, organization, user), rightsOf(draft, organization, actor))) return rejected(403);
    return keepingOne(draft, organization, () => removeMember(draft, organization, user));
  },
);

const give = byMember<OwnRole>(ADMINISTERS, (draft, { user: index, role }, organization, actor) => {
  const user = userOf(draft, index);
  if (!isMember(draft, organization, user)) return rejected(404);
  if (!isWithin(rightsOfRoles([role]), rightsOf(draft, organization, actor)) || user === actor) return rejected(403);
  const member = draft.members[memberKey(organization, user)];
  if (member) member.roles = [...new Set([...member.roles, role])].sort();
  return DONE;
});

const take = byMember<OwnRole>('delete:my_org:member_roles', (draft, { user: index, role }, organization, actor) => {
  const user = userOf(draft, index);
  if (!isMember(draft, organization, user)) return rejected(404);
  if (!isWithin(rightsOfRoles([role]), rightsOf(draft, organization, actor))) return rejected(403);
  return keepingOne(draft, organization, () => {
    const member = draft.members[memberKey(organization, user)];
    if (member) member.roles = member.roles.filter((name) => name !== role);
  });
});

const claim = byMember<OwnDomain>('create:my_org:domains', (draft, { domain }, organization) => {
  const one = draft.organizations[organization];
  if (one === undefined) return NOTHING;
  if (one.domains[domain] !== undefined) return rejected(409);
  one.domains[domain] = 'pending';
  return DONE;
});

/** Without the record nothing changes: an earlier proof stays until it expires. */
const verify = byMember<OwnDomain & { readonly published: boolean }>(
  'update:my_org:domains',
  (draft, { domain, published }, organization) => {
    const one = draft.organizations[organization];
    if (one?.domains[domain] === undefined) return rejected(404);
    if (!published) return DONE;
    if (isProvedByOther(draft, organization, domain)) return rejected(409);
    endStale(draft, organization, domain);
    one.domains[domain] = 'verified';
    one.byDns = [...new Set([...(one.byDns ?? []), domain])];
    return DONE;
  },
);

const drop = byMember<OwnDomain>('delete:my_org:domains', (draft, { domain }, organization) => {
  const one = draft.organizations[organization];
  const state = one?.domains[domain];
  if (one === undefined || state === undefined) return rejected(404);
  // An operator's word is not the customer's to take back.
  if (state === 'verified' && !one.byDns?.includes(domain)) return rejected(403);
  // Their own connection is not led to by it any more.
  const own = one.enabled[ownName(organization)] && draft.connections[ownName(organization)];
  if (own?.aliases.includes(domain))
    Object.assign(own, { aliases: own.aliases.filter((item) => item !== domain), revision: ++draft.serial });
  if (state !== 'pending') renewLeaning(draft, organization, domain);
  delete one.domains[domain];
  return DONE;
});

/**
 * A change of how the organization uses a connection. The last way in stays: an administrator keeps it, or, where
 * there was none, the member who changes it.
 */
export function keepingWayIn(draft: Draft, organization: string, actor: string, change: () => void): Outcome {
  const kept = keepingOne(draft, organization, change);
  const isLost = kept === DONE && !hasAdministrator(draft, organization) && !canSignIn(draft, organization, actor);
  return isLost ? rejected(409) : kept;
}

/** An operator made the connection: members see it, and change only how their organization uses it. */
function onConnection<A extends OwnConnection>(
  scope: string,
  run: (draft: Draft, action: A, organization: string, actor: string) => Outcome,
) {
  return byMember<A>(scope, (draft, action, organization, actor) => {
    const one = draft.organizations[organization]?.enabled[connectionName(action.connection)];
    return one?.seen ? run(draft, action, organization, actor) : rejected(404);
  });
}

const detach = onConnection<OwnConnection>(
  'update:my_org:identity_providers_detach',
  (draft, { connection }, organization, actor) =>
    keepingWayIn(draft, organization, actor, () => {
      delete draft.organizations[organization]?.enabled[connectionName(connection)];
      if (draft.connections[connectionName(connection)]?.managedBy !== undefined)
        endAccessOf(draft, connectionName(connection));
    }),
);

/** The operator decides whom their connection lets in: members may only end it. */
const assign = onConnection<OwnConnection & { readonly on: boolean }>(
  'update:my_org:identity_providers',
  (draft, { connection, on }, organization) => {
    const one = draft.organizations[organization]?.enabled[connectionName(connection)];
    if (on && !one?.autoMembership) return rejected(403);
    Object.assign(one ?? {}, { autoMembership: on, revision: ++draft.serial });
    return DONE;
  },
);

/** The connection itself, and its directory, are the operator's. */
const outOfReach = (scope: string) => onConnection<OwnConnection>(scope, () => rejected(403));

export const customer = {
  ownInvite: invite,
  ownRevoke: revoke,
  ownRemove: remove,
  ownGive: give,
  ownTake: take,
  ownClaim: claim,
  ownVerify: verify,
  ownDrop: drop,
  ownDetach: detach,
  ownAssign: assign,
  ownRename: outOfReach('update:my_org:identity_providers'),
  ownProvision: outOfReach('create:my_org:identity_providers_provisioning'),
  ownToken: outOfReach('create:my_org:identity_providers_scim_tokens'),
} as const;
