/**
 * The double: a server that behaves like an Auth0 tenant, as far as tools for such tenants depend on it
 * (docs/auth0-double.md). It replaces some parts of a server by wrappers around them; compose/double.ts calls it for
 * `serve --profile auth0`. Never for real people: as on Auth0, a stranger gets an account, and a refused login leaves
 * data behind.
 */
import type { FastifyInstance } from 'fastify';
import type { Clock } from '../kernel/clock.js';
import type { RateLimit } from '../kernel/rate-limit.js';
import type { ActionDeps } from '../login/tenant-code/run-trigger.js';
import type { ManagementDeps } from '../management/api/deps.js';
import type { Operation } from '../management/api/operation.js';
import { type EnsureRows, ensureApiRows } from '../management/bootstrap.js';
import type { DirectoryStore } from '../ports/directory.js';
import type { Ledger } from '../ports/ledger.js';
import type { LoginCommit, LoginReads } from '../ports/login-store.js';
import type { TokenStore } from '../ports/token-store.js';
import { auth0Actions } from './actions.js';
import { auth0Directory } from './directory.js';
import type { DoubleFacts } from './facts.js';
import { hideAdditions } from './hidden.js';
import { consumingLedger } from './invitations.js';
import { createLag, type DirectorySnapshot } from './lag.js';
import { limitRates } from './limits.js';
import { auth0Commit, auth0Reads, auth0Tokens } from './login.js';
import { auth0Operations } from './operations.js';
import { Removals } from './removals.js';

declare module 'fastify' {
  interface FastifyInstance {
    /**
     * Returns true when no removal of a member is pending. Only a double has this function; tests use it to wait for
     * removals.
     */
    removalsAreDone?(): boolean;
  }
}

/** The parts of a server that the double reads or replaces. */
interface DoubledParts {
  readonly clock: Clock;
  readonly logger: { warn(fields: object, message: string): void };
  readonly closers: { add(end: () => unknown): void };
  readonly directory: DirectoryStore;
  readonly reads: LoginReads;
  readonly commit: LoginCommit;
  readonly tokens: TokenStore;
  readonly ledger: Ledger;
  readonly actions: { readonly live: ActionDeps };
  readonly ensureRows: EnsureRows;
  readonly createOperations: (deps: ManagementDeps) => readonly Operation[];
  readonly managementLimit: RateLimit | undefined;
  /** Called before any route is registered, to add hooks to the application. */
  readonly watch: (app: FastifyInstance) => void;
}

/** Views of the directory that only the double needs. */
export interface OtherDirectories {
  openSnapshot(): Promise<DirectorySnapshot>;
  /** A directory that keeps the refresh tokens of the members that it removes. */
  readonly keepingTokens: DirectoryStore;
}

/** Returns the parts of a server that behaves like Auth0. Also logs a warning that the server is a double. */
export async function toDouble<Parts extends DoubledParts>(
  parts: Parts,
  facts: DoubleFacts,
  { openSnapshot, keepingTokens }: OtherDirectories,
): Promise<Parts> {
  const { clock, logger: log, directory } = parts;
  log.warn(
    { profile: 'auth0', facts },
    'THIS IS A REHEARSAL TENANT (--profile auth0): it imitates Auth0, and refused logins leave accounts and memberships behind. Never use it for real people',
  );
  const removals = new Removals(facts.refresh_after_removal === 'works' ? keepingTokens : directory, facts, log);
  await removals.takeUp();
  const lag = await createLag({ directory, lagMs: facts.read_lag_ms / facts.speed, openSnapshot, log });
  parts.closers.add(async () => {
    await removals.finish();
    await lag.close();
  });
  const now = () => clock.now();
  return {
    ...parts,
    directory: auth0Directory(directory, { facts, removals, lag, now }),
    reads: auth0Reads(parts.reads),
    commit: auth0Commit(parts.commit, facts),
    tokens: auth0Tokens(parts.tokens, facts),
    ledger: consumingLedger(parts.ledger, directory, facts),
    actions: { ...parts.actions, live: auth0Actions(parts.actions.live, directory, now) },
    ensureRows: ensureApiRows,
    createOperations: (deps: ManagementDeps) => auth0Operations(parts.createOperations(deps), facts),
    // No limit here: the double has Auth0's rate limits instead (limits.ts).
    managementLimit: undefined,
    watch(app: FastifyInstance) {
      parts.watch(app);
      app.decorate('removalsAreDone', () => removals.isQuiet);
      limitRates(app, facts, clock);
      hideAdditions(app);
    },
  };
}
