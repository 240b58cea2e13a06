/**
 * The page where a person proves that an account or address is theirs, as the linking rule asks: by the mailed code, or
 * by the account's old password. Allows five tries for a code, only in this browser. The page is the same whether or
 * not an account exists. Without the proof nothing is written, and an invitation stays valid.
 */
import type { FastifyInstance, FastifyReply } from 'fastify';
import { brandOf } from '../../../domain/look/brand.js';
import type { Email } from '../../../domain/people/email.js';
import { runLogin } from '../../../login/pipeline.js';
import type { Credential, PendingProof } from '../../../login/stages.js';
import type { Waiting as WaitingFor } from '../../browser/transactions.js';
import type { FieldError, ProofPage } from '../../pages/models.js';
import { MESSAGES } from '../../pages/speech.js';
import type { LoginRoutesDeps } from '../deps.js';
import { goTo } from '../flow.js';
import { newAttempt, sendOutcome } from '../outcome.js';
import { registerStep, type Step, speechPlaceOf } from '../step.js';
import { pageUrl } from '../urls.js';
import { connectionTitle, mailCode } from './proof-mail.js';

type Method = 'code' | 'password';

interface Waiting extends Step {
  readonly waiting: Extract<WaitingFor, { readonly pending: PendingProof }>;
}

/**
 * True when the old password may prove the account. A sign-up accepts only the code (own-proof.ts): an invited person
 * has just chosen a new password, and would type that one. In all other logins the page offers the password to
 * everybody: an offer only for addresses with an account would reveal which have one.
 */
const takesPassword = ({ waiting }: Waiting): boolean => waiting.for === 'proof';

/**
 * Returns the link to enter another address. An invited person gets none, because their address comes from the
 * invitation.
 */
function findEdit({ transaction, identified, waiting }: Waiting): { editUrl?: string } {
  if (identified.invitation !== undefined) return {};
  const path = waiting.for === 'proof' ? '/u/login/identifier' : '/u/signup';
  return { editUrl: pageUrl(path, transaction.id) };
}

/**
 * Returns why the page asks for a proof although a link or an identity provider has given the address. Undefined when
 * it asks about the person's own account.
 */
function findReason({ waiting, identified }: Waiting): ProofPage['reason'] {
  if (waiting.for === 'proof') return waiting.domainUnproved && 'domain';
  return identified.invitation && 'link';
}

function show(
  step: Waiting,
  method: Method,
  errors: readonly FieldError[],
  options: { status?: number; triesLeft?: number } = {},
): FastifyReply {
  const { identified, transaction, deps, reply } = step;
  const unsent = method === 'code' && step.waiting.pending.unsent && errors.length === 0;
  const notice = unsent ? [{ field: 'code', message: MESSAGES.codeUnsent }] : errors;
  return deps.sendPage(
    reply,
    {
      page: 'proof',
      brand: brandOf(identified, deps.origin),
      action: pageUrl('/u/proof', transaction.id, { method }),
      errors: notice,
      email: step.waiting.pending.email,
      method,
      ...findEdit(step),
      codeUrl: pageUrl('/u/proof', transaction.id, { method: 'code' }),
      ...(takesPassword(step) && { passwordUrl: pageUrl('/u/proof', transaction.id, { method: 'password' }) }),
      triesLeft: options.triesLeft,
      reason: findReason(step),
      ...((unsent || options.status === 429) && { unsent: true }),
    },
    speechPlaceOf(step),
    options.status ?? 200,
  );
}

/** Returns the credential that becomes valid with the proof. */
function credentialOf({ waiting }: Waiting): Credential {
  if (waiting.for === 'proof') return waiting.kept.proof?.kind === 'identity' ? waiting.kept.proof : { kind: 'none' };
  const { email, password, name } = waiting.signUp;
  return { kind: 'sign_up', email: email as Email, password, name, addressProved: false };
}

async function resend(step: Waiting): Promise<FastifyReply> {
  const { request, reply, deps, identified, transaction, waiting } = step;
  const { email, userId, unsent } = waiting.pending;
  const forProof = waiting.for === 'proof';
  const pending = await mailCode(request, deps, {
    for: forProof ? 'proof-mail' : 'sign-up-mail',
    email: email as Email,
    userId,
    connectionTitle: forProof ? connectionTitle(identified, waiting.kept) : '',
    identified,
    asked: transaction.request,
  });
  // No new code was mailed, so the one in the mailbox stays valid.
  if (pending.unsent && !unsent) {
    const message = MESSAGES.codeUnsentAgain;
    return show(step, 'code', [{ field: 'code', message }], { status: 429 });
  }
  const changed = { ...transaction, waiting: { ...waiting, pending } };
  return goTo(request, reply, deps, { transaction: changed, identified, path: '/u/proof' });
}

async function submit(step: Waiting): Promise<FastifyReply> {
  const { request, reply, deps, fields, waiting, transaction } = step;
  if (fields.action === 'resend') return resend(step);
  const { pending } = waiting;
  const saysPassword = fields.action === 'password' || (fields.password !== undefined && fields.code === undefined);
  const by: Method = saysPassword && takesPassword(step) ? 'password' : 'code';
  const typed = (by === 'code' ? fields.code : fields.password) ?? '';
  const attempt = {
    ...newAttempt(request, deps, transaction, credentialOf(step)),
    ...(waiting.for === 'proof' && { kept: waiting.kept }),
    device: deps.devices.find(request),
    answer: { pending, by, typed },
  };
  const outcome = await runLogin(attempt, deps.pipeline);
  if (outcome.kind === 'again') {
    const message = by === 'code' ? MESSAGES.codeWrong : MESSAGES.ownPasswordWrong;
    return show(step, by, [{ field: by, message }], { status: 400, triesLeft: outcome.triesLeft });
  }
  const { waiting: _answered, ...rest } = transaction;
  if (outcome.kind === 'refused') {
    const { code } = outcome.refusal;
    if (code === 'authenticate.proof_failed') await deps.transactions.end(reply, transaction);
    if (code === 'authenticate.wrong_password') {
      // The sign-up was for an address that has an account. The code proved that the mailbox is theirs, so they may be
      // told.
      const known = { ...rest, username: pending.email };
      return goTo(request, reply, deps, { transaction: known, identified: step.identified, path: '/u/login/password' });
    }
  }
  return sendOutcome(request, reply, deps, outcome.kind === 'ask' ? rest : transaction, outcome);
}

/** Registers GET and POST /u/proof. */
export function registerProof(app: FastifyInstance, deps: LoginRoutesDeps): void {
  const waiting = (step: Step, run: (waiting: Waiting) => Promise<FastifyReply> | FastifyReply) => {
    const { waiting: what } = step.transaction;
    if (what && 'pending' in what) return run({ ...step, waiting: what });
    return goTo(step.request, step.reply, step.deps, { ...step, path: '/u/login/identifier' });
  };
  registerStep(app, deps, '/u/proof', {
    show: (step) =>
      waiting(step, (ready) => {
        const asksForPassword = (step.request.query as { method?: string }).method === 'password';
        return show(ready, asksForPassword && takesPassword(ready) ? 'password' : 'code', []);
      }),
    submit: (step) => waiting(step, submit),
  });
}
