/**
 * The organization picker: credentials first, then the choice among the organizations that the person belongs to and that this way in may
 * enter (`post_login_prompt`), and the prompt for an organization before anything else (`pre_login_prompt`).
 */
import type { FastifyInstance, FastifyReply } from 'fastify';
import { emailDomain, parseEmail } from '../../domain/email.js';
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
import { goOn, goTo } from './flow.js';
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

function showPrompt(step: Step, value: string, errors: readonly FieldError[], status = 200): FastifyReply {
  const { identified, transaction, deps, reply } = step;
  return deps.sendPage(
    reply,
    {
      page: 'organization-prompt',
      brand: brandOf(undefined, identified.tenant),
      action: pageUrl('/u/organization', transaction.id),
      errors,
      value,
      byEmail: false,
      applicationName: identified.client.name,
    },
    status,
  );
}

/** By name; or by address, through the organizations' verified discovery domains, when exactly one claims the domain. */
async function findPrompted(step: Step, value: string): Promise<Organization | undefined> {
  const { reads } = step.deps.pipeline;
  const email = parseEmail(value);
  if (email === undefined) return reads.findOrganization(value.toLowerCase());
  const found = await reads.findOrganizationsByDomain(emailDomain(email));
  return found.length === 1 ? found[0] : undefined;
}

async function submitPrompt(step: Step): Promise<FastifyReply> {
  const { request, reply, deps } = step;
  const value = (step.fields.organization ?? '').trim();
  const organization = value === '' ? undefined : await findPrompted(step, value);
  if (organization === undefined) {
    return showPrompt(
      step,
      value,
      [
        {
          field: 'organization',
          message: 'We do not know this organization. Check the name, or ask the person who invited you.',
        },
      ],
      400,
    );
  }
  const username = parseEmail(value);
  const transaction = {
    ...step.transaction,
    organizationId: organization.id,
    ...(username !== undefined && { username }),
  };
  const identified = await findIdentified(request, reply, deps, transaction);
  return identified === undefined ? reply : goOn(request, reply, deps, { transaction, identified });
}

/**
 * Whether this login may name its organization at the prompt. The page has an address that anybody can post to: what the
 * application asked for, or left out on purpose, must not be replaced there.
 */
function mayPrompt({ transaction, identified }: Step): boolean {
  const { organizationUsage, organizationRequireBehavior } = identified.client;
  return (
    transaction.request.organization === undefined &&
    organizationUsage !== 'deny' &&
    organizationRequireBehavior === 'pre_login_prompt'
  );
}

/** The picker and the prompt. */
export function registerPicker(app: FastifyInstance, deps: LoginRoutesDeps): void {
  registerStep(app, deps, '/u/organization-picker', { show: (step) => showPicker(step), submit: submitPicker });
  registerStep(app, deps, '/u/organization', {
    show: (step) => (mayPrompt(step) ? showPrompt(step, '', []) : goOn(step.request, step.reply, step.deps, step)),
    submit: (step) => (mayPrompt(step) ? submitPrompt(step) : goOn(step.request, step.reply, step.deps, step)),
  });
}
