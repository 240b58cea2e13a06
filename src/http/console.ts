/**
 * Addresses for operators outside the console: the page that invites the first owner, and the login route that
 * invitations and the console use. Keeps no session and no token; the Management API accepts only tokens.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Operators } from '../domain/operator-role.js';
import { parseEmail } from '../domain/people/email.js';
import { type Entropy, hashSecret, newSecret } from '../kernel/ids.js';
import { readField, readFields } from './login/step.js';
import type { SendPage } from './oauth/authorization-answer.js';
import type { FieldError } from './pages/models.js';
import { MESSAGES, type SpeechPlace } from './pages/speech.js';

export interface ConsoleDeps {
  readonly origin: string;
  readonly entropy: Entropy;
  findOperators(): Promise<Operators | undefined>;
  lacksOwner(): Promise<boolean>;
  isFirstTicket(ticket: string): boolean;
  /** Returns the invitation link for the first owner; undefined once there is an owner. */
  inviteFirst(email: string): Promise<string | undefined>;
  readonly sendPage: SendPage;
}

/** Title of the pages for operators. */
export const OPERATORS_BRAND = { title: 'Operators' };
/** Language of the pages for operators, which exist only in English. */
export const ENGLISH_ONLY: SpeechPlace = { tenant: { friendlyName: '', languages: ['en'] } };

function sendFirst(
  reply: FastifyReply,
  { sendPage }: ConsoleDeps,
  page: { ticket: string; username?: string; errors?: readonly FieldError[]; isOver?: boolean },
): FastifyReply {
  const { ticket, username = '', errors = [], isOver = false } = page;
  const action = `/console/first?ticket=${encodeURIComponent(ticket)}`;
  const status = isOver ? 410 : errors.length > 0 ? 422 : 200;
  return sendPage(
    reply,
    { page: 'first-operator', brand: OPERATORS_BRAND, action, errors, username, isOver },
    ENGLISH_ONLY,
    status,
  );
}

/**
 * Returns the ticket if it is valid and the tenant has no owner. Otherwise sends a page that says so, and returns
 * undefined.
 */
async function findTicket(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: ConsoleDeps,
): Promise<string | undefined> {
  const ticket = readField(request.query, 'ticket') ?? '';
  if (deps.isFirstTicket(ticket) && (await deps.lacksOwner())) return ticket;
  sendFirst(reply, deps, { ticket: '', isOver: true });
  return undefined;
}

async function showFirst(request: FastifyRequest, reply: FastifyReply, deps: ConsoleDeps): Promise<FastifyReply> {
  const ticket = await findTicket(request, reply, deps);
  return ticket === undefined ? reply : sendFirst(reply, deps, { ticket });
}

async function submitFirst(request: FastifyRequest, reply: FastifyReply, deps: ConsoleDeps): Promise<FastifyReply> {
  const ticket = await findTicket(request, reply, deps);
  if (ticket === undefined) return reply;
  const username = readFields(request.body).username ?? '';
  const email = parseEmail(username);
  if (email === undefined) {
    const errors = [{ field: 'username', message: MESSAGES.addressInvalid }];
    return sendFirst(reply, deps, { ticket, username, errors });
  }
  const url = await deps.inviteFirst(email);
  return url === undefined ? sendFirst(reply, deps, { ticket: '', isOver: true }) : reply.redirect(url, 303);
}

/** The form of the random `state` that the console makes for a login. */
const STATE = /^[A-Za-z0-9_-]{20,100}$/;

/**
 * Begins an operator's sign-in. The code of this sign-in cannot be redeemed, because the verifier of its challenge is
 * discarded; so a leaked code is useless. The login itself writes the membership, and the console then requests a token
 * of its own silently.
 */
async function startLogin(request: FastifyRequest, reply: FastifyReply, deps: ConsoleDeps): Promise<FastifyReply> {
  const operators = await deps.findOperators();
  if (operators === undefined) {
    reply.callNotFound();
    return reply;
  }
  const invitation = readField(request.query, 'invitation');
  const state = readField(request.query, 'state') ?? '';
  const parameters = new URLSearchParams({
    client_id: operators.clientId,
    response_type: 'code',
    redirect_uri: `${deps.origin}/console`,
    scope: 'openid',
    organization: operators.organizationId,
    code_challenge: hashSecret(newSecret(deps.entropy)).toString('base64url'),
    code_challenge_method: 'S256',
    ...(STATE.test(state) && { state }),
    ...(invitation !== undefined && { invitation }),
  });
  return reply.redirect(`/authorize?${parameters}`, 302);
}

/**
 * Registers GET /console/login, and GET and POST /console/first. Must be called in the scope that parses the login's
 * forms.
 */
export function registerConsole(app: FastifyInstance, deps: ConsoleDeps): void {
  app.get('/console/first', (request, reply) => showFirst(request, reply, deps));
  app.post('/console/first', (request, reply) => submitFirst(request, reply, deps));
  app.get('/console/login', (request, reply) => startLogin(request, reply, deps));
}
