/**
 * The steps of people: to the identity provider and back, with a password, by invitation, with a session, out again; and what the one
 * transaction of a login writes.
 */
import { account } from './account.js';
import type { Action } from './actions.js';
import {
  connectionName,
  DONE,
  type Draft,
  invitationOf,
  NOTHING,
  organizationOf,
  pick,
  type Step,
  userOf,
} from './draft.js';
import { enterBySession, forget, settle } from './entering.js';
import { useFactorTicket } from './factor-tickets.js';
import { answerable, epochOf, shown } from './factors.js';
import { pickAfter, pickBySession, pickOne, proveIdentity } from './picker.js';
import type { Came } from './planted.js';
import {
  checkWay,
  type Decision,
  decideIdentity,
  decideKnown,
  decidePassword,
  domainOf,
  enablementOf,
  fingerprint,
  heard,
  isCompanyRequired,
  isLedTo,
  isMember,
  isOpenTo,
  isServing,
  isSubject,
  usedBy,
  type Way,
} from './rules.js';
import { DATABASE, type FactorAnswer, type FactorAsked, memberKey, NOWHERE, type Outcome, type Via } from './state.js';
import { isDenied } from './tenant-code.js';

const viaOf = (action: { readonly via?: Via }, draft: Draft): Via =>
  // The tenant's own code asks about organizations, and is not made for logins without.
  draft.code === undefined ? (action.via ?? 'main') : 'main';

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
  const { stepUp } = action;
  if (!action.forced && invitation === undefined && session?.connection === connection) {
    const outcome =
      via === 'picker'
        ? pickBySession(draft, browser, stepUp)
        : enterBySession(draft, browser, organization, { stepUp });
    if (outcome) return outcome;
  }
  if (wrong) return wrong as Outcome;
  browser.away = { ...way, via, fingerprint: fingerprint(draft, way), stepUp };
  return { kind: 'away' };
};

const INVALID: Decision = { kind: 'refused', code: 'authenticate.idp_invalid' };

const comeBack: Step<'return'> = (draft, action) => {
  const browser = draft.browsers[action.browser];
  const away = browser?.away;
  const idp = away && draft.connections[away.connection]?.idp;
  const there = idp === undefined ? undefined : draft.people[idp]?.[`l${action.login}`];
  if (!browser || !away || idp === undefined || !there) return NOTHING;
  const person = heard(draft, away.connection, there);
  const wrong = checkWay(draft, away, away.fingerprint);
  if (away.via === 'picker' && away.organization === NOWHERE) {
    browser.away = undefined;
    if (wrong?.kind === 'refused') return wrong;
    if (!isSubject(person.subject)) return INVALID as Outcome;
    return pickAfter(draft, browser, proveIdentity(draft, away.connection, idp, person), away.stepUp);
  }
  const decision = wrong ?? (isSubject(person.subject) ? decideIdentity(draft, away, idp, person) : INVALID);
  const outcome = settle(draft, browser, away, decision, { from: 'identity', person, stepUp: away.stepUp });
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
  // The request is checked before the typed proof: no page for a closed organization or a used invitation.
  if (closed?.kind === 'refused' && closed.code !== 'identify.connection_not_enabled')
    return settle(draft, browser, away, closed, { from: 'identity' });
  if (!action.right || (action.by === 'password' && !knows)) return { kind: 'page' };
  const proof = { by: action.by, user: question.user };
  const decision = wrong ?? decideIdentity(draft, away, idp, person, proof);
  browser.question = undefined;
  const outcome = settle(draft, browser, away, decision, { from: 'identity', person, proof, stepUp: away.stepUp });
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
    const named = usedBy(draft.organizations[organization])[opened.connection ?? ''] && opened.connection;
    const company = named || companyOf(draft, organization, opened.email);
    browser.away = {
      ...way,
      connection: company,
      via,
      fingerprint: fingerprint(draft, { ...way, connection: company }),
      stepUp: action.stepUp,
    };
    return { kind: 'away' };
  }
  const owner = Object.keys(draft.users).find((name) => draft.users[name]?.passwordFor === email);
  if (!action.right || owner === undefined || draft.users[owner]?.passwordEnded)
    return { kind: 'refused', code: 'authenticate.wrong_password' };
  if (via === 'picker')
    return pickAfter(draft, browser, { kind: 'known', connection: DATABASE, user: owner }, action.stepUp);
  return settle(draft, browser, way, decidePassword(draft, way, owner), { from: 'password', stepUp: action.stepUp });
};

const byPasskey: Step<'passkey'> = (draft, action) => {
  const browser = draft.browsers[action.browser];
  const user = userOf(draft, action.user) ?? '';
  const held = draft.users[user];
  const key = pick(held?.factors?.filter(({ kind }) => kind === 'passkey') ?? [], action.index);
  if (!browser || !held || !key) return NOTHING;
  const organization = viaOf(action, draft) === 'main' ? organizationOf(draft, action.organization) : NOWHERE;
  const way = { organization, connection: DATABASE, invitation: undefined };
  const wrong = checkWay(draft, way);
  forget(browser);
  if (wrong) return wrong as Outcome;
  // An account that has no password there signs in by its company.
  if (held.passwordFor === undefined) return { kind: 'refused', code: 'authenticate.passkey_failed' };
  const { name } = key;
  const passed = [{ user, epoch: epochOf(held), kind: 'passkey', name, seq: draft.serial++ } as const];
  const came = { from: 'password', passkey: name, passed, stepUp: action.stepUp } as const;
  return settle(draft, browser, way, decidePassword(draft, way, user), came);
};

/** The required company of an address; the first by name, as they are listed. */
function companyOf(draft: Draft, organization: string, email: string): string {
  const enabled = usedBy(draft.organizations[organization]);
  const found = Object.keys(enabled)
    .sort()
    .find(
      (name) =>
        enabled[name]?.rollout === 'required' &&
        draft.connections[name]?.aliases.includes(domainOf(email)) &&
        isOpenTo(enabled[name], email),
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
  const enabled = usedBy(draft.organizations[opened.organization]);
  // A company's connection comes first: there is no page to sign up on.
  const home = Object.keys(enabled).some((name) => isLedTo(draft, opened.organization, name, opened.email));
  if ((opened.connection ?? DATABASE) !== DATABASE || (home && opened.connection === undefined)) return NOTHING;
  if (!enabled[DATABASE]) return NOTHING;
  const wrong = checkWay(draft, way);
  if (wrong) return wrong as Outcome;
  if (isCompanyRequired(draft, opened.organization, opened.email))
    return { kind: 'refused', code: 'admit.invitation_needs_company' };
  // The link alone: a code is mailed, and the holder of the link does not read that mailbox.
  if (opened.link === 'reader') return { kind: 'page' };
  return openAccount(draft, browser, way, `auth0|n${draft.serial++}`, {});
};

/** Opens an account for the person who opened the link, unless the login is refused or waits. */
function openAccount(
  draft: Draft,
  browser: Draft['browsers'][number],
  way: Way & { readonly invitation: string },
  user: string,
  how: Pick<Came, 'passed' | 'answer'>,
): Outcome {
  const { link, email } = draft.invitations[way.invitation] ?? {};
  if (email === undefined) throw new Error('an invitation is opened');
  if (Object.values(draft.users).some((item) => item.passwordFor === email))
    return settle(draft, browser, way, { kind: 'refused', code: 'authenticate.wrong_password' }, { from: 'password' });
  const by = link === 'mail' ? ('mail' as const) : undefined;
  const owner = { email, voucher: by };
  draft.users[user] = { ...owner, blocked: false, passwordFor: email, passwordBy: by };
  const decision = decidePassword(draft, way, user);
  if (decision.kind !== 'in') {
    delete draft.users[user];
    return settle(draft, browser, way, decision, { from: 'password' });
  }
  const entrance = { ...decision, account: { kind: 'new', user, ...owner } } as const;
  const outcome = settle(draft, browser, way, entrance, { ...how, from: 'password' });
  if (outcome.kind !== 'admitted' && draft.code?.order !== 'before_actions') delete draft.users[user];
  return outcome;
}

const silent: Step<'silent'> = (draft, action) => {
  const browser = draft.browsers[action.browser];
  if (!browser) return NOTHING;
  const organization = viaOf(action, draft) === 'main' ? organizationOf(draft, action.organization) : NOWHERE;
  const wrong = checkWay(draft, { organization, connection: DATABASE, invitation: undefined });
  if (wrong?.kind === 'refused' && wrong.code !== 'identify.connection_not_enabled') return wrong;
  return (
    enterBySession(draft, browser, organization, { silent: true, stepUp: action.stepUp }) ?? {
      kind: 'refused',
      code: 'authenticate.session_not_usable',
    }
  );
};

/** A stored code is of the application's next step from now on: nothing of it was counted yet. */
function readCode(draft: Draft, asked: FactorAsked, { how, index }: Pick<FactorAnswer, 'how' | 'index'>): void {
  const chosen = asked.ask === 'challenge' ? pick(answerable(draft, asked), index) : undefined;
  if (chosen?.kind !== 'otp' || !(how === 'right' || (how === 'used' && chosen.claimed !== true))) return;
  const held = draft.users[asked.user];
  if (held?.factors)
    held.factors = held.factors.map((one) =>
      one.name === chosen.name ? { ...one, claimed: false, seq: undefined } : one,
    );
}

/** Everything is decided again, with what was proved before the question. */
function decideAgain(draft: Draft, { way, fingerprint: left, proof }: FactorAsked): Decision {
  const wrong = checkWay(draft, way, left);
  if (wrong) return wrong;
  if (proof.kind === 'identity') return decideIdentity(draft, way, proof.idp, proof.person, proof.own);
  if (proof.kind === 'password' || proof.kind === 'known') {
    const { user, passwordSerial } = proof;
    const held = draft.users[user];
    const passkey = proof.kind === 'password' ? proof.passkey : undefined;
    if (passkey !== undefined)
      return held?.factors?.some(({ name }) => name === passkey)
        ? decidePassword(draft, way, user)
        : { kind: 'refused', code: 'authenticate.session_not_usable' };
    if (way.connection !== DATABASE)
      return decideKnown(draft, way.organization, { user, connection: way.connection }, 'known');
    const stands =
      held?.passwordFor !== undefined && !held.passwordEnded && (held.passwordSerial ?? 0) === passwordSerial;
    if (!stands) return { kind: 'refused', code: 'authenticate.session_not_usable' };
    return decidePassword(draft, way, user, proof.kind);
  }
  throw new Error(`${proof.kind} is decided by itself`);
}

/** The person presses the button for a code by mail; the newest code counts. */
function sendCode(draft: Draft, browser: Draft['browsers'][number], asked: FactorAsked, late: boolean): Outcome {
  const { way, mail } = asked;
  if (mail === undefined || browser.factor === undefined) return NOTHING;
  const name = `m${draft.serial++}`;
  const closed = checkWay(draft, way);
  if (closed?.kind === 'refused' && closed.code !== 'identify.connection_not_enabled')
    return settle(draft, browser, way, closed, { from: 'identity' });
  browser.factor.sent = { name, address: mail, late };
  return shown(asked, false);
}

const answer: Step<'answer'> = (draft, action) => {
  const browser = draft.browsers[action.browser];
  const asked = browser?.factor as FactorAsked | undefined;
  if (!browser || !asked) return NOTHING;
  if (action.how === 'send' || action.how === 'send long ago')
    return sendCode(draft, browser, asked, action.how !== 'send');
  const serial = draft.serial++;
  const { how, index, remember } = action;
  readCode(draft, asked, action);
  const { way, proof, stepUp } = asked;
  const given: Pick<Came, 'passed' | 'answer' | 'stepUp'> = {
    passed: asked.passed,
    answer: { how, index, remember, serial, asked },
    stepUp,
  };
  if (proof.kind === 'session') {
    const wrong = checkWay(draft, { ...way, connection: DATABASE });
    if (wrong?.kind === 'refused' && wrong.code !== 'identify.connection_not_enabled')
      return settle(draft, browser, way, wrong, { from: 'session' });
    const outcome = enterBySession(draft, browser, way.organization, given);
    if (outcome?.kind !== 'factor') browser.factor = undefined;
    return outcome ?? { kind: 'refused', code: 'authenticate.session_not_usable' };
  }
  if (proof.kind === 'signUp') {
    const wrong = checkWay(draft, way);
    if (wrong || way.invitation === undefined)
      return settle(draft, browser, way, wrong ?? { kind: 'refused', code: '?' }, { from: 'password' });
    return openAccount(draft, browser, { ...way, invitation: way.invitation }, proof.user, given);
  }
  const decision = decideAgain(draft, asked);
  const came: Came =
    proof.kind === 'identity'
      ? { from: 'identity', person: proof.person, proof: proof.own, ...given }
      : {
          from: proof.kind,
          ...(proof.kind === 'known' ? { picked: proof.person } : { passkey: proof.passkey }),
          ...given,
        };
  const outcome = settle(draft, browser, way, decision, came);
  if (decision.kind === 'asked' && proof.kind === 'identity')
    browser.question = {
      away: { ...way, via: 'main', fingerprint: fingerprint(draft, way), stepUp },
      idp: proof.idp,
      person: proof.person,
      email: decision.email,
      user: decision.user,
    };
  return outcome;
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
  const served = draft.connections[connection]?.needsOrganization || isServing(draft, connection);
  const stands =
    token.live &&
    draft.users[user]?.blocked === false &&
    (alone || draft.organizations[organization]?.blocked === false) &&
    (alone || enablementOf(draft, { organization, connection }) !== undefined) &&
    (connection === DATABASE || bound !== undefined) &&
    // Part 8, at every refresh as at the login.
    (!alone || connection === DATABASE || (bound?.primary === true && !served)) &&
    // A session by a password ends where the company's sign-in is required by now.
    !(connection === DATABASE && isCompanyRequired(draft, organization, draft.users[user]?.email) && !breakGlass) &&
    (alone || isMember(draft, organization, user));
  if (!stands) return { kind: 'refused', code: 'invalid_grant' };
  // Asked again at every refresh, as on Auth0.
  if (isDenied(draft, organization, user, [])) return { kind: 'refused', code: 'access_denied' };
  return { kind: 'refreshed', user, organization };
};

/** The changes by people's actions. */
export const people = {
  leave,
  return: comeBack,
  prove,
  pick: pickOne,
  password,
  passkey: byPasskey,
  signUp,
  silent,
  logout,
  refresh,
  answer,
  useFactorTicket,
  ...account,
} satisfies {
  readonly [N in Action['do']]?: Step<N>;
};
