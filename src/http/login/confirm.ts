/**
 * The page "Is this you?": shown when the company's identity provider returned another address than the person typed.
 * Nothing is written until the person confirms the address. The proof is kept sealed in this browser's transaction, and
 * every step of the login runs again afterwards. Reads nothing from the form except the answer.
 */
import type { FastifyInstance, FastifyReply } from 'fastify';
import { brandOf } from '../../domain/look/brand.js';
import { runLogin } from '../../login/pipeline.js';
import type { LoginTransaction, Waiting as WaitingFor } from '../browser/transactions.js';
import type { LoginRoutesDeps } from './deps.js';
import { goOn, goTo, picksOrganizationLater } from './flow.js';
import { newAttempt, sendOutcome } from './outcome.js';
import { recallProof } from './proof/recall-proof.js';
import { findIdentified, registerStep, type Step, speechPlaceOf } from './step.js';
import { CONFIRM_PATH, pageUrl } from './urls.js';

interface Waiting extends Step {
  readonly waiting: Extract<WaitingFor, { readonly for: 'confirmation' }>;
}

function show(step: Waiting): FastifyReply {
  const { reply, deps, transaction, identified, waiting } = step;
  const { typed, cameBack, place } = waiting;
  return deps.sendPage(
    reply,
    {
      page: 'confirm',
      brand: brandOf(identified, deps.origin),
      action: pageUrl(CONFIRM_PATH, transaction.id),
      errors: [],
      typed,
      email: cameBack,
      place,
    },
    speechPlaceOf(step),
  );
}

/** Continues with the kept proof; the steps decide again, on current data. */
async function continueAs(step: Waiting): Promise<FastifyReply> {
  const { request, reply, deps, transaction, waiting } = step;
  const credential = await recallProof(request, deps, waiting.kept.proof);
  const attempt = { ...newAttempt(request, deps, transaction, credential), kept: waiting.kept, told: true as const };
  return sendOutcome(request, reply, deps, transaction, await runLogin(attempt, deps.pipeline));
}

/**
 * Lets another person sign in. Discards the proof, and asks the next identity provider to ignore its own session,
 * because otherwise it would answer with the same person again. Also discards an organization that was chosen only
 * because it is the one of the first person's account.
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

/** Registers GET and POST of {@link CONFIRM_PATH}. */
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
