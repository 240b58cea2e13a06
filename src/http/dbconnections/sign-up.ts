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
import { sealToken } from '../../kernel/seal.js';
import { countAttempt } from '../../login/attempt-limits.js';
import { wishOf } from '../login/mail-links/mail-wish.js';
import { ANSWER_AFTER_MS, requestReset } from '../login/mail-links/recovery.js';
import { tooMany } from './change-password.js';
import type { DatabaseApiDeps } from './deps.js';
import { isOpenFor } from './open.js';
import { LINK_SECONDS, OPEN_PATH, SIGN_UP_CONTEXT, toSealedFields } from './open-account.js';
import { type NewPerson, readPerson } from './person.js';
import {
  DatabaseRefusal,
  type DatabaseRequest,
  type Fields,
  findDatabaseRequest,
  readBody,
  sendRefusal,
} from './request.js';

const DISABLED = new DatabaseRefusal(400, 'public signup is disabled', 'Public signup is disabled');

/**
 * Checks the password by the rules of the database. It is not kept. Attack (pre-hijacking): somebody signs up with
 * another person's address and a password of their own, and waits until the owner follows the link.
 */
function checkPassword(fields: Fields, person: NewPerson, asked: DatabaseRequest): DatabaseRefusal | undefined {
  const password = fields.password;
  if (typeof password !== 'string' || password === '')
    return new DatabaseRefusal(400, 'invalid_request', 'password is required', 'ValidationError');
  const { email, target, database } = asked;
  const { givenName, familyName, name, nickname } = person.profile;
  const names = [name, givenName, familyName, nickname, target.tenant.friendlyName, target.client.name];
  const weakness = checkNewPassword(password, { email, names, options: database.connection.options });
  return weakness === undefined
    ? undefined
    : new DatabaseRefusal(400, 'invalid_password', `Password is too weak. ${weakness}`, 'PasswordStrengthError');
}

interface SignUp {
  readonly asked: DatabaseRequest;
  readonly person: NewPerson;
  readonly subject: string;
  readonly at: Date;
}

/** Queues the mail: a link that opens the account, or for an address with an account a link for a new password. */
async function mailOwner(request: FastifyRequest, deps: DatabaseApiDeps, signUp: SignUp): Promise<void> {
  const { asked, at } = signUp;
  const { email, target, database } = asked;
  const { reads, entropy } = deps.pipeline;
  const found = await reads.findPasswordAccount({ connectionIds: [database.connection.id], email });
  if (found?.account.blocked) return;
  if (found) return requestReset({ request, deps, identified: target }, found, { email, at });
  const expiresAt = addSeconds(at, LINK_SECONDS);
  const { person, subject } = signUp;
  const fields = toSealedFields({
    email,
    subject,
    person,
    clientId: target.client.clientId,
    connection: database.connection.name,
    expiresAt,
  });
  const ticket = sealToken(deps.ticketBox, fields, SIGN_UP_CONTEXT);
  const model = {
    brand: mailBrandOf(target, deps.origin),
    url: `${deps.origin}${OPEN_PATH}?ticket=${ticket}`,
    expiresAt: expiresAt.toISOString(),
    wish: wishOf(request),
    facts: toMailFacts(target),
  };
  await deps.outbox.enqueue({ id: newSecret(entropy), to: email, template: 'verify_email', model }, at);
}

/** Answers POST /dbconnections/signup. */
export async function answerSignUp(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: DatabaseApiDeps,
): Promise<FastifyReply> {
  const fields = readBody(request);
  if (fields instanceof DatabaseRefusal) return sendRefusal(reply, fields);
  // A new account enters no organization by itself, so none is asked for: Auth0 does not document one here either.
  const { organization: _ignored, ...rest } = fields;
  const asked = await findDatabaseRequest(rest, deps.pipeline.reads);
  if (asked instanceof DatabaseRefusal) return sendRefusal(reply, asked);
  if (!isOpenFor(asked)) return sendRefusal(reply, DISABLED);
  const person = readPerson(fields);
  if (person instanceof DatabaseRefusal) return sendRefusal(reply, person);
  const weak = checkPassword(fields, person, asked);
  if (weak) return sendRefusal(reply, weak);
  const { clock, entropy } = deps.pipeline;
  const { email, target } = asked;
  const at = clock.now();
  const tried = { email, ip: request.ip, userId: undefined, rules: target.tenant.attemptRules };
  // Attack: mail flooding. Shares its counters with the codes of the sign-up page.
  const counted = await countAttempt(deps.attempts, 'sign-up-mail', tried, at);
  if (!counted.allowed) return sendRefusal(reply, tooMany());
  const subject = newDatabaseSubject(entropy);
  const paused = new Promise<void>((resolve) => setTimeout(resolve, ANSWER_AFTER_MS));
  await Promise.all([mailOwner(request, deps, { asked, person, subject, at }), paused]);
  return reply.send({ _id: subject, email, email_verified: false, ...person.shown });
}
