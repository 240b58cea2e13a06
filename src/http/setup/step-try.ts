/**
 * The step for a trial sign-in, which writes nothing about the person. It uses the real connector with the typed
 * settings, then decides like a login, without the commit. Stores only that these settings work. Must not show more
 * than a sign-in would. Attack: a customer's administrator lets their provider assert somebody else's address, to learn
 * whether it has an account (linking rule, part 6). The operator's log has the whole trace.
 */
import type { FastifyReply } from 'fastify';
import type { ExternalIdentity } from '../../domain/people/account.js';
import { emailDomain, parseEmail } from '../../domain/people/email.js';
import { digestOf } from '../../domain/self-service.js';
import type { Connection, OrganizationConnection } from '../../domain/tenant.js';
import { newLogId, randomAlphanumeric } from '../../kernel/ids.js';
import { REFUSALS } from '../../login/refusals.js';
import { mendingOf } from '../../management/self-service/mending.js';
import type { ConnectorFailure, RedirectStart } from '../../ports/connector.js';
import type { ConnectionRecord } from '../../ports/directory/connections.js';
import type { SetupBody, SetupTrial } from '../pages/models.js';
import { isProvedNow } from './domains-of.js';
import { CHANGED_BY_OTHERS, progressOf, type SetupProgress } from './progress.js';
import { countForTicket, toRefusal, type Visit } from './session.js';
import { pathOf, show } from './show.js';
import { keepTrial, type Trial } from './trial-cookie.js';

/** Claims that are not shown, because they are about the token or the session and not about the person. */
const OF_THE_TOKEN = new Set(
  'aud azp exp iat nbf nonce at_hash c_hash jti typ auth_time acr amr sid session_state sessionIndex'.split(' '),
);
/** Claims that are shown first, in this order, because an administrator looks for them. */
const FIRST = ['sub', 'email', 'email_verified', 'name', 'given_name', 'family_name'];
/**
 * Shown when the connector's state does not fit into the browser's cookies. That of our own connectors has only a few
 * hundred characters.
 */
const TOO_LARGE =
  'This browser could not keep what the way to the provider needs. Nothing was sent. Try again in an hour.';
/** Maximum number of characters of a claim's value on the page. */
const MAX_SHOWN = 300;

function tryBody({ setup }: Visit, { passed }: SetupProgress, trial?: SetupTrial): SetupBody {
  return { step: 'try', isPassed: passed, isReady: setup.candidate !== undefined, trial };
}

/** Sends the page that tries a sign-in (GET). */
export function showTry(visit: Visit, progress: SetupProgress): FastifyReply {
  if (visit.setup.candidate === undefined && progress.state === 'off')
    return visit.reply.redirect(pathOf('connection'), 303);
  return show(visit, progress, tryBody(visit, progress));
}

/**
 * Returns the connection with the typed settings. Its revision is derived from them, because connectors cache data
 * about a provider by revision. So a trial neither uses the cached data of real sign-ins, nor stops them when it fails
 * (circuit breaker).
 */
function toTried({ setup }: Visit, connection: ConnectionRecord): Connection {
  return {
    id: connection.id,
    name: connection.name,
    strategy: connection.strategy,
    displayName: connection.displayName,
    options: setup.candidate?.options ?? {},
    domainAliases: connection.domainAliases,
    // Attack: a customer's provider is tried with the operator's networks, and believed as theirs (ADR 0102).
    managedByOrganization: connection.managedByOrganization,
    revision: setup.candidate === undefined ? '-' : digestOf(setup.candidate),
  };
}

function refuse(visit: Visit, progress: SetupProgress, message: string): FastifyReply {
  return show(visit, progress, tryBody(visit, progress), { errors: [{ field: '', message }] });
}

function fail(visit: Visit, progress: SetupProgress, failure: ConnectorFailure): FastifyReply {
  return refuse(visit, progress, mendingOf(failure));
}

/** Handles the POST of the page: sends the browser to the provider. */
export async function startTrial(
  visit: Visit,
  progress: SetupProgress,
  goTo: (visit: Visit, started: RedirectStart) => FastifyReply,
): Promise<FastifyReply> {
  const { deps, setup, reply } = visit;
  const { connection } = progress;
  if (setup.candidate === undefined || connection === undefined) return reply.redirect(pathOf('connection'), 303);
  const connector = deps.redirectConnector(connection.strategy);
  if (connector === undefined) return reply.redirect(pathOf('provider'), 303);
  if (progress.isOutdated) return refuse(visit, progress, CHANGED_BY_OTHERS);
  const refused = await countForTicket(visit, 'provider').catch(toRefusal);
  if (refused) return refuse(visit, progress, refused.message);
  const id = randomAlphanumeric(deps.entropy, 16);
  const way = { transactionId: id, redirectUri: `${deps.origin}/login/callback` };
  // Sends no `prompt`, as in a login: a provider may refuse one that it does not know (OpenID Connect Core section
  // 3.1.2.6).
  const started = await connector.start(toTried(visit, connection), way, {});
  if (!started.ok) return fail(visit, progress, started);
  const sentAt = deps.clock.now().getTime();
  const digest = digestOf(setup.candidate);
  const trial = { id, setupId: setup.id, digest, remembered: started.remember, sentAt };
  if (!(await keepTrial(visit.request, reply, deps, trial))) return refuse(visit, progress, TOO_LARGE);
  return goTo(visit, started);
}

/** Returns the connection as if it were enabled for everybody, to find out how a login would be decided. */
function assume(
  { setup }: Visit,
  { routed, enablement, domains }: SetupProgress,
  connection: Connection,
): OrganizationConnection {
  const byDns = domains.filter(({ proof }) => proof.kind === 'dns').map(({ domain }) => domain);
  const isCustomers = connection.managedByOrganization !== undefined;
  return {
    connection: { ...connection, domainAliases: routed },
    assignMembershipOnLogin: enablement?.assignMembershipOnLogin ?? setup.config.assignMembershipOnLogin,
    showAsButton: true,
    isSignupEnabled: false,
    linkExistingMembers: enablement?.linkExistingMembers ?? 'verified_email',
    ssoRollout: 'optional',
    autoMembershipCondition: enablement?.autoMembershipCondition,
    pilotEmails: [],
    revision: '-',
    servesOrganizations: true,
    provedDomains: isCustomers ? routed.filter((domain) => byDns.includes(domain)) : routed,
  };
}

function toText(value: unknown): string {
  if (typeof value === 'string') return value;
  const parts = typeof value === 'object' && value !== null ? Object.values(value) : [value];
  return parts.every((one) => typeof one === 'string') ? parts.join(', ') : JSON.stringify(value);
}

/** Returns the claims about the person, as the page shows them. */
function toShown(claims: Readonly<Record<string, unknown>>): SetupTrial['claims'] {
  const rank = (name: string) => (FIRST.includes(name) ? FIRST.indexOf(name) : FIRST.length);
  return Object.entries(claims)
    .filter(([name]) => !OF_THE_TOKEN.has(name))
    .sort(([one], [other]) => rank(one) - rank(other))
    .map(([name, value]) => {
      const text = toText(value);
      return { name, value: text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text };
    });
}

/** Returns the names of missing claims that the tenant's applications need. An address is always needed. */
function findMissingClaims({ profile }: Visit, identity: ExternalIdentity): readonly string[] {
  const needed = profile.userAttributes.filter(({ isOptional }) => !isOptional).map(({ name }) => name);
  const known: Readonly<Record<string, unknown>> = {
    ...identity.claims,
    ...(identity.email !== undefined && { email: identity.email }),
  };
  return [...new Set(['email', ...needed])].filter((name) => known[name] === undefined || known[name] === '');
}

type Answer = Awaited<ReturnType<Visit['deps']['explainTrial']>>;

/** Why the person who tried may sign in, by rule. */
const ADMITTED: Readonly<Record<string, string>> = {
  member: 'You are a member: you keep the account that you have.',
  invited: 'You are invited: your first sign-in makes you a member.',
  auto: 'Your first sign-in makes you a member, since the connection admits people like you without an invitation.',
};

/** Rules that refuse people who lack a membership, and nothing else. */
const NOT_YET: readonly string[] = ['not_a_member', 'no_account'];

/** True if the address is in one of the company's domains, or the person is already a member or invited. */
function isTheirs(
  { deps }: Visit,
  { domains, routed }: SetupProgress,
  { email }: ExternalIdentity,
  answer: Answer,
): boolean {
  if (answer?.outcome === 'admitted' && (answer.rule === 'member' || answer.rule === 'invited')) return true;
  const proved = domains.filter((one) => isProvedNow(one, deps.clock.now())).map(({ domain }) => domain);
  const address = parseEmail(email);
  return address !== undefined && [...proved, ...routed].includes(emailDomain(address));
}

/**
 * Returns the sentences about the outcome, for the reader: the customer's administrator, who signed in as themselves.
 * Reveals nothing about people of other companies (`isOwn` is false). Attack: the company's provider asserts any
 * address, to learn who has an account, or which domains another customer has proved.
 */
function toVerdict(answer: Answer, isOwn: boolean): Pick<SetupTrial, 'verdict' | 'detail'> {
  if (answer === undefined) return { verdict: 'The connection works.', detail: '' };
  if (!isOwn)
    return {
      verdict: 'The connection works.',
      detail:
        'Whether you could sign in is shown here to members, and for addresses of domains that you have verified under Domains.',
    };
  if (answer.outcome === 'admitted')
    return {
      verdict: 'The connection works, and you can sign in once it is switched on.',
      detail: ADMITTED[answer.rule] ?? '',
    };
  if (answer.outcome === 'proof_required')
    return {
      verdict: 'The connection works. At your first sign-in, you are asked once whether the address is yours.',
      detail: 'A code is sent to the address. After that you sign in without it.',
    };
  if (NOT_YET.includes(answer.rule))
    return {
      verdict: 'The connection works. You are not a member yet.',
      detail:
        'To sign in, you need an invitation: ask the people who sent you this link. You can finish the set-up without one.',
    };
  const row = Object.entries(REFUSALS).find(([code]) => code.endsWith(`.${answer.rule}`))?.[1];
  return {
    verdict: 'The connection works, but you could not sign in.',
    detail: row === undefined ? '' : `You would read: “${row.sentence} ${row.advice}”`,
  };
}

async function log(visit: Visit, type: string, description: string, details: Record<string, unknown>): Promise<void> {
  const { deps, setup, actor } = visit;
  const date = deps.clock.now();
  await deps.ledger.append({
    logId: newLogId(deps.entropy, date),
    date,
    type,
    description,
    organizationId: setup.organizationId,
    ...(setup.connectionId !== undefined && { connectionId: setup.connectionId }),
    ip: actor.ip,
    ...(actor.userAgent !== undefined && { userAgent: actor.userAgent }),
    details: { ticket_id: setup.id, ...details },
  });
}

/** Stores that the tried settings work. Returns false if other settings were typed meanwhile. */
async function notePassed({ deps, setup }: Visit, digest: string): Promise<boolean> {
  return deps.directory.transaction(async (directory) => {
    const now = await directory.selfService.findSetupForUpdate(setup.id);
    if (now?.candidate === undefined || digestOf(now.candidate) !== digest) return false;
    await directory.selfService.updateSetup(setup, { passed: digest, passedAt: deps.clock.now() });
    return true;
  });
}

/**
 * Returns the claims as JSON for the console, which uses them for conditions of auto-membership
 * (src/console/last-tries.ts). The browser carries them from this page to the console; nothing stores them.
 */
function toHandOver({ deps }: Visit, { email, claims }: ExternalIdentity, { id }: Connection): string {
  return JSON.stringify({ connectionId: id, at: deps.clock.now().toISOString(), email, claims });
}

async function showTrial(
  visit: Visit,
  progress: SetupProgress,
  identity: ExternalIdentity,
  tried: Connection,
  digest: string,
) {
  const answer = await visit.deps.explainTrial({
    organizationId: visit.setup.organizationId,
    identity,
    assumed: assume(visit, progress, tried),
  });
  const missing = findMissingClaims(visit, identity);
  const passed = missing.length === 0 && (await notePassed(visit, digest));
  const { outcome, rule, trace } = answer ?? {};
  await log(visit, passed ? 'ss_sso_success' : 'ss_sso_failure', 'A sign-in was tried that writes nothing', {
    outcome,
    rule,
    trace,
    missing,
  });
  const handOver = toHandOver(visit, identity, tried);
  const said = toVerdict(answer, isTheirs(visit, progress, identity, answer));
  const trial: SetupTrial = { ...said, claims: toShown(identity.claims), missing, handOver };
  const setup = (await visit.deps.directory.selfService.findSetup(visit.setup.id))?.setup ?? visit.setup;
  const now = { ...visit, setup };
  return show(now, await progressOf(now), tryBody(now, await progressOf(now), trial));
}

/** Checks the identity provider's answer to a trial sign-in, and shows the result. */
export async function finishTrial(
  visit: Visit,
  trial: Trial,
  input: { readonly method: 'GET' | 'POST'; readonly parameters: Readonly<Record<string, string>> },
): Promise<FastifyReply> {
  const { deps, setup } = visit;
  const progress = await progressOf(visit);
  const { connection } = progress;
  const isSame = setup.candidate !== undefined && digestOf(setup.candidate) === trial.digest;
  if (connection === undefined || !isSame || trial.setupId !== setup.id)
    return fail(visit, progress, { ok: false, reason: 'invalid', check: 'callback.state', detail: 'other settings' });
  const refused = await countForTicket(visit, 'provider').catch(toRefusal);
  if (refused) return refuse(visit, progress, refused.message);
  const tried = toTried(visit, connection);
  const connector = deps.redirectConnector(connection.strategy);
  const answer = await connector?.finish(tried, trial.remembered, `${deps.origin}/login/callback`, input);
  if (answer?.ok) return showTrial(visit, progress, answer.identity, tried, trial.digest);
  const failure = answer ?? { ok: false, reason: 'invalid', check: 'connection.options', detail: 'no connector' };
  await log(visit, 'ss_sso_failure', 'A sign-in was tried that writes nothing', {
    check: failure.check,
    detail: failure.detail,
  });
  return fail(visit, progress, failure);
}
