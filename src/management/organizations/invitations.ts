/**
 * `/organizations/{id}/invitations`. A ticket is stored as a hash, and also sealed, so that the link can be shown
 * again. The link in the mail also contains a seal that no answer shows: it proves that its user read the mail. It
 * leads through this server to the address that answers show, so that the sign-in page can offer the invitation. A link
 * that a machine client delivers has another seal, which only the answer to the creation shows. Accepted invitations
 * are not listed; only the commit of a login consumes one.
 */

import { type MailLook, mailBrandOf } from '../../domain/look/brand.js';
import { toMailFacts } from '../../domain/mail/mail-facts.js';
import { parseEmail } from '../../domain/people/email.js';
import { toInvitationUrl, toMailedLink } from '../../domain/people/invitation-link.js';
import { type Client, isEnterprise, type Organization, organizationTitle } from '../../domain/tenant.js';
import { type LinkCarrier, toSealedTicket } from '../../domain/ticket.js';
import { assert } from '../../kernel/assert.js';
import { addSeconds } from '../../kernel/clock.js';
import { newId, newSecret, randomAlphanumeric } from '../../kernel/ids.js';
import type { InvitationRecord } from '../../ports/directory/invitations.js';
import type { OrganizationRecord } from '../../ports/directory/organizations.js';
import type { OutgoingMail } from '../../ports/mailer.js';
import type { ManagementDeps } from '../api/deps.js';
import { badBody, badQuery, noInvitation } from '../api/errors.js';
import type { Call, Operation, Reply, Wire } from '../api/operation.js';
import { parseDescending } from '../api/paging.js';
import { ANY_OBJECT, listOf, replyOf, viewOf } from '../api/wire.js';
import { checkStrategy } from '../connections/connection-options.js';
import { toIdentityUserId } from '../users/user-wire.js';
import { checkRolesExist } from './member-roles.js';
import { getOrganization } from './organization-of-path.js';

type InvitationDeps = Pick<ManagementDeps, 'ticketBox' | 'entropy' | 'strategies' | 'origin'>;

interface InvitationBody {
  readonly inviter: { readonly name: string };
  readonly invitee: { readonly email: string };
  readonly client_id: string;
  readonly connection_id?: string;
  readonly roles?: readonly string[];
  readonly ttl_sec?: number;
  readonly send_invitation_email?: boolean;
  readonly app_metadata?: Wire;
  readonly user_metadata?: Wire;
}

/** Lifetime in seconds when `ttl_sec` is missing or 0: seven days. */
const DEFAULT_TTL = 604_800;
const TICKET_LENGTH = 32;
const NO_LOGIN_ROUTE =
  'A default login route is required to generate the invitation url. For more information, see https://auth0.com/docs/universal-login/configure-default-login-routes';

async function findLoginRoute(call: Pick<Call, 'directory'>, clientId: string): Promise<string | undefined> {
  const client = await call.directory.clients.find(clientId);
  return client?.initiateLoginUri || (await call.directory.tenant.getSettings()).defaultRedirectionUri || undefined;
}

interface ShownInvitation extends InvitationRecord {
  readonly url: string | undefined;
  /** Set only in the answer to the creation of the invitation. */
  readonly boundMember?: Wire | undefined;
}

const INVITATION = viewOf<ShownInvitation>({
  id: ['string', ({ id }) => id],
  organization_id: ['string', ({ organizationId }) => organizationId],
  inviter: [replyOf({ name: 'string' }), ({ inviterName }) => ({ name: inviterName })],
  invitee: [replyOf({ email: 'string' }), ({ inviteeEmail }) => ({ email: inviteeEmail })],
  'invitation_url?': ['string', ({ url }) => url],
  created_at: ['string', ({ createdAt }) => createdAt.toISOString()],
  expires_at: ['string', ({ expiresAt }) => expiresAt.toISOString()],
  client_id: ['string', ({ clientId }) => clientId],
  'connection_id?': ['string', ({ connectionId }) => connectionId],
  'roles?': [listOf('string'), ({ roles }) => (roles.length > 0 ? roles : undefined)],
  'app_metadata?': [ANY_OBJECT, ({ appMetadata }) => appMetadata],
  'user_metadata?': [ANY_OBJECT, ({ userMetadata }) => userMetadata],
  ticket_id: ['string', ({ ticket }) => ticket],
  'opened?': [
    replyOf({ times: 'integer', first_at: 'string', last_at: 'string' }),
    ({ opened: { times, firstAt, lastAt } }) =>
      times === 0 ? undefined : { times, first_at: firstAt?.toISOString(), last_at: lastAt?.toISOString() },
  ],
  'came_without?': [
    replyOf({ times: 'integer', last_at: 'string' }),
    ({ cameWithout: { times, lastAt } }) => (times === 0 ? undefined : { times, last_at: lastAt?.toISOString() }),
  ],
  'existing_member?': [
    replyOf({ user_id: 'string', bound: 'boolean', connection: 'string', remedy: 'string' }),
    ({ boundMember }) => boundMember,
  ],
});

/** Returns an invitation in the form of the Management API, without a seal in its link. */
export const toInvitationWire = (
  call: Pick<Call, 'directory'>,
  organization: OrganizationRecord,
  invitation: InvitationRecord,
): Promise<Wire> => toWire(call, organization, invitation);

/**
 * Converts an invitation for an answer. `link`: the ticket with a seal, for a caller who delivers the link themselves.
 */
async function toWire(
  call: Pick<Call, 'directory'>,
  organization: OrganizationRecord,
  invitation: InvitationRecord,
  link: string = invitation.ticket,
  boundMember?: Wire,
): Promise<Wire> {
  const route = await findLoginRoute(call, invitation.clientId);
  return INVITATION.show({ ...invitation, url: toInvitationUrl(route, organization, link), boundMember });
}

async function checkReferences(
  deps: InvitationDeps,
  call: Call,
  organization: Organization,
  body: InvitationBody,
): Promise<Client> {
  const client = await call.directory.clients.find(body.client_id);
  if (client === undefined) throw badBody('The specified client_id does not exist.');
  if (client.organizationUsage === 'deny') {
    throw badBody(`The specified client_id (${client.clientId}) does not allow organizations.`);
  }
  if (body.connection_id !== undefined) {
    if ((await call.directory.connections.find(body.connection_id)) === undefined) {
      throw badBody('The specified connection does not exist.');
    }
    const enablement = await call.directory.organizations.findEnablement(organization.id, body.connection_id);
    if (!enablement?.isEnabled) throw badBody('The specified connection is not enabled for the organization.');
    checkStrategy(deps, enablement.strategy);
  }
  await checkRolesExist(call, body.roles ?? []);
  return client;
}

function toMail(
  deps: InvitationDeps,
  invitation: InvitationRecord,
  brand: MailLook,
  organization: Organization,
  client: Client,
  url: string,
): OutgoingMail {
  return {
    id: newSecret(deps.entropy),
    to: invitation.inviteeEmail,
    template: 'invitation',
    model: {
      brand,
      inviterName: invitation.inviterName,
      organizationTitle: organizationTitle(organization),
      applicationName: client.name,
      url,
      expiresAt: invitation.expiresAt.toISOString(),
      facts: toMailFacts({ client, organization }),
    },
  };
}

/**
 * Returns the member who already has the invited address, with an identity at a company's connection. If the company's
 * IT recreated their account, they come with another subject, and the invitation would give them a second account
 * beside the old one. An addition: Auth0 does not tell.
 */
async function findBoundMember(call: Call, { organizationId, inviteeEmail, connectionId }: InvitationRecord) {
  for (const user of await call.directory.users.listByEmail(inviteeEmail)) {
    const bound = user.identities.find(
      (identity) =>
        identity.status === 'bound' &&
        isEnterprise(identity.strategy) &&
        (connectionId === undefined || identity.connectionId === connectionId),
    );
    if (bound === undefined || (await call.directory.members.find(organizationId, user.userId)) === undefined) continue;
    const path = `/api/v2/users/${encodeURIComponent(user.userId)}/identities/${bound.strategy}/${encodeURIComponent(toIdentityUserId(bound))}/move`;
    return {
      user_id: user.userId,
      bound: true,
      connection: bound.connectionName,
      remedy:
        `${inviteeEmail} is a member already, and signs in at ${bound.connectionName}. If their company gave them a new account there, ` +
        `do not have them accept: move their membership with POST ${path}.`,
    };
  }
  return undefined;
}

/**
 * Returns who vouches for the invited address when this server sends no mail, and the caller delivers the link. Attack:
 * an operator who may invite opens the link for somebody else's address. So a person gets a link without a seal, and
 * the invited address must be proved by a mailed code. A machine client delivers for its organization. A command of
 * this server vouches as the operator.
 */
function carrierFor({ clientId, person }: Call['caller']): Exclude<LinkCarrier, 'mail'> | undefined {
  if (clientId === '') return 'operator';
  return person === undefined ? 'application' : undefined;
}

async function create(deps: InvitationDeps, call: Call): Promise<Reply> {
  const organization = await getOrganization(call);
  const body = call.body as InvitationBody;
  const client = await checkReferences(deps, call, organization, body);
  const inviteeEmail = parseEmail(body.invitee.email);
  assert(inviteeEmail, 'the schema checked the address');
  const invitation: InvitationRecord = {
    id: newId(deps.entropy, 'uinv'),
    organizationId: organization.id,
    clientId: client.clientId,
    connectionId: body.connection_id,
    inviterName: body.inviter.name,
    inviteeEmail,
    roles: [...new Set(body.roles ?? [])],
    appMetadata: body.app_metadata,
    userMetadata: body.user_metadata,
    ticket: randomAlphanumeric(deps.entropy, TICKET_LENGTH),
    createdAt: call.now,
    invitedBy: call.caller.memberOf === organization.id ? call.caller.subject : undefined,
    expiresAt: addSeconds(call.now, body.ttl_sec || DEFAULT_TTL),
    consumedAt: undefined,
    opened: { times: 0, firstAt: undefined, lastAt: undefined },
    cameWithout: { times: 0, lastAt: undefined },
  };
  const mailed = toSealedTicket(deps.ticketBox, 'mail', invitation.ticket);
  if (toInvitationUrl(await findLoginRoute(call, client.clientId), organization, mailed) === undefined)
    throw badBody(NO_LOGIN_ROUTE);
  await call.directory.invitations.create(invitation);
  const brand = mailBrandOf({ organization, tenant: await call.directory.tenant.getSettings() }, deps.origin);
  const isMailed = body.send_invitation_email !== false;
  const mailedLink = toMailedLink(deps.origin, mailed);
  const mail = isMailed ? [toMail(deps, invitation, brand, organization, client, mailedLink)] : [];
  const carrier = isMailed ? undefined : carrierFor(call.caller);
  const link = carrier && toSealedTicket(deps.ticketBox, carrier, invitation.ticket);
  const member = await findBoundMember(call, invitation);
  return { body: await toWire(call, organization, invitation, link, member), mail };
}

async function list(call: Call): Promise<Reply> {
  const organization = await getOrganization(call);
  const startsWith = call.query.starts_with as string | undefined;
  // With `starts_with`, the list must be sorted by address: addresses with the same beginning are then adjacent, and a
  // database index finds them.
  if (startsWith !== undefined && call.query.sort !== undefined)
    throw badQuery("Query validation error: 'With starts_with the list is sorted by the address' on property sort.");
  const descending = startsWith === undefined && (parseDescending(call.query.sort, 'created_at') ?? true);
  const request = { ...call.paging.request, descending };
  const page = await call.directory.invitations.list(organization.id, request, { startsWith });
  const items = await Promise.all(page.items.map((invitation) => toWire(call, organization, invitation)));
  return { page: { ...page, items } };
}

/** Returns the operations on `/organizations/{id}/invitations`. */
export function invitationOperations(deps: InvitationDeps): Operation[] {
  const path = '/organizations/{id}/invitations';
  const invitationId = (call: Call) => call.params.invitation_id ?? '';
  return [
    {
      method: 'get',
      path,
      summary: 'List the invitations of an organization',
      reply: INVITATION.schema,
      list: { key: 'invitations', checkpoint: false, totals: 'without-total' },
      fields: true,
      refusals: [404],
      run: list,
    },
    // Auth0's service answers 201, although its document says 200.
    {
      method: 'post',
      path,
      summary: 'Invite somebody to an organization',
      status: 201,
      reply: INVITATION.schema,
      refusals: [404],
      run: (call) => create(deps, call),
    },
    {
      method: 'get',
      path: `${path}/{invitation_id}`,
      summary: 'Get an invitation',
      reply: INVITATION.schema,
      fields: true,
      refusals: [404],
      async run(call) {
        const organization = await getOrganization(call);
        const invitation = await call.directory.invitations.find(organization.id, invitationId(call));
        if (invitation === undefined) throw noInvitation();
        return { body: await toWire(call, organization, invitation) };
      },
    },
    {
      method: 'delete',
      path: `${path}/{invitation_id}`,
      summary: 'Withdraw an invitation',
      refusals: [404],
      async run(call) {
        const organization = await getOrganization(call);
        if (!(await call.directory.invitations.delete(organization.id, invitationId(call)))) throw noInvitation();
        return {};
      },
    },
  ];
}
