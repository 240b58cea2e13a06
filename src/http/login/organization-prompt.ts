/**
 * The page that asks for the organization before the sign-in (`pre_login_prompt`). The person types its name, or an
 * address in one of its verified domains. Never tells which people an organization has.
 */
import type { FastifyInstance, FastifyReply } from 'fastify';
import { brandOf } from '../../domain/look/brand.js';
import { emailDomain, parseEmail } from '../../domain/people/email.js';
import type { Organization, OrganizationDiscoveryMethod } from '../../domain/tenant.js';
import { MESSAGES, type Said } from '../pages/speech.js';
import type { LoginRoutesDeps } from './deps.js';
import { goOn, needsOrganizationPrompt } from './flow.js';
import { findOfferedTitle, followOffer } from './open-invitation.js';
import { answerBySession } from './proof/by-session.js';
import { findIdentified, registerStep, type Step, speechPlaceOf } from './step.js';
import { pageUrl } from './urls.js';

/**
 * True when the client lets people identify their organization by `method` (Auth0's `organization_discovery_methods`).
 */
function takes({ identified }: Step, method: OrganizationDiscoveryMethod): boolean {
  return identified.client.organizationDiscoveryMethods?.includes(method) ?? true;
}

const byEmail = (step: Step): boolean => takes(step, 'email') && !takes(step, 'organization_name');

async function showPrompt(step: Step, value: string, message?: Said): Promise<FastifyReply> {
  const { identified, transaction, deps, reply } = step;
  return deps.sendPage(
    reply,
    {
      page: 'organization-prompt',
      brand: brandOf({ ...identified, organization: undefined }, deps.origin),
      action: pageUrl('/u/organization', transaction.id),
      errors: message === undefined ? [] : [{ field: 'organization', message }],
      value,
      byEmail: byEmail(step),
      applicationName: identified.client.name,
      invitedTo: await findOfferedTitle(step),
    },
    speechPlaceOf(step),
    message === undefined ? 200 : 400,
  );
}

/**
 * Finds the organization by its name or by an address. An address counts only if exactly one organization has verified
 * its domain for discovery. Never looks up the whole address: nobody may learn here whether an account exists (account
 * enumeration).
 */
async function findPrompted(step: Step, value: string): Promise<Organization | undefined> {
  const { reads } = step.deps.pipeline;
  const email = takes(step, 'email') ? parseEmail(value) : undefined;
  if (email !== undefined) {
    const found = await reads.findOrganizationsByDomain(emailDomain(email));
    return found.length === 1 ? found[0] : undefined;
  }
  return value !== '' && takes(step, 'organization_name') ? reads.findOrganization(value.toLowerCase()) : undefined;
}

function unknownOrganization(step: Step, value: string): Said {
  if (!byEmail(step)) return MESSAGES.organizationUnknown;
  return parseEmail(value) === undefined ? MESSAGES.addressInvalid : MESSAGES.addressOfNobody;
}

async function submitPrompt(step: Step): Promise<FastifyReply> {
  const { request, reply, deps } = step;
  const value = (step.fields.organization ?? '').trim();
  if (step.fields.action === 'invitation') return (await followOffer(step)) ?? showPrompt(step, value);
  const organization = await findPrompted(step, value);
  if (organization === undefined) return showPrompt(step, value, unknownOrganization(step, value));
  const username = parseEmail(value);
  const transaction = {
    ...step.transaction,
    organizationId: organization.id,
    ...(username !== undefined && { username }),
  };
  const identified = await findIdentified(request, reply, deps, transaction);
  if (identified === undefined) return reply;
  if (await answerBySession(request, reply, deps, { transaction, identified, typed: username })) return reply;
  return goOn(request, reply, deps, { transaction, identified });
}

/**
 * True when the organization of this login may be chosen at the prompt. Attack: anybody can post to the page, to
 * replace an organization that the application named, or left out on purpose.
 */
function mayPrompt({ transaction, identified }: Step): boolean {
  const unnamed = transaction.request.organization === undefined;
  return unnamed && needsOrganizationPrompt({ ...identified, organization: undefined });
}

/** Returns the application's `login_hint`, if the prompt asks for an address. */
function hinted(step: Step): string {
  return byEmail(step) ? (step.transaction.request.loginHint ?? '') : '';
}

/** Registers GET and POST /u/organization. */
export function registerOrganizationPrompt(app: FastifyInstance, deps: LoginRoutesDeps): void {
  registerStep(app, deps, '/u/organization', {
    show: (step) =>
      mayPrompt(step) ? showPrompt(step, hinted(step)) : goOn(step.request, step.reply, step.deps, step),
    submit: (step) => (mayPrompt(step) ? submitPrompt(step) : goOn(step.request, step.reply, step.deps, step)),
  });
}
