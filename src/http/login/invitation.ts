/**
 * The invitation page: shows the inviter, the organization and the application. Opening it does not use up the
 * invitation. If another person is signed in in this browser, it shows their address and offers to switch. Never uses
 * that session by itself, so an invitation opened in somebody else's browser stays usable.
 */
import type { FastifyInstance, FastifyReply } from 'fastify';
import { brandOf } from '../../domain/look/brand.js';
import { findInvitedCompany } from '../../login/home-realm.js';
import type { LoginRoutesDeps } from './deps.js';
import { goOn } from './flow.js';
import { registerStep, type Step, speechPlaceOf } from './step.js';
import { INVITATION_PATH, pageUrl } from './urls.js';

/** Returns the address of the person who is signed in in this browser, if they are not the invited person. */
async function findOtherPerson({ request, deps, identified }: Step): Promise<string | undefined> {
  const found = await deps.sessions.find(request);
  if (found === undefined) return undefined;
  const { userId, connectionId } = found.session;
  const account = await deps.pipeline.reads.findAccount({ userId, connectionId, organizationId: undefined });
  const email = account?.candidate.account.email ?? userId;
  return email === identified.invitation?.inviteeEmail ? undefined : email;
}

/**
 * Returns the title of the identity provider at which the invited person will sign in; undefined if they will use a
 * password.
 */
function connectionTitle({ identified, transaction }: Step): string | undefined {
  const { invitation } = identified;
  const used = invitation && findInvitedCompany(identified, invitation, transaction.request.connection);
  return used && (used.connection.displayName ?? used.connection.name);
}

async function show(step: Step): Promise<FastifyReply> {
  const { request, reply, deps, identified, transaction } = step;
  const { invitation, client } = identified;
  if (invitation === undefined) return goOn(request, reply, deps, step);
  return deps.sendPage(
    reply,
    {
      page: 'invitation',
      brand: brandOf(identified, deps.origin),
      action: pageUrl(INVITATION_PATH, transaction.id),
      errors: [],
      inviterName: invitation.inviterName,
      email: invitation.inviteeEmail,
      applicationName: client.name,
      expiresAt: invitation.expiresAt,
      connectionTitle: connectionTitle(step),
      signedInAs: await findOtherPerson(step),
    },
    speechPlaceOf(step),
  );
}

async function submit(step: Step): Promise<FastifyReply> {
  const { request, reply, deps, identified, fields } = step;
  if (fields.action === 'switch') await deps.sessions.end(request, reply);
  // Only an invitation that the page showed is accepted.
  const accepted = identified.invitation !== undefined && { invitationAccepted: true };
  return goOn(request, reply, deps, { transaction: { ...step.transaction, ...accepted }, identified });
}

/** Registers GET and POST /u/invitation. */
export function registerInvitation(app: FastifyInstance, deps: LoginRoutesDeps): void {
  registerStep(app, deps, INVITATION_PATH, { show, submit });
}
