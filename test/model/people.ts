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
import {
  checkWay,
  type Decision,
  decideIdentity,
  decidePassword,
  decideSession,
  domainOf,
  type Entrance,
  enablementOf,
  fingerprint,
  isMember,
  type OwnProof,
  strictAddress,
  type Way,
} from './rules.js';
import { type Browser, DATABASE, memberKey, type Outcome, type Person } from './state.js';
import { isDenied } from './tenant-code.js';

function bind(draft: Draft, user: string, connection: string, person: Person, primary: boolean): void {
  const idp = draft.connections[connection]?.idp ?? -1;
  const said = { email: strictAddress(person.email), verified: person.verified === true };
  const { subject } = person;
  draft.identities.push({ connection, idp, subject, user, primary, said });
  // An expectation ends when it comes true; of another subject it stays, and comes true for nobody.
  draft.expected = draft.expected.filter(
    (item) =>
      item.user !== user ||
      item.connection !== connection ||
      (item.subject === undefined ? item.email !== said.email : item.subject !== subject),
  );
}

/** The person's part of what a login writes. `finishes` is false at the earlier commit point of Auth0's order. */
function writePerson(
  draft: Draft,
  way: Way,
  entrance: Entrance,
  finishes: boolean,
  person?: Person,
  proof?: OwnProof,
): void {
  const { account, invitation, rule } = entrance;
  const { user } = account;
  if (account.kind === 'new' && draft.users[user] === undefined) {
    draft.users[user] = { email: account.email, verified: account.verified, blocked: false, passwordFor: undefined };
  }
  const held = draft.users[user];
  // Nobody knows whose the password of an account is whose address was never proved before (pre-hijacking).
  if (held && entrance.binds && proof?.by === 'code' && !held.verified && account.kind === 'existing')
    held.passwordEnded = true;
  // The link came by mail to the account's address, so whoever opened it reads that mailbox.
  const mailed = way.invitation !== undefined && draft.invitations[way.invitation]?.email === held?.email;
  if (held && (entrance.verifies || mailed)) held.verified = true;
  const idp = draft.connections[way.connection]?.idp;
  const known = draft.identities.find(
    (item) =>
      person !== undefined && item.connection === way.connection && item.idp === idp && item.subject === person.subject,
  );
  if (known && person) {
    known.said = { email: strictAddress(person.email), verified: person.verified === true };
    // Whose only home is the identity provider has the address that it gives him, as long as somebody vouches for it.
    if (held && known.primary && entrance.vouched !== undefined)
      Object.assign(held, { email: entrance.vouched, verified: true });
  }
  if (entrance.binds && person) {
    bind(draft, user, way.connection, person, account.kind === 'new');
    endSessions(draft, user);
  }
  const key = memberKey(way.organization, user);
  const used = invitation === undefined ? undefined : draft.invitations[invitation];
  const member = draft.members[key] ?? { roles: [], breakGlass: false, used: false };
  draft.members[key] = {
    ...member,
    used: member.used || finishes,
    roles: [...new Set([...member.roles, ...(used?.roles ?? []), ...(rule === 'action' ? ['auditor'] : [])])].sort(),
  };
  if (used) Object.assign(used, { state: 'consumed', consumedBy: user });
}

/** What a login writes: all of it in one transaction, or in Auth0's order the person before the tenant's code is asked. */
function commit(
  draft: Draft,
  browser: Draft['browsers'][number],
  way: Way,
  entrance: Entrance,
  person?: Person,
  proof?: OwnProof,
): Outcome {
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
  writePerson(draft, way, entrance, !denied, person, proof);
  if (denied) return { kind: 'refused', code: 'act.denied' };
  // Whoever was written first is a member when it is decided that he is in.
  const rule = early ? 'member' : entrance.rule;
  const key = memberKey(way.organization, user);
  if (browser.session !== undefined) delete draft.sessions[browser.session];
  const session = `s${draft.serial++}`;
  draft.sessions[session] = { user, connection: way.connection };
  Object.assign(browser, { session, away: undefined, question: undefined });
  draft.refreshTokens.push({ user, organization: way.organization, connection: way.connection, live: true });
  return { kind: 'admitted', user, organization: way.organization, rule, roles: draft.members[key]?.roles ?? [] };
}

function settle(
  draft: Draft,
  browser: Draft['browsers'][number],
  way: Way,
  decision: Decision,
  person?: Person,
  proof?: OwnProof,
): Outcome {
  browser.away = undefined;
  if (decision.kind === 'in') {
    const outcome = commit(draft, browser, way, decision, person, proof);
    if (outcome.kind !== 'admitted') browser.question = undefined;
    return outcome;
  }
  browser.question = undefined;
  return decision.kind === 'asked' ? { kind: 'asked' } : decision;
}

/** The session of a browser enters without a new one. */
function enterBySession(draft: Draft, browser: Browser, organization: string): Outcome | undefined {
  const session = browser.session === undefined ? undefined : draft.sessions[browser.session];
  if (!session || draft.organizations[organization]?.enabled[session.connection] === undefined) return undefined;
  const decision = decideSession(draft, organization, session);
  // A session that is of no use here is no answer: the person is asked to sign in.
  if (decision.kind === 'refused' && decision.code === 'authenticate.session_not_usable') return undefined;
  if (decision.kind !== 'in') return decision.kind === 'refused' ? decision : undefined;
  const kept = browser.session;
  const { connection } = session;
  const way = { organization, connection, invitation: undefined };
  const outcome = commit(
    draft,
    { ...browser, session: undefined } as Draft['browsers'][number],
    way,
    decision,
    undefined,
  );
  if (outcome.kind !== 'admitted') return outcome;
  delete draft.sessions[`s${draft.serial - 1}`];
  if (kept !== undefined) draft.sessions[kept] = session;
  return outcome;
}

const leave: Step<'leave'> = (draft, action) => {
  const browser = draft.browsers[action.browser];
  if (!browser) return NOTHING;
  const invitation = invitationOf(draft, action.invitation);
  const organization =
    invitation === undefined
      ? organizationOf(draft, action.organization)
      : (draft.invitations[invitation]?.organization ?? 'o0');
  const connection = connectionName(action.connection);
  const way = { organization, connection, invitation };
  Object.assign(browser, { away: undefined, question: undefined });
  const wrong = checkWay(draft, way);
  if (wrong?.kind === 'refused' && wrong.code !== 'identify.connection_not_enabled') return wrong;
  const session = browser.session === undefined ? undefined : draft.sessions[browser.session];
  if (!action.forced && invitation === undefined && session?.connection === connection) {
    const outcome = enterBySession(draft, browser, organization);
    if (outcome) return outcome;
  }
  if (wrong) return wrong as Outcome;
  browser.away = { ...way, fingerprint: fingerprint(draft, way) };
  return { kind: 'away' };
};

/** OpenID Connect Core, section 2: at most 255 ASCII characters, compared case-sensitively. */
const isSubject = (text: string): boolean => /^[ -~]{1,255}$/.test(text);
const INVALID: Decision = { kind: 'refused', code: 'authenticate.idp_invalid' };

const comeBack: Step<'return'> = (draft, action) => {
  const browser = draft.browsers[action.browser];
  const away = browser?.away;
  const idp = away && draft.connections[away.connection]?.idp;
  const person = idp === undefined ? undefined : draft.people[idp]?.[`l${action.login}`];
  if (!browser || !away || idp === undefined || !person) return NOTHING;
  const decision =
    checkWay(draft, away, away.fingerprint) ??
    (isSubject(person.subject) ? decideIdentity(draft, away, idp, person) : INVALID);
  const outcome = settle(draft, browser, away, decision, person);
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
    return settle(draft, browser, away, closed);
  if (!action.right || (action.by === 'password' && !knows)) return { kind: 'page' };
  const proof = { by: action.by, user: question.user };
  const decision = wrong ?? decideIdentity(draft, away, idp, person, proof);
  browser.question = undefined;
  const outcome = settle(draft, browser, away, decision, person, proof);
  if (decision.kind === 'asked') browser.question = { ...question, email: decision.email, user: decision.user };
  return outcome;
};

const password: Step<'password'> = (draft, action) => {
  const browser = draft.browsers[action.browser];
  const user = userOf(draft, action.user);
  const email = user === undefined ? undefined : draft.users[user]?.email;
  if (!browser || email === undefined) return NOTHING;
  const invitation = invitationOf(draft, action.invitation);
  const organization =
    invitation === undefined
      ? organizationOf(draft, action.organization)
      : (draft.invitations[invitation]?.organization ?? 'o0');
  const way = { organization, connection: DATABASE, invitation };
  const wrong = checkWay(draft, way);
  Object.assign(browser, { away: undefined, question: undefined });
  if (wrong) return wrong as Outcome;
  const owner = Object.keys(draft.users).find((name) => draft.users[name]?.passwordFor === email);
  if (!action.right || owner === undefined || draft.users[owner]?.passwordEnded)
    return { kind: 'refused', code: 'authenticate.wrong_password' };
  return settle(draft, browser, way, decidePassword(draft, way, owner));
};

const signUp: Step<'signUp'> = (draft, action) => {
  const browser = draft.browsers[action.browser];
  const invitation = invitationOf(draft, action.invitation);
  const opened = invitation === undefined ? undefined : draft.invitations[invitation];
  if (!browser || !opened || invitation === undefined) return NOTHING;
  const way = { organization: opened.organization, connection: DATABASE, invitation };
  Object.assign(browser, { away: undefined, question: undefined });
  const enabled = draft.organizations[opened.organization]?.enabled ?? {};
  // A company's connection comes first: there is no page to sign up on.
  const home = Object.keys(enabled).some((name) => draft.connections[name]?.aliases.includes(domainOf(opened.email)));
  if ((opened.connection ?? DATABASE) !== DATABASE || (home && opened.connection === undefined)) return NOTHING;
  if (!enabled[DATABASE]) return NOTHING;
  const wrong = checkWay(draft, way);
  if (wrong) return wrong as Outcome;
  if (Object.values(draft.users).some((item) => item.passwordFor === opened.email))
    return { kind: 'refused', code: 'authenticate.wrong_password' };
  const user = `auth0|n${draft.serial++}`;
  const owner = { email: opened.email, verified: true };
  draft.users[user] = { ...owner, blocked: false, passwordFor: opened.email };
  const decision = decidePassword(draft, way, user);
  if (decision.kind !== 'in') {
    delete draft.users[user];
    return decision as Outcome;
  }
  const outcome = settle(draft, browser, way, { ...decision, account: { kind: 'new', user, ...owner } });
  if (outcome.kind !== 'admitted' && draft.code?.order !== 'before_actions') delete draft.users[user];
  return outcome;
};

const silent: Step<'silent'> = (draft, action) => {
  const browser = draft.browsers[action.browser];
  if (!browser) return NOTHING;
  const organization = organizationOf(draft, action.organization);
  const one = draft.organizations[organization];
  if (one?.blocked) return { kind: 'refused', code: 'identify.organization_blocked' };
  if (Object.keys(one?.enabled ?? {}).length === 0) return { kind: 'refused', code: 'identify.no_connections' };
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
  const stands =
    token.live &&
    draft.users[user]?.blocked === false &&
    draft.organizations[organization]?.blocked === false &&
    enablementOf(draft, { organization, connection }) !== undefined &&
    (connection === DATABASE ||
      draft.identities.some((item) => item.user === user && item.connection === connection)) &&
    isMember(draft, organization, user);
  if (!stands) return { kind: 'refused', code: 'invalid_grant' };
  // Asked again at every refresh, as on Auth0.
  if (isDenied(draft, organization, user, [])) return { kind: 'refused', code: 'access_denied' };
  return { kind: 'refreshed', user, organization };
};

/** What each person's action changes. */
export const people = { leave, return: comeBack, prove, password, signUp, silent, logout, refresh } satisfies {
  readonly [N in Action['do']]?: Step<N>;
};
