/**
 * The two decisions, a second time: which account an identity is, and whether it may enter. Written from docs/linking-rule.md
 * and ADR 0018, never from the code they are tested against. Pure; reads the state and changes nothing.
 */
import {
  DATABASE,
  type Enablement,
  type Invitation,
  memberKey,
  NOWHERE,
  type Organization,
  type Person,
  type RuleName,
  type State,
  type Voucher,
} from './state.js';

/** Where somebody comes from. */
export interface Way {
  readonly organization: string;
  readonly connection: string;
  readonly invitation: string | undefined;
}

export type Account =
  | { readonly kind: 'existing'; readonly user: string }
  | {
      readonly kind: 'new';
      readonly user: string;
      readonly email: string | undefined;
      readonly voucher: Voucher | undefined;
    };

export interface Entrance {
  readonly kind: 'in';
  readonly account: Account;
  /** Binds the identity to the account, and by what. */
  readonly binds: 'silent' | 'proof' | 'expected' | 'newcomer' | false;
  /** The voucher in this login for the account's own address. */
  readonly vouches: Voucher | undefined;
  /** The address of the identity provider's answer, if it counts, and what its word for it is worth. */
  readonly vouched?: string | undefined;
  readonly asserted?: Voucher | undefined;
  readonly rule: RuleName;
  readonly invitation: string | undefined;
  /** A known subject is bound again, since the provider changed. */
  readonly again?: boolean;
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

/** OpenID Connect Core, section 2: at most 255 ASCII characters, compared case-sensitively. */
export const isSubject = (text: string): boolean => /^[ -~]{1,255}$/.test(text);

export const domainOf = (email: string): string => email.slice(email.indexOf('@') + 1);

/** The organization proved the domain, and the connection is trusted for exactly that domain. */
export function isProvedHere(state: State, way: Way, email: string): boolean {
  const domain = domainOf(email);
  const organization = state.organizations[way.organization];
  const { aliases = [], managedBy } = state.connections[way.connection] ?? {};
  const proved = organization?.domains[domain] === 'verified' && aliases.includes(domain);
  // A customer's connection counts only for domains that this customer proved by DNS.
  if (managedBy === undefined) return proved;
  return proved && managedBy === way.organization && organization.byDns?.includes(domain) === true;
}

const isOfCustomer = (state: State, { connection }: Pick<Way, 'connection'>): boolean =>
  state.connections[connection]?.managedBy !== undefined;

/** True when a provider's claims count: for a customer's provider, only in a domain that the customer proved. */
export function believesClaims(state: State, way: Way, person: Person | undefined): boolean {
  const email = strictAddress(person?.email);
  return !isOfCustomer(state, way) || (email !== undefined && isProvedHere(state, way, email));
}

/** An address leads to the connection in a login into the organization. */
export function isLedTo(state: State, organization: string, connection: string, email: string): boolean {
  const way = { organization, connection, invitation: undefined };
  const used = enablementOf(state, way);
  // A customer's provider that is hidden is tried: only an operator who requires it leads people there (ADR 0105).
  if (isOfCustomer(state, way))
    return isProvedHere(state, way, email) && used !== undefined && (!used.hidden || used.rollout === 'required');
  return state.connections[connection]?.aliases.includes(domainOf(email)) ?? false;
}

export function isProvedElsewhere(state: State, organization: string, email: string): boolean {
  return Object.entries(state.organizations).some(
    ([name, other]) => name !== organization && other.domains[domainOf(email)] === 'verified',
  );
}

/** Part 9: whether the account's own address counts as proved in an organization ({@link NOWHERE}: without one). */
export function isAddressProved(state: State, organization: string, user: string): boolean {
  const { email, voucher } = state.users[user] ?? {};
  if (voucher === 'mail' || voucher === 'operator') return true;
  const { vouches } = state.members[memberKey(organization, user)] ?? {};
  if (email !== undefined && vouches === email) return true;
  return (
    email !== undefined &&
    organization !== NOWHERE &&
    voucher === organization &&
    state.organizations[organization]?.domains[domainOf(email)] === 'verified'
  );
}

/** The connection that brought the account; the database for who opened it with a password. */
export function mainConnection(state: State, user: string): string {
  const bound = state.identities.find((item) => item.user === user && item.primary);
  return (bound ?? state.expected.find((item) => item.user === user && item.primary))?.connection ?? DATABASE;
}

/** Part 4 and 9: what the identity provider's own word is worth. */
function assertedBy(state: State, way: Way, email: string, person: Person): Voucher | undefined {
  if (isProvedHere(state, way, email)) return way.organization as Voucher;
  if (isOfCustomer(state, way)) return undefined;
  return person.verified === true && !isProvedElsewhere(state, way.organization, email) ? 'idp' : undefined;
}

export const idBeginning = (state: State, connection: string): string =>
  `${state.connections[connection]?.strategy}|${connection}`;

/** A person as the connection hears of them: a SAML provider vouches for no address (linking rule, part 4). */
export function heard(state: State, connection: string, person: Person): Person {
  return state.connections[connection]?.strategy === 'samlp'
    ? { ...person, verified: undefined, factor: false }
    : person;
}

/** How the id of a newcomer begins: the connection's name, unless people of another issuer or connection were given that. */
export function prefixOf(state: State, connection: string, idp: number): string {
  const base = idBeginning(state, connection);
  const given = Object.values(state.prefixes);
  const free = given.includes(base) ? `${base}~${given.filter((one) => one.startsWith(`${base}~`)).length + 2}` : base;
  return state.prefixes[`${connection} ${idp}`] ?? free;
}

/** Part 4. */
function isVouched(state: State, way: Way, email: string, person: Person): boolean {
  if (isProvedHere(state, way, email)) return true;
  if (isOfCustomer(state, way)) return false;
  return person.verified === true && !isProvedElsewhere(state, way.organization, email);
}

/** Roles that an account has in an organization because of the groups of its company's directory (ADR 0050): never written down. */
export function groupRoles(state: State, organization: string, user: string): readonly string[] {
  const gives = [...state.identities, ...state.expected].some(
    (item) =>
      item.user === user &&
      !item.closed &&
      item.groups?.includes('Leads') &&
      enablementOf(state, { organization, connection: item.connection })?.leads,
  );
  return gives ? ['editor'] : [];
}

/** All roles of a member: those that were given, and those of groups. */
export const rolesOf = (state: State, organization: string, user: string): readonly string[] =>
  [
    ...new Set([
      ...(state.members[memberKey(organization, user)]?.roles ?? []),
      ...groupRoles(state, organization, user),
    ]),
  ].sort();

/** The condition of auto-membership, of somebody whom an identity provider names; nobody else is in a group. */
function holds({ condition }: Enablement, { contractor = false, groups = [] }: Told): boolean {
  return condition === 'staff' ? groups.includes('Staff') : !(condition === 'contractor' && contractor);
}

/** The company's words about a person, in its answer and in its directory. */
interface Told {
  readonly contractor?: boolean;
  readonly groups?: readonly string[];
}

export const isMember = (state: State, organization: string, user: string): boolean =>
  state.members[memberKey(organization, user)] !== undefined;

function boundAt(state: State, user: string, connection: string) {
  return state.identities.find((item) => item.user === user && item.connection === connection);
}

/** By which connections an organization signs people in: not by those that it has, but switched off. */
export function usedBy(organization: Organization | undefined): Readonly<Record<string, Enablement>> {
  return Object.fromEntries(Object.entries(organization?.enabled ?? {}).filter(([, item]) => !item.off));
}

/** How an organization uses a connection; undefined where it does not, or switched it off. */
export function enablementOf(state: State, way: Pick<Way, 'organization' | 'connection'>): Enablement | undefined {
  return usedBy(state.organizations[way.organization])[way.connection];
}

export function fingerprint(state: State, way: Pick<Way, 'organization' | 'connection'>): string {
  return `${state.connections[way.connection]?.revision}.${enablementOf(state, way)?.revision}`;
}

/** Step 1: organization, invitation and connection, in this order; undefined when nothing is wrong. */
export function checkWay(state: State, way: Way, left?: string): Decision | undefined {
  if (state.callbackGone) return refused('identify.callback_mismatch');
  if (way.organization === NOWHERE)
    return left !== undefined && left !== fingerprint(state, way) ? refused('identify.connection_changed') : undefined;
  const organization = state.organizations[way.organization];
  if (!organization) return refused('identify.unknown_organization');
  if (organization.blocked) return refused('identify.organization_blocked');
  if (way.invitation !== undefined) {
    const invitation = state.invitations[way.invitation];
    if (invitation?.state !== 'live' || invitation.organization !== way.organization)
      return refused('identify.invitation_not_found');
  }
  if (Object.keys(usedBy(organization)).length === 0) return refused('identify.no_connections');
  if (enablementOf(state, way) === undefined) return refused('identify.connection_not_enabled');
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

/** How somebody was proved: by an identity provider or a password in this login, earlier in it (at the picker), or by a session. */
export type From = 'identity' | 'password' | 'known' | 'session';

export const isServing = (state: State, connection: string): boolean =>
  Object.values(state.organizations).some((one) => usedBy(one)[connection] !== undefined);

/** Part 8: without an organization. A connection that served one is closed after it was cut off, too. */
function admitAlone(
  state: State,
  way: Way,
  found: Omit<Entrance, 'kind' | 'rule' | 'invitation'>,
  from: From,
): Decision {
  const { account } = found;
  if (way.connection !== DATABASE) {
    const brought = account.kind === 'new' || mainConnection(state, account.user) === way.connection;
    const served = state.connections[way.connection]?.needsOrganization || isServing(state, way.connection);
    if (!brought || served) {
      if (from === 'session') return refused('authenticate.session_not_usable');
      return refused(served ? 'admit.organization_needed' : 'admit.not_own_connection');
    }
  }
  return { kind: 'in', ...found, rule: 'no_organization', invitation: undefined };
}

/** Admission: the first rule that applies. `addresses` are those that somebody vouched for; `claimed` is what the identity provider said. */
export function admit(
  state: State,
  way: Way,
  found: Omit<Entrance, 'kind' | 'rule' | 'invitation'>,
  addresses: readonly (string | undefined)[],
  claimed: string | undefined,
  from: From,
  told: Told = {},
): Decision {
  const { account } = found;
  const user = account.kind === 'existing' ? state.users[account.user] : undefined;
  const isClosed =
    account.kind === 'existing' &&
    [...state.identities, ...state.expected].some(
      (item) => item.user === account.user && item.connection === way.connection && item.closed,
    );
  if (user?.blocked || isClosed) return refused('admit.user_blocked');
  if (way.organization === NOWHERE) return admitAlone(state, way, found, from);
  const address =
    account.kind === 'existing' ? emailAfter(state, way, account.user, addresses, from) : (account.email ?? claimed);
  if (way.connection !== DATABASE && !isOpenTo(enablementOf(state, way), address))
    return refused(from === 'session' ? 'authenticate.session_not_usable' : 'admit.not_in_pilot');
  const own = account.kind === 'existing' && isAddressProved(state, way.organization, account.user);
  // The address of this login where somebody vouches for it, else the account's own, if that is proved here.
  const proved = addresses.length > 0 ? addresses : own ? [user?.email] : [];
  // Without its ticket an invitation is found by the address that was given at this sign-in.
  const given = from === 'identity' && way.invitation === undefined ? proved.filter((one) => one === claimed) : proved;
  // A password account needs the link: somebody may have planted it.
  const needsLink = way.connection === DATABASE && way.invitation === undefined;
  const invitation = needsLink ? undefined : findInvitation(state, way, given);
  const member = account.kind === 'existing' && isMember(state, way.organization, account.user);
  if (way.invitation !== undefined && invitation === undefined) return refused('admit.invitation_mismatch');
  if (member)
    return { kind: 'in', ...found, rule: 'member', invitation: way.invitation === undefined ? undefined : invitation };
  // To accept an invitation somebody has to be asked: a session alone does not, whatever else would let it in.
  if (invitation !== undefined && from === 'session') return refused('authenticate.session_not_usable');
  if (invitation !== undefined) return { kind: 'in', ...found, rule: 'invited', invitation };
  // An identity provider has to say it in this login: an earlier proof, and a session, makes nobody a member.
  const stale = from === 'session' || (from === 'known' && way.connection !== DATABASE);
  const enablement = enablementOf(state, way);
  if (enablement?.autoMembership && stale) return refused('authenticate.session_not_usable');
  // An identity provider cannot assert an address into an organization when another one owns its domain.
  const about = claimed ?? (from === 'identity' || own ? undefined : user?.email);
  const foreign =
    about !== undefined && !addresses.includes(about) && isProvedElsewhere(state, way.organization, about);
  // A customer's provider lets in everybody of the domains that this customer proved, and nobody else.
  const isBelieved = !isOfCustomer(state, way) || (claimed !== undefined && isProvedHere(state, way, claimed));
  if (enablement?.autoMembership && !foreign && isBelieved && holds(enablement, told))
    return { kind: 'in', ...found, rule: 'auto', invitation: undefined };
  // The tenant's own code may admit a person whom no rule admits, or refuse them in its own words.
  if (state.code?.admits && stale) return refused('authenticate.session_not_usable');
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
  return !elsewhere && isAddressProved(state, way.organization, user) && (isProvedHere(state, way, email) || used);
}

/** A former issuer named somebody so, or this one did, and the person of that account is expected otherwise now. */
export function isNamedOtherwise(state: State, connection: string, idp: number, { subject }: Person): boolean {
  const isOfAnother = [...state.identities, ...state.expected].some(
    (item) => item.connection === connection && (item.idp ?? idp) !== idp && item.subject === subject,
  );
  return isOfAnother || state.users[`${state.prefixes[`${connection} ${idp}`]}|${subject}`] !== undefined;
}

/** The identity of a membership that an operator moved to another one. */
export function isMovedAway(state: State, connection: string, idp: number, { subject }: Person): boolean {
  return state.moved.some((item) => item.connection === connection && item.idp === idp && item.subject === subject);
}

/** A subject that somebody with the authority expects for the user: no other one gets the membership by its address. One of today's provider first. */
function awaitedBy(
  state: State,
  user: string,
  connection: string,
  idp: number,
): { readonly isOfFormer: boolean } | undefined {
  const waiting = state.expected.filter(
    (item) => item.connection === connection && item.user === user && item.subject !== undefined,
  );
  if (waiting.length === 0) return undefined;
  return { isOfFormer: waiting.every((item) => (item.idp ?? idp) !== idp) };
}

/** Decides about a person who comes from an identity provider. */
export function decideIdentity(state: State, way: Way, idp: number, person: Person, proof?: OwnProof): Decision {
  const { connection } = way;
  const email = strictAddress(person.email);
  const asserted = email === undefined ? undefined : assertedBy(state, way, email, person);
  const vouched = email !== undefined && isVouched(state, way, email, person);
  const bound = state.identities.find(
    (item) => item.connection === connection && item.idp === idp && item.subject === person.subject,
  );
  const waiting = (test: (item: State['expected'][number]) => boolean) =>
    state.expected.find(
      (item) => item.connection === connection && test(item) && boundAt(state, item.user, connection) === undefined,
    );
  const bySubject = waiting((item) => item.subject === person.subject && (item.idp ?? idp) === idp);
  const known = bound ?? bySubject;
  const again = known?.again === true && way.organization !== NOWHERE;
  const stored = known && state.users[known.user]?.email;
  // A person who is bound again proves the stored account, whatever address the provider sends now.
  const addresses = vouched || (proof && (!again || stored === email)) ? [email] : [];
  const here = email !== undefined && isProvedHere(state, way, email);
  const enter = (account: Account, binds: Entrance['binds'], onDomain = false): Decision => {
    const held = account.kind === 'existing' ? state.users[account.user] : undefined;
    const isMine = (again || held?.email === email) && (proof?.by === 'code' || proof?.user === account.user);
    const mine = isMine ? proof?.by : undefined;
    const byDomain = mine === 'password' && onDomain && here && !isAddressProved(state, way.organization, account.user);
    const vouches = mine === 'code' ? 'mail' : byDomain ? (way.organization as Voucher) : undefined;
    const found = { account, binds, vouches, vouched: addresses[0], asserted, ...(again && { again }) };
    const seat = [...state.identities, ...state.expected].find(
      (item) => item.connection === connection && (item.idp ?? idp) === idp && item.subject === person.subject,
    );
    const groups = seat?.closed ? [] : (seat?.groups ?? []);
    return admit(state, way, found, addresses, email, 'identity', { contractor: person.contractor === true, groups });
  };

  if (known && again) {
    const account: Account = { kind: 'existing', user: known.user };
    const isHere = isMember(state, way.organization, known.user);
    const isOurs = isHere || mainConnection(state, known.user) === connection;
    if (here && stored === email && isOurs && isSilent(state, way, known.user, email))
      return enter(account, 'silent', true);
    // The address of somebody who is no member any more is told to no company.
    if (stored === undefined || (!isHere && stored !== email)) return refused('resolve.issuer_changed');
    if (proof?.user !== known.user) return { kind: 'asked', email: stored, user: known.user };
    return enter(account, 'proof', here && stored === email);
  }
  if (bound) return enter({ kind: 'existing', user: bound.user }, false);

  const isMoved = isMovedAway(state, connection, idp, person);
  const byEmail =
    vouched && !isMoved ? waiting((item) => item.subject === undefined && item.email === email) : undefined;
  // Without an organization nobody is asked: who is expected, but has to prove the account, does not count.
  if (bySubject && !bySubject.again) return enter({ kind: 'existing', user: bySubject.user }, 'expected');
  if (byEmail) return enter({ kind: 'existing', user: byEmail.user }, 'expected', true);

  if (isMoved) return refused('resolve.seat_moved');
  // Somebody else's name for somebody: a former issuer's subject says nothing about who comes now.
  if (isNamedOtherwise(state, connection, idp, person)) return refused('resolve.issuer_changed');

  const stranger: Account = {
    kind: 'new',
    user: `${prefixOf(state, connection, idp)}|${person.subject}`,
    email,
    voucher: proof?.by === 'code' ? 'mail' : (asserted ?? (proof ? 'idp' : undefined)),
  };
  if (email === undefined || way.organization === NOWHERE) return enter(stranger, 'newcomer');

  const withAddress = Object.keys(state.users).filter((user) => state.users[user]?.email === email);
  const members = withAddress.filter((user) => isMember(state, way.organization, user));
  const mayLink = vouched && enablementOf(state, way)?.link === 'verified_email';
  if (mayLink && members.length > 1) return refused('resolve.ambiguous_account');
  const [member] = members;
  const heldBy = member === undefined ? undefined : boundAt(state, member, connection);
  if (mayLink && heldBy !== undefined && heldBy.idp !== idp) return refused('resolve.issuer_changed');
  const awaited = member === undefined ? undefined : awaitedBy(state, member, connection, idp);
  if (mayLink && heldBy === undefined && awaited?.isOfFormer) return refused('resolve.issuer_changed');
  if (mayLink && member !== undefined && heldBy === undefined && awaited === undefined) {
    const account: Account = { kind: 'existing', user: member };
    if (isSilent(state, way, member, email)) return enter(account, 'silent', true);
    if (proof?.user === member) return enter(account, 'proof', true);
    return { kind: 'asked', email, user: member };
  }
  // An address that nobody vouches for gives no membership away, and no second account beside it.
  if (!vouched && members.length > 0) return enter(stranger, 'newcomer');
  // With the ticket the address may still be proved; any other invitation is found by an address that is vouched for.
  if ((!vouched && way.invitation === undefined) || findInvitation(state, way, [email]) === undefined)
    return enter(stranger, 'newcomer');
  const owner = withAddress.find(
    (user) =>
      state.users[user]?.passwordFor !== undefined &&
      !members.includes(user) &&
      boundAt(state, user, connection) === undefined &&
      awaitedBy(state, user, connection, idp) === undefined,
  );
  if (owner === undefined && here) return enter(stranger, 'newcomer');
  if (!proof || proof.user !== owner) return { kind: 'asked', email, user: owner };
  return owner === undefined ? enter(stranger, 'newcomer') : enter({ kind: 'existing', user: owner }, 'proof', true);
}

/** The account that this identity opened takes the address for which somebody vouches in this login. */
function emailAfter(
  state: State,
  way: Way,
  user: string,
  addresses: readonly (string | undefined)[],
  from: From,
): string | undefined {
  const bound = state.identities.find((item) => item.user === user && item.connection === way.connection);
  const vouched = from === 'identity' && bound?.primary ? addresses.find((one) => one !== undefined) : undefined;
  return vouched ?? state.users[user]?.email;
}

/** A connection that is tried by a pilot group signs in nobody else. */
export function isOpenTo(one: Enablement | undefined, email: string | undefined): boolean {
  return !one || one.pilot.length === 0 || (email !== undefined && one.pilot.includes(email));
}

/** The company whose sign-in the organization requires of people with this address. */
export function isCompanyRequired(state: State, organization: string, email: string | undefined): boolean {
  return Object.entries(usedBy(state.organizations[organization])).some(
    ([name, item]) =>
      item.rollout === 'required' &&
      email !== undefined &&
      state.connections[name]?.aliases.includes(domainOf(email)) &&
      isOpenTo(item, email),
  );
}

/** Decides about a person who typed the password, comes with a session opened with it, or picks an organization afterwards. */
export function decidePassword(state: State, way: Way, user: string, from: From = 'password'): Decision {
  const account = state.users[user];
  if (account?.blocked) return refused('admit.user_blocked');
  const excepted = state.members[memberKey(way.organization, user)]?.breakGlass ?? false;
  if (isCompanyRequired(state, way.organization, account?.email) && !excepted) return refused('admit.sso_required');
  // The link out of the mail proves the address as well as a code does; any other one only says which invitation is accepted.
  const opened = way.invitation === undefined ? undefined : state.invitations[way.invitation];
  const proved = opened && opened.email === account?.email ? [opened.email] : [];
  const vouches = proved.length > 0 && opened?.link === 'mail' ? 'mail' : undefined;
  const found = { account: { kind: 'existing', user } as const, binds: false as const, vouches } as const;
  return admit(state, way, found, proved, undefined, from);
}

/** A session, or an account that was proved before an organization was picked, over a connection that is enabled there. */
export function decideKnown(
  state: State,
  organization: string,
  { user, connection }: { readonly user: string; readonly connection: string },
  from: 'session' | 'known',
): Decision {
  const way = { organization, connection, invitation: undefined };
  if (connection === DATABASE) return decidePassword(state, way, user, from);
  // Proved by an identity that somebody took away since, or that was never bound.
  const bound = state.identities.some((item) => item.user === user && item.connection === connection);
  if (!bound || state.users[user] === undefined) return refused('authenticate.session_not_usable');
  const found = { account: { kind: 'existing', user } as const, binds: false as const, vouches: undefined } as const;
  return admit(state, way, found, [], undefined, from);
}
