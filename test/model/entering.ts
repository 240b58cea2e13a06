/**
 * The end of a way into the product: what the one transaction of a login writes, and the entrance by a session.
 */
import { rolesGivenBy } from './customer.js';
import { type Draft, endAccessThrough, endSessions, revokeTickets } from './draft.js';
import { keepDevice, passFactors, type Written, writeFactors } from './passing.js';
import { type Came, endsPlanted, mailedTo as mailedToOf } from './planted.js';
import {
  type Decision,
  decideKnown,
  type Entrance,
  enablementOf,
  type From,
  mainConnection,
  type OwnProof,
  prefixOf,
  rolesOf,
  strictAddress,
  type Way,
} from './rules.js';
import { DATABASE, memberKey, NOWHERE, type Outcome, type Person } from './state.js';
import { isDenied } from './tenant-code.js';

/** Forgets the question, choice or redirect that waits in a browser: another login begins. */
export const forget = (browser: Draft['browsers'][number]) =>
  Object.assign(browser, { away: undefined, question: undefined, choice: undefined, factor: undefined });

const isOf = (item: Draft['identities'][number], connection: string, idp: number, subject: string) =>
  item.connection === connection && item.idp === idp && item.subject === subject;

function bind(draft: Draft, way: Way, entrance: Entrance, person: Person): void {
  const { connection } = way;
  const { user, kind } = entrance.account;
  const idp = draft.connections[connection]?.idp ?? -1;
  const email = strictAddress(person.email);
  const { subject } = person;
  // An expectation ends when it comes true; of another subject it stays, and comes true for nobody.
  const cameTrue = draft.expected.filter(
    (item) =>
      item.user === user &&
      item.connection === connection &&
      (item.subject === undefined ? item.email === email : item.subject === subject),
  );
  draft.expected = draft.expected.filter((item) => !cameTrue.includes(item));
  const known = entrance.again && draft.identities.find((item) => isOf(item, connection, idp, subject));
  if (known) {
    Object.assign(known, { again: undefined, said: { email, voucher: entrance.asserted } });
    return;
  }
  const primary = kind === 'new' || cameTrue.some((item) => item.primary);
  const said = { email, voucher: entrance.asserted };
  const { scimId, wrote, closed, groups } = cameTrue.find((item) => item.scimId !== undefined) ?? {};
  const written = scimId === undefined ? {} : { scimId, wrote, closed, groups };
  draft.identities.push({ connection, idp, subject, user, primary, said, ...written });
  if (kind === 'new') draft.prefixes[`${connection} ${idp}`] ??= prefixOf(draft, connection, idp);
}

/** The address of an account after a login: a mail counts everywhere, and is not forgotten when the IdP says the same again. */
function writeAddress(held: Draft['users'][string], entrance: Entrance, followed: boolean, mailed: boolean): void {
  const vouches = mailed ? 'mail' : entrance.vouches;
  const { vouched, asserted } = entrance;
  if (followed && vouched !== undefined && vouched !== held.email)
    Object.assign(held, { email: vouched, voucher: asserted });
  else if (vouches !== undefined) held.voucher = vouches;
  else if (followed && vouched !== undefined && held.voucher !== 'mail' && held.voucher !== 'operator')
    held.voucher = asserted ?? held.voucher;
}

/**
 * Part 7: used is what the person showed a password or a code for, there and then, of this account, which no company of this
 * organization brought. The operator may have expected the identity for another one while the question was open.
 */
function uses(draft: Draft, way: Way, entrance: Entrance, from: From, proof: OwnProof | undefined): boolean {
  if (entrance.account.kind === 'new') return from === 'password';
  const main = mainConnection(draft, entrance.account.user);
  const broughtHere = main !== DATABASE && enablementOf(draft, { ...way, connection: main }) !== undefined;
  return (from === 'password' || proof?.user === entrance.account.user) && !broughtHere;
}

/**
 * Part 10. The mailbox was proved, or a company brought the person: a password that nobody vouches for ends, and where nobody had proved the
 * address of the account before, one that was not set by a mail. A password that was shown in this login is its owner's.
 */
function endPlanted(draft: Draft, way: Way, entrance: Entrance, came: Came): void {
  const { user } = entrance.account;
  const held = draft.users[user];
  const ends = endsPlanted(draft, way, entrance, came);
  if (ends) revokeTickets(draft, user);
  if (!ends || held?.passwordFor === undefined || held.passwordEnded) return;
  if (came.from === 'password') {
    held.passwordBy = 'mail';
    return;
  }
  if (ends === 'unmailed' ? held.passwordBy === 'mail' : held.passwordBy !== undefined) return;
  Object.assign(held, { passwordEnded: true, passwordBy: undefined });
  if (!entrance.binds) endAccessThrough(draft, user, DATABASE);
}

/**
 * Keeps the claims that the provider sent before the choice of an organization. Gives a new address no voucher:
 * only a sign-in to the organization itself runs the rule that checks one.
 */
function hearPicked(draft: Draft, way: Way, user: string, person: Person): void {
  const email = strictAddress(person.email);
  const linked = draft.identities.find(
    (item) => item.user === user && item.connection === way.connection && item.subject === person.subject,
  );
  if (linked) linked.said = { email, voucher: linked.said.email === email ? linked.said.voucher : undefined };
}

/** The person's part of what a login writes. `finishes` is false at the earlier commit point of Auth0's order. */
function writePerson(draft: Draft, way: Way, entrance: Entrance, finishes: boolean, came: Came): void {
  const { account, invitation, rule } = entrance;
  const { person, proof, from } = came;
  const { user } = account;
  const given = rolesGiven(draft, invitation, account);
  // Part 7 is asked of the account as it stands when the login ends: in Auth0's order it is there by then.
  const opened = way.invitation === undefined ? undefined : draft.invitations[way.invitation];
  const mailedTo = mailedToOf(draft, way);
  if (account.kind === 'new' && draft.users[user] === undefined) {
    const voucher = mailedTo !== undefined && mailedTo === account.email ? 'mail' : account.voucher;
    draft.users[user] = { email: account.email, voucher, blocked: false, passwordFor: undefined };
  }
  const held = draft.users[user];
  if (held && account.kind === 'existing') endPlanted(draft, way, entrance, came);
  const idp = draft.connections[way.connection]?.idp;
  const known = draft.identities.find(
    (item) =>
      person !== undefined && item.connection === way.connection && item.idp === idp && item.subject === person.subject,
  );
  const used = uses(draft, way, entrance, from, proof);
  // Whose only home is the identity provider has the address that it gives them, as long as somebody vouches for it.
  if (held && account.kind === 'existing')
    writeAddress(
      held,
      entrance,
      known?.primary === true && !entrance.again,
      mailedTo !== undefined && mailedTo === held.email,
    );
  if (known && person) known.said = { email: strictAddress(person.email), voucher: entrance.asserted };
  if (came.picked) hearPicked(draft, way, user, came.picked);
  if (entrance.binds && person) {
    bind(draft, way, entrance, person);
    endSessions(draft, user);
  }
  if (way.organization === NOWHERE) return;
  const key = memberKey(way.organization, user);
  const taken = invitation === undefined ? undefined : draft.invitations[invitation];
  const member = draft.members[key] ?? { roles: [], breakGlass: false, used: false, entered: false };
  draft.members[key] = {
    ...member,
    ...(opened?.link === 'application' && opened.email === held?.email && { vouches: opened.email }),
    used: member.used || (finishes && used),
    entered: member.entered || finishes,
    roles: [...new Set([...member.roles, ...given, ...(rule === 'action' ? ['auditor'] : [])])].sort(),
  };
  if (taken) Object.assign(taken, { state: 'consumed', consumedBy: user });
}

function followMain(draft: Draft, way: Way, entrance: Entrance, { subject }: Person): void {
  const idp = draft.connections[way.connection]?.idp;
  const main = draft.identities.find(
    (item) => item.primary && item.connection === way.connection && item.idp === idp && item.subject === subject,
  );
  const held = main && draft.users[main.user];
  if (held) writeAddress(held, { ...entrance, vouches: undefined }, true, false);
}

/** The roles of an invitation that this account gets by it. People cannot give roles to themselves. */
function rolesGiven(draft: Draft, invitation: string | undefined, { user }: Entrance['account']): readonly string[] {
  const taken = invitation === undefined ? undefined : draft.invitations[invitation];
  if (taken === undefined || taken.invitedBy === user) return [];
  return rolesGivenBy(draft, taken);
}

/** Writes a login: all of it in one transaction, or in Auth0's order the person before the tenant's code is asked. */
function commit(draft: Draft, browser: Draft['browsers'][number], way: Way, entrance: Entrance, came: Came): Outcome {
  const { account, invitation } = entrance;
  const { user } = account;
  const granted = [...rolesGiven(draft, invitation, account), ...(entrance.rule === 'action' ? ['auditor'] : [])];
  const brings = account.kind === 'new' || entrance.binds || entrance.rule !== 'member' || granted.length > 0;
  const early = draft.code?.order === 'before_actions' && draft.code.denies !== undefined && brings;
  const denied = isDenied(draft, way.organization, user, granted);
  if (denied && !early) return { kind: 'refused', code: 'act.denied' };
  const gate = passFactors(draft, browser, way, entrance, came);
  if (gate.kind !== 'open') return gate.outcome;
  const written = writeFactors(draft, way, entrance, came, gate.passed);
  if (written === 'conflict') return { kind: 'refused', code: 'commit.conflict' };
  writePerson(draft, way, entrance, !denied, came);
  if (denied) return { kind: 'refused', code: 'act.denied' };
  // By then the identity is bound, and the commit at the end takes over what a main identity's provider says, as any later login does.
  if (early && came.person) followMain(draft, way, entrance, came.person);
  // A person who was written first is a member when it is decided that they are in.
  const rule = early ? 'member' : entrance.rule;
  written.finish(draft);
  openSession(draft, browser, way, user, came, written);
  const { organization } = way;
  return {
    kind: 'admitted',
    user,
    organization,
    rule,
    roles: organization === NOWHERE ? [] : [...rolesOf(draft, organization, user)],
    ...(gate.by !== undefined && { factor: gate.by }),
    ...(written.mfa && { mfa: true }),
  };
}

function openSession(
  draft: Draft,
  browser: Draft['browsers'][number],
  { organization, connection }: Way,
  user: string,
  came: Came,
  written: Written,
): void {
  if (browser.session !== undefined) delete draft.sessions[browser.session];
  const session = `s${draft.serial++}`;
  draft.sessions[session] = { user, connection, factor: written.inSession };
  forget(browser);
  browser.session = session;
  keepDevice(draft, browser, { user, connection }, came, written);
  draft.refreshTokens.push({ user, session, organization, connection, live: true });
}

/** Ends the way with its decision. */
export function settle(
  draft: Draft,
  browser: Draft['browsers'][number],
  way: Way,
  decision: Decision,
  came: Came,
): Outcome {
  browser.away = undefined;
  browser.choice = undefined;
  if (decision.kind === 'in') {
    const outcome = commit(draft, browser, way, decision, came);
    if (outcome.kind !== 'admitted') browser.question = undefined;
    if (outcome.kind !== 'factor') browser.factor = undefined;
    return outcome;
  }
  browser.question = undefined;
  browser.factor = undefined;
  return decision.kind === 'asked' ? { kind: 'asked' } : decision;
}

/** A login by a session: nobody can be asked, the application asks for a factor, and the answers so far. */
export type BySession = Pick<Came, 'silent' | 'stepUp' | 'passed' | 'answer'>;

/** The session of a browser enters without a new one. */
export function enterBySession(
  draft: Draft,
  browser: Draft['browsers'][number],
  organization: string,
  how: BySession = {},
): Outcome | undefined {
  const session = browser.session === undefined ? undefined : draft.sessions[browser.session];
  if (!session) return undefined;
  const { connection } = session;
  if (organization !== NOWHERE && enablementOf(draft, { organization, connection }) === undefined) return undefined;
  const decision = decideKnown(draft, organization, session, 'session');
  // A session that is of no use here is no answer: the person is asked to sign in.
  if (decision.kind === 'refused' && decision.code === 'authenticate.session_not_usable') return undefined;
  if (decision.kind !== 'in') return decision.kind === 'refused' ? decision : undefined;
  const kept = browser.session;
  const way = { organization, connection, invitation: undefined };
  const copy = { ...browser, session: undefined } as Draft['browsers'][number];
  const outcome = commit(draft, copy, way, decision, { ...how, from: 'session', session });
  if (outcome.kind === 'factor') browser.factor = copy.factor;
  if (outcome.kind !== 'admitted') return outcome;
  const { device, remembered } = copy;
  Object.assign(browser, { device, remembered });
  const made = copy.session === undefined ? undefined : draft.sessions[copy.session];
  if (copy.session !== undefined) delete draft.sessions[copy.session];
  if (kept !== undefined) draft.sessions[kept] = { ...session, factor: made?.factor };
  for (const token of draft.refreshTokens)
    if (kept !== undefined && token.session === copy.session) token.session = kept;
  return outcome;
}
