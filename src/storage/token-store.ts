/**
 * The token endpoint's access to PostgreSQL: one read and at most one write per request. Decides nothing; the
 * conditions in its writes only ensure that the decision still holds.
 */
import type pg from 'pg';
import type { IdpSession } from '../domain/people/account.js';
import { assert } from '../kernel/assert.js';
import { addSeconds } from '../kernel/clock.js';
import { hashSecret } from '../kernel/ids.js';
import type { SecretBox } from '../kernel/seal.js';
import type { OpaqueReference } from '../ports/token-issuer.js';
import type { TokenStore } from '../ports/token-store.js';
import { createAddTexts } from './custom-texts.js';
import { revokeSession } from './sessions.js';
import { exchangeAfterActions } from './tokens/exchange-after-actions.js';
import { lostRotationsOf } from './tokens/lost-rotations.js';
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
import { logValues, toRotation, write } from './tokens/write.js';

type Reads = Pick<
  TokenStore,
  'findClient' | 'findMachineGrant' | 'findCodeGrant' | 'findRefreshGrant' | 'findTokenUser' | 'findLogoutTargets'
>;

function createReads(pool: pg.Pool, box: SecretBox): Reads {
  const addTexts = createAddTexts(pool);
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
    async findRefreshGrant(clientId, reference, audience) {
      const values = [...keyOf(clientId, reference), audience ?? null];
      const [row] = await queryNamed<RefreshRow>(pool, 'tokens-refresh', sql.FIND_REFRESH_GRANT, values);
      return presented(row, toRefreshGrant);
    },
    async findTokenUser({ userId, clientId, organizationId }) {
      const values = [userId, clientId, organizationId ?? null];
      const [row] = await queryNamed<UserRow>(pool, 'tokens-user', sql.FIND_TOKEN_USER, values);
      return row && toTokenUser(row);
    },
    async findLogoutTargets(clientId) {
      const values = [clientId ?? null];
      const [row] = await queryNamed<LogoutRow>(pool, 'tokens-logout', sql.FIND_LOGOUT_TARGETS, values);
      assert(row !== undefined, 'the tenant row is written by the first migration');
      const targets = toLogoutTargets(row);
      return { ...targets, tenant: await addTexts(targets.tenant) };
    },
  };
}

/** Creates the token store. `box`: the secret box for rows. */
export function createTokenStore(pool: pg.Pool, box: SecretBox): TokenStore {
  return {
    ...createReads(pool, box),
    async spendAssertion({ clientId, jti, expiresAt }) {
      const values = [clientId, hashSecret(jti), expiresAt];
      const rows = await queryNamed(pool, 'tokens-assertion', sql.SPEND_ASSERTION, values);
      return rows.length === 1 ? 'spent' : 'used';
    },
    async redeemCode({ code, at, refreshToken, log }) {
      const { hash = null, expiresAt = null, idleExpiresAt = null } = refreshToken ?? {};
      const values = [code.userId, code.hash, at, hash, expiresAt, idleExpiresAt, ...logValues(log)];
      const statement = { name: 'tokens-redeem', text: sql.REDEEM_CODE, values };
      return (await write(pool, statement, log)) !== undefined ? 'redeemed' : 'used';
    },
    async exchangeRefreshToken(command) {
      const { token, at, leewaySeconds, idleExpiresAt, next, log, afterActions } = command;
      if (afterActions !== undefined) return exchangeAfterActions(pool, { ...command, afterActions });
      const key = [token.userId, token.hash, at];
      if (next === undefined) {
        const values = [...key, idleExpiresAt, ...logValues(log)];
        const touch = { name: 'tokens-touch', text: sql.TOUCH_REFRESH_TOKEN, values };
        return (await write(pool, touch, log)) !== undefined ? 'exchanged' : 'reused';
      }
      const expiries = [next.hash, next.expiresAt, next.idleExpiresAt];
      const values = [...key, ...expiries, ...logValues(log), addSeconds(at, -leewaySeconds)];
      const rotate = { name: 'tokens-rotate', text: sql.ROTATE_REFRESH_TOKEN, values };
      return (await write(pool, rotate, log, toRotation(command))) !== undefined ? 'exchanged' : 'reused';
    },
    isTakenBack: (token) => lostRotationsOf(pool).isTakenBack(token),
    takeBack: (rotation) => lostRotationsOf(pool).add(rotation),
    async revokeFamily(userId, familyId, at) {
      await queryNamed(pool, 'tokens-revoke-family', sql.REVOKE_FAMILY, [userId, familyId, at]);
    },
    async revokeRefreshToken(token, clientId, at) {
      const values = [token.userId, token.hash, clientId, at];
      await queryNamed(pool, 'tokens-revoke', sql.REVOKE_REFRESH_TOKEN, values);
    },
    revokeSession: (userId, sessionId, at) => revokeSession(pool, userId, sessionId, at),
    async endSession(userId, sessionId) {
      const rows = await queryNamed<{ connection_id: string; idp_session: IdpSession | null }>(
        pool,
        'tokens-end-session',
        sql.END_SESSION,
        [userId, sessionId],
      );
      const [row] = rows;
      const idpSession = row?.idp_session ?? undefined;
      return row && { userId, sessionId, connectionId: row.connection_id, ...(idpSession && { idpSession }) };
    },
  };
}
