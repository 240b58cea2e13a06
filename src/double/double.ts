/**
 * A rehearsal tenant: the server behaves like an Auth0 tenant, as far as tools for such tenants depend on it
 * (docs/auth0-double.md). compose/double.ts builds it, and compose/server.ts wraps its parts around the product's own
 * when `serve --profile auth0` asks for it. Never for real people: as on Auth0, a stranger gets an account, and a
 * refused login leaves data behind.
 */
import type { FastifyInstance } from 'fastify';
import type { Clock } from '../kernel/clock.js';
import type { ActionDeps } from '../login/tenant-code/run-trigger.js';
import type { Operation } from '../management/api/operation.js';
import type { DirectorySnapshot, DirectoryStore } from '../ports/directory.js';
import type { Ledger } from '../ports/ledger.js';
import type { LoginCommit, LoginReads } from '../ports/login-store.js';
import type { TokenStore } from '../ports/token-store.js';
import { auth0Actions } from './actions.js';
import { auth0Directory } from './directory.js';
import type { DoubleFacts } from './facts.js';
import { hideAdditions } from './hidden.js';
import { consumingLedger } from './invitations.js';
import { createLag } from './lag.js';
import { limitRates } from './limits.js';
import { auth0Commit, auth0Reads, auth0Tokens } from './login.js';
import { auth0Operations } from './operations.js';
import { Removals } from './removals.js';

declare module 'fastify' {
  interface FastifyInstance {
    /**
     * Returns true when no removal of a member is pending; exists only on a double. For tests that must wait for
     * removals.
     */
    removalsAreDone?(): boolean;
  }
}

/** Functions that wrap the parts of a server to make them behave like Auth0's. */
export interface Double {
  /** Directory of the Management API. */
  readonly directory: DirectoryStore;
  reads(reads: LoginReads): LoginReads;
  commit(commit: LoginCommit): LoginCommit;
  tokens(store: TokenStore): TokenStore;
  ledger(ledger: Ledger): Ledger;
  actions(actions: ActionDeps): ActionDeps;
  operations(operations: readonly Operation[]): readonly Operation[];
  /** Adds hooks to the application; must be called before any route is registered. */
  watch(app: FastifyInstance): void;
  /** Does the pending removals of members, and closes the snapshots. */
  close(): Promise<void>;
}

export interface DoubleParts {
  readonly facts: DoubleFacts;
  readonly directory: DirectoryStore;
  openSnapshot(): Promise<DirectorySnapshot>;
  readonly clock: Clock;
  readonly log: { warn(fields: object, message: string): void };
}

/** Builds the double around a directory, and logs once that this server is a double. */
export async function createDouble({ facts, directory, openSnapshot, clock, log }: DoubleParts): Promise<Double> {
  log.warn(
    { profile: 'auth0', facts },
    'THIS IS A REHEARSAL TENANT (--profile auth0): it imitates Auth0, and refused logins leave accounts and memberships behind. Never use it for real people',
  );
  const removals = new Removals(directory, facts, log);
  await removals.takeUp();
  const lag = await createLag({ directory, lagMs: facts.read_lag_ms / facts.speed, openSnapshot, log });
  return {
    directory: auth0Directory(directory, { facts, removals, lag, now: () => clock.now() }),
    reads: auth0Reads,
    commit: (commit) => auth0Commit(commit, facts),
    tokens: (store) => auth0Tokens(store, facts),
    ledger: (ledger) => consumingLedger(ledger, directory, facts),
    actions: (actions) => auth0Actions(actions, directory, () => clock.now()),
    operations: (operations) => auth0Operations(operations, facts),
    watch(app) {
      app.decorate('removalsAreDone', () => removals.isQuiet);
      limitRates(app, facts, clock);
      hideAdditions(app);
    },
    async close() {
      await removals.finish();
      await lag.close();
    },
  };
}
