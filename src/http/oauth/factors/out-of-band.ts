/**
 * Codes by mail at the token endpoint (Auth0, `/mfa/challenge` with `oob` and the grant `mfa-oob`): mails a code for an
 * `mfa_token`, and checks what the person typed. The `oob_code` is a sealed text that says nothing by itself; the six
 * digits are in the mail alone.
 */
import { maskEmail } from '../../../domain/people/email.js';
import type { SecretBox } from '../../../kernel/seal.js';
import type { MailTarget, SentCode } from '../../../login/factor-stages.js';
import { fitsSent } from '../../../login/mail-factor.js';
import { mailFactorCode } from '../../../login/send-factor-code.js';
import type { OAuthDependencies } from '../dependencies.js';
import { OAuthRefusal } from '../refusals.js';
import { type RightAnswer, wrongAnswer } from './answers.js';
import type { FactorsOf, Party } from './ground.js';
import type { From } from './notices.js';

const CONTEXT = 'mfa_oob_code';
/** More than the longest one: an address has at most 254 characters. */
const MAX_CHARACTERS = 2_048;

const seal = (box: SecretBox, tokenId: string, sent: SentCode): string =>
  box.seal(JSON.stringify({ ...sent, t: tokenId }), CONTEXT).toString('base64url');

/** Returns the content of an `oob_code`. Attack: a code that was mailed for the `mfa_token` of another person or exchange. */
function open(box: SecretBox, text: string, tokenId: string): SentCode | undefined {
  if (text.length > MAX_CHARACTERS || !/^[A-Za-z0-9_-]+$/.test(text)) return undefined;
  const plain = box.open(Buffer.from(text, 'base64url'), CONTEXT);
  if (plain === undefined) return undefined;
  const { t, ...sent } = JSON.parse(plain) as SentCode & { readonly t: string };
  return t === tokenId ? sent : undefined;
}

/** Mails a code for an `mfa_token`. Returns the answer of the challenge, or the refusal when too many were mailed. */
export async function challengeByMail(
  deps: OAuthDependencies,
  tokenId: string,
  to: MailTarget,
  { party, target, from }: { readonly party: Party; readonly target: FactorsOf['target']; readonly from: From },
): Promise<Record<string, string> | OAuthRefusal> {
  const { userId } = party;
  const sent = await mailFactorCode(deps, { to, userId, at: deps.clock.now(), from, place: target });
  if (sent === undefined)
    return new OAuthRefusal(429, 'too_many_attempts', 'Too many codes were mailed. Use the last one, or try later.');
  return { challenge_type: 'oob', oob_code: seal(deps.factorBox, tokenId, sent), binding_method: 'prompt' };
}

/** Checks the digits against the code that was mailed for this `mfa_token`. */
export function checkMailed(
  { factorBox }: Pick<OAuthDependencies, 'factorBox'>,
  { typed, oobCode, tokenId }: { readonly typed: string; readonly oobCode: string; readonly tokenId: string },
  { mail }: Pick<FactorsOf, 'mail'>,
  at: Date,
): RightAnswer | OAuthRefusal {
  const sent = open(factorBox, oobCode, tokenId);
  if (sent === undefined) return wrongAnswer('oob', 'the oob_code is none of this mfa_token');
  // Attack: the address was removed, or the password was set by the same mailbox, after the code was mailed.
  if (!mail.some(({ id, address }) => id === sent.id && address === sent.address))
    return wrongAnswer('oob', 'the address does not count');
  if (!fitsSent(sent, typed, at)) return wrongAnswer('oob', 'the code does not fit, or is too old');
  const { id, codeId, address } = sent;
  return { kind: 'oob', factorId: id, answer: { used: { id, kind: 'email', mailed: { code: codeId, address } } } };
}

/** Returns an address as `GET /mfa/authenticators` lists it, without its name in clear. */
export function toMailAuthenticator({ id, address }: MailTarget, active: boolean): Record<string, unknown> {
  return { id, authenticator_type: 'oob', oob_channel: 'email', type: 'email', active, name: maskEmail(address) };
}
