/**
 * The password page. A wrong password, an unknown address and an account without a password get the same answer after
 * the same time.
 */
import type { FastifyInstance, FastifyReply } from 'fastify';
import { brandOf } from '../../../domain/look/brand.js';
import { parseEmail } from '../../../domain/people/email.js';
import { findRequiredCompany } from '../../../login/home-realm.js';
import { runLogin } from '../../../login/pipeline.js';
import { REFUSALS } from '../../../login/refusals.js';
import type { Attempt } from '../../../login/stages.js';
import type { FieldError } from '../../pages/models.js';
import { MESSAGES } from '../../pages/speech.js';
import type { LoginRoutesDeps } from '../deps.js';
import { goTo, picksOrganizationLater } from '../flow.js';
import { mailBlockedOwner } from '../mail-links/unblock.js';
import { newAttempt, sendOutcome } from '../outcome.js';
import { pickOrganization } from '../picker.js';
import { registerStep, type Step, speechPlaceOf } from '../step.js';
import { COMPANY_PATH, pageUrl } from '../urls.js';

function show(step: Step, errors: readonly FieldError[], status = 200): FastifyReply {
  const { identified, transaction, deps, reply } = step;
  const email = parseEmail(transaction.username);
  const company = email && findRequiredCompany(identified, email)?.connection;
  return deps.sendPage(
    reply,
    {
      page: 'password',
      brand: brandOf(identified, deps.origin),
      action: pageUrl('/u/login/password', transaction.id),
      errors,
      username: transaction.username ?? '',
      editUrl: pageUrl('/u/login/identifier', transaction.id),
      forgotUrl: pageUrl('/u/forgot-password', transaction.id),
      ...(company && {
        company: { title: company.displayName ?? company.name, url: pageUrl(COMPANY_PATH, transaction.id) },
      }),
    },
    speechPlaceOf(step),
    status,
  );
}

/** Shows the same text for a wrong password, an unknown address and an account without a password. */
function wrongPassword(step: Step): FastifyReply {
  const { status } = REFUSALS['authenticate.wrong_password'];
  return show(step, [{ field: 'password', message: MESSAGES.wrongPassword }], status);
}

/** The refusals after which the owner of the address may get a mail that unblocks their account. */
const PASSWORD_REFUSALS: ReadonlySet<string> = new Set([
  'authenticate.wrong_password',
  'authenticate.too_many_attempts',
]);

async function submit(step: Step): Promise<FastifyReply> {
  const { request, reply, deps, identified, fields } = step;
  const username = (fields.username ?? step.transaction.username ?? '').trim();
  const email = parseEmail(username);
  const password = fields.password ?? '';
  const transaction = { ...step.transaction, username };
  const changed = { ...step, transaction };
  if (email === undefined || password === '') {
    return show(changed, [{ field: 'password', message: MESSAGES.passwordMissing }], 400);
  }
  const credential: Attempt['credential'] = { kind: 'password', email, password };
  const attempt = newAttempt(request, deps, transaction, credential);
  if (picksOrganizationLater(identified)) {
    const picked = await pickOrganization(changed, attempt);
    if (picked.kind === 'sent') return reply;
    await mailBlockedOwner(changed, email);
    return wrongPassword(changed);
  }
  const outcome = await runLogin(attempt, deps.pipeline);
  if (outcome.kind === 'refused' && PASSWORD_REFUSALS.has(outcome.refusal.code)) {
    await mailBlockedOwner(changed, email);
    if (outcome.refusal.code === 'authenticate.wrong_password') return wrongPassword(changed);
  }
  return sendOutcome(request, reply, deps, transaction, outcome);
}

/** Registers GET and POST /u/login/password. */
export function registerPassword(app: FastifyInstance, deps: LoginRoutesDeps): void {
  registerStep(app, deps, '/u/login/password', {
    show: (step) => {
      const { request, reply, transaction, identified } = step;
      if (transaction.username) return show(step, []);
      return goTo(request, reply, step.deps, { transaction, identified, path: '/u/login/identifier' });
    },
    submit,
  });
}
