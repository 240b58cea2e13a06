/**
 * Second factors in the model: whether a login needs one, which question the person gets, and what their answer is worth. Written from
 * docs/linking-rule.md, part 11, and ADR 0090, never from the code that it is tested against.
 */
import { type Draft, pick } from './draft.js';
import { mailFor } from './mailed-codes.js';
import { type Came, endsPlanted } from './planted.js';
import { believesClaims, type Entrance, type Way } from './rules.js';
import {
  DATABASE,
  type FactorAnswer,
  type FactorAsked,
  type FactorKind,
  type HeldFactor,
  NOWHERE,
  type Outcome,
  type PassedFactor,
  type State,
  type User,
} from './state.js';

/** The setting under which a kind is switched on and off. */
export const settingOf = (kind: FactorKind): string => (kind === 'passkey' ? 'webauthn-platform' : kind);

/** True when somebody can be asked for one of these: a recovery code, or this device alone, is nothing to ask for. */
export const canBeRequired = (names: readonly string[]): boolean =>
  names.includes('otp') || names.includes('webauthn-roaming');

/** The tenant's policy, once it has a factor to ask for. */
export const asksEverybody = ({ factors }: Pick<State, 'factors'>): boolean =>
  factors.required && canBeRequired(factors.accepts);

/** A number that changes with every change of an account's factors. */
export const epochOf = (user: User | undefined): number => user?.factorsEpoch ?? 0;

/** Every change ends what was remembered of the factors before. */
export function raise(draft: Draft, user: Draft['users'][string]): void {
  user.factorsRevision = (user.factorsRevision ?? 0) + 1;
  user.factorsEpoch = ++draft.serial;
}

/**
 * Stores a factor that a person set up outside a login, in the place of `replaces`, with the first recovery code where
 * the tenant accepts those.
 */
export function storeFactor(
  draft: Draft,
  held: Draft['users'][string],
  factor: Pick<HeldFactor, 'kind' | 'voucher'> & { readonly serial: number; readonly replaces?: string | undefined },
): void {
  const { kind, voucher, serial, replaces } = factor;
  const factors = (held.factors ?? []).filter(({ name }) => name !== replaces);
  const givesCode =
    draft.factors.accepts.includes('recovery-code') && !factors.some((one) => one.kind === 'recovery-code');
  factors.push({ name: `f${serial}`, kind, voucher, seq: serial, ...(kind === 'otp' && { claimed: true }) });
  if (givesCode) factors.push({ name: `r${serial}`, kind: 'recovery-code', voucher });
  held.factors = factors;
  raise(draft, held);
}

interface Need {
  readonly reason: 'binding' | 'application' | 'organization' | 'tenant';
  readonly accepts: readonly string[];
  readonly fresh: boolean;
  /** Asks only people who have one. */
  readonly onlyEnrolled?: boolean;
}

/** The kinds that count in this login: those of the tenant, where the organization names some only those and recovery codes. */
export function acceptedIn(state: State, organization: string): readonly string[] {
  const mfa = state.organizations[organization]?.mfa;
  const { accepts } = state.factors;
  if (mfa === undefined || mfa.rule === 'none' || mfa.accepts.length === 0) return accepts;
  return accepts.filter((name) => name === 'recovery-code' || mfa.accepts.includes(name));
}

/** The company's signed word of this login, or the session that such a login opened. */
function isExcused(state: State, way: Way, came: Came): boolean {
  if (came.from === 'session') return came.session?.factor?.kind === 'federated';
  const person = came.person ?? came.picked;
  return person?.factor === true && believesClaims(state, way, person);
}

/** Every need of this login, in the order in which they are asked for. */
function needsOf(state: State, way: Way, entrance: Entrance, came: Came): readonly Need[] {
  const { account } = entrance;
  const held = account.kind === 'existing' ? state.users[account.user] : undefined;
  const needs: Need[] = [];
  if (held && entrance.binds && (held.factorsRevision ?? 0) > 0)
    needs.push({
      reason: 'binding',
      accepts: ['otp', 'webauthn-roaming', 'webauthn-platform', 'recovery-code'],
      fresh: true,
      onlyEnrolled: true,
    });
  const accepts = acceptedIn(state, way.organization);
  const { rule = 'none' } = state.organizations[way.organization]?.mfa ?? {};
  if (came.stepUp && canBeRequired(accepts)) needs.push({ reason: 'application', accepts, fresh: true });
  else if (rule === 'required' || (rule === 'required_unless_idp' && !isExcused(state, way, came)))
    needs.push({ reason: 'organization', accepts, fresh: false });
  else if (asksEverybody(state)) needs.push({ reason: 'tenant', accepts, fresh: false });
  return needs;
}

/** The proof that suffices: of this login, of the session, of the browser. */
function metBy(need: Need, passed: readonly PassedFactor[], user: string, state: State, came: Came, isNarrow: boolean) {
  const counts = (kind: string) => need.accepts.includes(settingOf(kind as FactorKind));
  if (passed.length > 0)
    return passed.some(({ kind }) => (kind === undefined ? need.onlyEnrolled : counts(kind)))
      ? 'this_login'
      : undefined;
  const epoch = epochOf(state.users[user]);
  // Where an organization names its factors, nothing tells whether a mailed code was passed beside one of them.
  const countsLater = (kind: string) => counts(kind) && !(kind === 'email' && isNarrow);
  const inSession = came.from === 'session' ? came.session?.factor : undefined;
  if (need.reason !== 'binding' && inSession?.epoch === epoch && countsLater(inSession.kind)) return 'session';
  const known = came.remembered?.some((item) => item.user === user && item.epoch === epoch && countsLater(item.kind));
  return known && !need.fresh ? 'remembered_browser' : undefined;
}

const byName = (list: readonly HeldFactor[]) => [...list].sort((a, b) => (a.name < b.name ? -1 : 1));

/** The factors with which a right answer can be given to the question that waits, as the account is now. */
export function answerable(state: State, asked: FactorAsked): readonly HeldFactor[] {
  const held = state.users[asked.user]?.factors ?? [];
  return byName(held.filter(({ kind }) => kind !== 'recovery-code' && asked.kinds.includes(kind)));
}

/** The factors that the account has after this login: what a stranger may have set up goes with their password (part 10). */
function ownOf(state: State, way: Way, entrance: Entrance, came: Came): readonly HeldFactor[] {
  const { account } = entrance;
  const held = account.kind === 'existing' ? (state.users[account.user]?.factors ?? []) : [];
  const ends = endsPlanted(state, way, entrance, came);
  return held.filter(({ voucher }) => !ends || (ends === 'unmailed' ? voucher === 'mail' : voucher !== undefined));
}

/** A company's sign-in sets up nothing for an account with another way in. */
function mayEnrol(state: State, way: Way, { account }: Entrance): boolean {
  if (account.kind === 'new' || way.connection === DATABASE) return true;
  const held = state.users[account.user];
  const password = held?.passwordFor !== undefined && !held.passwordEnded;
  return (
    !password && !state.identities.some((item) => item.user === account.user && item.connection !== way.connection)
  );
}

function kindsToEnrol(accepts: readonly string[]): FactorKind[] {
  const kinds: FactorKind[] = [];
  if (accepts.includes('webauthn-platform')) kinds.push('passkey');
  if (accepts.includes('otp')) kinds.push('otp');
  if (accepts.includes('webauthn-roaming')) kinds.push('webauthn-roaming');
  return kinds.sort();
}

/** Finds the factor that the person's answer passes; undefined when it is wrong. */
function givenValue(
  state: State,
  { how, index, serial, asked }: FactorAnswer,
  usable: readonly HeldFactor[],
  mail: string | undefined,
): Omit<PassedFactor, 'user' | 'epoch'> | undefined {
  const user = state.users[asked.user];
  if (how === 'mail') {
    const { sent } = asked;
    const isRight = sent !== undefined && !sent.late && sent.address === mail;
    return isRight ? { kind: 'email', address: mail, seq: serial } : undefined;
  }
  if (how === 'recovery') {
    const code = usable.find(({ kind }) => kind === 'recovery-code');
    const given = asked.kinds.includes('recovery-code') && user?.factors?.find(({ kind }) => kind === 'recovery-code');
    if (!code || !given || given.name !== code.name) return undefined;
    return { kind: 'recovery-code', name: code.name, code: `r${serial}`, seq: serial };
  }
  const chosen = pick(answerable(state, asked), index);
  if (chosen === undefined || !usable.some(({ name }) => name === chosen.name)) return undefined;
  const isNew = chosen.kind !== 'otp' || chosen.claimed !== true;
  return how === 'right' || (how === 'used' && chosen.kind === 'otp' && isNew)
    ? { kind: chosen.kind, name: chosen.name, seq: serial }
    : undefined;
}

export type Gate =
  /** Every need is met: what was passed, and how the need of the rules was met without a question. */
  | { readonly kind: 'open'; readonly passed: readonly PassedFactor[]; readonly by: string | undefined }
  | { readonly kind: 'refused'; readonly code: string; readonly reason: string }
  | { readonly kind: 'again' }
  | {
      readonly kind: 'ask';
      readonly asked: Pick<FactorAsked, 'ask' | 'kinds' | 'canRemember' | 'passed' | 'reason' | 'mail'>;
    };

/** Asks, checks what was answered, and goes on until every need is met. */
export function challenge(state: State, way: Way, entrance: Entrance, came: Came): Gate {
  const { user } = entrance.account;
  const epoch = entrance.account.kind === 'existing' ? epochOf(state.users[user]) : 0;
  let passed = (came.passed ?? []).filter((item) => item.user === user && item.epoch === epoch);
  let { answer } = came;
  const { rule = 'none', accepts: named = [] } = state.organizations[way.organization]?.mfa ?? {};
  const isNarrow = rule !== 'none' && named.length > 0;
  for (;;) {
    let by: string | undefined;
    const unseen = passed.at(-1)?.code !== undefined && !passed.at(-1)?.seen;
    const need = needsOf(state, way, entrance, came).find((one) => {
      const met = metBy(one, passed, user, state, came, isNarrow);
      if (met !== undefined && met !== 'this_login') by = `${one.reason} ${met}`;
      return met === undefined || unseen;
    });
    if (need === undefined) return { kind: 'open', passed, by };
    const { reason } = need;
    const ask = (how: FactorAsked['ask'], kinds: readonly string[], canRemember: boolean, mail?: string): Gate =>
      came.silent
        ? { kind: 'refused', code: 'authenticate.factor_required', reason }
        : { kind: 'ask', asked: { ask: how, kinds: [...new Set(kinds)].sort(), canRemember, passed, reason, mail } };
    if (unseen) {
      if (answer?.asked.ask !== 'seen') return ask('seen', [], false);
      passed = passed.map((item) => ({ ...item, seen: true }));
      answer = undefined;
      continue;
    }
    const own = ownOf(state, way, entrance, came);
    const real = own.filter(({ kind }) => kind !== 'recovery-code');
    if (real.length === 0 && need.onlyEnrolled) {
      passed = [...passed.filter(({ kind }) => kind !== undefined), { user, epoch }];
      answer = undefined;
      continue;
    }
    const usable = own.filter(({ kind }) => need.accepts.includes(settingOf(kind)));
    const asks = usable.some(({ kind }) => kind !== 'recovery-code') ? 'challenge' : 'enrol';
    const mail =
      asks === 'challenge' ? mailFor(state, way, entrance, came, { accepts: need.accepts, usable }) : undefined;
    const answers = [...usable.map(({ kind }) => kind), ...(mail === undefined ? [] : (['email'] as const))];
    const kinds = asks === 'challenge' ? answers : kindsToEnrol(need.accepts);
    const byPasskey = passed.some(({ kind }) => kind === 'passkey') && real.every(({ kind }) => kind === 'passkey');
    const mayHave = (real.length === 0 || byPasskey) && kinds.length > 0 && mayEnrol(state, way, entrance);
    if (asks === 'enrol' && !mayHave) return { kind: 'refused', code: 'authenticate.no_accepted_factor', reason };
    const canRemember = asks === 'challenge' && !need.fresh;
    if (answer?.asked.ask !== asks) return ask(asks, kinds, canRemember, mail);
    const given =
      asks === 'challenge' ? givenValue(state, answer, usable, mail) : newOf(answer, kinds, need, [...own, ...passed]);
    if (given === undefined)
      return answer.how === 'exhausted'
        ? { kind: 'refused', code: 'authenticate.factor_failed', reason: '' }
        : { kind: 'again' };
    const remembers = canRemember && answer.remember;
    passed = [
      ...passed.filter(({ kind }) => kind !== undefined),
      { user, epoch, ...given, ...(remembers && { remembers }) },
    ];
    answer = undefined;
  }
}

/** A factor that is set up here; with it a recovery code, where they are accepted and the account has none. */
function newOf(
  { how, index, serial, asked }: FactorAnswer,
  kinds: readonly string[],
  { accepts }: Need,
  has: readonly { readonly kind?: FactorKind | undefined; readonly code?: string | undefined }[],
): Omit<PassedFactor, 'user' | 'epoch'> | undefined {
  const kind = pick(asked.kinds, index);
  if (how !== 'right' || kind === undefined || !kinds.includes(kind)) return undefined;
  const gives =
    accepts.includes('recovery-code') && !has.some((item) => item.kind === 'recovery-code' || item.code !== undefined);
  return {
    kind: kind as FactorKind,
    name: `f${serial}`,
    enrolled: true,
    ...(gives && { code: `r${serial}` }),
    seq: serial,
  };
}

/** Finds who vouches for a factor that this login sets up: the voucher of the proof with which the person came. */
export function voucherOfNew(state: State, way: Way, entrance: Entrance, came: Came, proves: boolean) {
  const { account } = entrance;
  if (proves) return 'mail';
  if (account.kind === 'new' && came.from === 'password') return state.users[account.user]?.passwordBy;
  if (entrance.binds) return entrance.asserted ?? 'idp';
  if (way.connection === DATABASE) return state.users[account.user]?.passwordBy;
  const bound = state.identities.find((item) => item.user === account.user && item.connection === way.connection);
  return bound && (bound.said.voucher ?? 'idp');
}

/** The organization believes its company, and the company said that it checked a second factor in this login. */
export function isFederated(state: State, way: Way, came: Came): boolean {
  return (
    way.organization !== NOWHERE &&
    came.from !== 'session' &&
    state.organizations[way.organization]?.mfa?.rule === 'required_unless_idp' &&
    isExcused(state, way, came)
  );
}

const methodOf = (kind: string): string => (kind === 'passkey' || kind === 'webauthn-roaming' ? 'webauthn' : kind);

/** The question as the outside sees it. */
export const shown = (
  { ask, kinds, canRemember, reason }: Omit<FactorAsked, 'way' | 'proof'>,
  again: boolean,
): Outcome => ({
  kind: 'factor',
  ask,
  // The page asks for all keys at once.
  kinds: ask === 'challenge' ? [...new Set(kinds.map(methodOf))].sort() : kinds,
  canRemember: ask === 'challenge' && canRemember,
  reason,
  ...(again && { again }),
});
