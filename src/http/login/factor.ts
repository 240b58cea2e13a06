/**
 * The page for a second factor: asks for one that the account has, sets up a first one, shows a new recovery code, or
 * offers a passkey. Nothing is written before the login's commit. The proof, the secret and the challenge are in this
 * browser's sealed transaction; the form has only the answer.
 */
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { FactorKind } from '../../domain/factors/factor.js';
import { brandOf } from '../../domain/look/brand.js';
import { maskEmail } from '../../domain/people/email.js';
import type { FactorAnswer } from '../../login/factor-stages.js';
import { runLogin } from '../../login/pipeline.js';
import { mailFactorCode } from '../../login/send-factor-code.js';
import { userAgentOf } from '../browser/user-agent.js';
import { redirect } from '../oauth/authorization-answer.js';
import type { FieldError } from '../pages/form-page.js';
import type { FactorMethod, FactorPage } from '../pages/models.js';
import { MESSAGES } from '../pages/speech.js';
import type { LoginRoutesDeps } from './deps.js';
import { goTo } from './flow.js';
import { wishOf } from './mail-links/mail-wish.js';
import { newAttempt, sendOutcome } from './outcome.js';
import type { FactorWaiting } from './proof/factor-question.js';
import { recallProof } from './proof/recall-proof.js';
import { registerStep, type Step, speechPlaceOf } from './step.js';
import { sendTooLarge } from './too-large.js';
import { FACTOR_PATH, pageUrl } from './urls.js';

interface Waiting extends Step {
  readonly waiting: FactorWaiting;
}

const isKey = (kind: FactorKind): boolean => kind === 'passkey' || kind.startsWith('webauthn-');

const isTyped = (method: FactorMethod): boolean => method === 'otp' || method === 'email' || method === 'recovery-code';

/** Returns the addresses of a question, and the one that got the last code. Attack: a stolen password shows addresses. */
function mailOf({ question, sent }: FactorWaiting, method: FactorMethod) {
  if (method !== 'email') return {};
  const mail = (question.mail ?? []).map(({ id, address }) => ({ id, address: maskEmail(address) }));
  return { mail, ...(sent && { mailedTo: maskEmail(sent.address) }) };
}

/** Returns the ways to answer, the best first. All authenticators are asked together. */
function methodsOf({ question }: FactorWaiting): readonly FactorMethod[] {
  const { ask, kinds } = question;
  if (ask === 'enrol' || ask === 'offer')
    return kinds.filter((kind) => kind === 'otp' || kind === 'passkey' || kind === 'webauthn-roaming');
  const hasKey = kinds.some(isKey);
  const codes = (['otp', 'email', 'recovery-code'] as const).filter((kind) => kinds.includes(kind));
  return [...(hasKey ? (['webauthn'] as const) : []), ...codes];
}

function chosenMethod({ request, waiting }: Waiting): FactorMethod | undefined {
  const methods = methodsOf(waiting);
  const { method } = request.query as { method?: unknown };
  const { preferred } = waiting.question;
  const isKey = preferred === 'passkey' || preferred?.startsWith('webauthn-');
  const find = (name: unknown) => methods.find((item) => item === name);
  return find(method) ?? find(preferred) ?? (isKey ? find('webauthn') : undefined) ?? methods[0];
}

/** Returns the person's address, as far as this login knows it. */
function addressOf({ transaction, waiting }: Waiting): string | undefined {
  const { proof } = waiting.kept;
  if (proof?.kind === 'identity') return proof.identity.email;
  if (proof?.kind === 'sign_up') return proof.email;
  return transaction.username || undefined;
}

/** Returns the options for the browser's WebAuthn API, with the challenge that the transaction keeps. */
async function browserOptions({ deps, identified, waiting }: Waiting, method: FactorMethod, email: string | undefined) {
  const { reads, factorChecks } = deps.pipeline;
  const { challenge, userHandle, question } = waiting;
  const { keyVerification } = identified.tenant.factors;
  if (method === 'passkey' || method === 'webauthn-roaming') {
    const name = email ?? question.userId;
    const person = { userHandle, name, displayName: name };
    const site = brandOf(identified, deps.origin).title;
    const { factors } = await reads.findFactors({ userId: question.userId, connectionId: '' });
    const existing = factors.flatMap(({ credential }) => credential ?? []);
    const made = factorChecks.creationOptions({ kind: method, site, person, existing, keyVerification });
    return JSON.stringify({ ...made, challenge });
  }
  const { factors } = await reads.findFactors({ userId: question.userId, connectionId: '' });
  const allowed = factors.flatMap(({ kind, credential }) =>
    credential && question.kinds.includes(kind) ? [credential] : [],
  );
  // One answer for all: as soon as one credential has to verify the person, the browser asks for that.
  const kind = question.kinds.every((one) => one === 'webauthn-roaming' || !isKey(one))
    ? 'webauthn-roaming'
    : 'passkey';
  return JSON.stringify({ ...factorChecks.requestOptions({ kind, allowed, keyVerification }), challenge });
}

async function toPage(
  step: Waiting,
  errors: readonly FieldError[],
  triesLeft: number | undefined,
): Promise<FactorPage | undefined> {
  const { deps, identified, transaction, waiting } = step;
  const { question, kept, secret } = waiting;
  const email = addressOf(step);
  const brand = brandOf(identified, deps.origin);
  const method = chosenMethod(step);
  const url = (name: string) => pageUrl(FACTOR_PATH, transaction.id, { method: name });
  const page = { page: 'factor', brand, errors, email } as const;
  if (question.ask === 'recovery_code') {
    const code = kept.factor?.recoveryCode;
    const action = pageUrl(FACTOR_PATH, transaction.id);
    return code === undefined ? undefined : { ...page, ask: 'recovery_code', action, code };
  }
  if (method === undefined) return undefined;
  if (question.ask === 'offer') {
    const options = await browserOptions(step, method, email);
    return { ...page, ask: 'offer', action: pageUrl(FACTOR_PATH, transaction.id), options };
  }
  const others = methodsOf(waiting)
    .filter((name) => name !== method)
    .map((name) => ({ method: name, url: url(name) }));
  const options = isTyped(method) ? {} : { options: await browserOptions(step, method, email) };
  const common = { ...page, action: url(method), others, triesLeft, ...options };
  if (question.ask === 'challenge')
    return method === 'passkey' || method === 'webauthn-roaming'
      ? undefined
      : { ...common, ask: 'challenge', method, canRemember: question.canRemember, ...mailOf(waiting, method) };
  if (method === 'recovery-code' || method === 'webauthn' || method === 'email') return undefined;
  const uri = deps.pipeline.factorChecks.secretUri(secret, brand.title, email ?? question.userId);
  return { ...common, ask: 'enrol', method, ...(method === 'otp' && { secret, uri }) };
}

async function show(
  step: Waiting,
  errors: readonly FieldError[] = [],
  triesLeft?: number,
  status = errors.length > 0 ? 400 : 200,
): Promise<FastifyReply> {
  const page = await toPage(step, errors, triesLeft);
  if (page === undefined) return goTo(step.request, step.reply, step.deps, { ...step, path: '/u/login/identifier' });
  return step.deps.sendPage(step.reply, page, speechPlaceOf(step), status);
}

/** The form's `action` with which the person goes on without a passkey. */
const LATER = 'later';

/** Returns the answer in the form; undefined when there is none for the chosen way. */
function givenBy(step: Waiting): FactorAnswer['given'] | undefined {
  const { fields, waiting } = step;
  const { question, secret, challenge, userHandle } = waiting;
  if (question.ask === 'recovery_code') return { by: 'seen' };
  const method = chosenMethod(step);
  const typed = fields.code ?? '';
  const answer = { response: fields.answer ?? '', challenge };
  if (question.ask === 'offer')
    return { by: 'offer', ...(fields.action !== LATER && { made: { ...answer, userHandle } }) };
  if (question.ask === 'enrol') {
    if (method === 'otp') return { by: 'new-otp', secret, typed };
    return method === 'passkey' || method === 'webauthn-roaming'
      ? { by: 'new-webauthn', kind: method, userHandle, ...answer }
      : undefined;
  }
  if (method === 'webauthn') return { by: 'webauthn', ...answer };
  if (method === 'email') return { by: 'email', typed, sent: waiting.sent };
  return method === 'otp' || method === 'recovery-code' ? { by: method, typed } : undefined;
}

const WRONG = {
  otp: MESSAGES.factorWrong,
  email: MESSAGES.mailedWrong,
  'recovery-code': MESSAGES.recoveryWrong,
  webauthn: MESSAGES.keyWrong,
  passkey: MESSAGES.keyWrong,
  'webauthn-roaming': MESSAGES.keyWrong,
} as const;

/** Mails a code to the address that the person chose. Attack: any other address in the form gets none. */
async function send(step: Waiting, chosen: string): Promise<FastifyReply> {
  const { request, reply, deps, identified, transaction, waiting } = step;
  const { userId, mail = [] } = waiting.question;
  const to = mail.find(({ id }) => id === chosen);
  if (to === undefined) return show(step);
  const { entropy, clock } = deps.pipeline;
  const sent = await mailFactorCode(
    { ...deps, entropy },
    {
      ...{ to, userId, at: clock.now(), place: identified, wish: wishOf(request, transaction.request) },
      from: { ip: request.ip, userAgent: userAgentOf(request), device: deps.devices.find(request) },
    },
  );
  if (sent === undefined) return show(step, [{ field: 'code', message: MESSAGES.mailedUnsent }], undefined, 429);
  const changed = { ...transaction, waiting: { ...waiting, sent } };
  if (!(await deps.transactions.save(request, reply, changed))) return sendTooLarge(request, reply, deps, identified);
  return redirect(request, reply, pageUrl(FACTOR_PATH, transaction.id, { method: 'email' }));
}

async function submit(step: Waiting): Promise<FastifyReply> {
  const { request, reply, deps, transaction, waiting, fields } = step;
  if (fields.action === 'send' && chosenMethod(step) === 'email') return send(step, fields.to ?? '');
  const given = givenBy(step);
  if (given === undefined) return show(step);
  const credential = await recallProof(request, deps, waiting.kept.proof);
  const attempt = {
    ...newAttempt(request, deps, transaction, credential),
    kept: waiting.kept,
    device: deps.devices.find(request),
    factorAnswer: { questionId: waiting.questionId, remembers: fields.remember === 'on', given },
  };
  const outcome = await runLogin(attempt, deps.pipeline);
  if (outcome.kind === 'factor_again') {
    const method = chosenMethod(step) ?? 'otp';
    return show(step, [{ field: isTyped(method) ? 'code' : 'answer', message: WRONG[method] }], outcome.triesLeft);
  }
  if (outcome.kind === 'refused' && outcome.refusal.code === 'authenticate.factor_failed')
    await deps.transactions.end(reply, transaction);
  return sendOutcome(request, reply, deps, transaction, outcome);
}

/** Registers GET and POST of {@link FACTOR_PATH}. */
export function registerFactor(app: FastifyInstance, deps: LoginRoutesDeps): void {
  const waiting = (step: Step, run: (waiting: Waiting) => Promise<FastifyReply> | FastifyReply) => {
    const { waiting: what } = step.transaction;
    if (what?.for === 'factor') return run({ ...step, waiting: what });
    return goTo(step.request, step.reply, step.deps, { ...step, path: '/u/login/identifier' });
  };
  registerStep(app, deps, FACTOR_PATH, {
    show: (step) => waiting(step, (ready) => show(ready)),
    submit: (step) => waiting(step, submit),
  });
}
