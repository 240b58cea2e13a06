/**
 * Proof of one's own account, where the linking rule asks for it: the code that was mailed, or the account's old password. Five tries a code,
 * bound to this browser, the same page whether or not there is an account. Without the proof nothing has been written, and an
 * invitation lives.
 */
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Email } from '../../domain/email.js';
import { secretsEqual } from '../../kernel/ids.js';
import { countAttempt, evidenceOfLimit } from '../../login/attempt-limits.js';
import { runLogin } from '../../login/pipeline.js';
import { refuse } from '../../login/refusals.js';
import type { Attempt, Credential } from '../../login/stages.js';
import { newTrace } from '../../login/trace.js';
import type { LoginTransaction, PendingProof } from '../browser/transactions.js';
import type { FieldError } from '../pages/models.js';
import { FIELD_MESSAGES } from '../pages/words.js';
import { brandOf } from './brand.js';
import type { LoginRoutesDeps } from './deps.js';
import { goTo } from './flow.js';
import { newAttempt, refuseHere, sendOutcome } from './outcome.js';
import { hashCode, mailCode } from './proof-mail.js';
import { registerStep, type Step } from './step.js';
import { pageUrl } from './urls.js';

/** Guessing a code of six digits: 5 of 1,000,000 per code; login/attempt-limits.ts bounds how many codes one can be asked for. */
const TRIES_PER_CODE = 5;

type Method = 'code' | 'password';

interface Waiting extends Step {
  readonly proof: PendingProof;
}

function connectionTitle({ identified, transaction }: Step): string {
  const id = transaction.identity?.identity.connectionId;
  const connection = identified.connections.find((item) => item.connection.id === id)?.connection;
  return connection?.displayName ?? connection?.name ?? '';
}

/** The way back to another address; none for an invited person, whose address the invitation says. */
function findEdit({ transaction, identified }: Waiting): { editUrl?: string } {
  if (identified.invitation !== undefined) return {};
  const path = transaction.signUp === undefined ? '/u/login/identifier' : '/u/signup';
  return { editUrl: pageUrl(path, transaction.id) };
}

function show(
  step: Waiting,
  method: Method,
  errors: readonly FieldError[],
  options: { status?: number; triesLeft?: number } = {},
): FastifyReply {
  const { identified, transaction, deps, reply } = step;
  const unsent = method === 'code' && step.proof.unsent && errors.length === 0;
  const notice = unsent ? [{ field: 'code', message: FIELD_MESSAGES.codeUnsent }] : errors;
  return deps.sendPage(
    reply,
    {
      page: 'proof',
      brand: brandOf(identified, deps.origin),
      action: pageUrl('/u/proof', transaction.id, { method }),
      errors: notice,
      email: step.proof.email,
      method,
      ...findEdit(step),
      codeUrl: pageUrl('/u/proof', transaction.id, { method: 'code' }),
      passwordUrl: pageUrl('/u/proof', transaction.id, { method: 'password' }),
      triesLeft: options.triesLeft,
      ...((unsent || options.status === 429) && { unsent: true }),
    },
    options.status ?? 200,
  );
}

/** The credential that goes on once the proof is given. */
function provedCredential(transaction: LoginTransaction, proof: PendingProof, by: Method): Credential | undefined {
  if (transaction.identity) {
    const { identity, fingerprint } = transaction.identity;
    return {
      kind: 'identity',
      identity,
      fingerprint,
      ownProof: { by, email: proof.email as Email, userId: proof.userId },
    };
  }
  const { signUp } = transaction;
  if (signUp === undefined || by === 'password') return undefined;
  return {
    kind: 'sign_up',
    email: signUp.email as Email,
    password: signUp.password,
    name: signUp.name,
    addressProved: true,
  };
}

async function fits(step: Waiting, method: Method): Promise<boolean> {
  const { fields, deps, proof } = step;
  const { pipeline } = deps;
  if (method === 'code') {
    const typed = (fields.code ?? '').replace(/[\s-]/g, '');
    return secretsEqual(hashCode(proof.id, typed), proof.codeHash) && proof.expiresAt > pipeline.clock.now().getTime();
  }
  const credential =
    proof.userId === undefined ? undefined : await pipeline.reads.findCredential({ userId: proof.userId });
  return (await pipeline.passwords.verify(credential, fields.password ?? '')) && credential !== undefined;
}

async function sendFailed(step: Waiting, evidence: Readonly<Record<string, unknown>>): Promise<FastifyReply> {
  const { request, reply, deps, transaction, identified } = step;
  const trace = newTrace();
  trace.about({ email: step.proof.email, userId: step.proof.userId });
  trace.add('authenticate', 'own_proof', 'refuse', evidence);
  const credential: Attempt['credential'] = transaction.identity
    ? { kind: 'identity', ...transaction.identity, ownProof: undefined }
    : { kind: 'none' };
  deps.transactions.end(reply, transaction);
  const attempt = newAttempt(request, deps, transaction, credential);
  return refuseHere(request, reply, deps, {
    attempt,
    transaction,
    identified,
    refusal: refuse('authenticate.proof_failed', JSON.stringify(evidence)),
    trace,
  });
}

async function resend(step: Waiting): Promise<FastifyReply> {
  const { request, reply, deps, identified, transaction } = step;
  const sent = await mailCode(request, deps, {
    for: transaction.identity === undefined ? 'sign-up-mail' : 'proof-mail',
    email: step.proof.email as Email,
    userId: step.proof.userId,
    connectionTitle: connectionTitle(step),
    identified,
  });
  // The code that is in the mailbox already goes on to fit.
  if (sent.unsent && !step.proof.unsent) {
    const message = FIELD_MESSAGES.codeUnsentAgain;
    return show(step, 'code', [{ field: 'code', message }], { status: 429 });
  }
  return goTo(request, reply, deps, { transaction: { ...transaction, proof: sent }, identified, path: '/u/proof' });
}

async function submit(step: Waiting): Promise<FastifyReply> {
  const { request, reply, deps, fields, proof, transaction } = step;
  if (fields.action === 'resend') return resend(step);
  const method: Method =
    fields.action === 'password' || (fields.password !== undefined && fields.code === undefined) ? 'password' : 'code';
  const { clock } = deps.pipeline;
  const tried = {
    email: proof.email,
    ip: request.ip,
    userId: proof.userId,
    device: deps.devices.find(request),
    once: { key: `proof:${proof.id}`, limit: TRIES_PER_CODE },
  };
  const counted = await countAttempt(deps.attempts, 'proof', tried, clock.now());
  if (!counted.allowed) return sendFailed(step, evidenceOfLimit(counted.passed));
  if (!(await fits(step, method))) {
    const triesLeft = TRIES_PER_CODE - counted.tries;
    if (triesLeft === 0) return sendFailed(step, { detail: 'the last try did not fit', most: TRIES_PER_CODE });
    const message = method === 'code' ? FIELD_MESSAGES.codeWrong : FIELD_MESSAGES.ownPasswordWrong;
    return show(step, method, [{ field: method, message }], { status: 400, triesLeft });
  }
  const credential = provedCredential(transaction, proof, method);
  if (credential === undefined) return sendFailed(step, { detail: 'nothing waits for this proof' });
  const { proof: _proof, identity: _identity, signUp: _signUp, ...rest } = transaction;
  const outcome = await runLogin(newAttempt(request, deps, transaction, credential), deps.pipeline);
  if (outcome.kind === 'refused' && outcome.refusal.code === 'authenticate.wrong_password') {
    // An open sign-up for an address that has an account: its owner just proved to be there, so he may know.
    const known = { ...rest, username: proof.email };
    return goTo(request, reply, deps, { transaction: known, identified: step.identified, path: '/u/login/password' });
  }
  return sendOutcome(request, reply, deps, outcome.kind === 'ask' ? rest : transaction, outcome);
}

/** GET and POST /u/proof. */
export function registerProof(app: FastifyInstance, deps: LoginRoutesDeps): void {
  const waiting = (step: Step, run: (waiting: Waiting) => Promise<FastifyReply> | FastifyReply) => {
    const { proof } = step.transaction;
    if (proof !== undefined) return run({ ...step, proof });
    return goTo(step.request, step.reply, step.deps, { ...step, path: '/u/login/identifier' });
  };
  registerStep(app, deps, '/u/proof', {
    show: (step) =>
      waiting(step, (ready) =>
        show(ready, (step.request.query as { method?: string }).method === 'password' ? 'password' : 'code', []),
      ),
    submit: (step) => waiting(step, submit),
  });
}
