/**
 * "Is this you?": another address came back from the company's sign-in than the person began with. Nothing is written until they say that it
 * is them; what was proved waits sealed in this browser's transaction, and every step is asked again when they go on. Never takes anything
 * but the answer from the form.
 */
import type { FastifyInstance, FastifyReply } from 'fastify';
import { brandOf } from '../../domain/brand.js';
import { runLogin } from '../../login/pipeline.js';
import type { LoginTransaction, Waiting as WaitingFor } from '../browser/transactions.js';
import type { LoginRoutesDeps } from './deps.js';
import { goOn, goTo, picksOrganizationLater } from './flow.js';
import { recallProof } from './kept.js';
import { newAttempt, sendOutcome } from './outcome.js';
import { findIdentified, registerStep, type Step } from './step.js';
import { CONFIRM_PATH, pageUrl } from './urls.js';

interface Waiting extends Step {
  readonly waiting: Extract<WaitingFor, { readonly for: 'confirmation' }>;
}

function show({ reply, deps, transaction, identified, waiting }: Waiting): FastifyReply {
  const { typed, cameBack, place } = waiting;
  return deps.sendPage(reply, {
    page: 'confirm',
    brand: brandOf(identified, deps.origin),
    action: pageUrl(CONFIRM_PATH, transaction.id),
    errors: [],
    typed,
    email: cameBack,
    place,
  });
}

/** The login goes on with what was proved; the steps decide anew, on the ground as it is now. */
async function continueAs(step: Waiting): Promise<FastifyReply> {
  const { request, reply, deps, transaction, waiting } = step;
  const credential = await recallProof(request, deps, waiting.kept.proof);
  const attempt = { ...newAttempt(request, deps, transaction, credential), kept: waiting.kept, told: true as const };
  return sendOutcome(request, reply, deps, transaction, await runLogin(attempt, deps.pipeline));
}

/**
 * Another account: what was proved is forgotten, and the next IdP is asked for a fresh sign-in, or it would answer as the same person again.
 * An organization that was chosen because only this person's account led there is forgotten with it.
 */
async function useAnother(step: Waiting): Promise<FastifyReply> {
  const { request, reply, deps, identified } = step;
  const { waiting: _forgotten, organizationId, ...rest } = step.transaction;
  const wasPicked =
    rest.request.organization === undefined &&
    rest.routed !== true &&
    picksOrganizationLater({ ...identified, organization: undefined });
  const kept = wasPicked || organizationId === undefined ? {} : { organizationId };
  const transaction: LoginTransaction = { ...rest, ...kept, anew: true };
  const again = wasPicked ? await findIdentified(request, reply, deps, transaction) : identified;
  if (again === undefined) return reply;
  return goOn(request, reply, deps, { transaction, identified: again });
}

function submit(step: Waiting): Promise<FastifyReply> | FastifyReply {
  if (step.fields.action === 'another') return useAnother(step);
  return step.fields.action === 'default' ? continueAs(step) : show(step);
}

/** GET and POST of {@link CONFIRM_PATH}. */
export function registerConfirm(app: FastifyInstance, deps: LoginRoutesDeps): void {
  const waiting = (step: Step, run: (waiting: Waiting) => Promise<FastifyReply> | FastifyReply) => {
    const { waiting: what } = step.transaction;
    if (what?.for === 'confirmation') return run({ ...step, waiting: what });
    return goTo(step.request, step.reply, step.deps, { ...step, path: '/u/login/identifier' });
  };
  registerStep(app, deps, CONFIRM_PATH, {
    show: (step) => waiting(step, show),
    submit: (step) => waiting(step, submit),
  });
}
