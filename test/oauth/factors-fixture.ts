/** An application that gets `mfa_required` at its refresh: the OAuth fixture with a bound Action that asks for a factor. */
import { TOTP } from 'otpauth';
import type { CodeOptions, Fixture } from './fixture.js';
import { DANA, ORIGIN, SECRET } from './fixture.js';

export const OTP = 'http://auth0.com/oauth/grant-type/mfa-otp';
export const OOB = 'http://auth0.com/oauth/grant-type/mfa-oob';
export const RECOVERY = 'http://auth0.com/oauth/grant-type/mfa-recovery-code';

export interface FactorsApi {
  /** Signs in, refreshes, and gives the `mfa_token` with the answer and the refresh token. */
  refuse(options?: CodeOptions): Promise<{ mfaToken: string; refreshToken: string; body: Record<string, unknown> }>;
  /** Sends an answer to the token endpoint. */
  answer(mfaToken: string, form: Record<string, string>): ReturnType<Fixture['post']>;
  otp(mfaToken: string, code: string): ReturnType<Fixture['post']>;
  associate(bearer: string, body?: Record<string, unknown>): ReturnType<Fixture['post']>;
  list(bearer: string): ReturnType<Fixture['post']>;
  remove(bearer: string, id: string): ReturnType<Fixture['post']>;
  challenge(mfaToken: string, form?: Record<string, string>): ReturnType<Fixture['post']>;
  codeOf(secret: string): string;
  /** Sets up an app for Dana by an `mfa_token`, and moves the clock past the step of its confirming code. */
  enrol(): Promise<{ secret: string; recovery: string }>;
  /** An access token of the audience `/mfa/`. */
  accessToken(scope?: string, options?: CodeOptions): Promise<string>;
  /** The kinds of Dana's confirmed factors. */
  kinds(): Promise<unknown[]>;
}

/** Binds the Action, and lets the client `web` use the grants. */
export async function useFactorsApi(at: Fixture): Promise<FactorsApi> {
  await at.run("update tenant set actions_bound = '{post-login}', actions_revision = 'r1', guardian = $1", [
    JSON.stringify({ factors: { otp: true, 'recovery-code': true } }),
  ]);
  await at.run(
    `update clients set grant_types = grant_types || $1::text[], refresh_rotating = true, refresh_leeway_seconds = 0
     where client_id in ('web', 'web2', 'spa')`,
    [[OTP, OOB, RECOVERY]],
  );
  at.actions.answer = () => ({ effects: [{ kind: 'multifactor', provider: 'any', remembers: false }] });
  const credentials = (clientId: string) => ({
    client_id: clientId,
    ...(clientId !== 'spa' && { client_secret: SECRET }),
  });
  const api: FactorsApi = {
    async refuse(options = {}) {
      const { refresh_token: refreshToken = '' } = await at.signIn(options);
      const form = { grant_type: 'refresh_token', ...credentials(options.clientId ?? 'web') };
      const response = await at.post('/oauth/token', { ...form, refresh_token: refreshToken });
      const body = response.json();
      if (body.error !== 'mfa_required')
        throw new Error(`the refresh answered ${response.statusCode} ${response.body}`);
      return { mfaToken: body.mfa_token, refreshToken, body };
    },
    answer: (mfaToken, form) => at.post('/oauth/token', { ...credentials('web'), mfa_token: mfaToken, ...form }),
    otp: (mfaToken, code) => api.answer(mfaToken, { grant_type: OTP, otp: code }),
    associate: (bearer, body = {}) =>
      at.app.inject({
        method: 'POST',
        url: '/mfa/associate',
        headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
        payload: JSON.stringify({ authenticator_types: ['otp'], ...body }),
      }),
    list: (bearer) =>
      at.app.inject({ method: 'GET', url: '/mfa/authenticators', headers: { authorization: `Bearer ${bearer}` } }),
    remove: (bearer, id) =>
      at.app.inject({
        method: 'DELETE',
        url: `/mfa/authenticators/${encodeURIComponent(id)}`,
        headers: { authorization: `Bearer ${bearer}` },
      }),
    challenge: (mfaToken, form = {}) =>
      at.post('/mfa/challenge', { ...credentials('web'), mfa_token: mfaToken, challenge_type: 'otp', ...form }),
    codeOf: (secret) => new TOTP({ secret }).generate({ timestamp: at.now().getTime() }),
    async enrol() {
      const { mfaToken } = await api.refuse();
      const { secret, recovery_codes: codes } = (await api.associate(mfaToken)).json();
      const response = await api.otp(mfaToken, api.codeOf(secret));
      if (response.statusCode !== 200) throw new Error(`the set-up answered ${response.statusCode} ${response.body}`);
      at.advance(60);
      return { secret, recovery: codes?.[0] ?? '' };
    },
    async accessToken(scope = 'enroll read:authenticators remove:authenticators', options = {}) {
      await at.run(
        `insert into sessions (user_id, session_hash, id, connection_id, authenticated_at, created_at, last_used_at, expires_at)
         values ($1, 'x', 'ses_1', 'con_acme', now(), now(), now(), now() + interval '1 year') on conflict do nothing`,
        [DANA],
      );
      const body = await at.signIn({ audience: `${ORIGIN}/mfa/`, scope: `openid ${scope}`, ...options });
      return body.access_token ?? '';
    },
    async kinds() {
      const rows = await at.run(
        'select kind from factors where user_id = $1 and confirmed_at is not null order by kind',
        [DANA],
      );
      return rows.map(({ kind }) => kind);
    },
  };
  return api;
}

/** Forgets factors, tries and receipts of the test before. */
export async function forgetFactors(at: Fixture): Promise<void> {
  await at.run('delete from factors');
  await at.run('delete from attempt_counters');
  await at.run('delete from logs');
  at.ledger.length = 0;
}
