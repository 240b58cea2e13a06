/**
 * Sends the person to the company's sign-in again, after an attempt that failed or was given up; or for the first time,
 * if the organization requires it for their address. Uses only a connection that is enabled for this login. A GET
 * changes nothing except the browser's transaction.
 */
import type { FastifyInstance, FastifyReply } from 'fastify';
import { parseEmail } from '../../../domain/people/email.js';
import { isEnterprise } from '../../../domain/tenant.js';
import { findHomeRealm, findRequiredCompany } from '../../../login/home-realm.js';
import type { LoginRoutesDeps } from '../deps.js';
import { goOn, goToIdp } from '../flow.js';
import { registerStep, type Step } from '../step.js';
import { COMPANY_PATH } from '../urls.js';

async function goAgain({ request, reply, deps, transaction, identified }: Step): Promise<FastifyReply> {
  const { upstream, username } = transaction;
  const email = parseEmail(username);
  const went = identified.connections.find(
    ({ connection }) => connection.id === upstream?.connectionId && isEnterprise(connection.strategy),
  );
  const company = email && (findRequiredCompany(identified, email) ?? findHomeRealm(identified, email));
  const enablement = went ?? company;
  if (enablement === undefined) return goOn(request, reply, deps, { transaction, identified });
  return goToIdp(request, reply, deps, { transaction, identified, enablement, loginHint: username });
}

/** Registers GET and POST of {@link COMPANY_PATH}. */
export function registerCompany(app: FastifyInstance, deps: LoginRoutesDeps): void {
  registerStep(app, deps, COMPANY_PATH, { show: goAgain, submit: goAgain });
}
