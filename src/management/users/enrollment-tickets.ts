/**
 * `/guardian/enrollments/ticket`: a link with which a person sets up a second factor. The database has only the hash of
 * its secret. The link signs nobody in; src/management/my-account/changes.ts says what it permits.
 */
import { mailBrandOf } from '../../domain/look/brand.js';
import { toMailFacts } from '../../domain/mail/mail-facts.js';
import { ENROLLMENT_NAME } from '../../domain/mail/mail-template.js';
import { parseEmail } from '../../domain/people/email.js';
import { TICKET_KINDS, type TicketKind } from '../../domain/ticket.js';
import { FACTORS } from '../../facts/factors.js';
import { newSecret } from '../../kernel/ids.js';
import type { ManagementDeps } from '../api/deps.js';
import { badBody, notSupported, noUser } from '../api/errors.js';
import type { Call, Operation, Reply } from '../api/operation.js';
import { replyOf } from '../api/wire.js';
import { findPerson, type Person, ticketKinds } from '../my-account/person.js';
import { isEnrollment } from './authentication-method-wire.js';
import { issueLink, toResultUrl } from './tickets.js';

interface Body {
  readonly user_id: string;
  readonly email?: string;
  readonly send_mail?: boolean;
  readonly email_locale?: string;
  readonly factor?: keyof typeof ASKED;
  readonly allow_multiple_enrollments?: boolean;
}

/** Auth0's words for factors in a ticket, and the factors that they name here. */
const ASKED = {
  otp: 'otp',
  'webauthn-roaming': 'webauthn-roaming',
  'webauthn-platform': 'webauthn-platform',
  'push-notification': 'push-notification',
  phone: 'sms',
  email: 'email',
} as const;

/** Lifetime of a ticket in seconds: five days, as on Auth0. The tenant's own mail template can shorten it. */
const LIFETIME = 432_000;
/** Shortest lifetime that the template can give: a minute, because mail needs time to arrive. */
const LEAST_LIFETIME = 60;

/** Why a ticket sets up none of these factors, which this server has. */
const NEVER: Readonly<Partial<Record<keyof typeof ASKED, string>>> = {
  'webauthn-platform':
    'here this is a passkey, which also signs a person in. A ticket sets up none: people add one on their account page. Use otp or webauthn-roaming.',
  email:
    'a code by mail needs no enrollment where the address of the account is verified. A further address is added by POST /api/v2/users/{id}/authentication-methods. Use otp or webauthn-roaming.',
};

/** Throws 400 in words for a factor that no ticket sets up here. Undefined: the person chooses. */
function toKind(factor: Body['factor']): TicketKind | undefined {
  if (factor === undefined) return undefined;
  const facts = FACTORS[ASKED[factor]];
  if ('missing' in facts) throw notSupported(`${factor}: ${facts.missing}`);
  const kind = TICKET_KINDS.find((one) => one === factor);
  // Attack: a factor without a kind counts as none, and the link permits every kind.
  if (kind === undefined) throw notSupported(`${factor}: ${NEVER[factor] ?? 'a ticket sets up none.'}`);
  return kind;
}

/** Locks the person. Throws 404 `inexistent_user`, and 400 for a blocked one: their link could not be used. */
async function getPerson({ directory, now }: Call, userId: string): Promise<Person> {
  const person = await findPerson(directory, { userId, sessionId: undefined }, now, true);
  if (person !== undefined) return person;
  if ((await directory.users.find(userId)) === undefined) throw noUser();
  throw badBody('The user is blocked, and could not use the ticket. Unblock the user first.');
}

/** Throws 400 where the person could set up nothing with the ticket. */
function checkUseful(person: Person, kind: TicketKind | undefined, allowsMore: boolean): void {
  if (!allowsMore && person.factors.some(isEnrollment))
    throw badBody(
      'The user has a second factor already. Set allow_multiple_enrollments to true for another one, or remove the first.',
    );
  if (ticketKinds(person, kind).length > 0) return;
  throw badBody(
    kind === undefined
      ? 'No factor that a ticket could set up is enabled, or the user has them all. Enable otp or webauthn-roaming (PUT /api/v2/guardian/factors/otp).'
      : `factor: ${kind} is not enabled (PUT /api/v2/guardian/factors/${kind}), or the user has one already.`,
  );
}

async function createTicket(deps: ManagementDeps, call: Call): Promise<Reply> {
  const body = call.body as Body;
  const kind = toKind(body.factor);
  const person = await getPerson(call, body.user_id);
  const { user, revision } = person;
  checkUseful(person, kind, body.allow_multiple_enrollments === true);
  const to = parseEmail(body.email ?? user.email);
  if (body.send_mail === true && to === undefined) throw badBody('send_mail: the user has no address. Give email.');
  const words = await call.directory.emails.findWords(ENROLLMENT_NAME);
  const own = words?.enabled ? words : undefined;
  const wished = Math.floor(own?.urlLifetimeSeconds ?? 0);
  const { url, ticket, expiresAt } = await issueLink(deps, call, {
    purpose: 'enrollment',
    user,
    enrollment: { kind, revision },
    resultUrl: toResultUrl(own?.resultUrl),
    seconds: wished > 0 ? Math.min(Math.max(wished, LEAST_LIFETIME), LIFETIME) : LIFETIME,
  });
  const reply = { body: { ticket_id: ticket, ticket_url: url }, log: { userId: user.userId } };
  if (body.send_mail !== true || to === undefined) return reply;
  const brand = mailBrandOf({ tenant: await call.directory.tenant.getSettings() }, deps.origin);
  const facts = toMailFacts({ user: { user_id: user.userId, user_metadata: user.userMetadata } });
  const wish = body.email_locale === undefined ? {} : { wish: { uiLocales: body.email_locale.slice(0, 100) } };
  const model = { brand, url, expiresAt: expiresAt.toISOString(), facts, ...wish };
  return { ...reply, mail: [{ id: newSecret(deps.entropy), to, template: 'enrollment_email', model }] };
}

/** Returns the operation on `/guardian/enrollments/ticket`. */
export function enrollmentTicketOperations(deps: ManagementDeps): Operation[] {
  return [
    {
      method: 'post',
      path: '/guardian/enrollments/ticket',
      summary: 'Create a link for setting up a second factor',
      status: 200,
      reply: replyOf({ ticket_id: 'string', ticket_url: 'string' }),
      refusals: [404],
      run: (call) => createTicket(deps, call),
    },
  ];
}
