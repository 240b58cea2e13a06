/**
 * The page where people see and change their account: GET and POST /account. Needs the browser's session; without one,
 * and before a change of how the person signs in, it sends them to a sign-in. Forms of other sites are refused by the
 * check of the origin (server.ts), and the session's cookie is SameSite=Lax.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { brandOf } from '../../domain/look/brand.js';
import { LANGUAGES } from '../../domain/look/languages.js';
import { createRateLimit, type RateLimit } from '../../kernel/rate-limit.js';
import type { Enrolment, OwnRefusal, OwnResult } from '../../management/my-account/changes.js';
import { finishEnrolment, removeOwn, resumeApp, startEnrolment } from '../../management/my-account/changes.js';
import type { OwnKind } from '../../management/my-account/person.js';
import { endOtherSessions, endOwnSession } from '../../management/my-account/sessions.js';
import { userAgentOf } from '../browser/user-agent.js';
import { wishOf } from '../login/mail-links/mail-wish.js';
import { readField, readFields } from '../login/step.js';
import { ACCOUNT_PATH } from '../login/urls.js';
import { MESSAGES, type Said } from '../pages/speech.js';
import { ADDRESS_PATH, showAddress, submitAddress } from './address.js';
import type { AccountDeps } from './deps.js';
import { mailPassword, PASSWORD_PATH, showPassword, submitPassword } from './password.js';
import { sayRefused } from './refused.js';
import { personOf } from './show.js';
import { startSignIn } from './sign-in.js';
import { confirm, goBack, show, textOf, type Visit } from './visit.js';

const ENROL_PATH = `${ACCOUNT_PATH}/factor`;
/** Maximum characters of a WebAuthn answer, as on the page of the login. */
export const ANSWER_CHARACTERS = 16_000;
/** Forms of one person: ten at once, then one in three seconds. */
const RATE = { perSecond: 1 / 3, atOnce: 10 };

/** The results that the page may show after a redirect, by their name in the address. */
const NOTICES: Readonly<Record<string, Said>> = {
  mailed: textOf('mailed'),
  ended: textOf('ended'),
  others: textOf('endedOthers'),
  added: textOf('isSetUp'),
  removed: textOf('removed'),
  password: textOf('passwordChanged'),
  language: textOf('languageSaved'),
};

const refuse = (visit: Visit, why: OwnRefusal) => show(visit, { error: sayRefused(why) });

/**
 * Shows the page on which the person sets up a factor. Wrong codes of an app are not counted: the page shows the secret
 * itself, so a guess gains nothing.
 */
async function showEnrolment(visit: Visit, started: Enrolment, isWrong = false): Promise<FastifyReply> {
  const { reply, deps, person } = visit;
  const { kind, sealed, secret, uri, options } = started;
  if (kind === 'recovery-code' || kind === 'email') return refuse(visit, 'kind');
  const tenant = await deps.pipeline.reads.findTenant();
  const error = kind === 'otp' ? { field: 'code', message: MESSAGES.factorWrong } : keyError();
  return deps.sendPage(
    reply,
    {
      ...{ page: 'factor', ask: 'enrol', brand: brandOf({ tenant }, deps.origin), email: person.user.email },
      ...{ action: ENROL_PATH, accountUrl: ACCOUNT_PATH, hidden: { enrolment: sealed, kind } },
      ...{ method: kind, others: [], triesLeft: undefined, errors: isWrong ? [error] : [] },
      ...(secret !== undefined && { secret }),
      ...(uri !== undefined && { uri }),
      ...(options && { options: JSON.stringify(options) }),
    },
    { tenant },
    isWrong ? 400 : 200,
  );
}

const keyError = () => ({ field: 'answer', message: MESSAGES.keyWrong });

async function showRecoveryCode(visit: Visit, code: string): Promise<FastifyReply> {
  const { reply, deps, person } = visit;
  const tenant = await deps.pipeline.reads.findTenant();
  const brand = brandOf({ tenant }, deps.origin);
  const page = { page: 'factor', ask: 'recovery_code', brand, errors: [], action: ACCOUNT_PATH, code } as const;
  return deps.sendPage(reply, { ...page, email: person.user.email, accountUrl: ACCOUNT_PATH }, { tenant });
}

async function begin(visit: Visit, kind: OwnKind, replaces?: string): Promise<FastifyReply> {
  const wish = replaces === undefined ? {} : { replaces };
  const started = await startEnrolment(visit.deps.own, visit.asker, kind, wish);
  return started.ok ? showEnrolment(visit, started) : refuse(visit, started.why);
}

/** Makes a new recovery code and shows it, once. */
async function renewRecovery(visit: Visit): Promise<FastifyReply> {
  const { own } = visit.deps;
  const started = await startEnrolment(own, visit.asker, 'recovery-code');
  if (!started.ok) return refuse(visit, started.why);
  const made = await finishEnrolment(own, visit.asker, started.sealed, {}, { showsCode: true });
  return made.ok ? showRecoveryCode(visit, started.recoveryCode ?? '') : refuse(visit, made.why);
}

const KINDS: readonly string[] = ['otp', 'passkey', 'webauthn-roaming'] satisfies readonly OwnKind[];
const isOwnKind = (kind: string): kind is OwnKind => KINDS.includes(kind);

/** Takes the answer that finishes an enrolment. */
async function enrol(visit: Visit): Promise<FastifyReply> {
  const { request, deps, asker } = visit;
  const fields = readFields(request.body, 4_000, { answer: ANSWER_CHARACTERS });
  const { enrolment = '', kind = '', code = '', answer = '' } = fields;
  const made = await finishEnrolment(deps.own, asker, enrolment, { code, response: answer }, { showsCode: true });
  if (made.ok)
    return made.recoveryCode === undefined ? goBack(visit, 'added') : showRecoveryCode(visit, made.recoveryCode);
  if (made.why !== 'wrong' || !isOwnKind(kind)) return refuse(visit, made.why);
  // An authenticator answers each challenge once; the secret of an app stays, because the person has scanned it.
  const again: OwnResult<Enrolment> | undefined =
    kind === 'otp' ? undefined : await startEnrolment(deps.own, asker, kind);
  const resumed = again === undefined ? await resumeApp(deps.own, asker, enrolment) : again.ok ? again : undefined;
  return resumed === undefined ? refuse(visit, 'changed') : showEnrolment(visit, resumed, true);
}

async function endSession(visit: Visit, id: string): Promise<FastifyReply> {
  const { request, reply, deps, session, asker } = visit;
  await endOwnSession(deps.own, asker, id);
  if (id !== session.sessionId) return goBack(visit, 'ended');
  await deps.sessions.end(request, reply);
  const tenant = await deps.pipeline.reads.findTenant();
  return deps.sendPage(reply, { page: 'signed-out', brand: brandOf({ tenant }, deps.origin) }, { tenant });
}

/** Keeps the language that the person chooses in this browser, where every later page and sign-in reads it. */
async function chooseLanguage({ request, reply, deps }: Visit): Promise<FastifyReply> {
  const { language = '' } = readFields(request.body);
  deps.devices.keepLanguage(
    request,
    reply,
    LANGUAGES.find((one) => one === language),
  );
  return goBack({ reply }, 'language');
}

/** Runs the action of a posted form. An unknown one shows the page. */
async function act(visit: Visit): Promise<FastifyReply> {
  const { action = '' } = readFields(visit.request.body);
  const [verb = '', ...rest] = action.split(':');
  const about = rest.join(':');
  if (action === 'confirm') return confirm(visit);
  if (action === 'password') return mailPassword(visit);
  if (action === 'change-password') return visit.reply.redirect(PASSWORD_PATH, 303);
  if (action === 'add-address') return visit.reply.redirect(ADDRESS_PATH, 303);
  if (action === 'recovery') return renewRecovery(visit);
  if (action === 'language') return chooseLanguage(visit);
  if (action === 'end-others') {
    await endOtherSessions(visit.deps.own, visit.asker);
    return goBack(visit, 'others');
  }
  if (verb === 'end') return endSession(visit, about);
  if (verb === 'add' && isOwnKind(about)) return begin(visit, about);
  if (verb === 'replace') return begin(visit, 'otp', about);
  if (verb === 'remove') {
    const removed = await removeOwn(visit.deps.own, visit.asker, about);
    return removed.ok ? goBack(visit, 'removed') : refuse(visit, removed.why);
  }
  return visit.reply.redirect(ACCOUNT_PATH, 303);
}

/** Finds the signed-in person, or begins a sign-in. */
async function enter(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: AccountDeps,
  run: (visit: Visit) => Promise<FastifyReply>,
): Promise<FastifyReply> {
  const at = deps.pipeline.clock.now();
  const session = (await deps.sessions.find(request))?.session;
  const person = session && (await personOf(deps, session, at));
  if (session === undefined || person?.session === undefined) {
    const clientId = readField(request.query, 'client_id');
    const organizationId = readField(request.query, 'organization');
    return startSignIn(request, reply, deps, {
      place: clientId === undefined ? undefined : { clientId, organizationId },
    });
  }
  const { userId, sessionId } = session;
  const { ip } = request;
  const from = { ip, userAgent: userAgentOf(request), language: wishOf(request).acceptLanguage };
  const asker = { userId, sessionId, clientId: '', from };
  return run({ request, reply, deps, session, person, asker, at });
}

/** As {@link enter}, for a posted form: counted for each person. */
function submit(limit: RateLimit, deps: AccountDeps, run: (visit: Visit) => Promise<FastifyReply>) {
  return (request: FastifyRequest, reply: FastifyReply) =>
    enter(request, reply, deps, (visit) =>
      limit.take(visit.person.user.userId).isWithin ? run(visit) : show(visit, { error: textOf('tooMany') }),
    );
}

/** Registers GET and POST /account, /account/password and /account/address, and POST /account/factor. */
export function registerAccount(app: FastifyInstance, deps: AccountDeps): void {
  const limit = createRateLimit(RATE, deps.pipeline.clock);
  app.get(ACCOUNT_PATH, (request, reply) =>
    enter(request, reply, deps, (visit) => show(visit, { notice: NOTICES[readField(request.query, 'done') ?? ''] })),
  );
  app.post(ACCOUNT_PATH, submit(limit, deps, act));
  app.get(PASSWORD_PATH, (request, reply) => enter(request, reply, deps, showPassword));
  app.post(PASSWORD_PATH, submit(limit, deps, submitPassword));
  app.get(ADDRESS_PATH, (request, reply) => enter(request, reply, deps, showAddress));
  app.post(ADDRESS_PATH, submit(limit, deps, submitAddress));
  app.get(ENROL_PATH, (_request, reply) => reply.redirect(ACCOUNT_PATH, 303));
  app.post(ENROL_PATH, submit(limit, deps, enrol));
}
