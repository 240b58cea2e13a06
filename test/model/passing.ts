/**
 * Second factors in a login of the model: the question that waits in the browser, and what the one transaction writes of
 * them. Written from docs/linking-rule.md, parts 10 and 11.
 */
import type { Draft } from './draft.js';
import { challenge, epochOf, isFederated, raise, shown, voucherOfNew } from './factors.js';
import { ownAddress } from './mailed-codes.js';
import { type Came, endsPlanted } from './planted.js';
import { type Entrance, fingerprint, type Way } from './rules.js';
import { DATABASE, type FactorAsked, type Outcome, type PassedFactor, type Session } from './state.js';

type Browser = Draft['browsers'][number];

function proofOf(draft: Draft, way: Way, { account }: Entrance, came: Came): FactorAsked['proof'] {
  const { user } = account;
  const passwordSerial = draft.users[user]?.passwordSerial ?? 0;
  if (came.from === 'session') return { kind: 'session' };
  if (came.from === 'known') return { kind: 'known', user, person: came.picked, passwordSerial };
  if (came.from === 'password')
    return account.kind === 'new'
      ? { kind: 'signUp', user }
      : { kind: 'password', user, passwordSerial, passkey: came.passkey };
  const idp = draft.connections[way.connection]?.idp;
  if (idp === undefined || came.person === undefined) throw new Error('an identity comes from a provider');
  return { kind: 'identity', idp, person: came.person, own: came.proof };
}

export type Passing =
  | { readonly kind: 'open'; readonly passed: readonly PassedFactor[]; readonly by: string | undefined }
  | { readonly kind: 'closed'; readonly outcome: Outcome };

/** Lets the login through, or puts the question into the browser. */
export function passFactors(draft: Draft, browser: Browser, way: Way, entrance: Entrance, came: Came): Passing {
  // The tenant's own code and second factors are not in the same histories.
  if (draft.code !== undefined) return { kind: 'open', passed: [], by: undefined };
  const gate = challenge(draft, way, entrance, { ...came, remembered: browser.remembered });
  if (gate.kind === 'open') return gate;
  if (gate.kind === 'refused') {
    const { code, reason } = gate;
    return { kind: 'closed', outcome: { kind: 'refused', code, ...(reason !== '' && { reason }) } };
  }
  if (gate.kind === 'again') {
    const waiting = came.answer?.asked;
    if (waiting === undefined) throw new Error('only an answer is wrong');
    return { kind: 'closed', outcome: shown(waiting, true) };
  }
  const asked: FactorAsked = {
    way,
    fingerprint: fingerprint(draft, way),
    stepUp: came.stepUp,
    proof: proofOf(draft, way, entrance, came),
    user: entrance.account.user,
    ...gate.asked,
  };
  browser.factor = structuredClone(asked) as Browser['factor'];
  return { kind: 'closed', outcome: shown(asked, false) };
}

export interface Written {
  readonly inSession: Session['factor'];
  readonly mfa: boolean;
  readonly remembers: PassedFactor | undefined;
  /** Once the account is there. */
  readonly finish: (draft: Draft) => void;
}

/** An answer counts once: another login counted one of the same step, or a newer one. A mailed code counts while its address does. */
function isCounted(draft: Draft, { user, name, kind, seq = 0, enrolled, address }: PassedFactor): boolean {
  if (kind === undefined || enrolled) return false;
  if (kind === 'email') return ownAddress(draft.users[user]) !== address;
  const held = draft.users[user]?.factors?.find((item) => item.name === name);
  return held === undefined || (held.seq !== undefined && held.seq > seq);
}

/** Decides which factors the commit writes, before it writes anything else. */
export function writeFactors(
  draft: Draft,
  way: Way,
  entrance: Entrance,
  came: Came,
  passed: readonly PassedFactor[],
): Written | 'conflict' {
  const { user, kind: account } = entrance.account;
  if (passed.some((item) => isCounted(draft, item))) return 'conflict';
  const ends = endsPlanted(draft, way, entrance, came);
  const revision = account === 'existing' ? (draft.users[user]?.factorsRevision ?? 0) : 0;
  const voucher = voucherOfNew(draft, way, entrance, came, ends !== false && came.from === 'password');
  const raises =
    (ends !== false && revision > 0) || passed.some(({ enrolled, kind }) => enrolled || kind === 'recovery-code');
  const real = passed.filter(({ kind }) => kind !== undefined);
  // A mailed code permits less than the others.
  const last = real.findLast(({ kind }) => kind !== 'email') ?? real.at(-1);
  const byPassword = (came.from === 'password' || came.from === 'known') && way.connection === DATABASE;
  // A passkey says nothing about the password.
  const confirms = byPassword && came.passkey === undefined && real.some(({ kind }) => kind !== 'email');
  const federated = isFederated(draft, way, came);
  const finish = (after: Draft) => {
    const held = after.users[user];
    if (held === undefined) throw new Error('whoever is in has an account');
    let factors = [...(held.factors ?? [])];
    if (ends)
      factors = factors.filter((one) => (ends === 'unmailed' ? one.voucher === 'mail' : one.voucher !== undefined));
    for (const item of passed) {
      if (item.kind === undefined || item.name === undefined) continue;
      const { name, kind, seq, code } = item;
      if (item.enrolled) {
        factors.push({ name, kind, voucher, seq, ...(kind === 'otp' && { claimed: true }) });
        if (code !== undefined) factors.push({ name: code, kind: 'recovery-code', voucher });
      } else
        factors = factors.map((one) =>
          one.name === name
            ? { ...one, seq, ...(kind === 'otp' && { claimed: true }), ...(code !== undefined && { name: code }) }
            : one,
        );
    }
    if (factors.length > 0 || held.factors !== undefined) held.factors = factors;
    if (raises) raise(after, held);
    if (confirms) delete held.passwordByLink;
    const now = { epoch: epochOf(held), revision: held.factorsRevision ?? 0 };
    if (last?.kind !== undefined) written.inSession = { kind: last.kind, ...now };
    else if (federated) written.inSession = { kind: 'federated', ...now };
  };
  const written: { -readonly [K in keyof Written]: Written[K] } = {
    inSession: came.from === 'session' ? came.session?.factor : undefined,
    mfa: last !== undefined || (came.from === 'session' && came.stepUp === true && isOwn(came.session?.factor)),
    remembers: passed.findLast(({ remembers }) => remembers),
    finish,
  };
  return written;
}

const isOwn = (factor: Session['factor']): boolean => factor !== undefined && factor.kind !== 'federated';

/** The longest id that a browser can remember beside others. */
const LONGEST = 150;

/** A browser knows the people who gave a proof of their own in it, and who of them need not be asked for a factor. */
export function keepDevice(
  draft: Draft,
  browser: Browser,
  { user, connection }: { readonly user: string; readonly connection: string },
  { from, proof }: Came,
  { remembers }: Written,
): void {
  const own = from === 'identity' ? proof !== undefined : from !== 'session' && connection === DATABASE;
  const known = browser.remembered.some((item) => item.user === user);
  if ((!own && !known && remembers === undefined) || user.length > LONGEST) return;
  browser.device = [user, ...browser.device.filter((item) => item !== user)].slice(0, 4);
  const others = browser.remembered.filter((item) => remembers === undefined || item.user !== user);
  const { kind } = remembers ?? {};
  const added = kind === undefined ? [] : [{ user, kind, epoch: epochOf(draft.users[user]) }];
  browser.remembered = [...others, ...added].filter((item) => browser.device.includes(item.user));
}

/** Three people in one browser: it forgets them all before the next step, so that its cookie never becomes too long for one. */
export const isFull = ({ device }: { readonly device: readonly string[] }): boolean => device.length >= 3;
