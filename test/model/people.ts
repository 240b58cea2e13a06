/**
 * The steps of people: to the identity provider and back, with a password, by invitation, with a session, out again; and what the one
 * transaction of a login writes.
 */
import type { Action } from './actions.js';
import {
  connectionName,
  DONE,
  type Draft,
  endSessions,
  invitationOf,
  NOTHING,
  organizationOf,
  pick,
  type Step,
  userOf,
} from './draft.js';
import { pickAfter, pickBySession, pickOne, proveIdentity } from './picker.js';
import {
  checkWay,
  type Decision,
  decideIdentity,
  decideKnown,
  decidePassword,
  domainOf,
  type Entrance,
  enablementOf,
  type From,
  fingerprint,
  isAddressProved,
  isCompanyRequired,
  isMember,
  isSubject,
  mainConnection,
  type OwnProof,
  prefixOf,
  strictAddress,
  type Way,
} from './rules.js';
import { type Browser, DATABASE, memberKey, NOWHERE, type Outcome, type Person, type Via } from './state.js';
import { isDenied } from './tenant-code.js';

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
  const primary = kind === 'new' || cameTrue.some((item) => item.primary);
  const said = { email, voucher: entrance.asserted };
  draft.identities.push({ connection, idp, subject, user, primary, said });
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
 * Part 7: used is what the person showed a password or a code for, there and then, of an account that no company of this organization
 * brought.
 */
function uses(draft: Draft, way: Way, entrance: Entrance, from: From, proof: OwnProof | undefined): boolean {
  if (entrance.account.kind === 'new') return from === 'password';
  const main = mainConnection(draft, entrance.account.user);
  const broughtHere = main !== DATABASE && draft.organizations[way.organization]?.enabled[main] !== undefined;
  return (from === 'password' || proof !== undefined) && !broughtHere;
}

/** How somebody came. */
interface Came {
  readonly from: From;
  readonly person?: Person | undefined;
  readonly proof?: OwnProof | undefined;
}

/** The person's part of what a login writes. `finishes` is false at the earlier commit point of Auth0's order. */
function writePerson(draft: Draft, way: Way, entrance: Entrance, finishes: boolean, came: Came): void {
  const { account, invitation, rule } = entrance;
  const { person, proof, from } = came;
  const { user } = account;
  // Part 7 is asked of the account as it stands when the login ends: in Auth0's order it is there by then.
  const mailedTo = way.invitation === undefined ? undefined : draft.invitations[way.invitation]?.email;
  if (account.kind === 'new' && draft.users[user] === undefined) {
    const voucher = mailedTo !== undefined && mailedTo === account.email ? 'mail' : account.voucher;
    draft.users[user] = { email: account.email, voucher, blocked: false, passwordFor: undefined };
  }
  const held = draft.users[user];
  // Nobody knows whose the password of an account is whose address was never proved before (pre-hijacking).
  if (
    held?.passwordFor !== undefined &&
    entrance.binds === 'proof' &&
    proof?.by === 'code' &&
    !isAddressProved(draft, way.organization, user)
  )
    held.passwordEnded = true;
  const idp = draft.connections[way.connection]?.idp;
  const known = draft.identities.find(
    (item) =>
      person !== undefined && item.connection === way.connection && item.idp === idp && item.subject === person.subject,
  );
  const used = uses(draft, way, entrance, from, proof);
  // Whose only home is the identity provider has the address that it gives them, as long as somebody vouches for it.
  if (held && account.kind === 'existing')
    writeAddress(held, entrance, known?.primary === true, mailedTo !== undefined && mailedTo === held.email);
  if (known && person) known.said = { email: strictAddress(person.email), voucher: entrance.asserted };
  if (entrance.binds && person) {
    bind(draft, way, entrance, person);
    endSessions(draft, user);
  }
  if (way.organization === NOWHERE) return;
  const key = memberKey(way.organization, user);
  const taken = invitation === undefined ? undefined : draft.invitations[invitation];
  const member = draft.members[key] ?? { roles: [], breakGlass: false, used: false };
  draft.members[key] = {
    ...member,
    used: member.used || (finishes && used),
    roles: [...new Set([...member.roles, ...(taken?.roles ?? []), ...(rule === 'action' ? ['auditor'] : [])])].sort(),
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

/** What a login writes: all of it in one transaction, or in Auth0's order the person before the tenant's code is asked. */
function commit(draft: Draft, browser: Draft['browsers'][number], way: Way, entrance: Entrance, came: Came): Outcome {
  const { account, invitation } = entrance;
  const { user } = account;
  const granted = [
    ...(invitation === undefined ? [] : (draft.invitations[invitation]?.roles ?? [])),
    ...(entrance.rule === 'action' ? ['auditor'] : []),
  ];
  const brings = account.kind === 'new' || entrance.binds || entrance.rule !== 'member' || granted.length > 0;
  const early = draft.code?.order === 'before_actions' && draft.code.denies !== undefined && brings;
  const denied = isDenied(draft, way.organization, user, granted);
  if (denied && !early) return { kind: 'refused', code: 'act.denied' };
  writePerson(draft, way, entrance, !denied, came);
  if (denied) return { kind: 'refused', code: 'act.denied' };
  // By then the identity is bound, and the commit at the end takes over what a main identity's provider says, as any later login does.
  if (early && came.person) followMain(draft, way, entrance, came.person);
  // Whoever was written first is a member when it is decided that they are in.
  const rule = early ? 'member' : entrance.rule;
  const key = memberKey(way.organization, user);
  const { organization, connection } = way;
  if (browser.session !== undefined) delete draft.sessions[browser.session];
  const session = `s${draft.serial++}`;
  draft.sessions[session] = { user, connection };
  Object.assign(browser, { session, away: undefined, question: undefined, choice: undefined });
  draft.refreshTokens.push({ user, organization, connection, live: true });
  return { kind: 'admitted', user, organization, rule, roles: draft.members[key]?.roles ?? [] };
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
    return outcome;
  }
  browser.question = undefined;
  return decision.kind === 'asked' ? { kind: 'asked' } : decision;
}

/** The session of a browser enters without a new one. */
export function enterBySession(draft: Draft, browser: Browser, organization: string): Outcome | undefined {
  const session = browser.session === undefined ? undefined : draft.sessions[browser.session];
  if (!session) return undefined;
  const { connection } = session;
  if (organization !== NOWHERE && draft.organizations[organization]?.enabled[connection] === undefined)
    return undefined;
  const decision = decideKnown(draft, organization, session, 'session');
  // A session that is of no use here is no answer: the person is asked to sign in.
  if (decision.kind === 'refused' && decision.code === 'authenticate.session_not_usable') return undefined;
  if (decision.kind !== 'in') return decision.kind === 'refused' ? decision : undefined;
  const kept = browser.session;
  const way = { organization, connection, invitation: undefined };
  const copy = { ...browser, session: undefined } as Draft['browsers'][number];
  const outcome = commit(draft, copy, way, decision, { from: 'session' });
  if (outcome.kind !== 'admitted') return outcome;
  delete draft.sessions[`s${draft.serial - 1}`];
  if (kept !== undefined) draft.sessions[kept] = session;
  return outcome;
}

const viaOf = (action: { readonly via?: Via }, draft: Draft): Via =>
  // The tenant's own code asks about organizations, and is not made for logins without.
  draft.code === undefined ? (action.via ?? 'main') : 'main';

/** What waits in a browser is forgotten: another login begins. */
export const forget = (browser: Draft['browsers'][number]) =>
  Object.assign(browser, { away: undefined, question: undefined, choice: undefined });

const leave: Step<'leave'> = (draft, action) => {
  const browser = draft.browsers[action.browser];
  if (!browser) return NOTHING;
  const via = viaOf(action, draft);
  const invitation = via === 'main' ? invitationOf(draft, action.invitation) : undefined;
  const organization =
    via !== 'main'
      ? NOWHERE
      : invitation === undefined
        ? organizationOf(draft, action.organization)
        : (draft.invitations[invitation]?.organization ?? 'o0');
  const connection = connectionName(action.connection);
  const way = { organization, connection, invitation };
  forget(browser);
  const wrong = checkWay(draft, way);
  if (wrong?.kind === 'refused' && wrong.code !== 'identify.connection_not_enabled') return wrong;
  const session = browser.session === undefined ? undefined : draft.sessions[browser.session];
  if (!action.forced && invitation === undefined && session?.connection === connection) {
    const outcome = via === 'picker' ? pickBySession(draft, browser) : enterBySession(draft, browser, organization);
    if (outcome) return outcome;
  }
  if (wrong) return wrong as Outcome;
  browser.away = { ...way, via, fingerprint: fingerprint(draft, way) };
  return { kind: 'away' };
};

const INVALID: Decision = { kind: 'refused', code: 'authenticate.idp_invalid' };

const comeBack: Step<'return'> = (draft, action) => {
  const browser = draft.browsers[action.browser];
  const away = browser?.away;
  const idp = away && draft.connections[away.connection]?.idp;
  const person = idp === undefined ? undefined : draft.people[idp]?.[`l${action.login}`];
  if (!browser || !away || idp === undefined || !person) return NOTHING;
  const wrong = checkWay(draft, away, away.fingerprint);
  if (away.via === 'picker' && away.organization === NOWHERE) {
    browser.away = undefined;
    if (wrong?.kind === 'refused') return wrong;
    if (!isSubject(person.subject)) return INVALID as Outcome;
    return pickAfter(draft, browser, proveIdentity(draft, away.connection, idp, person));
  }
  const decision = wrong ?? (isSubject(person.subject) ? decideIdentity(draft, away, idp, person) : INVALID);
  const outcome = settle(draft, browser, away, decision, { from: 'identity', person });
  if (decision.kind === 'asked') browser.question = { away, idp, person, email: decision.email, user: decision.user };
  return outcome;
};

const prove: Step<'prove'> = (draft, action) => {
  const browser = draft.browsers[action.browser];
  const question = browser?.question;
  if (!browser || !question) return NOTHING;
  const { away, idp, person } = question;
  const wrong = checkWay(draft, away, away.fingerprint);
  const owner = question.user === undefined ? undefined : draft.users[question.user];
  const knows = owner?.passwordFor !== undefined && !owner.passwordEnded;
  const closed = checkWay(draft, away);
  // What the login is about comes before what was typed: no page for a closed organization or a used invitation.
  if (closed?.kind === 'refused' && closed.code !== 'identify.connection_not_enabled')
    return settle(draft, browser, away, closed, { from: 'identity' });
  if (!action.right || (action.by === 'password' && !knows)) return { kind: 'page' };
  const proof = { by: action.by, user: question.user };
  const decision = wrong ?? decideIdentity(draft, away, idp, person, proof);
  browser.question = undefined;
  const outcome = settle(draft, browser, away, decision, { from: 'identity', person, proof });
  if (decision.kind === 'asked') browser.question = { ...question, email: decision.email, user: decision.user };
  return outcome;
};

const password: Step<'password'> = (draft, action) => {
  const browser = draft.browsers[action.browser];
  const user = userOf(draft, action.user);
  const email = user === undefined ? undefined : draft.users[user]?.email;
  if (!browser || email === undefined) return NOTHING;
  const via = viaOf(action, draft);
  const invitation = via === 'main' ? invitationOf(draft, action.invitation) : undefined;
  const organization =
    via !== 'main'
      ? NOWHERE
      : invitation === undefined
        ? organizationOf(draft, action.organization)
        : (draft.invitations[invitation]?.organization ?? 'o0');
  const way = { organization, connection: DATABASE, invitation };
  const wrong = checkWay(draft, way);
  forget(browser);
  if (wrong) return wrong as Outcome;
  const opened = invitation === undefined ? undefined : draft.invitations[invitation];
  // Before a password is typed that would be refused: the company, or the answer that only it could accept the invitation.
  if (opened && isCompanyRequired(draft, organization, opened.email)) {
    if (opened.connection === DATABASE) return { kind: 'refused', code: 'admit.invitation_needs_company' };
    const named = draft.organizations[organization]?.enabled[opened.connection ?? ''] && opened.connection;
    const company = named || companyOf(draft, organization, opened.email);
    browser.away = {
      ...way,
      connection: company,
      via,
      fingerprint: fingerprint(draft, { ...way, connection: company }),
    };
    return { kind: 'away' };
  }
  const owner = Object.keys(draft.users).find((name) => draft.users[name]?.passwordFor === email);
  if (!action.right || owner === undefined || draft.users[owner]?.passwordEnded)
    return { kind: 'refused', code: 'authenticate.wrong_password' };
  if (via === 'picker') return pickAfter(draft, browser, { kind: 'known', connection: DATABASE, user: owner });
  return settle(draft, browser, way, decidePassword(draft, way, owner), { from: 'password' });
};

/** The required company of an address; the first by name, as they are listed. */
function companyOf(draft: Draft, organization: string, email: string): string {
  const enabled = draft.organizations[organization]?.enabled ?? {};
  const found = Object.keys(enabled)
    .sort()
    .find(
      (name) => enabled[name]?.rollout === 'required' && draft.connections[name]?.aliases.includes(domainOf(email)),
    );
  return found ?? DATABASE;
}

const signUp: Step<'signUp'> = (draft, action) => {
  const browser = draft.browsers[action.browser];
  const invitation = invitationOf(draft, action.invitation);
  const opened = invitation === undefined ? undefined : draft.invitations[invitation];
  if (!browser || !opened || invitation === undefined) return NOTHING;
  const way = { organization: opened.organization, connection: DATABASE, invitation };
  forget(browser);
  const enabled = draft.organizations[opened.organization]?.enabled ?? {};
  // A company's connection comes first: there is no page to sign up on.
  const home = Object.keys(enabled).some((name) => draft.connections[name]?.aliases.includes(domainOf(opened.email)));
  if ((opened.connection ?? DATABASE) !== DATABASE || (home && opened.connection === undefined)) return NOTHING;
  if (!enabled[DATABASE]) return NOTHING;
  const wrong = checkWay(draft, way);
  if (wrong) return wrong as Outcome;
  if (isCompanyRequired(draft, opened.organization, opened.email))
    return { kind: 'refused', code: 'admit.invitation_needs_company' };
  if (Object.values(draft.users).some((item) => item.passwordFor === opened.email))
    return { kind: 'refused', code: 'authenticate.wrong_password' };
  const user = `auth0|n${draft.serial++}`;
  const owner = { email: opened.email, voucher: 'mail' as const };
  draft.users[user] = { ...owner, blocked: false, passwordFor: opened.email };
  const decision = decidePassword(draft, way, user);
  if (decision.kind !== 'in') {
    delete draft.users[user];
    return decision as Outcome;
  }
  const entrance = { ...decision, account: { kind: 'new', user, ...owner } } as const;
  const outcome = settle(draft, browser, way, entrance, { from: 'password' });
  if (outcome.kind !== 'admitted' && draft.code?.order !== 'before_actions') delete draft.users[user];
  return outcome;
};

const silent: Step<'silent'> = (draft, action) => {
  const browser = draft.browsers[action.browser];
  if (!browser) return NOTHING;
  const organization = viaOf(action, draft) === 'main' ? organizationOf(draft, action.organization) : NOWHERE;
  const wrong = checkWay(draft, { organization, connection: DATABASE, invitation: undefined });
  if (wrong?.kind === 'refused' && wrong.code !== 'identify.connection_not_enabled') return wrong;
  return enterBySession(draft, browser, organization) ?? { kind: 'refused', code: 'authenticate.session_not_usable' };
};

const logout: Step<'logout'> = (draft, action) => {
  const browser = draft.browsers[action.browser];
  if (!browser) return NOTHING;
  if (browser.session !== undefined) delete draft.sessions[browser.session];
  browser.session = undefined;
  return DONE;
};

const refresh: Step<'refresh'> = (draft, action) => {
  const token = pick(draft.refreshTokens, action.token);
  if (!token) return NOTHING;
  const { user, organization, connection } = token;
  const alone = organization === NOWHERE;
  const breakGlass = draft.members[memberKey(organization, user)]?.breakGlass === true;
  const bound = draft.identities.find((item) => item.user === user && item.connection === connection);
  const served = Object.values(draft.organizations).some((one) => one.enabled[connection] !== undefined);
  const stands =
    token.live &&
    draft.users[user]?.blocked === false &&
    (alone || draft.organizations[organization]?.blocked === false) &&
    (alone || enablementOf(draft, { organization, connection }) !== undefined) &&
    (connection === DATABASE || bound !== undefined) &&
    // Part 8, at every refresh as at the login.
    (!alone || connection === DATABASE || (bound?.primary === true && !served)) &&
    // What a password opened ends where the company's sign-in is required by now.
    !(connection === DATABASE && isCompanyRequired(draft, organization, draft.users[user]?.email) && !breakGlass) &&
    (alone || isMember(draft, organization, user));
  if (!stands) return { kind: 'refused', code: 'invalid_grant' };
  // Asked again at every refresh, as on Auth0.
  if (isDenied(draft, organization, user, [])) return { kind: 'refused', code: 'access_denied' };
  return { kind: 'refreshed', user, organization };
};

/** What each person's action changes. */
export const people = {
  leave,
  return: comeBack,
  prove,
  pick: pickOne,
  password,
  signUp,
  silent,
  logout,
  refresh,
} satisfies {
  readonly [N in Action['do']]?: Step<N>;
};
