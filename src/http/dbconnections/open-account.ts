/**
 * The page of the link that a sign-up by a program mails: the owner of the address chooses a password there, and the
 * account is opened. Opening the link changes nothing: mail scanners open every link. Trusts the sealed ticket alone, and
 * asks again whether people may sign up. Never creates a membership.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { toLoginRoute } from '../../domain/login-route.js';
import { brandOf } from '../../domain/look/brand.js';
import {
  describePasswordFault,
  describePasswordRule,
  findPasswordFault,
  minimumLength,
} from '../../domain/passwords/password-policy.js';
import { newDatabaseSubject, newLogId } from '../../kernel/ids.js';
import { createRateLimit, type RateLimit } from '../../kernel/rate-limit.js';
import { openToken } from '../../kernel/seal.js';
import { refuse } from '../../login/refusals.js';
import { registrationJob } from '../../login/tenant-code/after-commit.js';
import { newTrace } from '../../login/trace.js';
import { toDefaults } from '../../management/api/fields.js';
import { USER_FIELDS } from '../../management/users/fields.js';
import { Conflict, type Directory } from '../../ports/directory.js';
import { userAgentOf } from '../browser/user-agent.js';
import type { LoginRoutesDeps } from '../login/deps.js';
import { sendUsedTicket, ticketAction } from '../login/mail-links/ticket.js';
import { sendRefusedRequest } from '../login/refused-request.js';
import { readField, readFields } from '../login/step.js';
import type { FieldError } from '../pages/models.js';
import type { Said } from '../pages/speech.js';
import { isOpenFor } from './open.js';
import type { NewPerson } from './person.js';
import { DatabaseRefusal, type DatabaseRequest, findDatabaseRequest } from './request.js';

export const OPEN_PATH = '/u/open-account';
export const SIGN_UP_CONTEXT = 'ticket:sign_up';
/** A day: people often open a mailed link the next morning. */
export const LINK_SECONDS = 86_400;
/** How many passwords may be posted with one link: ten at once, then one in six seconds. Each is hashed. */
const PER_LINK = { perSecond: 1 / 6, atOnce: 10 };

/** The content of the link of a sign-up. */
export interface SealedSignUp {
  readonly email: string;
  /** The id of the account, after `auth0|`, as the program was told. */
  readonly subject: string;
  readonly person: Pick<NewPerson, 'profile' | 'userMetadata'>;
  readonly clientId: string;
  /** Name of the database. */
  readonly connection: string;
  readonly expiresAt: Date;
}

/** Returns the fields for the seal of a link. */
export function toSealedFields({ email, subject, person, clientId, connection, expiresAt }: SealedSignUp) {
  const { profile, userMetadata } = person;
  const data = JSON.stringify({ profile, userMetadata });
  return { e: email, s: subject, c: clientId, d: connection, x: String(expiresAt.getTime()), p: data };
}

interface OpenLink {
  readonly asked: DatabaseRequest;
  readonly subject: string;
  readonly person: SealedSignUp['person'];
}

/** Opens the seal of the link; undefined for a forged or expired one, and where people may no longer sign up. */
async function findLink(request: FastifyRequest, deps: LoginRoutesDeps): Promise<OpenLink | undefined> {
  const fields = openToken(deps.ticketBox, readField(request.query, 'ticket') ?? '', SIGN_UP_CONTEXT);
  if (fields === undefined || Number(fields.x) <= deps.pipeline.clock.now().getTime()) return undefined;
  const { e: email, c: client_id, d: connection, s: subject = '', p: person = '{}' } = fields;
  const asked = await findDatabaseRequest({ email, client_id, connection }, deps.pipeline.reads);
  if (asked instanceof DatabaseRefusal || !isOpenFor(asked)) return undefined;
  return { asked, subject, person: JSON.parse(person) as SealedSignUp['person'] };
}

const placeOf = ({ asked }: OpenLink) => ({
  tenant: asked.target.tenant,
  client: asked.target.client,
  organization: undefined,
});

function showForm(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: LoginRoutesDeps,
  link: OpenLink,
  { name, errors = [], status = 200 }: { name: string; errors?: readonly FieldError[]; status?: number },
): FastifyReply {
  const { options } = link.asked.database.connection;
  return deps.sendPage(
    reply,
    {
      page: 'sign-up',
      brand: brandOf(placeOf(link), deps.origin),
      action: ticketAction(request, OPEN_PATH),
      errors,
      email: link.asked.email,
      emailFixed: true,
      name,
      signInUrl: toLoginRoute(link.asked.target.client.initiateLoginUri, undefined),
      minimumLength: minimumLength(options),
      passwordRule: (words) => describePasswordRule(options, words.passwords),
    },
    placeOf(link),
    status,
  );
}

interface NewAccount {
  readonly link: OpenLink;
  readonly name: string;
  readonly hash: string;
  readonly at: Date;
  readonly request: FastifyRequest;
}

async function write(directory: Directory, deps: LoginRoutesDeps, account: NewAccount): Promise<void> {
  const { link, name, hash, at, request } = account;
  const { email, database, target } = link.asked;
  const { connection } = database;
  const { entropy } = deps.pipeline;
  const userId = `auth0|${link.subject}`;
  const { users } = directory;
  // A second click on the link finds the account.
  if ((await users.findPasswordUser(connection.id, email)) !== undefined) return;
  await users.create({
    ...toDefaults(USER_FIELDS),
    userId,
    email,
    emailVouchedBy: 'mail',
    profile: { ...link.person.profile, ...(name !== '' && { name }) },
    userMetadata: link.person.userMetadata,
    appMetadata: {},
    createdAt: at,
    updatedAt: at,
  });
  await users.addIdentity({
    id: newDatabaseSubject(entropy),
    userId,
    connectionId: connection.id,
    status: 'bound',
    issuer: '',
    subject: link.subject,
    expectedEmail: undefined,
    isPrimary: true,
    profile: {},
    boundBy: 'sign_up',
    at,
  });
  await users.putPassword(userId, connection.id, email, hash, at, 'mail');
  const created = await users.find(userId);
  const { id, name: connectionName, strategy } = connection;
  const known = await directory.connections.find(id);
  const described = { id, name: connectionName, strategy, metadata: known?.metadata ?? {} };
  if (created)
    await directory.jobs.enqueue(registrationJob({ user: created, connection: described }, deps.origin, entropy), at);
  await directory.ledger.append({
    logId: newLogId(entropy, at),
    date: at,
    type: 'ss',
    userId,
    clientId: target.client.clientId,
    connectionId: id,
    ip: request.ip,
    userAgent: userAgentOf(request),
    details: { email, by: 'link' },
    hasProof: true,
  });
}

/** Answers 429. Attack: somebody with one link posts hundreds of passwords at once, and all are hashed. */
function sendTooMany(request: FastifyRequest, reply: FastifyReply, deps: LoginRoutesDeps, { asked }: OpenLink) {
  const detail = 'too many passwords by one link';
  const trace = newTrace({ email: asked.email });
  trace.add('authenticate', 'ticket', 'refuse', { purpose: 'sign_up', detail });
  return sendRefusedRequest(request, reply, deps, {
    refusal: refuse('authenticate.too_many_attempts', detail),
    trace,
  });
}

async function openAccount(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: LoginRoutesDeps,
  tries: RateLimit,
): Promise<FastifyReply> {
  const link = await findLink(request, deps);
  if (link === undefined) return sendUsedTicket(request, reply, deps, 'verify_email');
  if (!tries.take(link.subject).isWithin) return sendTooMany(request, reply, deps, link);
  const { email, database, target } = link.asked;
  const fields = readFields(request.body);
  const password = fields.password ?? '';
  const name = (fields.name ?? '').trim().slice(0, 300);
  const names = [name, target.tenant.friendlyName, target.client.name];
  const fault = findPasswordFault(password, { email, names, options: database.connection.options });
  if (fault) {
    const message: Said = (words) => describePasswordFault(fault, words.passwords);
    return showForm(request, reply, deps, link, { name, errors: [{ field: 'password', message }], status: 400 });
  }
  const { clock, passwords } = deps.pipeline;
  const account = { link, name, hash: await passwords.hash(password), at: clock.now(), request };
  try {
    await deps.accounts.transaction((bound) => write(bound, deps, account));
  } catch (error) {
    // Two clicks at once: the other one opened the account.
    if (!(error instanceof Conflict)) throw error;
  }
  return deps.sendPage(
    reply,
    {
      page: 'verify-email',
      brand: brandOf(placeOf(link), deps.origin),
      action: ticketAction(request, OPEN_PATH),
      errors: [],
      email,
      done: true,
      continueUrl: toLoginRoute(target.client.initiateLoginUri ?? target.tenant.defaultRedirectionUri, undefined),
    },
    placeOf(link),
  );
}

/** Registers GET and POST of the page. */
export function registerOpenAccount(app: FastifyInstance, deps: LoginRoutesDeps): void {
  app.get(OPEN_PATH, async (request, reply) => {
    const link = await findLink(request, deps);
    if (link === undefined) return sendUsedTicket(request, reply, deps, 'verify_email');
    return showForm(request, reply, deps, link, { name: link.person.profile.name ?? '' });
  });
  const tries = createRateLimit(PER_LINK, deps.pipeline.clock);
  app.post(OPEN_PATH, (request, reply) => openAccount(request, reply, deps, tries));
}
