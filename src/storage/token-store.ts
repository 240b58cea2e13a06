/**
 * The token endpoint's view of PostgreSQL: one read and at most one write per request. Decides nothing; the conditions in
 * its writes only make sure that what was decided still holds.
 */
import type pg from 'pg';
import { assert } from '../kernel/assert.js';
import { addSeconds } from '../kernel/clock.js';
import { Fault } from '../kernel/errors.js';
import type { SecretBox } from '../kernel/seal.js';
import type { LogEntry } from '../ports/ledger.js';
import type { OpaqueReference } from '../ports/token-issuer.js';
import type { TokenStore } from '../ports/token-store.js';
import {
  type ClientRow,
  type CodeRow,
  type LogoutRow,
  type MachineRow,
  type RefreshRow,
  toCodeGrant,
  toLogoutTargets,
  toMachineGrant,
  toRefreshGrant,
  toTokenClient,
  toTokenUser,
  type UserRow,
} from './tokens/rows.js';
import * as sql from './tokens/statements.js';
import { queryNamed } from './tokens/statements.js';

/** The parameters of a log line that rides in another statement; who and where it takes from that statement's row. */
function logValues(log: LogEntry): readonly unknown[] {
  const { logId, type, description, ip, userAgent, details } = log;
  return [logId, type, description ?? null, ip ?? null, userAgent ?? null, JSON.stringify(details)];
}

type Reads = Pick<
  TokenStore,
  'findClient' | 'findMachineGrant' | 'findCodeGrant' | 'findRefreshGrant' | 'findTokenUser' | 'findLogoutTargets'
>;

function createReads(pool: pg.Pool, box: SecretBox): Reads {
  const presented = <Row extends ClientRow & { allow_organization_name: boolean }, Grant>(
    row: Row | undefined,
    toGrant: (row: Row) => Grant | undefined,
  ) => row && { client: toTokenClient(box, row), namesInTokens: row.allow_organization_name, grant: toGrant(row) };
  const keyOf = (clientId: string, reference: OpaqueReference | undefined) => [
    clientId,
    reference?.userId ?? null,
    reference?.hash ?? null,
  ];
  return {
    async findClient(clientId) {
      const [row] = await queryNamed<ClientRow>(pool, 'tokens-client', sql.FIND_CLIENT, [clientId]);
      return row && toTokenClient(box, row);
    },
    async findMachineGrant({ clientId, audience, organization }) {
      const values = [clientId, audience, organization ?? null];
      const [row] = await queryNamed<MachineRow>(pool, 'tokens-machine', sql.FIND_MACHINE_GRANT, values);
      return row && toMachineGrant(box, row);
    },
    async findCodeGrant(clientId, reference) {
      const values = keyOf(clientId, reference);
      const [row] = await queryNamed<CodeRow>(pool, 'tokens-code', sql.FIND_CODE_GRANT, values);
      return presented(row, toCodeGrant);
    },
    async findRefreshGrant(clientId, reference) {
      const values = keyOf(clientId, reference);
      const [row] = await queryNamed<RefreshRow>(pool, 'tokens-refresh', sql.FIND_REFRESH_GRANT, values);
      return presented(row, toRefreshGrant);
    },
    async findTokenUser(userId) {
      const [row] = await queryNamed<UserRow>(pool, 'tokens-user', sql.FIND_TOKEN_USER, [userId]);
      return row && toTokenUser(row);
    },
    async findLogoutTargets(clientId) {
      const values = [clientId ?? null];
      const [row] = await queryNamed<LogoutRow>(pool, 'tokens-logout', sql.FIND_LOGOUT_TARGETS, values);
      assert(row !== undefined, 'the tenant row is written by the first migration');
      return toLogoutTargets(row);
    },
  };
}

/**
 * Runs one of the writes that carry a log line; true when it did what it says. The connection may be lost after the server
 * did it and before its answer came back: the line's id is nobody else's, so if the line is there, the rest is. Otherwise an
 * application that tries its rotated token again would be taken for a thief.
 */
async function write(
  pool: pg.Pool,
  name: string,
  text: string,
  values: readonly unknown[],
  log: LogEntry,
): Promise<boolean> {
  try {
    return (await queryNamed(pool, name, text, values)).length === 1;
  } catch (error) {
    if (!(error instanceof Fault && error.retryable)) throw error;
    const found = await queryNamed(pool, 'tokens-written', sql.FIND_LOG_LINE, [log.logId]).catch(() => []);
    if (found.length === 1) return true;
    throw error;
  }
}

/** `box` is the one of purpose `rows`. */
export function createTokenStore(pool: pg.Pool, box: SecretBox): TokenStore {
  return {
    ...createReads(pool, box),
    async redeemCode({ code, at, refreshToken, log }) {
      const { hash = null, expiresAt = null, idleExpiresAt = null } = refreshToken ?? {};
      const values = [code.userId, code.hash, at, hash, expiresAt, idleExpiresAt, ...logValues(log)];
      return (await write(pool, 'tokens-redeem', sql.REDEEM_CODE, values, log)) ? 'redeemed' : 'used';
    },
    async exchangeRefreshToken({ token, at, leewaySeconds, idleExpiresAt, next, log }) {
      const key = [token.userId, token.hash, at];
      if (next === undefined) {
        const values = [...key, idleExpiresAt, ...logValues(log)];
        return (await write(pool, 'tokens-touch', sql.TOUCH_REFRESH_TOKEN, values, log)) ? 'exchanged' : 'reused';
      }
      const expiries = [next.hash, next.expiresAt, next.idleExpiresAt];
      const values = [...key, ...expiries, ...logValues(log), addSeconds(at, -leewaySeconds)];
      return (await write(pool, 'tokens-rotate', sql.ROTATE_REFRESH_TOKEN, values, log)) ? 'exchanged' : 'reused';
    },
    async revokeFamily(userId, familyId, at) {
      await queryNamed(pool, 'tokens-revoke-family', sql.REVOKE_FAMILY, [userId, familyId, at]);
    },
    async revokeRefreshToken(token, clientId, at) {
      const values = [token.userId, token.hash, clientId, at];
      await queryNamed(pool, 'tokens-revoke', sql.REVOKE_REFRESH_TOKEN, values);
    },
    async endSession(userId, sessionId) {
      await queryNamed(pool, 'tokens-end-session', sql.END_SESSION, [userId, sessionId]);
    },
  };
}
