/**
 * The organization picker: credentials first, then the choice among the organizations that the person belongs to and that this way in may
 * enter (`post_login_prompt`). Shows nobody an organization that he could not enter.
 */
import type { FastifyInstance, FastifyReply } from 'fastify';
import { type Organization, organizationTitle } from '../../domain/tenant.js';
import type { LoginOutcome } from '../../login/outcome.js';
import { runLogin } from '../../login/pipeline.js';
import { proveOnly } from '../../login/prove-only.js';
import { refuse } from '../../login/refusals.js';
import type { Attempt, Credential } from '../../login/stages.js';
import { newTrace } from '../../login/trace.js';
import type { LoginTransaction } from '../browser/transactions.js';
import type { FieldError } from '../pages/models.js';
import { brandOf } from './brand.js';
import type { LoginRoutesDeps } from './deps.js';
import { goTo } from './flow.js';
import { newAttempt, refuseHere, sendOutcome } from './outcome.js';
import { findIdentified, registerStep, type Step } from './step.js';
import { pageUrl } from './urls.js';

type Refused = LoginOutcome & { readonly kind: 'refused' };

/** The organizations that the proved person of the transaction may choose from. */
function listChoices(step: Step): Promise<readonly Organization[]> {
  const { known } = step.transaction;
  if (known === undefined) return Promise.resolve([]);
  return step.deps.pipeline.reads.listEnterableOrganizations({
    userId: known.userId,
    connectionId: known.connectionId,
  });
}

/** Verifies the credential without an organization and goes on to the choice; a single organization is chosen by itself. */
export async function pickOrganization(step: Step, attempt: Attempt): Promise<{ kind: 'sent' } | Refused> {
  const { request, reply, deps } = step;
  const proved = await proveOnly(attempt, deps.pipeline);
  if (proved.kind === 'refused') {
    if (proved.refusal.code === 'authenticate.wrong_password') return proved;
    await sendOutcome(request, reply, deps, step.transaction, proved);
    return { kind: 'sent' };
  }
  const { upstream: _done, ...rest } = step.transaction;
  const transaction: LoginTransaction = {
    ...rest,
    known: {
      userId: proved.userId,
      connectionId: proved.connectionId,
      authenticatedAt: attempt.at.getTime(),
      email: proved.email ?? '',
      ...(proved.credentialDigest !== undefined && { credentialDigest: proved.credentialDigest }),
    },
  };
  const choices = await listChoices({ ...step, transaction });
  const [only] = choices;
  if (only === undefined) {
    const trace = newTrace();
    const refusal = refuse('admit.not_a_member', 'no organization that this way in may enter', {
      user: proved.userId,
      organization: 'requested',
    });
    await refuseHere(request, reply, deps, { attempt, transaction, identified: step.identified, refusal, trace });
    return { kind: 'sent' };
  }
  if (choices.length === 1) await enter({ ...step, transaction }, only.id);
  else {
    goTo(request, reply, deps, { transaction, identified: step.identified, path: '/u/organization-picker' });
  }
  return { kind: 'sent' };
}

/** Runs the login for the chosen organization, with what was proved before. */
async function enter(step: Step, organizationId: string): Promise<FastifyReply> {
  const { request, reply, deps } = step;
  const { known } = step.transaction;
  const transaction = { ...step.transaction, organizationId };
  const identified = await findIdentified(request, reply, deps, transaction);
  if (identified === undefined || known === undefined) return reply;
  const credential: Credential = {
    kind: 'known',
    userId: known.userId,
    connectionId: known.connectionId,
    authenticatedAt: new Date(known.authenticatedAt),
    credentialDigest: known.credentialDigest,
  };
  const outcome = await runLogin(newAttempt(request, deps, transaction, credential), deps.pipeline);
  return sendOutcome(request, reply, deps, transaction, outcome);
}

async function showPicker(step: Step, errors: readonly FieldError[] = [], status = 200): Promise<FastifyReply> {
  const { identified, transaction, deps, reply } = step;
  const organizations = (await listChoices(step)).map((organization) => {
    const { logoUrl, primaryColor } = organization.branding;
    return {
      id: organization.id,
      title: organizationTitle(organization),
      ...(logoUrl !== undefined && { logoUrl }),
      ...(primaryColor !== undefined && { primaryColor }),
    };
  });
  const action = pageUrl('/u/organization-picker', transaction.id);
  const email = transaction.known?.email ?? '';
  return deps.sendPage(
    reply,
    { page: 'organization-picker', brand: brandOf(undefined, identified.tenant), action, errors, email, organizations },
    status,
  );
}

async function submitPicker(step: Step): Promise<FastifyReply> {
  const chosen = (await listChoices(step)).find((organization) => organization.id === step.fields.organization);
  if (chosen) return enter(step, chosen.id);
  return showPicker(step, [{ field: 'organization', message: 'Choose one of your organizations.' }], 400);
}

/** GET and POST /u/organization-picker. */
export function registerPicker(app: FastifyInstance, deps: LoginRoutesDeps): void {
  registerStep(app, deps, '/u/organization-picker', { show: (step) => showPicker(step), submit: submitPicker });
}
