/**
 * Ways to a new password for a signed-in person: by the old one on a page of its own, or by a mailed link. Both end the
 * person's other sessions. Never tells more than a sign-in would: the same limits count.
 */
import type { FastifyReply } from 'fastify';
import { brandOf } from '../../domain/look/brand.js';
import { describePasswordFault, describePasswordRule, minimumLength } from '../../domain/passwords/password-policy.js';
import { parseEmail } from '../../domain/people/email.js';
import { countAttempt } from '../../login/attempt-limits.js';
import { changeOwnPassword, findOwnPassword } from '../../management/my-account/password.js';
import { findBarrier } from '../../management/my-account/person.js';
import { requestReset } from '../login/mail-links/recovery.js';
import { readFields } from '../login/step.js';
import { ACCOUNT_PATH } from '../login/urls.js';
import type { FieldError } from '../pages/models.js';
import { MESSAGES } from '../pages/speech.js';
import { sayRefused } from './refused.js';
import { confirm, goBack, placeOf, show, textOf, type Visit } from './visit.js';

export const PASSWORD_PATH = `${ACCOUNT_PATH}/password`;
/** Maximum number of characters of a password in a form; the policy counts bytes. */
const PASSWORD_CHARACTERS = 1_024;

/** Mails the link for a new password. Counted with the mails of the page for forgotten passwords. */
export async function mailPassword(visit: Visit): Promise<FastifyReply> {
  const { request, deps, person, at } = visit;
  const { reads } = deps.pipeline;
  const email = parseEmail(person.user.email);
  const found = email && (await reads.findPasswordAccount({ connectionIds: person.passwordAt, email }));
  const place = await placeOf(visit);
  const identified = place && (await reads.findTarget({ clientId: place.clientId }));
  if (found?.account.userId !== person.user.userId || !email || !identified)
    return show(visit, { error: textOf('changed') });
  // Attack: mail flooding.
  const tried = { email, ip: request.ip, userId: undefined, rules: identified.tenant.attemptRules };
  const counted = await countAttempt(deps.attempts, 'forgot', tried, at);
  if (!counted.allowed) return show(visit, { error: MESSAGES.linkUnsent });
  await requestReset({ request, deps, identified }, found, { email, at });
  return goBack(visit, 'mailed');
}

/**
 * Shows the page for a new password. A person with factors first passes one; the old password stands for a fresh sign-in.
 */
export async function showPassword(
  visit: Visit,
  errors: readonly FieldError[] = [],
  status = 200,
): Promise<FastifyReply> {
  const { reply, deps, person, at } = visit;
  const barrier = findBarrier(person, at);
  if (barrier === 'factor') return confirm(visit);
  if (barrier === 'company') return show(visit, { error: sayRefused(barrier) });
  const own = await findOwnPassword(deps.own, person);
  if (own === undefined) return show(visit, { error: sayRefused('kind') });
  const { options } = own.connection;
  const tenant = await deps.pipeline.reads.findTenant();
  return deps.sendPage(
    reply,
    {
      ...{ page: 'account-password', brand: brandOf({ tenant }, deps.origin), action: PASSWORD_PATH, errors },
      ...{ email: person.user.email ?? '', accountUrl: ACCOUNT_PATH, minimumLength: minimumLength(options) },
      passwordRule: (words) => describePasswordRule(options, words.passwords),
    },
    { tenant },
    status,
  );
}

/** Takes the form of {@link showPassword}. */
export async function submitPassword(visit: Visit): Promise<FastifyReply> {
  const { request, deps, asker } = visit;
  const { action, old = '', password = '' } = readFields(request.body, PASSWORD_CHARACTERS);
  if (action === 'link') return mailPassword(visit);
  const device = deps.devices.find(request);
  const changed = await changeOwnPassword(deps.own, asker, { fresh: password, old: { password: old, device } });
  if (changed.ok) return goBack(visit, 'password');
  const { why, fault } = changed;
  const no = (field: 'old' | 'password', message: FieldError['message'], status = 400) =>
    showPassword(visit, [{ field, message }], status);
  if (fault) return no('password', (words) => describePasswordFault(fault, words.passwords));
  if (why === 'wrong') return no('old', textOf('wrongOld'));
  if (why === 'limited') return no('old', textOf('noMoreTries'), 429);
  return why === 'factor' ? confirm(visit) : show(visit, { error: sayRefused(why) });
}
