/**
 * `/tickets/password-change` and `/tickets/email-verification`: links that the caller delivers to a person. A link
 * contains a sealed ticket with a random secret. The database has only the secret's hash, so nobody can make a working
 * link from it.
 */

import { mailBrandOf } from '../../domain/look/brand.js';
import { type KnownFacts, toMailFacts } from '../../domain/mail/mail-facts.js';
import type { PasswordVoucher } from '../../domain/people/account.js';
import { type Email, parseEmail } from '../../domain/people/email.js';
import type { Organization } from '../../domain/tenant.js';
import { ticketContext } from '../../domain/ticket.js';
import { addSeconds } from '../../kernel/clock.js';
import { hashSecret, newSecret } from '../../kernel/ids.js';
import { sealToken } from '../../kernel/seal.js';
import type { NewTicket, UserRecord } from '../../ports/directory/users.js';
import type { OutgoingMail } from '../../ports/mailer.js';
import type { ManagementDeps } from '../api/deps.js';
import { badBody, noConnection, noOrganization, notSupported, noUser } from '../api/errors.js';
import { toJson } from '../api/fields.js';
import type { Call, Operation, Reply } from '../api/operation.js';
import { checkAccounts } from '../api/operators.js';
import { replyOf } from '../api/wire.js';
import { PROFILE_FIELDS } from './fields.js';

interface TicketBody {
  readonly user_id?: string;
  readonly connection_id?: string;
  readonly email?: string;
  readonly client_id?: string;
  readonly organization_id?: string;
  readonly result_url?: string;
  readonly ttl_sec?: number;
  readonly mark_email_as_verified?: boolean;
}

/** Lifetime of a ticket in seconds when the request names none: five days, as on Auth0. */
const DEFAULT_TTL = 432_000;
const MAX_TTL = 2_592_000;
/** Stored for a user without an address; only a ticket for a second factor can have it. */
const NO_EMAIL = '' as Email;
const PATHS: Readonly<Record<NewTicket['purpose'], string>> = {
  password: '/u/reset-password',
  verify_email: '/u/verify-email',
  enrollment: '/u/enroll-factor',
};

async function checkReferences(call: Call, body: TicketBody): Promise<void> {
  if (body.client_id !== undefined && (await call.directory.clients.find(body.client_id)) === undefined) {
    throw badBody('The specified client_id does not exist.');
  }
  if (
    body.organization_id !== undefined &&
    (await call.directory.organizations.find(body.organization_id)) === undefined
  ) {
    throw noOrganization();
  }
  if ((body.ttl_sec ?? 0) > MAX_TTL) throw badBody(`ttl_sec takes at most ${MAX_TTL}.`);
}

async function getPasswordUser(call: Call, body: TicketBody): Promise<{ user: UserRecord; connectionId: string }> {
  const { users, connections } = call.directory;
  if (body.user_id !== undefined) {
    const user = await users.find(body.user_id);
    if (user === undefined) throw noUser();
    const own = user.identities.find((identity) => identity.strategy === 'auth0' && identity.status === 'bound');
    if (own === undefined) throw notSupported('The user has no password: he signs in at an identity provider.');
    return { user, connectionId: own.connectionId };
  }
  if (body.connection_id === undefined || body.email === undefined)
    throw badBody('Give user_id, or connection_id and email.');
  if ((await connections.find(body.connection_id)) === undefined) throw noConnection();
  const userId = await users.findPasswordUser(body.connection_id, parseEmail(body.email) ?? '');
  const user = userId === undefined ? undefined : await users.find(userId);
  if (user === undefined) throw noUser();
  return { user, connectionId: body.connection_id };
}

interface LinkFor
  extends Pick<NewTicket, 'purpose' | 'resultUrl'>,
    Partial<
      Pick<NewTicket, 'connectionId' | 'clientId' | 'organizationId' | 'vouches' | 'passwordVouchedBy' | 'enrollment'>
    > {
  readonly user: UserRecord;
  /** Lifetime in seconds. */
  readonly seconds: number;
}

interface Issued {
  /** The sealed ticket, as the link has it. */
  readonly ticket: string;
  readonly url: string;
  readonly expiresAt: Date;
}

/** Stores a ticket, and returns its link. Only the link has the secret. */
export async function issueLink(
  deps: Pick<ManagementDeps, 'entropy' | 'origin' | 'ticketBox'>,
  call: Pick<Call, 'directory' | 'now'>,
  { user, seconds, purpose, ...more }: LinkFor,
): Promise<Issued> {
  const expiresAt = addSeconds(call.now, seconds);
  const random = newSecret(deps.entropy);
  await call.directory.users.createTicket({
    ...{ connectionId: undefined, clientId: undefined, organizationId: undefined, vouches: undefined },
    ...{ passwordVouchedBy: undefined, ...more, purpose },
    userId: user.userId,
    ticketHash: hashSecret(random),
    email: parseEmail(user.email) ?? NO_EMAIL,
    createdAt: call.now,
    expiresAt,
  });
  const ticket = sealToken(deps.ticketBox, { u: user.userId, r: random }, ticketContext(purpose));
  const url = new URL(PATHS[purpose], deps.origin);
  url.searchParams.set('ticket', ticket);
  return { ticket, url: url.href, expiresAt };
}

interface TicketFor {
  readonly purpose: NewTicket['purpose'];
  readonly user: UserRecord;
  readonly connectionId: string | undefined;
  readonly body: TicketBody;
  /**
   * The voucher for the address when the link is opened. `mail` only if this server mails the link: a caller who was
   * shown the link can open it without the mailbox.
   */
  readonly vouches: 'mail' | 'operator' | undefined;
  readonly passwordVouchedBy?: PasswordVoucher | undefined;
}

async function issue(
  deps: ManagementDeps,
  call: Call,
  { purpose, user, connectionId, body, vouches, passwordVouchedBy }: TicketFor,
) {
  const email = parseEmail(user.email);
  if (email === undefined) throw badBody('The user has no address.');
  const link = await issueLink(deps, call, {
    ...{ purpose, user, connectionId, vouches, passwordVouchedBy, seconds: body.ttl_sec || DEFAULT_TTL },
    clientId: body.client_id,
    organizationId: body.organization_id,
    resultUrl: body.result_url,
  });
  return { ...link, email };
}

const toReply = ({ url }: Pick<Issued, 'url'>, user: UserRecord): Reply => ({
  body: { ticket: url },
  log: { userId: user.userId },
});

/**
 * Returns the mail with which a user confirms their address, if the request asks for it (`verify_email: true`) and it
 * is not confirmed yet. Creates the ticket; the caller puts the mail into its reply. Throws 400 for a user without an
 * address.
 */
export async function askToVerify(
  deps: ManagementDeps,
  call: Call,
  user: UserRecord,
): Promise<{ readonly mail?: readonly OutgoingMail[] }> {
  if ((call.body as { verify_email?: boolean }).verify_email !== true || user.emailVerified) return {};
  return { mail: [await writeVerification(deps, call, user, {})] };
}

/**
 * Returns the target page from the tenant's own mail template, if it is a plain web address. Liquid in it is not
 * evaluated.
 */
export function toResultUrl(text: string | null | undefined): string | undefined {
  return typeof text === 'string' && /^https?:\/\/[^\s{}]+$/.test(text) && URL.canParse(text) ? text : undefined;
}

interface VerificationFor extends Pick<KnownFacts, 'client'> {
  readonly organization?: Organization | undefined;
  /** The mail's id; a random one by default. */
  readonly id?: string;
}

/**
 * Creates a ticket and returns the mail with its link, which proves the address of `user`. Throws 400 for a user
 * without an address.
 */
export async function writeVerification(
  deps: ManagementDeps,
  call: Call,
  user: UserRecord,
  { client, organization, id = newSecret(deps.entropy) }: VerificationFor,
): Promise<OutgoingMail> {
  const words = await call.directory.emails.findWords('verify_email');
  const own = words?.enabled ? words : undefined;
  const resultUrl = toResultUrl(own?.resultUrl);
  const lifetime = Math.floor(own?.urlLifetimeSeconds ?? 0);
  const body: TicketBody = {
    ...(lifetime > 0 && { ttl_sec: Math.min(lifetime, MAX_TTL) }),
    ...(resultUrl !== undefined && { result_url: resultUrl }),
    ...(client && { client_id: client.clientId }),
    ...(organization && { organization_id: organization.id }),
  };
  const ticket = { purpose: 'verify_email', user, connectionId: undefined, body, vouches: 'mail' } as const;
  const { url, email, expiresAt } = await issue(deps, call, ticket);
  const brand = mailBrandOf({ tenant: await call.directory.tenant.getSettings(), organization }, deps.origin);
  const { profile, userId, userMetadata } = user;
  const shown = { user_id: userId, ...toJson(PROFILE_FIELDS, profile), user_metadata: userMetadata };
  const facts = toMailFacts({ client, organization, user: shown });
  const model = { brand, url, expiresAt: expiresAt.toISOString(), facts };
  return { id, to: email, template: 'verify_email', model };
}

async function passwordTicket(deps: ManagementDeps, call: Call): Promise<Reply> {
  const body = call.body as TicketBody;
  await checkReferences(call, body);
  const { user, connectionId } = await getPasswordUser(call, body);
  // Linked accounts may be in two databases. So the request may name the address of one, while the user that was found
  // is an operator with another address.
  await checkAccounts(deps, call, [user.userId]);
  const vouches = body.mark_email_as_verified === true ? ('operator' as const) : undefined;
  // The caller sees the link and could open it. So a password set with it has a voucher only if the caller may set
  // passwords anyway.
  const passwordVouchedBy = call.caller.scopes.has('update:users') ? ('operator' as const) : undefined;
  const ticket = { purpose: 'password', user, connectionId, body, vouches, passwordVouchedBy } as const;
  return toReply(await issue(deps, call, ticket), user);
}

async function verificationTicket(deps: ManagementDeps, call: Call): Promise<Reply> {
  const body = call.body as TicketBody;
  await checkReferences(call, body);
  const user = await call.directory.users.find(body.user_id ?? '');
  if (user === undefined) throw noUser();
  const ticket = { purpose: 'verify_email', user, connectionId: undefined, body, vouches: 'operator' } as const;
  return toReply(await issue(deps, call, ticket), user);
}

/** Returns the operations on `/tickets`: links for a new password or for proving an address. */
export function ticketOperations(deps: ManagementDeps): Operation[] {
  const reply = replyOf({ ticket: 'string' });
  return [
    {
      method: 'post',
      path: '/tickets/password-change',
      summary: 'Create a link for setting a password',
      status: 201,
      reply,
      refusals: [404],
      run: (call) => passwordTicket(deps, call),
    },
    {
      method: 'post',
      path: '/tickets/email-verification',
      summary: 'Create a link for verifying an address',
      status: 201,
      reply,
      refusals: [404],
      run: (call) => verificationTicket(deps, call),
    },
  ];
}
