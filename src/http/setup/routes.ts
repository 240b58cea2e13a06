/**
 * The routes of a customer's set-up: the link, the steps, and the provider's answer to a trial sign-in. Every request
 * looks up the ticket again. Every write is an operation of the Management API, or changes only the set-up's own row.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { brandOf } from '../../domain/look/brand.js';
import { organizationTitle } from '../../domain/tenant.js';
import { newReference } from '../../kernel/ids.js';
import { SETUP_PATH } from '../../management/self-service/tickets.js';
import type { RedirectStart } from '../../ports/connector.js';
import { type AnswerAllowance, createAnswerAllowance } from '../login/answer-allowance.js';
import { readField, readFields } from '../login/step.js';
import type { SetupStep } from '../pages/models.js';
import type { SetupDeps } from './deps.js';
import { progressOf, type SetupProgress } from './progress.js';
import { enter, findVisit, sendEnded, type Visit } from './session.js';
import { firstOpenStep, pathOf, stepsOf } from './show.js';
import { chooseProvider, saveConnection, showConnection, showProvider } from './step-connection.js';
import { changeDomains, showDomains } from './step-domains.js';
import { changePeople, showPeople } from './step-people.js';
import { change, showSwitch } from './step-switch.js';
import { finishTrial, showTry, startTrial } from './step-try.js';
import { endTrial, type Trial } from './trial-cookie.js';

type Fields = Readonly<Record<string, string>>;
type Answer = FastifyReply | Promise<FastifyReply>;

interface Page {
  show(visit: Visit, progress: SetupProgress): Answer;
  submit(visit: Visit, progress: SetupProgress, fields: Fields): Answer;
}

/** Maximum number of characters of a field. The metadata of AD FS has a hundred thousand. */
const MAX_FIELD_CHARACTERS = 262_144;
/**
 * Most forms and trial answers that one machine may send in a minute. Each may make this server ask a name server or an
 * identity provider.
 */
const POSTS_PER_MINUTE = 60;
/** Maximum number of bytes of a form; the metadata is percent-encoded in it. */
const BODY_LIMIT = 1_048_576;

/** Sends the browser to the provider; by a form if the address of a redirect would be too long. */
function goTo({ reply, deps, organization }: Visit, { url, post }: RedirectStart): FastifyReply {
  if (post === undefined) return reply.redirect(url, 303);
  const brand = { ...brandOf({}, deps.origin), title: organizationTitle(organization) };
  return deps.sendPage(reply, { page: 'relay', brand, action: url, fields: post });
}

const PAGES: Readonly<Record<SetupStep, Page>> = {
  provider: { show: showProvider, submit: chooseProvider },
  connection: { show: showConnection, submit: saveConnection },
  domains: { show: showDomains, submit: changeDomains },
  try: { show: showTry, submit: (visit, progress) => startTrial(visit, progress, goTo) },
  people: { show: showPeople, submit: changePeople },
  switch: { show: showSwitch, submit: change },
};

async function open(request: FastifyRequest, reply: FastifyReply, deps: SetupDeps): Promise<FastifyReply> {
  const visit = await enter(request, reply, deps, readField(request.query, 'ticket') ?? '');
  if (visit === undefined) return sendEnded(reply, deps);
  // Redirects to an address without the ticket. Otherwise the ticket would be in the browser's history and in
  // screenshots.
  return reply.redirect(pathOf(firstOpenStep(visit, await progressOf(visit))), 303);
}

async function answer(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: SetupDeps,
  step: SetupStep,
  allowance: AnswerAllowance,
) {
  const visit = await findVisit(request, reply, deps);
  if (visit === undefined) return sendEnded(reply, deps);
  if (!stepsOf(visit).includes(step)) return reply.redirect(pathOf('provider'), 303);
  const progress = await progressOf(visit);
  if (request.method === 'GET') return PAGES[step].show(visit, progress);
  if (allowance.take(request.ip) === undefined) return sendTooMany(reply, deps);
  return PAGES[step].submit(visit, progress, readFields(request.body, MAX_FIELD_CHARACTERS));
}

/** Shows the page for a network that has sent too many forms. */
function sendTooMany(reply: FastifyReply, deps: SetupDeps): FastifyReply {
  const page = {
    page: 'error',
    brand: brandOf({}, deps.origin),
    title: 'Too many tries',
    sentence: 'There were too many tries in a short time from your network, so we stop for a while.',
    advice: 'Wait a minute and go on where you were. Nothing of it is lost.',
    reference: newReference(deps.entropy),
    technical: undefined,
    links: [],
  } as const;
  return deps.sendPage(reply, page, 429);
}

/** Registers the link (GET), and each step (GET and POST). */
export function registerSetup(app: FastifyInstance, deps: SetupDeps): void {
  app.get(SETUP_PATH, (request, reply) => open(request, reply, deps));
  const allowance = createAnswerAllowance(deps.clock, POSTS_PER_MINUTE);
  for (const step of Object.keys(PAGES) as SetupStep[]) {
    app.get(pathOf(step), (request, reply) => answer(request, reply, deps, step, allowance));
    app.post(pathOf(step), { bodyLimit: BODY_LIMIT }, (request, reply) =>
      answer(request, reply, deps, step, allowance),
    );
  }
}

/** Handles the identity provider's answer to a trial sign-in. */
export async function answerTrial(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: SetupDeps,
  trial: Trial,
  parameters: Fields,
  allowance: AnswerAllowance,
): Promise<FastifyReply> {
  // Counts every answer: each causes a request to the provider, and a cookie may be sent again.
  if (allowance.take(request.ip) === undefined) return sendTooMany(reply, deps);
  await endTrial(reply, deps, trial.id);
  const method = request.method === 'POST' ? 'POST' : 'GET';
  const visit = await findVisit(request, reply, deps);
  return visit === undefined ? sendEnded(reply, deps) : finishTrial(visit, trial, { method, parameters });
}
