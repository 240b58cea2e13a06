/**
 * The organization picker: credentials first, or a session, then the choice among the organizations that the person may enter this way.
 * Written from docs/linking-rule.md and docs/compatibility/sign-in.md ("post_login_prompt").
 */
import { type Draft, NOTHING, organizationOf, type Step } from './draft.js';
import { enterBySession, forget, settle } from './entering.js';
import {
  checkWay,
  type Decision,
  decideIdentity,
  decideKnown,
  fingerprint,
  isMovedAway,
  isNamedOtherwise,
  isProvedElsewhere,
  strictAddress,
  usedBy,
} from './rules.js';
import {
  type Choice,
  DATABASE,
  memberKey,
  NOWHERE,
  type Outcome,
  type Person,
  type Proved,
  type State,
} from './state.js';

type Browser = Draft['browsers'][number];

/** Which account an identity provider's answer is, as far as that is known without an organization. */
export function proveIdentity(state: State, connection: string, idp: number, person: Person): Proved | Decision {
  const here = (item: { readonly connection: string }) => item.connection === connection;
  const bound = state.identities.find((item) => here(item) && item.idp === idp && item.subject === person.subject);
  if (bound) return { kind: 'known', connection, user: bound.user, person };
  const email = strictAddress(person.email);
  const vouched = email !== undefined && person.verified === true && !isProvedElsewhere(state, NOWHERE, email);
  const free = (user: string) => !state.identities.some((item) => here(item) && item.user === user);
  const isMoved = isMovedAway(state, connection, idp, person);
  const expected =
    state.expected.find(
      (item) => here(item) && item.subject === person.subject && (item.idp ?? idp) === idp && free(item.user),
    ) ??
    state.expected.find(
      (item) =>
        here(item) && item.subject === undefined && vouched && !isMoved && item.email === email && free(item.user),
    );
  if (expected) return { kind: 'known', connection, user: expected.user };
  if (isMoved) return { kind: 'refused', code: 'resolve.seat_moved' };
  if (isNamedOtherwise(state, connection, idp, person)) return { kind: 'refused', code: 'resolve.issuer_changed' };
  return { kind: 'identity', connection, idp, person };
}

/** Decides for one organization; `changed` when the connection is another one than proved it. */
function decideAt(state: State, organization: string, proved: Proved, changed: boolean): Decision {
  const way = { organization, connection: proved.connection, invitation: undefined };
  const wrong = checkWay(state, way);
  if (wrong) return wrong;
  if (changed) return { kind: 'refused', code: 'identify.connection_changed' };
  if (proved.kind === 'identity') return decideIdentity(state, way, proved.idp, proved.person);
  return decideKnown(state, organization, proved, proved.kind);
}

function emailOf(state: State, proved: Proved): string | undefined {
  return proved.kind === 'identity' ? strictAddress(proved.person.email) : state.users[proved.user]?.email;
}

/** Organizations that know the person, by an address, an invitation, or an identity that is expected. */
function knows(state: State, organization: string, proved: Proved): boolean {
  const email = emailOf(state, proved);
  const member = (user: string) => state.members[memberKey(organization, user)] !== undefined;
  return (
    (email !== undefined &&
      Object.keys(state.users).some((user) => state.users[user]?.email === email && member(user))) ||
    Object.values(state.invitations).some(
      (item) => item.organization === organization && item.email === email && ['live', 'expired'].includes(item.state),
    ) ||
    state.expected.some(
      (item) =>
        item.connection === proved.connection &&
        member(item.user) &&
        (item.subject === undefined
          ? item.email === email
          : proved.kind === 'identity' && item.subject === proved.person.subject),
    )
  );
}

/** Where the person may go; `onlyOne` is the single organization that has the connection, whose own answer is given when there is no other. */
function choicesOf(
  state: State,
  proved: Proved,
  changed: boolean,
): { readonly offered: string[]; readonly onlyOne: string | undefined } {
  const open = Object.entries(state.organizations).filter(
    ([, one]) => !one.blocked && usedBy(one)[proved.connection] !== undefined,
  );
  const names = open.map(([name]) => name);
  const onlyOne = names.length === 1 ? names[0] : undefined;
  if (proved.kind !== 'identity') {
    const joined = names.filter((name) => state.members[memberKey(name, proved.user)] !== undefined);
    if (joined.length > 0) return { offered: joined, onlyOne };
  }
  const autos = open.filter(([, one]) => one.enabled[proved.connection]?.autoMembership).map(([name]) => name);
  const offered = names.filter((name) => {
    if (!autos.includes(name) && !knows(state, name, proved)) return false;
    const decision = decideAt(state, name, proved, changed);
    if (decision.kind === 'asked') return true;
    if (decision.kind === 'in') return decision.rule !== 'auto' || autos.length === 1;
    // To sign in again is a way in; by auto-membership it counts where a single organization has it.
    if (decision.code !== 'authenticate.session_not_usable' || !mayAskAgain(state, proved)) return false;
    return invites(state, name, proved) || (autos.includes(name) && autos.length === 1);
  });
  return { offered, onlyOne };
}

/** The account is there and, at a company, bound: what does not do is how fresh the proof is, not whose it is. */
function mayAskAgain(state: State, proved: Proved): boolean {
  if (proved.kind === 'identity') return true;
  if (state.users[proved.user] === undefined) return false;
  return (
    proved.connection === DATABASE ||
    state.identities.some((item) => item.user === proved.user && item.connection === proved.connection)
  );
}

/** A session stands before an invitation that fits. */
function invites(state: State, organization: string, proved: Proved): boolean {
  const email = emailOf(state, proved);
  return (
    proved.kind === 'session' &&
    Object.values(state.invitations).some(
      (item) =>
        item.state === 'live' &&
        item.organization === organization &&
        item.email === email &&
        (item.connection ?? proved.connection) === proved.connection,
    )
  );
}

const revisionOf = (state: State, proved: Proved): number => state.connections[proved.connection]?.revision ?? -1;
const passwordOf = (state: State, proved: Proved): number =>
  proved.kind === 'known' && proved.connection === DATABASE ? (state.users[proved.user]?.passwordSerial ?? 0) : 0;

function isChanged(state: State, { proved, revision }: Choice): boolean {
  return proved.kind !== 'session' && revision !== revisionOf(state, proved);
}

function enter(draft: Draft, browser: Browser, organization: string, choice: Choice): Outcome {
  const { proved } = choice;
  const { connection } = proved;
  const way = { organization, connection, invitation: undefined };
  forget(browser);
  const again = (): Outcome => {
    if (connection === DATABASE) return { kind: 'page' };
    browser.away = { ...way, via: 'picker', fingerprint: fingerprint(draft, way), stepUp: choice.stepUp };
    return { kind: 'away' };
  };
  if (proved.kind === 'session') {
    const wrong = checkWay(draft, way);
    if (wrong?.kind === 'refused') return wrong;
    return enterBySession(draft, browser, organization, { stepUp: choice.stepUp }) ?? again();
  }
  const replaced = choice.passwordSerial !== passwordOf(draft, proved);
  const decided = decideAt(draft, organization, proved, isChanged(draft, choice));
  const decision: Decision =
    replaced && !(decided.kind === 'refused' && decided.code.startsWith('identify.'))
      ? { kind: 'refused', code: 'authenticate.session_not_usable' }
      : decided;
  if (decision.kind === 'refused' && decision.code === 'authenticate.session_not_usable') return again();
  const person = proved.kind === 'identity' ? proved.person : undefined;
  const outcome = settle(draft, browser, way, decision, {
    from: proved.kind === 'identity' ? 'identity' : 'known',
    person,
    picked: proved.kind === 'known' ? proved.person : undefined,
    stepUp: choice.stepUp,
  });
  if (decision.kind === 'asked' && proved.kind === 'identity') {
    const away = {
      ...way,
      via: 'picker' as const,
      fingerprint: fingerprint(draft, way),
      stepUp: choice.stepUp,
    };
    browser.question = { away, idp: proved.idp, person: proved.person, email: decision.email, user: decision.user };
  }
  return outcome;
}

/** After the proof: the choice, or the only organization there is. */
export function pickAfter(draft: Draft, browser: Browser, proved: Proved | Decision, stepUp?: boolean): Outcome {
  if (!('connection' in proved)) return proved as Outcome;
  const choice = { proved, revision: revisionOf(draft, proved), passwordSerial: passwordOf(draft, proved), stepUp };
  const { offered, onlyOne } = choicesOf(draft, proved, false);
  const chosen = offered[0] ?? onlyOne;
  if (chosen === undefined) return { kind: 'refused', code: 'admit.not_a_member' };
  if (offered.length <= 1) return enter(draft, browser, chosen, choice);
  browser.choice = choice;
  return { kind: 'page' };
}

/** The session instead of credentials; undefined when it is of no use, and the person signs in. */
export function pickBySession(draft: Draft, browser: Browser, stepUp?: boolean): Outcome | undefined {
  const session = browser.session === undefined ? undefined : draft.sessions[browser.session];
  if (!session) return undefined;
  const proved = { kind: 'session', ...session } as const;
  const { offered } = choicesOf(draft, proved, false);
  const [only] = offered;
  if (only === undefined) return undefined;
  if (offered.length === 1) return enterBySession(draft, browser, only, { stepUp });
  browser.choice = { proved, revision: revisionOf(draft, proved), passwordSerial: 0, stepUp };
  return { kind: 'page' };
}

/** A choice at the picker. */
export const pickOne: Step<'pick'> = (draft, action) => {
  const browser = draft.browsers[action.browser];
  const choice = browser?.choice;
  if (!browser || !choice) return NOTHING;
  const session = browser.session === undefined ? undefined : draft.sessions[browser.session];
  const waiting = choice.proved;
  // Somebody else's session, or none: there is nothing to choose with.
  if (waiting.kind === 'session' && session?.user !== waiting.user) return NOTHING;
  const proved = waiting.kind === 'session' && session ? { kind: 'session' as const, ...session } : waiting;
  const wrong = checkWay(draft, { organization: NOWHERE, connection: proved.connection, invitation: undefined });
  if (wrong?.kind === 'refused') {
    forget(browser);
    return wrong;
  }
  const organization = organizationOf(draft, action.organization);
  const { offered } = choicesOf(draft, proved, isChanged(draft, { ...choice, proved }));
  if (!offered.includes(organization)) return { kind: 'page' };
  return enter(draft, browser, organization, { ...choice, proved });
};
