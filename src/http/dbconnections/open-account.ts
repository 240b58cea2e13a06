/**
 * The page of the link that a sign-up by a program mails: the owner of the address chooses a password there, and the
 * account is opened. A link opens one account, also when that account is deleted later. Showing the page changes nothing:
 * mail scanners open every link. Trusts the sealed ticket alone, and asks again whether people may sign up. Never creates
 * a membership.
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
import { registrationJob } from '../../login/tenant-code/after-commit.js';
import { toDefaults } from '../../management/api/fields.js';
import { USER_FIELDS } from '../../management/users/fields.js';
import { Conflict, type Directory } from '../../ports/directory.js';
import { userAgentOf } from '../browser/user-agent.js';
import type { LoginRoutesDeps } from '../login/deps.js';
import { refuseLink, sendTooMany, ticketAction } from '../login/mail-links/ticket.js';
import { readField, readFields, type Visit } from '../login/step.js';
import type { FieldError } from '../pages/models.js';
import { MESSAGES, type Said } from '../pages/speech.js';
import { keyOf, OPEN_PATH, openLink } from './link.js';
import { isOpenFor } from './open.js';
import { DatabaseRefusal, type DatabaseRequest, findDatabaseRequest } from './request.js';

/** How many passwords may be posted with one link: ten at once, then one in six seconds. Each is hashed. */
const PER_LINK = { perSecond: 1 / 6, atOnce: 10 };

interface OpenLink {
  readonly asked: DatabaseRequest;
  readonly subject: string;
  readonly name: string;
  readonly expiresAt: Date;
}

/** A link that opens no account, with the reason for the log. */
class EndedLink {
  constructor(
    readonly detail: string,
    readonly email?: string,
  ) {}
}

/** Opens the seal of the link, and checks that people may still sign up in this database. Writes nothing. */
async function findLink({ request, deps }: Visit): Promise<OpenLink | EndedLink> {
  const sealed = openLink(deps.ticketBox, readField(request.query, 'ticket') ?? '');
  if (sealed === undefined) return new EndedLink('not one of ours');
  const { email, subject, name, clientId: client_id, connection, expiresAt } = sealed;
  if (expiresAt <= deps.pipeline.clock.now()) return new EndedLink(`expired at ${expiresAt.toISOString()}`, email);
  const asked = await findDatabaseRequest({ email, client_id, connection: connection.name }, deps.pipeline.reads);
  if (asked instanceof DatabaseRefusal) return new EndedLink(asked.description, email);
  // Attack: a database is deleted, and a new one of its name takes people in.
  if (asked.database.connection.id !== connection.id) return new EndedLink('the database is another one', email);
  if (!isOpenFor(asked)) return new EndedLink('sign-ups are closed', email);
  return { asked, subject, name, expiresAt };
}

/** Logs why the link cannot be used, and sends the page which says so. */
function sendEnded(visit: Visit, ended: EndedLink) {
  const { detail, email } = ended;
  return refuseLink(visit, { purpose: 'sign_up', detail, about: { email } });
}

const placeOf = ({ asked }: OpenLink) => ({
  tenant: asked.target.tenant,
  client: asked.target.client,
  organization: undefined,
});

function showForm(
  visit: Visit,
  link: OpenLink,
  { name, errors = [], status = 200 }: { name: string; errors?: readonly FieldError[]; status?: number },
): FastifyReply {
  const { request, reply, deps } = visit;
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

/** Says that the address has an account, with the link to the sign-in. Only the owner of the mailbox has the link. */
function showTaken(visit: Visit, link: OpenLink): FastifyReply {
  const errors = [{ field: 'password', message: MESSAGES.accountNotOpened }];
  return showForm(visit, link, { name: link.name, errors, status: 409 });
}

/** Finds the link of the request, and answers unless it can open an account: ended, used, or the address has one. */
async function findUsable(visit: Visit): Promise<OpenLink | FastifyReply> {
  const link = await findLink(visit);
  if (link instanceof EndedLink) return sendEnded(visit, link);
  const { deps } = visit;
  const { reads, clock } = deps.pipeline;
  const { email, database } = link.asked;
  const found = await reads.findPasswordAccount({ connectionIds: [database.connection.id], email });
  if (found) return showTaken(visit, link);
  if (await deps.attempts.isRemembered(keyOf(link.subject), clock.now())) return sendUsed(visit, email);
  return link;
}

const sendUsed = (visit: Visit, email: string) => sendEnded(visit, new EndedLink('used', email));

interface NewAccount {
  readonly link: OpenLink;
  readonly name: string;
  readonly hash: string;
  readonly at: Date;
  readonly request: FastifyRequest;
}

type Written = 'opened' | 'taken' | 'used' | 'closed';

/** Opens the account, unless something has changed since the link was found. */
async function write(directory: Directory, deps: LoginRoutesDeps, account: NewAccount): Promise<Written> {
  const { link, name, hash, at, request } = account;
  const { email, database, target } = link.asked;
  const { connection } = database;
  const { entropy } = deps.pipeline;
  const userId = `auth0|${link.subject}`;
  const { users } = directory;
  const known = await directory.connections.find(connection.id);
  if (known?.options.disable_signup !== false) return 'closed';
  const isTaken = async () => (await users.findPasswordUser(connection.id, email)) !== undefined;
  if (await isTaken()) return 'taken';
  // Attack: an operator deletes the account, and a link that was used opens it again, with its id.
  // A second click at the same moment has waited here for the first, and finds its account.
  if (!(await directory.oneTimeKeys.use(keyOf(link.subject), link.expiresAt)))
    return (await isTaken()) ? 'taken' : 'used';
  await users.create({
    ...toDefaults(USER_FIELDS),
    userId,
    email,
    emailVouchedBy: 'mail',
    profile: name === '' ? {} : { name },
    userMetadata: {},
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
  const described = { id, name: connectionName, strategy, metadata: known.metadata };
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
  return 'opened';
}

/** Writes the account in one transaction. Two clicks at once: the other one opened it, and this password is not set. */
async function writeOnce(deps: LoginRoutesDeps, account: NewAccount): Promise<Written> {
  try {
    return await deps.accounts.transaction((bound) => write(bound, deps, account));
  } catch (error) {
    if (error instanceof Conflict) return 'taken';
    throw error;
  }
}

async function openAccount(visit: Visit, tries: RateLimit): Promise<FastifyReply> {
  const { request, reply, deps } = visit;
  const link = await findUsable(visit);
  if (!('asked' in link)) return link;
  if (!tries.take(link.subject).isWithin)
    return sendTooMany(visit, { purpose: 'sign_up', about: { email: link.asked.email } });
  const { email, database, target } = link.asked;
  const fields = readFields(request.body);
  const password = fields.password ?? '';
  const name = (fields.name ?? '').trim().slice(0, 300);
  const names = [name, target.tenant.friendlyName, target.client.name];
  const fault = findPasswordFault(password, { email, names, options: database.connection.options });
  if (fault) {
    const message: Said = (words) => describePasswordFault(fault, words.passwords);
    return showForm(visit, link, { name, errors: [{ field: 'password', message }], status: 400 });
  }
  const { clock, passwords } = deps.pipeline;
  const account = { link, name, hash: await passwords.hash(password), at: clock.now(), request };
  const written = await writeOnce(deps, account);
  if (written === 'taken') return showTaken(visit, link);
  if (written === 'used') return sendUsed(visit, email);
  if (written === 'closed') return sendEnded(visit, new EndedLink('sign-ups are closed', email));
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
    const visit = { request, reply, deps };
    const link = await findUsable(visit);
    return 'asked' in link ? showForm(visit, link, { name: link.name }) : link;
  });
  const tries = createRateLimit(PER_LINK, deps.pipeline.clock);
  app.post(OPEN_PATH, (request, reply) => openAccount({ request, reply, deps }, tries));
}
