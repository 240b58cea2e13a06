/**
 * The reference model: what the tenant looks like after each action, and what the outside sees of it. `apply(state, action)` is
 * pure. The decisions are in rules.ts; here is what a committed login writes, and what administrators change.
 */
import type { Action } from './actions.js';
import { CONNECTION_IDPS, type Tenant } from './actions.js';
import {
  checkWay,
  type Decision,
  decideIdentity,
  decidePassword,
  decideSession,
  domainOf,
  type Entrance,
  enablementOf,
  findInvitation,
  fingerprint,
  isMember,
  type OwnProof,
  strictAddress,
  type Way,
} from './rules.js';
import { type Browser, DATABASE, type Enablement, memberKey, type Outcome, type Person, type State } from './state.js';

type Mutable<T> = T extends readonly (infer E)[]
  ? Mutable<E>[]
  : T extends object
    ? { -readonly [K in keyof T]: Mutable<T[K]> }
    : T;
export type Draft = Mutable<State>;

/** Picks from a list by a number that wraps round. */
export function pick<T>(list: readonly T[], index: number | undefined): T | undefined {
  return index === undefined || list.length === 0 ? undefined : list[index % list.length];
}

export const connectionName = (index: number): string => (index === 3 ? DATABASE : `c${index}`);

/** A password account's id, by its place in the tenant. */
export const userName = (index: number): string => `auth0|p${index}`;

export function initialState(tenant: Tenant): State {
  const draft: Draft = {
    organizations: {},
    connections: { [DATABASE]: { idp: undefined, aliases: [], revision: 0 } },
    users: {},
    identities: [],
    expected: [],
    members: {},
    invitations: {},
    people: tenant.people.map((list) => Object.fromEntries(list.map((item, index) => [`l${index}`, item]))),
    browsers: Array.from({ length: 3 }, () => ({ session: undefined, away: undefined, question: undefined })),
    sessions: {},
    refreshTokens: [],
    serial: 0,
  };
  CONNECTION_IDPS.forEach((idp, index) => {
    draft.connections[`c${index}`] = { idp, aliases: [...(tenant.aliases[index] ?? [])], revision: 0 };
  });
  const proved = new Set<string>();
  tenant.organizations.forEach((one, index) => {
    const enabled = one.enabled.map(({ connection, autoMembership, link, rollout }) => [
      connectionName(connection),
      { autoMembership, link, rollout: connection === 3 ? ('optional' as const) : rollout, revision: 0 },
    ]);
    const domains = one.domains.filter((domain) => !proved.has(domain));
    for (const domain of domains) proved.add(domain);
    draft.organizations[`o${index}`] = {
      blocked: false,
      enabled: Object.fromEntries(enabled) as Record<string, Enablement>,
      domains: Object.fromEntries(domains.map((domain) => [domain, 'verified'])),
    };
  });
  tenant.users.forEach((one, index) => {
    draft.users[userName(index)] = {
      email: one.email,
      verified: one.verified,
      blocked: false,
      passwordFor: one.email,
    };
    for (const { organization, used, breakGlass, roles } of one.members) {
      if (draft.organizations[`o${organization}`] === undefined) continue;
      draft.members[memberKey(`o${organization}`, userName(index))] = { roles: [...roles].sort(), breakGlass, used };
    }
  });
  return draft;
}

const DONE: Outcome = { kind: 'done' };
const NOTHING: Outcome = { kind: 'nothing' };
const rejected = (status: number): Outcome => ({ kind: 'rejected', status });

function endSessions(draft: Draft, user: string): void {
  for (const [id, session] of Object.entries(draft.sessions)) if (session.user === user) delete draft.sessions[id];
  for (const token of draft.refreshTokens) if (token.user === user) token.live = false;
}

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

/** What the one transaction of a login writes. */
function commit(
  draft: Draft,
  browser: Draft['browsers'][number],
  way: Way,
  entrance: Entrance,
  person?: Person,
  proof?: OwnProof,
): Outcome {
  const { account, invitation, rule } = entrance;
  const { user } = account;
  if (account.kind === 'new') {
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
    used: true,
    roles: [...new Set([...member.roles, ...(used?.roles ?? [])])].sort(),
  };
  if (used) Object.assign(used, { state: 'consumed', consumedBy: user });
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
  if (decision.kind === 'in') return commit(draft, browser, way, decision, person, proof);
  browser.question = undefined;
  return decision.kind === 'asked' ? { kind: 'asked' } : decision;
}

/** The session of a browser enters without a new one. */
function enterBySession(draft: Draft, browser: Browser, organization: string): Outcome | undefined {
  const session = browser.session === undefined ? undefined : draft.sessions[browser.session];
  if (!session || draft.organizations[organization]?.enabled[session.connection] === undefined) return undefined;
  const decision = decideSession(draft, organization, session);
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
  delete draft.sessions[`s${draft.serial - 1}`];
  if (kept !== undefined) draft.sessions[kept] = session;
  return outcome;
}

type Of<N extends Action['do']> = Extract<Action, { do: N }>;
type Step<N extends Action['do']> = (draft: Draft, action: Of<N>) => Outcome;

const organizationOf = (draft: State, index: number) => pick(Object.keys(draft.organizations), index) ?? 'o0';
const userOf = (draft: State, index: number) => pick(Object.keys(draft.users), index);
const invitationOf = (draft: State, index: number | undefined) => pick(Object.keys(draft.invitations), index);

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
  draft.users[user] = { email: opened.email, verified: true, blocked: false, passwordFor: opened.email };
  const decision = decidePassword(draft, way, user);
  if (decision.kind !== 'in') {
    delete draft.users[user];
    return decision as Outcome;
  }
  return settle(draft, browser, way, decision);
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
  const index = draft.refreshTokens.length === 0 ? undefined : action.token % draft.refreshTokens.length;
  const token = index === undefined ? undefined : draft.refreshTokens[index];
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
  return { kind: 'refreshed', user, organization };
};

const invite: Step<'invite'> = (draft, action) => {
  const organization = organizationOf(draft, action.organization);
  const connection = action.connection === undefined ? undefined : connectionName(action.connection);
  if (connection !== undefined && enablementOf(draft, { organization, connection }) === undefined) return rejected(400);
  draft.invitations[`i${draft.serial++}`] = {
    organization,
    email: action.email,
    connection,
    roles: [...action.roles].sort(),
    state: 'live',
    consumedBy: undefined,
  };
  return DONE;
};

const endInvitation =
  (state: 'revoked' | 'expired') =>
  (draft: Draft, action: { readonly invitation: number }): Outcome => {
    const invitation = draft.invitations[invitationOf(draft, action.invitation) ?? ''];
    if (invitation?.state !== 'live') return NOTHING;
    invitation.state = state;
    return DONE;
  };

/** An organization whose people must use its identity provider keeps somebody who can do without. */
function isLastBreakGlass(draft: Draft, organization: string, user: string): boolean {
  const required = Object.values(draft.organizations[organization]?.enabled ?? {}).some(
    (item) => item.rollout === 'required',
  );
  const holders = Object.keys(draft.members).filter(
    (key) => key.startsWith(`${organization} `) && draft.members[key]?.breakGlass,
  );
  return required && holders.length === 1 && holders[0] === memberKey(organization, user);
}

function forget(draft: Draft, user: string): void {
  delete draft.users[user];
  draft.identities = draft.identities.filter((item) => item.user !== user);
  draft.expected = draft.expected.filter((item) => item.user !== user);
  for (const key of Object.keys(draft.members)) if (key.endsWith(` ${user}`)) delete draft.members[key];
  endSessions(draft, user);
}

const holdsOpen = (draft: Draft, user: string) =>
  Object.keys(draft.organizations).some((name) => isLastBreakGlass(draft, name, user));

const absorb: Step<'absorb'> = (draft, action) => {
  const user = userOf(draft, action.user);
  const secondary = userOf(draft, action.secondary);
  const held = user === undefined ? undefined : draft.users[user];
  const gone = secondary === undefined ? undefined : draft.users[secondary];
  if (!held || !gone || user === undefined || secondary === undefined) return NOTHING;
  if (user === secondary) return rejected(400);
  if (holdsOpen(draft, secondary)) return rejected(409);
  const has = (name: string) => [
    ...draft.identities.filter((item) => item.user === name).map((item) => item.connection),
    ...(draft.users[name]?.passwordFor === undefined ? [] : [DATABASE]),
  ];
  if (has(user).some((connection) => has(secondary).includes(connection))) return rejected(409);
  for (const item of draft.identities) if (item.user === secondary) Object.assign(item, { user, primary: false });
  for (const item of draft.expected) if (item.user === secondary) item.user = user;
  if (gone.passwordFor !== undefined) {
    const { passwordFor, passwordEnded } = gone;
    Object.assign(held, { passwordFor, ...(passwordEnded && { passwordEnded }) });
  }
  forget(draft, secondary);
  return DONE;
};

/** Identities that can be taken away, bound ones first, then expected ones. */
export function unlinkable(state: State) {
  return [
    ...state.identities.filter((item) => !item.primary).map((identity) => ({ kind: 'bound' as const, identity })),
    ...state.expected.map((identity) => ({ kind: 'expected' as const, identity })),
  ];
}

const unlink: Step<'unlink'> = (draft, action) => {
  const found = pick(unlinkable(draft), action.identity);
  if (!found) return NOTHING;
  if (found.kind === 'expected') {
    draft.expected = draft.expected.filter((item) => item !== found.identity);
    return DONE;
  }
  const identity = found.identity as Draft['identities'][number];
  const user = `oidc|${identity.connection}|${identity.subject}`;
  if (draft.users[user] !== undefined) return rejected(409);
  const { email, verified } = identity.said;
  const blocked = draft.users[identity.user]?.blocked ?? false;
  draft.users[user] = { email, verified, blocked, passwordFor: undefined };
  for (const [id, session] of Object.entries(draft.sessions))
    if (session.user === identity.user && session.connection === identity.connection) delete draft.sessions[id];
  for (const token of draft.refreshTokens)
    if (token.user === identity.user && token.connection === identity.connection) token.live = false;
  Object.assign(identity, { user, primary: true });
  return DONE;
};

const expectIdentity: Step<'expect'> = (draft, action) => {
  const user = userOf(draft, action.user);
  const connection = connectionName(action.connection);
  if (user === undefined) return NOTHING;
  const subject = 'subject' in action.by ? action.by.subject : undefined;
  const email = 'email' in action.by ? action.by.email : undefined;
  const here = (item: { connection: string }) => item.connection === connection;
  // The provider's name for a user that exists means that user, and links him.
  if (subject !== undefined && draft.users[`oidc|${connection}|${subject}`] !== undefined) return NOTHING;
  if ([...draft.identities, ...draft.expected].some((item) => item.user === user && here(item))) return rejected(409);
  if (subject !== undefined && draft.identities.some((item) => here(item) && item.subject === subject))
    return rejected(409);
  if (draft.expected.some((item) => here(item) && item.subject === subject && item.email === email))
    return rejected(409);
  draft.expected.push({ connection, subject, email, user });
  return DONE;
};

function writeEnablement(
  draft: Draft,
  action: { readonly organization: number; readonly connection: number },
  changes: Partial<Enablement>,
): Outcome {
  const organization = organizationOf(draft, action.organization);
  const one = draft.organizations[organization]?.enabled[connectionName(action.connection)];
  if (!one) return rejected(404);
  Object.assign(one, changes, { revision: ++draft.serial });
  return DONE;
}

const proveDomain: Step<'proveDomain'> = (draft, { organization, domain }) => {
  const name = organizationOf(draft, organization);
  const one = draft.organizations[name];
  if (!one) return NOTHING;
  if (isProvedByOther(draft, name, domain)) return rejected(409);
  one.domains[domain] = 'verified';
  return DONE;
};

function isProvedByOther(state: State, organization: string, domain: string): boolean {
  return Object.entries(state.organizations).some(
    ([name, item]) => name !== organization && item.domains[domain] === 'verified',
  );
}

const loseDomain: Step<'loseDomain'> = (draft, { organization, domain, how }) => {
  const one = draft.organizations[organizationOf(draft, organization)];
  if (one?.domains[domain] === undefined) return NOTHING;
  if (one.domains[domain] === 'verified') {
    for (const [name, item] of Object.entries(one.enabled))
      if (draft.connections[name]?.aliases.includes(domain)) item.revision = ++draft.serial;
  }
  if (how === 'gone') delete one.domains[domain];
  else one.domains[domain] = 'pending';
  return DONE;
};

/** Changes of one member, or NOTHING where there is none. */
function onMember(
  draft: Draft,
  action: { readonly organization: number; readonly user: number },
  change: (member: Draft['members'][string], organization: string, user: string) => Outcome | undefined,
): Outcome {
  const organization = organizationOf(draft, action.organization);
  const user = userOf(draft, action.user) ?? '';
  const member = draft.members[memberKey(organization, user)];
  return member ? (change(member, organization, user) ?? DONE) : NOTHING;
}

function onUser(
  draft: Draft,
  action: { readonly user: number },
  change: (name: string, user: Draft['users'][string]) => Outcome | undefined,
): Outcome {
  const name = userOf(draft, action.user);
  const user = name === undefined ? undefined : draft.users[name];
  return name !== undefined && user ? (change(name, user) ?? DONE) : NOTHING;
}

const STEPS: { readonly [N in Action['do']]: Step<N> } = {
  leave,
  return: comeBack,
  prove,
  password,
  signUp,
  silent,
  logout,
  refresh,
  invite,
  revoke: endInvitation('revoked'),
  expire: endInvitation('expired'),
  addMember: (draft, action) => {
    const user = userOf(draft, action.user);
    if (user === undefined) return NOTHING;
    draft.members[memberKey(organizationOf(draft, action.organization), user)] ??= {
      roles: [],
      breakGlass: false,
      used: false,
    };
    return DONE;
  },
  removeMember: (draft, action) =>
    onMember(draft, action, (_member, organization, user) => {
      if (isLastBreakGlass(draft, organization, user)) return rejected(409);
      delete draft.members[memberKey(organization, user)];
      for (const token of draft.refreshTokens)
        if (token.user === user && token.organization === organization) token.live = false;
      return undefined;
    }),
  breakGlass: (draft, action) =>
    onMember(draft, action, (member, organization, user) => {
      if (!action.on && isLastBreakGlass(draft, organization, user)) return rejected(409);
      member.breakGlass = action.on;
      return undefined;
    }),
  giveRole: (draft, action) =>
    onMember(draft, action, (member) => {
      member.roles = [...new Set([...member.roles, action.role])].sort();
      return undefined;
    }),
  blockUser: (draft, action) =>
    onUser(draft, action, (name, user) => {
      user.blocked = action.on;
      if (action.on) endSessions(draft, name);
      return undefined;
    }),
  verifyUser: (draft, action) =>
    onUser(draft, action, (_name, user) => {
      user.verified = action.on;
      return undefined;
    }),
  deleteUser: (draft, action) =>
    onUser(draft, action, (name) => {
      if (holdsOpen(draft, name)) return rejected(409);
      forget(draft, name);
      return undefined;
    }),
  blockOrganization: (draft, action) => {
    const one = draft.organizations[organizationOf(draft, action.organization)];
    if (!one) return NOTHING;
    one.blocked = action.on;
    return DONE;
  },
  enable: (draft, action) => {
    const enabled = draft.organizations[organizationOf(draft, action.organization)]?.enabled ?? {};
    const connection = connectionName(action.connection);
    if (enabled[connection]) return rejected(409);
    enabled[connection] = {
      autoMembership: false,
      link: 'verified_email',
      rollout: 'optional',
      revision: ++draft.serial,
    };
    return DONE;
  },
  disable: (draft, action) => {
    const enabled = draft.organizations[organizationOf(draft, action.organization)]?.enabled ?? {};
    if (!enabled[connectionName(action.connection)]) return rejected(404);
    delete enabled[connectionName(action.connection)];
    return DONE;
  },
  auto: (draft, action) => writeEnablement(draft, action, { autoMembership: action.on }),
  link: (draft, action) => writeEnablement(draft, action, { link: action.how }),
  rollout: (draft, action) => writeEnablement(draft, action, { rollout: action.how }),
  proveDomain,
  loseDomain,
  aliases: (draft, action) => {
    const one = draft.connections[connectionName(action.connection)];
    if (!one) return NOTHING;
    Object.assign(one, { aliases: [...action.domains], revision: ++draft.serial });
    return DONE;
  },
  idpChange: (draft, action) => {
    const people = draft.people[action.idp];
    if (!people) return NOTHING;
    people[`l${action.login}`] = { ...action.person };
    return DONE;
  },
  expect: expectIdentity,
  absorb,
  unlink,
};

/** The state after `action`, and what the outside sees. Leaves `state` as it is. */
export function apply(state: State, action: Action): { state: State; outcome: Outcome } {
  const draft = structuredClone(state) as Draft;
  const step = STEPS[action.do] as (draft: Draft, action: Action) => Outcome;
  return { outcome: step(draft, action), state: draft };
}

/** What can be compared with the database. */
export function observe(state: State) {
  const sorted = (list: readonly unknown[]) => list.map((item) => JSON.stringify(item)).sort();
  const live = Object.values(state.sessions);
  return {
    users: sorted(
      Object.entries(state.users).map(([id, user]) => [id, user.email ?? null, user.verified, user.blocked]),
    ),
    passwords: sorted(
      Object.entries(state.users).flatMap(([id, { passwordFor, passwordEnded }]) =>
        passwordFor === undefined ? [] : [[passwordFor, id, !passwordEnded]],
      ),
    ),
    members: sorted(
      Object.entries(state.members).map(([key, { roles, breakGlass, used }]) => [
        ...key.split(/ (.*)/s).slice(0, 2),
        [...roles].sort(),
        breakGlass,
        used,
      ]),
    ),
    identities: sorted(state.identities.map((item) => [item.connection, item.idp, item.subject, item.user])),
    expected: sorted(
      state.expected.map((item) => [item.connection, item.subject ?? null, item.email ?? null, item.user]),
    ),
    invitations: sorted(
      Object.entries(state.invitations)
        .filter(([, item]) => item.state === 'live' || item.state === 'consumed')
        .map(([id, item]) => [id, item.organization, item.state, item.consumedBy ?? null]),
    ),
    sessions: sorted(live.map((item) => [item.user, item.connection])),
  };
}

export { findInvitation };
