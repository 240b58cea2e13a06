/**
 * The two decisions, a second time: which account an identity is, and whether it may enter. Written from docs/linking-rule.md
 * and ADR 0018, never from the code they are tested against. Pure; reads the state and changes nothing.
 */
import {
  DATABASE,
  type Enablement,
  type Invitation,
  memberKey,
  type Person,
  type RuleName,
  type State,
} from './state.js';

/** Where somebody comes from. */
export interface Way {
  readonly organization: string;
  readonly connection: string;
  readonly invitation: string | undefined;
}

export type Account =
  | { readonly kind: 'existing'; readonly user: string }
  | { readonly kind: 'new'; readonly user: string; readonly email: string | undefined; readonly verified: boolean };

export interface Entrance {
  readonly kind: 'in';
  readonly account: Account;
  /** Binds the identity to the account, and what that proves about the account's own address. */
  readonly binds: boolean;
  readonly verifies: boolean;
  /** The address of the identity provider's answer, if it counts. */
  readonly vouched?: string | undefined;
  readonly rule: RuleName;
  readonly invitation: string | undefined;
}

export type Decision =
  | Entrance
  | { readonly kind: 'refused'; readonly code: string }
  | { readonly kind: 'asked'; readonly email: string; readonly user: string | undefined };

export interface OwnProof {
  readonly by: 'code' | 'password';
  readonly user: string | undefined;
}

const refused = (code: string): Decision => ({ kind: 'refused', code });

/** Part 3: an address as it is compared, or undefined. Written for the spellings that the histories use. */
export function strictAddress(text: string | undefined): string | undefined {
  if (text === undefined || !/^[!-~]+$/.test(text)) return undefined;
  const [local = '', domain = '', ...more] = text.replace(/[A-Z]/g, (letter) => letter.toLowerCase()).split('@');
  if (more.length > 0 || local === '' || !/^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(domain)) return undefined;
  return `${local}@${domain}`;
}

export const domainOf = (email: string): string => email.slice(email.indexOf('@') + 1);

/** The organization proved the domain, and the connection is trusted for exactly that domain. */
export function isProvedHere(state: State, way: Way, email: string): boolean {
  const domain = domainOf(email);
  return (
    state.organizations[way.organization]?.domains[domain] === 'verified' &&
    (state.connections[way.connection]?.aliases.includes(domain) ?? false)
  );
}

export function isProvedElsewhere(state: State, organization: string, email: string): boolean {
  return Object.entries(state.organizations).some(
    ([name, other]) => name !== organization && other.domains[domainOf(email)] === 'verified',
  );
}

/** Part 4. */
function isVouched(state: State, way: Way, email: string, person: Person): boolean {
  if (isProvedHere(state, way, email)) return true;
  return person.verified === true && !isProvedElsewhere(state, way.organization, email);
}

export const isMember = (state: State, organization: string, user: string): boolean =>
  state.members[memberKey(organization, user)] !== undefined;

function boundAt(state: State, user: string, connection: string) {
  return state.identities.find((item) => item.user === user && item.connection === connection);
}

export function enablementOf(state: State, way: Pick<Way, 'organization' | 'connection'>): Enablement | undefined {
  return state.organizations[way.organization]?.enabled[way.connection];
}

export function fingerprint(state: State, way: Pick<Way, 'organization' | 'connection'>): string {
  return `${state.connections[way.connection]?.revision}.${enablementOf(state, way)?.revision}`;
}

/** Step 1: organization, invitation and connection, in this order; undefined when nothing is wrong. */
export function checkWay(state: State, way: Way, left?: string): Decision | undefined {
  const organization = state.organizations[way.organization];
  if (!organization) return refused('identify.unknown_organization');
  if (organization.blocked) return refused('identify.organization_blocked');
  if (way.invitation !== undefined) {
    const invitation = state.invitations[way.invitation];
    if (invitation?.state !== 'live' || invitation.organization !== way.organization)
      return refused('identify.invitation_not_found');
  }
  if (Object.keys(organization.enabled).length === 0) return refused('identify.no_connections');
  if (organization.enabled[way.connection] === undefined) return refused('identify.connection_not_enabled');
  if (left !== undefined && left !== fingerprint(state, way)) return refused('identify.connection_changed');
  return undefined;
}

function fits(invitation: Invitation, way: Way, addresses: readonly (string | undefined)[]): boolean {
  return (
    invitation.state === 'live' &&
    invitation.organization === way.organization &&
    addresses.includes(invitation.email) &&
    (invitation.connection === undefined || invitation.connection === way.connection)
  );
}

/** The invitation that is opened, or any live one that fits. */
export function findInvitation(state: State, way: Way, addresses: readonly (string | undefined)[]): string | undefined {
  if (way.invitation !== undefined) {
    const opened = state.invitations[way.invitation];
    return opened && fits(opened, way, addresses) ? way.invitation : undefined;
  }
  const fitting = Object.entries(state.invitations).filter(([, item]) => fits(item, way, addresses));
  return fitting.at(-1)?.[0];
}

/** Admission: the first rule that applies. `addresses` are those that somebody vouched for. */
export function admit(
  state: State,
  way: Way,
  found: Pick<Entrance, 'account' | 'binds' | 'verifies' | 'vouched'>,
  addresses: readonly (string | undefined)[],
  claimed: string | undefined,
  from: 'identity' | 'account' | 'session',
): Decision {
  const { account } = found;
  const user = account.kind === 'existing' ? state.users[account.user] : undefined;
  if (user?.blocked) return refused('admit.user_blocked');
  // The address of this login where somebody vouches for it, else the account's own, if that is verified.
  const proved = addresses.length > 0 ? addresses : user?.verified ? [user.email] : [];
  // Without its ticket an invitation is found by the address that was given at this sign-in.
  const given = from === 'identity' && way.invitation === undefined ? proved.filter((one) => one === claimed) : proved;
  const invitation = findInvitation(state, way, given);
  const member = account.kind === 'existing' && isMember(state, way.organization, account.user);
  if (way.invitation !== undefined && invitation === undefined) return refused('admit.invitation_mismatch');
  if (member)
    return { kind: 'in', ...found, rule: 'member', invitation: way.invitation === undefined ? undefined : invitation };
  // To accept an invitation somebody has to be asked: a session alone does not, whatever else would let it in.
  if (invitation !== undefined && from === 'session') return refused('authenticate.session_not_usable');
  if (invitation !== undefined) return { kind: 'in', ...found, rule: 'invited', invitation };
  // An identity provider cannot assert an address into an organization when another one owns its domain.
  const foreign =
    claimed !== undefined && !addresses.includes(claimed) && isProvedElsewhere(state, way.organization, claimed);
  if (enablementOf(state, way)?.autoMembership && !foreign)
    return { kind: 'in', ...found, rule: 'auto', invitation: undefined };
  // Whom no rule admits, the tenant's own code may admit, or refuse in its own words.
  if (state.code?.admits && way.organization === 'o0')
    return { kind: 'in', ...found, rule: 'action', invitation: undefined };
  if (state.code?.admits && way.organization === 'o1') return refused('act.denied');
  return refused('admit.not_a_member');
}

/** Part 7: without a question. */
function isSilent(state: State, way: Way, user: string, email: string): boolean {
  const elsewhere = Object.keys(state.organizations).some(
    (name) => name !== way.organization && isMember(state, name, user),
  );
  const used = state.members[memberKey(way.organization, user)]?.used ?? false;
  return !elsewhere && (state.users[user]?.verified ?? false) && (isProvedHere(state, way, email) || used);
}

/** Whoever comes from an identity provider. */
export function decideIdentity(state: State, way: Way, idp: number, person: Person, proof?: OwnProof): Decision {
  const { connection } = way;
  const email = strictAddress(person.email);
  const vouched = email !== undefined && isVouched(state, way, email, person);
  const addresses = vouched || proof ? [email] : [];
  const enter = (account: Account, binds: boolean, verifies = false): Decision =>
    admit(state, way, { account, binds, verifies, vouched: addresses[0] }, addresses, email, 'identity');

  const bound = state.identities.find(
    (item) => item.connection === connection && item.idp === idp && item.subject === person.subject,
  );
  if (bound) return enter({ kind: 'existing', user: bound.user }, false);

  const waiting = (test: (item: State['expected'][number]) => boolean) =>
    state.expected.find(
      (item) => item.connection === connection && test(item) && boundAt(state, item.user, connection) === undefined,
    );
  const expected =
    waiting((item) => item.subject === person.subject) ??
    (vouched ? waiting((item) => item.subject === undefined && item.email === email) : undefined);
  if (expected) return enter({ kind: 'existing', user: expected.user }, true);

  const stranger: Account = {
    kind: 'new',
    user: `oidc|${connection}|${person.subject}`,
    email,
    verified: vouched || proof !== undefined,
  };
  if (email === undefined) return enter(stranger, true);

  const withAddress = Object.keys(state.users).filter((user) => state.users[user]?.email === email);
  const here = withAddress.filter((user) => isMember(state, way.organization, user));
  // What a password proves about the address: something only where the domain's owner says the same.
  const mine = proof?.by === 'code' || (proof !== undefined && isProvedHere(state, way, email));
  const mayLink = vouched && enablementOf(state, way)?.link === 'verified_email';
  if (mayLink && here.length > 1) return refused('resolve.ambiguous_account');
  const [member] = here;
  if (mayLink && member !== undefined && boundAt(state, member, connection) === undefined) {
    const account: Account = { kind: 'existing', user: member };
    if (isSilent(state, way, member, email)) return enter(account, true);
    if (proof?.user === member) return enter(account, true, mine);
    return { kind: 'asked', email, user: member };
  }
  // An address that nobody vouches for gives no member's seat away, and no second account beside it.
  if (!vouched && here.length > 0) return enter(stranger, true);
  // With the ticket the address may still be proved; any other invitation is found by an address that is vouched for.
  if ((!vouched && way.invitation === undefined) || findInvitation(state, way, [email]) === undefined)
    return enter(stranger, true);
  const owner = withAddress.find(
    (user) =>
      state.users[user]?.passwordFor !== undefined &&
      !here.includes(user) &&
      boundAt(state, user, connection) === undefined,
  );
  if (owner === undefined && isProvedHere(state, way, email)) return enter(stranger, true);
  if (!proof || proof.user !== owner) return { kind: 'asked', email, user: owner };
  return owner === undefined ? enter(stranger, true) : enter({ kind: 'existing', user: owner }, true, mine);
}

/** Whoever typed his password, or comes with a session that he opened with it. */
export function decidePassword(
  state: State,
  way: Way,
  user: string,
  from: 'account' | 'session' = 'account',
): Decision {
  const account = state.users[user];
  if (account?.blocked) return refused('admit.user_blocked');
  const required = Object.entries(state.organizations[way.organization]?.enabled ?? {}).some(
    ([name, item]) =>
      item.rollout === 'required' &&
      account?.email !== undefined &&
      state.connections[name]?.aliases.includes(domainOf(account.email)),
  );
  const excepted = state.members[memberKey(way.organization, user)]?.breakGlass ?? false;
  if (required && !excepted) return refused('admit.sso_required');
  // The ticket came by mail to the address, which proves it as well as a code does.
  const opened = way.invitation === undefined ? undefined : state.invitations[way.invitation];
  const proved = opened && opened.email === account?.email ? [opened.email] : [];
  const found = { account: { kind: 'existing', user } as const, binds: false, verifies: proved.length > 0 };
  return admit(state, way, found, proved, undefined, from);
}

/** A session that opens another door: of a connection that is enabled there, by an identity that is still bound. */
export function decideSession(
  state: State,
  organization: string,
  session: { user: string; connection: string },
): Decision {
  const way = { organization, connection: session.connection, invitation: undefined };
  if (session.connection === DATABASE) return decidePassword(state, way, session.user, 'session');
  return admit(
    state,
    way,
    { account: { kind: 'existing', user: session.user }, binds: false, verifies: false },
    [],
    undefined,
    'session',
  );
}
