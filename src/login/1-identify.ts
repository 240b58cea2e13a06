/**
 * Step 1: which client, which organization, over which connections? Reads only. The texts are Auth0's (errors sent to the callback of
 * organizations). Does not look at the person's identity.
 */

import type { AuthorizationRequest } from '../domain/authorization-request.js';
import { isLive } from '../domain/people/account.js';
import type { LoginReads, LoginTarget } from '../ports/login-store.js';
import { type Refusal, refuse } from './refusals.js';
import type { Identified } from './stages.js';
import type { Trace } from './trace.js';

/** True for a value that can only be an id: names match `^(?!org_)…`, so the two cannot collide. */
export function looksLikeOrganizationId(value: string): boolean {
  return value.startsWith('org_');
}

export interface IdentifyInput {
  readonly at: Date;
  readonly request: AuthorizationRequest;
  /** Chosen at a prompt, when the request names none. */
  readonly organizationId: string | undefined;
  /** Id of the connection over which the person signed in, where the organization is picked afterwards. */
  readonly homeRealm?: string | undefined;
}

/** The form of Auth0's ids: 16 letters and digits. Checked only for an id that our store does not have. */
const ORGANIZATION_ID = /^org_[A-Za-z0-9]{16}$/;
const ORGANIZATION_NAME = { most: 50, syntax: /^[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?$/i };

/** There is no such organization. If the value cannot be an id or a name at all, says why: Auth0 tells these cases apart. */
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
  // Refused wherever the organization came from. At a client that does not use organizations, an organization's IdP could otherwise speak
  // for everybody, if the application looks at addresses alone.
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
  return undefined;
}

/** Stops open redirects and theft of codes: a callback URL that was removed from the client during the login is not trusted any more. */
function checkCallback({ client }: LoginTarget, { request }: IdentifyInput): Refusal | undefined {
  if (client.callbacks.includes(request.redirectUri)) return undefined;
  return refuse('identify.callback_mismatch', `${request.redirectUri} is not in the list of allowed callback URLs`);
}

/**
 * An invitation ticket must come with its organization, belong to this client, and be live. The reason why it cannot be used is in the log
 * alone: the text is always the same.
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

/** Ids are compared exactly, names without regard to case, as Auth0's SDKs do (auth0-auth-js, organization claim check). */
function organizationKey(asked: string): string {
  return looksLikeOrganizationId(asked) ? asked : asked.toLowerCase();
}

/** Reads client, organization, connections and invitation of an authorization request; undefined for an unknown client. One round trip. */
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
 * Checks that client, organization, connections and invitation fit together. Does not ask whether the client *requires* an
 * organization: before the prompt that is not yet an error (see {@link checkOrganizationChosen}).
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

/** Step 1 whole: finds and checks. */
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

/** For clients with `organization_usage` = `require`, when the person can no longer be asked for the organization. */
export function checkOrganizationChosen(identified: Identified): Refusal | undefined {
  if (identified.organization === undefined && identified.client.organizationUsage === 'require') {
    return refuse('identify.organization_required', 'organization_usage is require');
  }
  return undefined;
}
