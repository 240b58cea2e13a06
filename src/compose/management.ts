/** Builds the Management API, and the set-up pages, which use its operations. Only server.ts imports this. */

import type { Config } from '../config/config.js';
import { showNode } from '../config/shown-config.js';
import type { UnfinishedWork } from '../http/browser/unfinished.js';
import type { ConsoleDeps } from '../http/console.js';
import type { SetupDeps } from '../http/setup/deps.js';
import type { Clock } from '../kernel/clock.js';
import type { Entropy } from '../kernel/ids.js';
import { createRateLimit } from '../kernel/rate-limit.js';
import { explain, explainTrial } from '../login/explain.js';
import { explainPeople } from '../login/explain-people.js';
import type { PipelineDeps } from '../login/pipeline.js';
import { checkOwnWords } from '../mail/own-words.js';
import { managementAudience } from '../management/api/audience.js';
import type { ManagementDeps } from '../management/api/deps.js';
import { inviteFirst, isFirstTicket, lacksOwner } from '../management/operators/first.js';
import { createManagement, type Decorate } from '../management/resources.js';
import type { DirectoryStore } from '../ports/directory.js';
import type { KeyRules } from '../ports/key-rules.js';
import type { Ledger } from '../ports/ledger.js';
import type { TextRecords } from '../ports/text-records.js';
import type { TokenIssuer } from '../ports/token-issuer.js';
import type { ComposedActions } from './actions.js';
import type { ComposedConnectors } from './connectors.js';
import type { Boxes } from './secrets.js';

interface Parts {
  readonly config: Config;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly boxes: Boxes;
}

interface LoginParts {
  readonly pipeline: PipelineDeps;
  readonly mail: { readonly wake: () => void };
  readonly actions: ComposedActions;
  readonly connectors: ComposedConnectors;
  readonly ledger: Ledger;
  readonly unfinished: UnfinishedWork;
}

interface Sides {
  readonly issuer: TokenIssuer;
  readonly signingKeys: KeyRules;
  readonly directory: DirectoryStore;
  readonly textRecords: TextRecords;
  readonly onImport: () => void;
  /** Wraps the operations of the Management API; undefined for every server except a rehearsal tenant. */
  readonly decorate: Decorate | undefined;
}

function toDeps(
  { config, clock, entropy, boxes }: Parts,
  { pipeline, mail, actions, connectors }: LoginParts,
  { issuer, signingKeys, directory, textRecords, onImport, decorate }: Sides,
): ManagementDeps {
  const { origin, managementClient, rates } = config;
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
    // A rehearsal tenant has Auth0's limits instead.
    rateLimit: rates.management && decorate === undefined ? createRateLimit(rates.management, clock) : undefined,
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
    checkMailWords: checkOwnWords,
    attempts: pipeline.attempts,
  };
}

/** Builds the routes of the Management API, and the parts for the set-up pages. */
export function composeManagement(parts: Parts, login: LoginParts, sides: Sides) {
  const { config, clock, entropy, boxes } = parts;
  const { pipeline, connectors, ledger } = login;
  const management = createManagement(toDeps(parts, login, sides), sides.decorate);
  const setup: Omit<SetupDeps, 'sendPage'> = {
    origin: config.origin,
    directory: sides.directory,
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
  const firstDeps = { origin: config.origin, directory: sides.directory, ticketBox: boxes.tickets, strategies: [] };
  const operators: Omit<ConsoleDeps, 'sendPage'> = {
    origin: config.origin,
    entropy,
    findOperators: () => sides.directory.operators.find(),
    lacksOwner: () => lacksOwner(sides.directory),
    isFirstTicket: (ticket) => isFirstTicket(boxes.tickets, ticket, clock.now()),
    inviteFirst: (email) => inviteFirst({ ...firstDeps, clock, entropy }, email),
  };
  return { routes: management.routes, setup, console: operators };
}
