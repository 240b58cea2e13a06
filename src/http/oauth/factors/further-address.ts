/**
 * Sets up a further address for codes by mail at the token endpoint (Auth0, `/mfa/associate` with `oob` and the channel
 * `email`): mails a code there, and adds the address once it was typed. Never a first factor: an address counts only beside
 * an authenticator app or a security key (docs/linking-rule.md, part 11).
 */
import { type Factor, isIndependent } from '../../../domain/factors/factor.js';
import { ACCOUNT_ADDRESS_ID, MOST_OF_A_KIND, newFactorId } from '../../../domain/factors/new-factor.js';
import { parseEmail } from '../../../domain/people/email.js';
import type { SecretBox } from '../../../kernel/seal.js';
import { forgiveAttempts } from '../../../login/attempt-limits.js';
import type { SentCode } from '../../../login/factor-stages.js';
import { fitsSent } from '../../../login/mail-factor.js';
import { mailFactorCode } from '../../../login/send-factor-code.js';
import type { OAuthDependencies } from '../dependencies.js';
import { accessDenied, invalidRequest, missingParameter, OAuthRefusal, unauthorized } from '../refusals.js';
import { countTry, wrongAnswer } from './answers.js';
import { type Bearer, checkSince } from './bearer.js';
import { type FactorsOf, type Party, readFactors } from './ground.js';
import { type From, factorLine, factorMail } from './notices.js';

const CONTEXT = 'mfa_oob_enrolment';
/** More than the longest one: an address has at most 254 characters. */
const MAX_CHARACTERS = 2_048;

/** Creates the refusal in Auth0's words. */
export const enrolled = () => accessDenied('User is already enrolled', { check: 'request.malformed' });

/** Refuses a change of factors in a session that may not make one: see {@link FactorsOf.mayChange}. */
export const barredSession = ({ hasEnded }: FactorsOf) =>
  accessDenied(
    hasEnded
      ? 'The session of this token has ended. Sign in again.'
      : 'The person signed in through their company, and the account has other ways to sign in. Change factors after a sign-in by one of those.',
    { check: 'request.malformed' },
  );

/** The person, the application and the version of the factors for which an address is being set up. */
const holderOf = ({ userId, clientId }: Party, { revision }: FactorsOf) => `${userId} ${clientId} ${revision}`;

/**
 * Returns the content of an `oob_code`. Attack: an address that another person or application began to set up, or that was
 * begun before the factors were reset.
 */
function open(box: SecretBox, text: string, holder: string): SentCode | undefined {
  if (text.length > MAX_CHARACTERS || !/^[A-Za-z0-9_-]+$/.test(text)) return undefined;
  const plain = box.open(Buffer.from(text, 'base64url'), CONTEXT);
  if (plain === undefined) return undefined;
  const { h, ...sent } = JSON.parse(plain) as SentCode & { readonly h: string };
  return h === holder ? sent : undefined;
}

const isBeside = (usable: readonly Factor[]) => usable.some(({ kind }) => isIndependent(kind));

/** Mails a code to a new address. Returns the answer of `/mfa/associate`. Throws {@link Fault}. */
export async function startAddress(
  deps: OAuthDependencies,
  bearer: Bearer,
  text: string | undefined,
  from: From,
): Promise<Record<string, string> | OAuthRefusal> {
  const at = deps.clock.now();
  const { party, by } = bearer;
  const address = parseEmail(text);
  if (text === undefined) return missingParameter('email');
  if (address === undefined) return invalidRequest('email must be an address');
  const found = await readFactors(deps, party, at);
  if (found === undefined) return unauthorized('client.unknown');
  // Attack: an administrator of the company signs in as one of their people, and adds a mailbox that they read.
  if (!found.mayChange) return barredSession(found);
  if (!found.accepts.includes('email'))
    return accessDenied('Codes by mail are not enabled', { check: 'request.malformed' });
  if (!isBeside(found.usable))
    return accessDenied('A code by mail is never the first factor. Set up an authenticator app first.', {
      check: 'request.malformed',
    });
  // Attack: somebody who knows the password, and so has an `mfa_token`, adds a mailbox of their own and passes by it.
  if (by === 'mfa_token') return enrolled();
  if (bearer.email === address || found.addresses.some((one) => one.address === address)) return enrolled();
  if (found.addresses.filter(({ id }) => id !== ACCOUNT_ADDRESS_ID).length >= MOST_OF_A_KIND.email)
    return accessDenied('The person has as many addresses as they may have. Remove one first.', {
      check: 'request.malformed',
    });
  const late = checkSince(bearer, found);
  if (late) return late;
  const to = { id: newFactorId(deps.entropy, 'email'), address };
  const log = [factorLine(deps, 'gd_start_enroll', party, { id: to.id, kind: 'email' }, { ...from, at })];
  const mail = { to, userId: party.userId, at, from, place: found.target, reason: 'set_up', log } as const;
  const sent = await mailFactorCode(deps, mail);
  if (sent === undefined)
    return new OAuthRefusal(429, 'too_many_attempts', 'Too many codes were mailed. Use the last one, or try later.');
  const sealed = deps.factorBox.seal(JSON.stringify({ ...sent, h: holderOf(party, found) }), CONTEXT);
  return {
    ...{ authenticator_type: 'oob', oob_channel: 'email', binding_method: 'prompt' },
    oob_code: sealed.toString('base64url'),
  };
}

/** Adds the address that a code was mailed to. Returns a refusal, or undefined when it counts now. Throws {@link Fault}. */
export async function confirmAddress(
  deps: OAuthDependencies,
  { bearer, found }: { readonly bearer: Bearer; readonly found: FactorsOf },
  { typed, oobCode }: { readonly typed: string; readonly oobCode: string },
  from: From,
): Promise<OAuthRefusal | undefined> {
  const at = deps.clock.now();
  const { party, email } = bearer;
  const { userId } = party;
  const sent = open(deps.factorBox, oobCode, holderOf(party, found));
  const counted = await countTry(deps, { id: sent?.id ?? userId, userId, ip: from.ip });
  if (counted instanceof OAuthRefusal) return counted;
  if (sent === undefined) return wrongAnswer('oob', 'the oob_code is none of this person, or the factors changed');
  if (!found.mayChange || !found.accepts.includes('email') || !isBeside(found.usable))
    return wrongAnswer('oob', 'mail does not count');
  if (!fitsSent(sent, typed, at)) return wrongAnswer('oob', 'the code does not fit, or is too old');
  const { id, address, codeId: code } = sent;
  const outcome = await deps.factors.addAddress({
    ...{ userId, added: { id, address, code }, at },
    log: [factorLine(deps, 'gd_enrollment_complete', party, { id, kind: 'email' }, { ...from, at })],
    mail: factorMail(
      deps,
      { to: email, userId: party.userId },
      found,
      { change: 'added', factor: 'email' },
      { ip: from.ip, at },
    ),
  });
  if (outcome === 'factor') return wrongAnswer('oob', 'it was used, or the factors have changed');
  await forgiveAttempts(deps.attempts, counted);
  return undefined;
}
