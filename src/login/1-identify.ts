/**
 * Step 1: which client, organization and connections does the request name? Reads only, and does not look at the
 * person's identity. The error texts are those that Auth0 sends to an application's callback URL when a login names an
 * organization.
 */

import type { AuthorizationRequest } from '../domain/authorization-request.js';
import { isLive } from '../domain/people/account.js';
import { isClosedToApplication } from '../domain/tenant.js';
import type { LoginReads, LoginTarget } from '../ports/login-store.js';
import { type Refusal, refuse } from './refusals.js';
import type { Identified } from './stages.js';
import type { Trace } from './trace.js';

/** True for a value that can only be an id: names never begin with `org_`, so the two cannot collide. */
export function looksLikeOrganizationId(value: string): boolean {
  return value.startsWith('org_');
}

export interface IdentifyInput {
  readonly at: Date;
  readonly request: AuthorizationRequest;
  /** The organization that the person named at the organization prompt, if the request names none. */
  readonly organizationId: string | undefined;
  /** Id of the connection that the person signs in with, when they choose the organization only afterwards. */
  readonly homeRealm?: string | undefined;
}

/**
 * The form of Auth0's organization ids. Used only if no organization has the requested id, to choose the text of the
 * error.
 */
const ORGANIZATION_ID = /^org_[A-Za-z0-9]{16}$/;
const ORGANIZATION_NAME = { most: 50, syntax: /^[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?$/i };

/** Refuses an unknown organization. A value that cannot be an id or a name gets an error of its own, as on Auth0. */
function refuseUnknown(wanted: string): Refusal {
  const detail = `no organization "${wanted}"`;
  if (looksLikeOrganizationId(wanted))
    return refuse(
      ORGANIZATION_ID.test(wanted) ? 'identify.unknown_organization' : 'identify.organization_not_an_id',
      detail,
    );
  if (wanted.length > ORGANIZATION_NAME.most)
    return refuse('identify.organization_name', detail, { problem: 'name must have between 1 and 50 characters' });
  if (!ORGANIZATION_NAME.syntax.test(wanted))
    return refuse('identify.organization_name', detail, {
      problem: 'must only contain lowercase letters, digits, dashes and underscores',
    });
  return refuse('identify.unknown_organization', detail);
}

function checkOrganizationUsage(target: LoginTarget, input: IdentifyInput): Refusal | undefined {
  const { client, tenant, organization } = target;
  const asked = input.request.organization;
  const wanted = input.organizationId ?? asked;
  // Attack: a client that ignores organizations knows people by address, so any organization's IdP signs in anybody.
  if (wanted !== undefined && client.organizationUsage === 'deny')
    return refuse('identify.organization_not_allowed', `organization_usage is deny`);
  if (asked !== undefined) {
    if (!looksLikeOrganizationId(asked) && !tenant.allowOrganizationName) {
      return refuse(
        'identify.organization_not_an_id',
        'names are not allowed by the tenant setting allow_organization_name_in_authentication_api',
      );
    }
  }
  if (wanted !== undefined && organization === undefined) return refuseUnknown(wanted);
  if (organization?.blocked) return refuse('identify.organization_blocked', organization.id);
  // Attack: an organization that is to be entered through some applications is entered through another of the tenant.
  if (organization && isClosedToApplication(organization, client.clientId))
    return refuse(
      'identify.application_not_entitled',
      `${client.clientId} is not an application of ${organization.id}`,
    );
  return undefined;
}

/**
 * Checks the callback URL again: an operator may have removed it from the client during the login. Stops open redirects
 * and theft of authorization codes.
 */
function checkCallback({ client }: LoginTarget, { request }: IdentifyInput): Refusal | undefined {
  if (client.callbacks.includes(request.redirectUri)) return undefined;
  return refuse('identify.callback_mismatch', `${request.redirectUri} is not in the list of allowed callback URLs`);
}

/**
 * Checks that an invitation's ticket came with its organization, was made for this client, and is neither used nor
 * expired. The application gets the same text for each failure; only the log has the reason.
 */
function checkInvitation(target: LoginTarget, input: IdentifyInput): Refusal | undefined {
  const no = (detail: string) => refuse('identify.invitation_not_found', detail);
  if (input.request.invitation === undefined) return undefined;
  const { invitation, organization, client } = target;
  if (organization === undefined) return no('invitation without organization');
  if (invitation === undefined) return no('no such ticket in this organization');
  if (invitation.clientId !== client.clientId) return no(`the ticket was made for the client ${invitation.clientId}`);
  if (isLive(invitation, input.at)) return undefined;
  const { consumedAt, expiresAt } = invitation;
  return no(consumedAt ? `used at ${consumedAt.toISOString()}` : `expired at ${expiresAt.toISOString()}`);
}

/**
 * Returns the key to look an organization up by: ids exactly, names without regard to case, as Auth0's SDKs do
 * (auth0-auth-js, organization claim check).
 */
function organizationKey(asked: string): string {
  return looksLikeOrganizationId(asked) ? asked : asked.toLowerCase();
}

/**
 * Reads client, organization, connections and invitation of an authorization request in one round trip; undefined for
 * an unknown client.
 */
export function findTarget(
  input: IdentifyInput,
  reads: Pick<LoginReads, 'findTarget'>,
): Promise<LoginTarget | undefined> {
  const { request } = input;
  const asked = request.organization;
  const wanted = input.organizationId ?? (asked === undefined ? undefined : organizationKey(asked));
  return reads.findTarget({
    clientId: request.clientId,
    ...(wanted !== undefined && { organization: wanted }),
    ...(request.invitation !== undefined && { invitationTicket: request.invitation }),
    ...(request.audience !== undefined && { audience: request.audience }),
    ...(input.homeRealm !== undefined && { homeRealm: input.homeRealm }),
  });
}

/**
 * Checks that client, organization, connections and invitation fit together. Does not check whether the client
 * *requires* an organization: the person may still be asked for one (see {@link checkOrganizationChosen}).
 */
export function checkTarget(target: LoginTarget, input: IdentifyInput, trace: Trace): Identified | Refusal {
  const { organization, invitation } = target;
  trace.about({ organizationId: organization?.id, invitation, email: invitation?.inviteeEmail });
  const refusal =
    checkCallback(target, input) ?? checkOrganizationUsage(target, input) ?? checkInvitation(target, input);
  if (refusal) {
    trace.add('identify', refusal.code.replace('identify.', ''), 'refuse', {
      detail: refusal.detail,
      ...(invitation && { invitation: invitation.id, invitee: invitation.inviteeEmail }),
    });
    return refusal;
  }
  if (organization !== undefined && target.connections.length === 0) {
    trace.add('identify', 'no_connections', 'refuse', { organization: organization.id });
    return refuse('identify.no_connections', organization.id);
  }
  trace.add('identify', 'target', 'pass', {
    client: target.client.name,
    ...(organization && { organization: organization.name }),
    ...(invitation && { invitation: invitation.id }),
  });
  return target;
}

/** Runs the whole of step 1: finds the login's target and checks it. */
export async function identify(
  input: IdentifyInput,
  reads: Pick<LoginReads, 'findTarget'>,
  trace: Trace,
): Promise<Identified | Refusal> {
  const target = await findTarget(input, reads);
  if (target === undefined) {
    trace.add('identify', 'client', 'refuse', { client_id: input.request.clientId });
    return refuse('identify.unknown_client', input.request.clientId);
  }
  return checkTarget(target, input, trace);
}

/**
 * Refuses a login without an organization at a client with `organization_usage` = `require`, once the person can no
 * longer be asked.
 */
export function checkOrganizationChosen(identified: Identified): Refusal | undefined {
  if (identified.organization === undefined && identified.client.organizationUsage === 'require') {
    return refuse('identify.organization_required', 'organization_usage is require');
  }
  return undefined;
}
