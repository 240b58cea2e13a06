/**
 * The page where the person types their address. Home realm discovery sends people of a company's domain to its
 * identity provider, and everybody else to the password.
 */
import type { FastifyInstance, FastifyReply } from 'fastify';
import { brandOf } from '../../domain/look/brand.js';
import { type Email, emailDomain, parseEmail } from '../../domain/people/email.js';
import { isEnterprise, type OrganizationConnection } from '../../domain/tenant.js';
import { findHomeRealm, isSignUpOpen } from '../../login/home-realm.js';
import { REFUSALS } from '../../login/refusals.js';
import type { Identified } from '../../login/stages.js';
import type { LoginTransaction } from '../browser/transactions.js';
import type { FieldError } from '../pages/models.js';
import { MESSAGES, type Said } from '../pages/speech.js';
import type { LoginRoutesDeps } from './deps.js';
import { goTo, goToIdp, picksOrganizationLater } from './flow.js';
import { findOfferedTitle, followOffer } from './open-invitation.js';
import { databaseOf } from './proof/database.js';
import { askForPasskey, registerPasskey } from './proof/passkey.js';
import { routeAddress } from './route.js';
import { registerStep, type Step, speechPlaceOf } from './step.js';
import { pageUrl } from './urls.js';

/**
 * True when the application asked for a sign-up (`screen_hint`), but sign-up is closed and the person has no
 * invitation.
 */
function wantsClosedSignUp({ identified, transaction }: Step): boolean {
  if (transaction.request.screenHint !== 'signup' || identified.invitation !== undefined) return false;
  return !isSignUpOpen(identified, databaseOf(transaction, identified));
}

function findButtons({ connections }: Identified): readonly OrganizationConnection[] {
  return connections.filter(
    (item) => isEnterprise(item.connection.strategy) && item.showAsButton && item.pilotEmails.length === 0,
  );
}

/**
 * Returns the message for an address that no connection accepts. It mentions the page's buttons only if there are any.
 */
const addressElsewhere = (identified: Identified): Said =>
  findButtons(identified).length > 0 ? MESSAGES.addressElsewhere : MESSAGES.addressNowhere;

async function show(step: Step, username: string, errors: readonly FieldError[], status = 200): Promise<FastifyReply> {
  const { identified, transaction, deps, reply } = step;
  const { client, connections } = identified;
  const enterprise = connections.filter((item) => isEnterprise(item.connection.strategy));
  const passkey = await askForPasskey(step);
  // The link is shown for every address. If it depended on the address, it would reveal who has a password here.
  const passwordLink =
    identified.tenant.habits?.homeRealmBinds !== true &&
    databaseOf(transaction, identified) !== undefined &&
    (picksOrganizationLater(identified) || enterprise.some((item) => item.connection.domainAliases.length > 0));
  return deps.sendPage(
    reply,
    {
      page: 'identifier',
      brand: brandOf(identified, deps.origin),
      action: pageUrl('/u/login/identifier', transaction.id),
      errors,
      username,
      applicationName: client.name,
      ...(passkey && { passkey }),
      signUpClosed: wantsClosedSignUp(step),
      invitedTo: await findOfferedTitle(step),
      passwordLink,
      forPassword: passwordLink && step.fields.action === 'password',
      connections: findButtons(identified).map(({ connection }) => ({
        name: connection.name,
        title: connection.displayName ?? connection.name,
      })),
    },
    speechPlaceOf(step),
    status,
  );
}

function wrongAddress(step: Step, username: string, message: Said): Promise<FastifyReply> {
  return show(step, username, [{ field: 'username', message }], 400);
}

/**
 * Returns the company's connection for an address. If the organization is picked after the sign-in, this may be a
 * connection that any organization has enabled (Auth0, "prompt for credentials"). In a login without an organization it
 * may not: people would enter applications for which nobody enabled it.
 */
async function findHome(
  { deps }: Step,
  identified: Identified,
  username: string,
): Promise<OrganizationConnection | undefined> {
  const email = parseEmail(username);
  const home = findHomeRealm(identified, username);
  if (home || email === undefined || !picksOrganizationLater(identified)) return home;
  const homes = await deps.pipeline.reads.findHomeRealms(emailDomain(email));
  return homes.length === 1 ? homes[0] : undefined;
}

/**
 * Sends the person to their company's identity provider, to the password page, or to the connection that an Action
 * chose.
 */
async function goOn(step: Step, typed: LoginTransaction, email: Email): Promise<FastifyReply> {
  const { request, reply, deps, fields } = step;
  const routed = await routeAddress(step, typed, email);
  if (routed === undefined) return reply;
  const { transaction, identified, chosen } = routed;
  const username = transaction.username ?? email;
  // If the application named a connection, home realm discovery is not used. Nor is it if the person asked for the
  // password, unless the tenant's setting forbids that.
  const asksForPassword = fields.action === 'password' && identified.tenant.habits?.homeRealmBinds !== true;
  const named = asksForPassword || transaction.request.connection !== undefined;
  const home = chosen ?? (named ? undefined : await findHome(step, identified, username));
  if (home && isEnterprise(home.connection.strategy))
    return goToIdp(request, reply, deps, { transaction, identified, enablement: home, loginHint: username });
  if (databaseOf(transaction, identified) === undefined)
    return wrongAddress({ ...step, identified }, username, addressElsewhere(identified));
  const withDatabase = chosen ? { ...transaction, database: chosen.connection.name } : transaction;
  return goTo(request, reply, deps, { transaction: withDatabase, identified, path: '/u/login/password' });
}

async function submit(step: Step): Promise<FastifyReply> {
  const { request, reply, deps, identified, fields } = step;
  const username = (fields.username ?? '').trim();
  const action = fields.action ?? 'default';
  const transaction = { ...step.transaction, username };
  if (action === 'invitation') return (await followOffer(step)) ?? show(step, username, []);
  if (action.startsWith('connection:')) {
    const name = action.slice('connection:'.length);
    const enablement = identified.connections.find(
      (item) => isEnterprise(item.connection.strategy) && item.connection.name === name,
    );
    if (enablement)
      return goToIdp(request, reply, deps, { transaction, identified, enablement, loginHint: username || undefined });
  }
  const email = parseEmail(username);
  if (email === undefined) return wrongAddress(step, username, MESSAGES.addressInvalid);
  return goOn(step, transaction, email);
}

/** Shows the same text for an unknown credential and a wrong answer. */
function wrongPasskey(step: Step): Promise<FastifyReply> {
  const { status } = REFUSALS['authenticate.passkey_failed'];
  return show(step, step.transaction.username ?? '', [{ field: 'answer', message: MESSAGES.passkeyWrong }], status);
}

/** Registers GET and POST /u/login/identifier, and the path for a passkey's answer. */
export function registerIdentifier(app: FastifyInstance, deps: LoginRoutesDeps): void {
  registerStep(app, deps, '/u/login/identifier', {
    show: (step) => show(step, step.transaction.username ?? step.transaction.request.loginHint ?? '', []),
    submit,
  });
  registerPasskey(app, deps, wrongPasskey);
}
