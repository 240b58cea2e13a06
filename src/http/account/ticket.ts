/**
 * The page of a ticket for a second factor: GET and POST /u/enroll-factor. It signs nobody in. Opening it changes nothing,
 * because mail scanners open every link. An account that has a factor also needs a session that passed it.
 */
import type { FastifyInstance, FastifyReply } from 'fastify';
import { countsAlone } from '../../domain/factors/factor.js';
import { createRateLimit, type RateLimit } from '../../kernel/rate-limit.js';
import {
  type Asker,
  type Enrolment,
  finishEnrolment,
  type OwnRefusal,
  resumeApp,
  startEnrolment,
} from '../../management/my-account/changes.js';
import {
  findPerson,
  findTicketBarrier,
  type OpenedTicket,
  type Person,
  ticketKinds,
} from '../../management/my-account/person.js';
import type { Ticket } from '../../ports/account-recovery.js';
import { userAgentOf } from '../browser/user-agent.js';
import { wishOf } from '../login/mail-links/mail-wish.js';
import {
  type OpenTicket,
  placeOf,
  refuseLink,
  registerLink,
  sendTooMany,
  sendUsedTicket,
  toTicketPage,
} from '../login/mail-links/ticket.js';
import { readFields, type Visit } from '../login/step.js';
import type { EnrollTicketPage } from '../pages/models.js';
import { MESSAGES, type Said } from '../pages/speech.js';
import type { AccountDeps } from './deps.js';
import { ANSWER_CHARACTERS } from './routes.js';
import { startSignIn } from './sign-in.js';
import { textOf } from './visit.js';

const PATH = '/u/enroll-factor';
/** Forms with one ticket: ten at once, then one in six seconds. */
const PER_TICKET = { perSecond: 1 / 6, atOnce: 10 };

/** A request with a ticket that can be used. */
interface Use extends Omit<Visit, 'deps'> {
  readonly deps: AccountDeps;
  readonly ticket: Ticket;
  readonly opened: OpenedTicket;
  readonly person: Person;
  readonly asker: Asker;
  readonly at: Date;
}

const emailOf = ({ email }: Ticket): string | undefined => (email === '' ? undefined : email);

interface Shown extends Pick<EnrollTicketPage, 'step' | 'kinds'> {
  readonly code?: string | undefined;
  readonly error?: Said | undefined;
}

function showPage(use: Use, { code, error, ...rest }: Shown) {
  const { reply, deps, ticket } = use;
  return deps.sendPage(
    reply,
    {
      ...toTicketPage(use, ticket, PATH),
      ...{ page: 'enroll-ticket', email: emailOf(ticket), ...rest },
      ...(code !== undefined && { code }),
      ...(error && { errors: [{ field: 'enrolment', message: error }] }),
    },
    placeOf(ticket),
    error ? 400 : 200,
  );
}

/** Refuses a ticket that does not fit the account any more, as one that was used. */
function refuse({ request, reply, deps, ticket }: Use, why: OwnRefusal): Promise<FastifyReply> {
  const detail = `the account, its factors or its address changed, or the sign-in is not fresh (${why})`;
  const about = { userId: ticket.userId, email: ticket.email };
  return refuseLink({ request, reply, deps }, { purpose: 'enrollment', detail, about });
}

/** Shows what the ticket permits: the kinds of factors, or first the sign-in with the one that the account has. */
async function show(use: Use, error?: Said): Promise<FastifyReply> {
  const { person, opened, at } = use;
  const barrier = findTicketBarrier(person, opened, at);
  if (barrier === 'changed') return refuse(use, barrier);
  return showPage(use, { step: barrier ? 'confirm' : 'ask', kinds: ticketKinds(person, opened.kind), error });
}

function showEnrolment(use: Use, { kind, sealed, secret, uri, options }: Enrolment, isWrong: boolean) {
  const { reply, deps, ticket } = use;
  if (kind !== 'otp' && kind !== 'webauthn-roaming') return refuse(use, 'kind');
  const error =
    kind === 'otp' ? { field: 'code', message: MESSAGES.factorWrong } : { field: 'answer', message: MESSAGES.keyWrong };
  const { brand, action } = toTicketPage(use, ticket, PATH);
  return deps.sendPage(
    reply,
    {
      ...{ page: 'factor', ask: 'enrol', brand, action, email: emailOf(ticket), isByTicket: true, method: kind },
      ...{ hidden: { enrolment: sealed, kind }, others: [], triesLeft: undefined, errors: isWrong ? [error] : [] },
      ...(secret !== undefined && { secret }),
      ...(uri !== undefined && { uri }),
      ...(options && { options: JSON.stringify(options) }),
    },
    placeOf(ticket),
    isWrong ? 400 : 200,
  );
}

/** Starts an enrolment of this kind. */
async function begin(use: Use, kind: string, isWrong = false): Promise<FastifyReply> {
  const known = ticketKinds(use.person, use.opened.kind).find((one) => one === kind);
  if (known === undefined) return refuse(use, 'kind');
  const started = await startEnrolment(use.deps.own, use.asker, known);
  return started.ok ? showEnrolment(use, started, isWrong) : refuse(use, started.why);
}

/** Takes the answer that finishes an enrolment. Only then is the ticket used. */
async function finish(use: Use, fields: Readonly<Record<string, string>>): Promise<FastifyReply> {
  const { deps, asker } = use;
  const { enrolment = '', kind = '', code = '', answer = '' } = fields;
  const made = await finishEnrolment(deps.own, asker, enrolment, { code, response: answer }, { showsCode: true });
  if (made.ok) return showPage(use, { step: 'done', kinds: [], code: made.recoveryCode });
  // The link still works: an app took long to install, or the key is one of another account.
  if (made.why === 'late') return show(use, textOf('changed'));
  if (made.why === 'exists') return show(use, textOf('exists'));
  if (made.why === 'full') return show(use, textOf('full'));
  if (made.why !== 'wrong') return refuse(use, made.why);
  // An authenticator answers each challenge once; the secret of an app stays, because the person has scanned it.
  if (kind !== 'otp') return begin(use, kind, true);
  const resumed = await resumeApp(deps.own, asker, enrolment);
  return resumed === undefined ? refuse(use, 'changed') : showEnrolment(use, resumed, true);
}

async function submit(use: Use): Promise<FastifyReply> {
  const { request, reply, deps, person } = use;
  const fields = readFields(request.body, 4_000, { answer: ANSWER_CHARACTERS });
  const { action = '' } = fields;
  if (fields.enrolment !== undefined) return finish(use, fields);
  const [verb, kind = ''] = action.split(':');
  if (verb === 'add') return begin(use, kind);
  if (action !== 'confirm') return show(use);
  const withFactor = person.factors.some(countsAlone);
  return startSignIn(request, reply, deps, { place: undefined, loginHint: person.user.email, withFactor });
}

/** Finds the account of a ticket, and the session of this browser if it is of the same person. */
async function enter(
  visit: Visit,
  deps: AccountDeps,
  { ticket, ticketHash }: OpenTicket,
  run: (use: Use) => Promise<FastifyReply>,
): Promise<FastifyReply> {
  const { request } = visit;
  const at = deps.pipeline.clock.now();
  const { userId, email, enrollment } = ticket;
  const session = (await deps.sessions.find(request))?.session;
  const sessionId = session?.userId === userId ? session.sessionId : undefined;
  const person = await findPerson(deps.own.directory, { userId, sessionId }, at);
  if (person === undefined || enrollment === undefined) return sendUsedTicket(visit, 'enrollment');
  const opened = { ...enrollment, ticketHash, email };
  const from = { ip: request.ip, userAgent: userAgentOf(request), language: wishOf(request).acceptLanguage };
  return run({
    ...visit,
    ...{ deps, ticket, opened, person, at, asker: { userId, sessionId, clientId: '', from, ticket: opened } },
  });
}

/** Registers GET and POST of the page. */
export function registerEnrollTicket(app: FastifyInstance, deps: AccountDeps): void {
  const limit: RateLimit = createRateLimit(PER_TICKET, deps.pipeline.clock);
  registerLink(
    app,
    deps,
    { path: PATH, purpose: 'enrollment' },
    {
      show: (visit, open) => enter(visit, deps, open, show),
      submit: (visit, open) =>
        limit.take(open.ticketHash.toString('base64')).isWithin
          ? enter(visit, deps, open, submit)
          : sendTooMany(visit, { purpose: 'enrollment', about: { userId: open.ticket.userId } }),
    },
  );
}
