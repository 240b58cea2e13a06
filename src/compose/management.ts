/** Builds the Management API, and the set-up pages, which use its operations. Only server.ts imports this. */

import { showNode } from '../config/shown-config.js';
import type { UnfinishedWork } from '../http/browser/unfinished.js';
import type { ConsoleDeps } from '../http/console.js';
import { myOrganizationRoutes } from '../http/my-organization/routes.js';
import type { SetupDeps } from '../http/setup/deps.js';
import { explain, explainTrial } from '../login/explain.js';
import { explainPeople } from '../login/explain-people.js';
import type { PipelineDeps } from '../login/pipeline.js';
import { managementAudience } from '../management/api/audience.js';
import type { ManagementDeps } from '../management/api/deps.js';
import { inviteFirst, isFirstTicket, lacksOwner } from '../management/operators/first.js';
import { createManagement } from '../management/resources.js';
import type { KeyRules } from '../ports/key-rules.js';
import type { TextRecords } from '../ports/text-records.js';
import type { TokenIssuer } from '../ports/token-issuer.js';
import type { Parts } from './parts.js';

interface LoginParts {
  readonly pipeline: PipelineDeps;
  readonly unfinished: UnfinishedWork;
}

interface Sides {
  readonly issuer: TokenIssuer;
  readonly signingKeys: KeyRules;
  readonly textRecords: TextRecords;
  readonly onImport: () => void;
}

function toDeps(
  { config, clock, entropy, boxes, directory, mail, actions, connectors, managementLimit }: Parts,
  { pipeline }: LoginParts,
  { issuer, signingKeys, textRecords, onImport }: Sides,
): ManagementDeps {
  const { origin, managementClient } = config;
  const audience = managementAudience(origin);
  return {
    origin,
    server: showNode(config, clock),
    directory,
    environmentClientId: managementClient?.id,
    verifyAccessToken: async (token) => {
      const verified = await issuer.verifyAccessToken(token, audience);
      if (verified === undefined) return undefined;
      const { clientId, scopes, subject, organizationId } = verified;
      return { clientId, scopes: new Set(scopes), subject, organizationId };
    },
    signingKeys,
    verifyIdToken: (token) => issuer.verifyIdTokenHint(token),
    passwords: pipeline.passwords,
    onMailQueued: mail.wake,
    onImportQueued: onImport,
    ticketBox: boxes.tickets,
    rateLimit: managementLimit,
    clock,
    entropy,
    explain: (question) => explain(question, clock.now(), pipeline.reads),
    explainPeople: (id, questions) => explainPeople(id, questions, clock.now(), pipeline.reads),
    strategies: connectors.strategies,
    examine: async (connection) => connectors.redirectConnector(connection.strategy)?.examine(connection),
    makeConnectionKey: connectors.makeConnectionKey,
    checkAction: actions.check,
    checkModule: actions.checkModule,
    runAction: (run) => actions.drafts.run(run),
    textRecords,
    checkMailWords: async (words) => (await import('../mail/own-words.js')).checkOwnWords(words),
    attempts: pipeline.attempts,
  };
}

/** Builds the routes of the Management API, and the parts for the set-up pages. */
export function composeManagement(parts: Parts, login: LoginParts, sides: Sides) {
  const { config, clock, entropy, boxes, connectors, directory, ledger } = parts;
  const { pipeline } = login;
  const deps = toDeps(parts, login, sides);
  const management = createManagement(deps, parts.createOperations(deps));
  const setup: Omit<SetupDeps, 'sendPage'> = {
    origin: config.origin,
    directory,
    invoke: management.invoke,
    redirectConnector: connectors.redirectConnector,
    strategies: connectors.strategies,
    explainTrial: (question) => explainTrial(question, clock.now(), pipeline.reads),
    ledger,
    attempts: pipeline.attempts,
    clock,
    entropy,
    unfinished: login.unfinished,
  };
  const firstDeps = { origin: config.origin, directory, ticketBox: boxes.tickets, strategies: [] };
  const operators: Omit<ConsoleDeps, 'sendPage'> = {
    origin: config.origin,
    entropy,
    findOperators: () => directory.operators.find(),
    lacksOwner: () => lacksOwner(directory),
    isFirstTicket: (ticket) => isFirstTicket(boxes.tickets, ticket, clock.now()),
    inviteFirst: (email) => inviteFirst({ ...firstDeps, clock, entropy }, email),
  };
  const { origin } = config;
  const { invokeWrites } = management;
  const own = { origin, directory, invokeWrites, attempts: pipeline.attempts, clock };
  const myOrganization = myOrganizationRoutes({ own, verifier: sides.issuer });
  return { management: management.routes, myOrganization, setup, console: operators };
}
