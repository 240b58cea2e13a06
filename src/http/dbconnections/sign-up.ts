/**
 * `POST /dbconnections/signup`: a sign-up by a program, where everybody may sign up. Stores nothing: the owner of the
 * address opens the account at the link in the mail, and chooses the password there (open-account.ts). Answers the same,
 * after the same time, for an address that has an account; only the mail tells its owner.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { mailBrandOf } from '../../domain/look/brand.js';
import { toMailFacts } from '../../domain/mail/mail-facts.js';
import { checkNewPassword } from '../../domain/passwords/password-policy.js';
import { addSeconds } from '../../kernel/clock.js';
import { newDatabaseSubject, newSecret } from '../../kernel/ids.js';
import { networksOf } from '../../kernel/networks.js';
import type { RateLimit } from '../../kernel/rate-limit.js';
import { countAttempt } from '../../login/attempt-limits.js';
import { wishOf } from '../login/mail-links/mail-wish.js';
import { requestReset } from '../login/mail-links/recovery.js';
import { pauseBeside, tooMany } from './change-password.js';
import type { DatabaseApiDeps } from './deps.js';
import { LINK_SECONDS, OPEN_PATH, sealLink } from './link.js';
import { isOpenFor } from './open.js';
import { type NewPerson, readPerson } from './person.js';
import {
  checkOrigin,
  DatabaseRefusal,
  type DatabaseRequest,
  type Fields,
  findDatabaseRequest,
  readBody,
  sendRefusal,
} from './request.js';

/** Passwords that are checked for one network, at each node: a check takes as long as showing a page. */
export const CHECKS_PER_NETWORK = { perSecond: 4, atOnce: 40 };

const DISABLED = new DatabaseRefusal(400, 'public signup is disabled', 'Public signup is disabled');

const TOO_LONG = new DatabaseRefusal(
  400,
  'invalid_request',
  'The address and the name are too long for a link',
  'ValidationError',
);

/**
 * Checks the password by the rules of the database. It is not kept. Attack (pre-hijacking): somebody signs up with
 * another person's address and a password of their own, and waits until the owner follows the link.
 */
function checkPassword(fields: Fields, person: NewPerson, asked: DatabaseRequest): DatabaseRefusal | undefined {
  const password = fields.password;
  if (typeof password !== 'string' || password === '')
    return new DatabaseRefusal(400, 'invalid_request', 'password is required', 'ValidationError');
  const { email, target, database } = asked;
  const names = [...person.names, target.tenant.friendlyName, target.client.name];
  const weakness = checkNewPassword(password, { email, names, options: database.connection.options });
  return weakness === undefined
    ? undefined
    : new DatabaseRefusal(400, 'invalid_password', `Password is too weak. ${weakness}`, 'PasswordStrengthError');
}

interface SignUp {
  readonly asked: DatabaseRequest;
  /** The sealed link. */
  readonly ticket: string;
  readonly at: Date;
  readonly expiresAt: Date;
}

/** Queues the mail: a link that opens the account, or for an address with an account a link for a new password. */
async function mailOwner(request: FastifyRequest, deps: DatabaseApiDeps, signUp: SignUp): Promise<void> {
  const { asked, ticket, at, expiresAt } = signUp;
  const { email, target, database } = asked;
  const { reads, entropy } = deps.pipeline;
  const found = await reads.findPasswordAccount({ connectionIds: [database.connection.id], email });
  if (found?.account.blocked) return;
  if (found) return requestReset({ request, deps, identified: target }, found, { email, at });
  const model = {
    brand: mailBrandOf(target, deps.origin),
    url: `${deps.origin}${OPEN_PATH}?ticket=${ticket}`,
    expiresAt: expiresAt.toISOString(),
    wish: wishOf(request),
    facts: toMailFacts(target),
  };
  await deps.outbox.enqueue({ id: newSecret(entropy), to: email, template: 'verify_email', model }, at);
}

/**
 * Counts the mail. Attack: mail flooding. Counts as a link for a new password as well, whether or not there is an
 * account: otherwise its owner would get the mails of both endpoints.
 */
async function isWithinLimits(request: FastifyRequest, deps: DatabaseApiDeps, asked: DatabaseRequest, at: Date) {
  const { email, target } = asked;
  const tried = { email, ip: request.ip, userId: undefined, rules: target.tenant.attemptRules };
  for (const kind of ['sign-up-call', 'forgot'] as const)
    if (!(await countAttempt(deps.attempts, kind, tried, at)).allowed) return false;
  return true;
}

/** Reads who signs up where; a refusal where they may not, from a page of a stranger, or for a body that is wrong. */
async function readSignUp(request: FastifyRequest, deps: DatabaseApiDeps, checks: RateLimit) {
  const fields = readBody(request);
  if (fields instanceof DatabaseRefusal) return fields;
  // Ignores `organization`: a new account belongs to no organization. Auth0 does not document this parameter here
  // either.
  const { organization: _ignored, ...rest } = fields;
  const asked = await findDatabaseRequest(rest, deps.pipeline.reads);
  if (asked instanceof DatabaseRefusal) return asked;
  const barred = checkOrigin(request, deps.origin, asked.target);
  if (barred) return barred;
  if (!isOpenFor(asked)) return DISABLED;
  const person = readPerson(fields);
  if (person instanceof DatabaseRefusal) return person;
  // Attack: somebody posts weak passwords without end, which no limit of mails counts, and each is checked.
  if (!checks.take(networksOf(request.ip).at(-1)?.name ?? '').isWithin) return tooMany();
  return checkPassword(fields, person, asked) ?? { asked, person };
}

/** Answers POST /dbconnections/signup. `checks` limits the passwords that are checked, by network. */
export async function answerSignUp(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: DatabaseApiDeps,
  checks: RateLimit,
): Promise<FastifyReply> {
  const read = await readSignUp(request, deps, checks);
  if (read instanceof DatabaseRefusal) return sendRefusal(reply, read);
  const { clock, entropy } = deps.pipeline;
  const { asked, person } = read;
  const { email, target, database } = asked;
  const { name } = person;
  const at = clock.now();
  const expiresAt = addSeconds(at, LINK_SECONDS);
  const subject = newDatabaseSubject(entropy);
  const { clientId } = target.client;
  // Sealed for every address, so that the refusal of a long one does not depend on whether there is an account.
  const ticket = sealLink(deps.ticketBox, {
    email,
    subject,
    name,
    clientId,
    connection: database.connection,
    expiresAt,
  });
  if (ticket === undefined) return sendRefusal(reply, TOO_LONG);
  if (!(await isWithinLimits(request, deps, asked, at))) return sendRefusal(reply, tooMany());
  await pauseBeside(request, () => mailOwner(request, deps, { asked, ticket, at, expiresAt }));
  return reply.send({ _id: subject, email, email_verified: false, ...(name !== '' && { name }) });
}
