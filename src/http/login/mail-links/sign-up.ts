/**
 * Opens an account, for an invited person or where the connection allows sign-up (its setting for the organization,
 * else its own). The person proves their address by the link in the invitation's mail, or by a mailed code. If an
 * application delivered the link, the inviting organization vouches for the address. An open sign-up answers the same
 * for an address that has an account; only the mail tells its owner.
 */
import type { FastifyInstance, FastifyReply } from 'fastify';
import { brandOf } from '../../../domain/look/brand.js';
import {
  describePasswordFault,
  describePasswordRule,
  findPasswordFault,
  minimumLength,
} from '../../../domain/passwords/password-policy.js';
import { type Email, parseEmail } from '../../../domain/people/email.js';
import { findRequiredCompany, isSignUpOpen } from '../../../login/home-realm.js';
import { runLogin } from '../../../login/pipeline.js';
import type { FieldError } from '../../pages/models.js';
import { MESSAGES } from '../../pages/speech.js';
import type { LoginRoutesDeps } from '../deps.js';
import { goOn, goTo } from '../flow.js';
import { newAttempt, sendOutcome } from '../outcome.js';
import { databaseOf } from '../proof/database.js';
import { mailCode } from '../proof/proof-mail.js';
import { registerStep, type Step, speechPlaceOf } from '../step.js';
import { COMPANY_PATH, pageUrl } from '../urls.js';

interface Filled {
  readonly username: string;
  readonly name: string;
}

function show(step: Step, filled: Filled, errors: readonly FieldError[], status = 200): FastifyReply {
  const { identified, transaction, deps, reply } = step;
  const { invitation } = identified;
  const options = databaseOf(transaction, identified)?.connection.options ?? {};
  return deps.sendPage(
    reply,
    {
      page: 'sign-up',
      brand: brandOf(identified, deps.origin),
      action: pageUrl('/u/signup', transaction.id),
      errors,
      email: invitation?.inviteeEmail ?? filled.username,
      emailFixed: invitation !== undefined,
      name: filled.name,
      signInUrl: pageUrl(invitation ? '/u/login/password' : '/u/login/identifier', transaction.id),
      minimumLength: minimumLength(options),
      passwordRule: (words) => describePasswordRule(options, words.passwords),
    },
    speechPlaceOf(step),
    status,
  );
}

/** Mails the code. The data of the new account stay in the sealed transaction until the person types the code. */
async function askForCode(step: Step, email: Email, password: string, name: string): Promise<FastifyReply> {
  const { request, reply, deps, identified } = step;
  // Drops the earlier answer of a company's identity provider: it belongs to another login, and this code must not
  // count as a proof for it.
  const { picking: _picking, waiting: _before, ...transaction } = step.transaction;
  const database = databaseOf(transaction, identified)?.connection;
  const pending = await mailCode(request, deps, {
    for: 'sign-up-mail',
    email,
    userId: undefined,
    connectionTitle: database?.displayName ?? database?.name ?? '',
    identified,
    asked: transaction.request,
  });
  const signUp = { email, password, ...(name !== '' && { name }) };
  return goTo(request, reply, deps, {
    transaction: { ...transaction, waiting: { for: 'sign_up_code', signUp, pending } },
    identified,
    path: '/u/proof',
  });
}

/** Sends the person to the company's sign-in. An invitation that only a password could accept is refused there. */
function goToCompany({ request, reply, deps, transaction, identified }: Step): Promise<FastifyReply> {
  if (identified.invitation) return goOn(request, reply, deps, { transaction, identified });
  return goTo(request, reply, deps, { transaction, identified, path: COMPANY_PATH });
}

async function submit(step: Step): Promise<FastifyReply> {
  const { request, reply, deps, identified, fields, transaction } = step;
  const filled = { username: (fields.username ?? '').trim(), name: (fields.name ?? '').trim().slice(0, 300) };
  const email = identified.invitation?.inviteeEmail ?? parseEmail(filled.username);
  if (email === undefined) return show(step, filled, [{ field: 'username', message: MESSAGES.addressInvalid }], 400);
  // Checked first, so that the person does not choose a password that would be refused.
  if (findRequiredCompany(identified, email))
    return goToCompany({ ...step, transaction: { ...transaction, username: email } });
  const password = fields.password ?? '';
  const database = databaseOf(transaction, identified);
  const mayAsk = identified.invitation !== undefined || isSignUpOpen(identified, database);
  const { organization, tenant, client } = identified;
  const names = [filled.name, organization?.name, organization?.displayName, tenant.friendlyName, client.name];
  // Checks no password if nobody can sign up, because the check takes as long as showing a page.
  const wrong = mayAsk && findPasswordFault(password, { email, names, options: database?.connection.options ?? {} });
  if (wrong)
    return show(
      step,
      filled,
      [{ field: 'password', message: (words) => describePasswordFault(wrong, words.passwords) }],
      400,
    );
  // The link proves nothing if its ticket has no seal: everybody who may read invitations knows the ticket.
  if (mayAsk && transaction.request.invitationCarrier === undefined)
    return askForCode(step, email, password, filled.name);
  const name = filled.name === '' ? undefined : filled.name;
  const attempt = newAttempt(request, deps, transaction, {
    kind: 'sign_up',
    email,
    password,
    name,
    addressProved: false,
  });
  const outcome = await runLogin(attempt, deps.pipeline);
  if (outcome.kind === 'refused' && outcome.refusal.code === 'authenticate.wrong_password') {
    const message = MESSAGES.accountNotOpened;
    return show(step, filled, [{ field: 'password', message }], 400);
  }
  return sendOutcome(request, reply, deps, transaction, outcome);
}

/** Registers GET and POST /u/signup. */
export function registerSignUp(app: FastifyInstance, deps: LoginRoutesDeps): void {
  registerStep(app, deps, '/u/signup', {
    show: (step) => {
      const invited = step.identified.invitation?.inviteeEmail;
      if (invited && findRequiredCompany(step.identified, invited)) return goToCompany(step);
      const open =
        step.identified.invitation !== undefined ||
        isSignUpOpen(step.identified, databaseOf(step.transaction, step.identified));
      if (open) return show(step, { username: step.transaction.username ?? '', name: '' }, []);
      return goTo(step.request, step.reply, step.deps, { ...step, path: '/u/login/identifier' });
    },
    submit,
  });
}
