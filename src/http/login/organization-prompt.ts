/**
 * The prompt for an organization before anything else (`pre_login_prompt`): by its name, or by an address in a domain that it has proved.
 * Tells nobody which people an organization has.
 */
import type { FastifyInstance, FastifyReply } from 'fastify';
import { emailDomain, parseEmail } from '../../domain/email.js';
import type { Organization } from '../../domain/tenant.js';
import type { FieldError } from '../pages/models.js';
import { brandOf } from './brand.js';
import { answerBySession } from './by-session.js';
import type { LoginRoutesDeps } from './deps.js';
import { goOn, needsOrganizationPrompt } from './flow.js';
import { findIdentified, registerStep, type Step } from './step.js';
import { pageUrl } from './urls.js';

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
  if (identified === undefined) return reply;
  if (await answerBySession(request, reply, deps, { transaction, identified })) return reply;
  return goOn(request, reply, deps, { transaction, identified });
}

/**
 * Whether this login may name its organization at the prompt. The page has an address that anybody can post to: what the
 * application asked for, or left out on purpose, must not be replaced there.
 */
function mayPrompt({ transaction, identified }: Step): boolean {
  const unnamed = transaction.request.organization === undefined;
  return unnamed && needsOrganizationPrompt({ ...identified, organization: undefined });
}

/** GET and POST /u/organization. */
export function registerOrganizationPrompt(app: FastifyInstance, deps: LoginRoutesDeps): void {
  registerStep(app, deps, '/u/organization', {
    show: (step) => (mayPrompt(step) ? showPrompt(step, '', []) : goOn(step.request, step.reply, step.deps, step)),
    submit: (step) => (mayPrompt(step) ? submitPrompt(step) : goOn(step.request, step.reply, step.deps, step)),
  });
}
