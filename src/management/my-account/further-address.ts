/**
 * Enrolments of further addresses by their own person: mails a code to the address, and checks it. The code is in the mail
 * alone; its hash is in the sealed text of the enrolment. Writes nothing about the account.
 */
import { MOST_OF_A_KIND, newFactorId } from '../../domain/factors/new-factor.js';
import type { Email } from '../../domain/people/email.js';
import type { Entropy } from '../../kernel/ids.js';
import { countAttempt, forgiveAttempts } from '../../login/attempt-limits.js';
import { findNearest, type PassedLimit } from '../../login/limits-ahead.js';
import { fitsSent } from '../../login/mail-factor.js';
import { lastsFor, type Refusal } from '../../login/refusals.js';
import { type FactorMail, type FactorMailDeps, mailFactorCode } from '../../login/send-factor-code.js';
import type { AddedFactor } from '../../ports/directory/factors.js';
import type { LoginReads } from '../../ports/login-store.js';
import { mayHaveAddress, type Person } from './person.js';

/** Mails the codes that prove addresses. */
export interface CodeMail {
  readonly origin: string;
  readonly entropy: Entropy;
  readonly codeMail: Pick<FactorMailDeps, 'attempts' | 'outbox'> & {
    readonly reads: Pick<LoginReads, 'findTenant'>;
  };
  /** Called after mail was queued. */
  readonly onMailQueued: () => void;
}

type Sender = Pick<FactorMail, 'userId'> & {
  readonly from: FactorMail['from'] & { readonly language?: string | undefined };
};

/** As at the token endpoint (http/oauth/factors/answers.ts). */
const TRIES_PER_CODE = 5;

/** Mails a code to a new address. Returns the fields of the sealed text, or why it was refused. Throws {@link Fault}. */
export async function mailToAddress(
  deps: CodeMail,
  { userId, from }: Sender,
  person: Person,
  address: Email,
  at: Date,
): Promise<{ readonly id: string; readonly fields: Record<string, string> } | 'kind' | 'exists' | 'full' | 'too_many'> {
  if (!mayHaveAddress(person)) return 'kind';
  if (person.user.email === address || person.factors.some((one) => one.address === address)) return 'exists';
  if (person.factors.filter(({ kind }) => kind === 'email').length >= MOST_OF_A_KIND.email) return 'full';
  const to = { id: newFactorId(deps.entropy, 'email'), address };
  const { origin, entropy, codeMail } = deps;
  const place = { tenant: await codeMail.reads.findTenant() };
  const mailing = { ...codeMail, origin, entropy };
  const wish = from.language === undefined ? undefined : { acceptLanguage: from.language };
  const sent = await mailFactorCode(mailing, { to, userId, at, from, place, wish, reason: 'set_up' });
  if (sent === undefined) return 'too_many';
  deps.onMailQueued();
  return { id: to.id, fields: { x: sent.codeHash, h: sent.codeId, a: address, m: String(sent.expiresAt) } };
}

/** A refused try. `triesLeft`: until the nearest limit. `lasts`: set where another code would be refused, too. */
export interface TriesAhead extends Pick<Refusal, 'lasts'> {
  readonly triesLeft?: number;
}

/** Returns how long the limit lasts; nothing for that of one code, after which another code helps. */
const waitOf = (passed: PassedLimit) => (passed.limit === 'for_this_one' ? {} : lastsFor(passed));

/**
 * Counts a try of a code before `run` compares it; a right one counts for nothing afterwards. Refuses where a limit is
 * reached, and adds to any other refusal how many tries are left until the nearest limit. Attack: guessing the six digits,
 * for an address of somebody else. Throws {@link Fault}.
 */
export async function countTry<Result extends { readonly ok: boolean }>(
  { codeMail }: CodeMail,
  { userId, from }: Sender,
  { id, at }: { readonly id: string; readonly at: Date },
  run: () => Promise<Result>,
): Promise<Result | (Result & TriesAhead) | ({ readonly ok: false; readonly why: 'too_many' } & TriesAhead)> {
  const once = { key: `own-address:${id}`, limit: TRIES_PER_CODE };
  const tried = { email: userId, ip: from.ip, userId, once };
  const counted = await countAttempt(codeMail.attempts, 'factor', tried, at);
  if (!counted.allowed) return { ok: false, why: 'too_many', ...waitOf(counted.passed) };
  const result = await run();
  if (result.ok) await forgiveAttempts(codeMail.attempts, counted);
  const nearest = findNearest(counted.ahead);
  return result.ok ? result : { ...result, triesLeft: nearest.left, ...(nearest.left === 0 && waitOf(nearest)) };
}

/** Returns the address that the typed code proves; undefined for a wrong or late one. */
export function proveAddress(
  { i: id = '', x: codeHash = '', h: codeId = '', a: address = '', m: expires }: Readonly<Record<string, string>>,
  typed: string,
  at: Date,
): AddedFactor | undefined {
  const sent = { id, address, codeId, codeHash, expiresAt: Number(expires) };
  return fitsSent(sent, typed, at) ? { id, kind: 'email', address } : undefined;
}
