/**
 * Attack: somebody with a refresh token passes the second factor by a mailed code: one of another exchange or person, one
 * that was used, guessed or too old, or where the mailbox is all that they need. A code counts once, for its `mfa_token`.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type FactorsApi, forgetFactors, OOB, useFactorsApi } from '../../oauth/factors-fixture.js';
import { createFixture, DANA, type Fixture } from '../../oauth/fixture.js';

let at: Fixture;
let api: FactorsApi;
const guardian = (factors: object) => at.run('update tenant set guardian = $1', [JSON.stringify({ factors })]);
beforeAll(async () => {
  at = await createFixture();
  api = await useFactorsApi(at);
});
afterAll(() => at.stop());
beforeEach(async () => {
  await forgetFactors(at);
  await at.run(`update users set email_vouched_by = 'mail' where user_id = $1`, [DANA]);
  await guardian({ otp: true, email: true });
  at.mails.length = 0;
  await api.enrol();
  at.mails.length = 0;
});

const digits = () => String(at.mails.at(-1)?.model.code);
async function mailed() {
  const { mfaToken, body } = await api.refuse();
  const asked = await api.challenge(mfaToken, { challenge_type: 'oob', oob_channel: 'email' });
  return { mfaToken, body, asked, oobCode: String(asked.json().oob_code), code: digits() };
}
const answer = (mfaToken: string, oobCode: string, code: string) =>
  api.answer(mfaToken, { grant_type: OOB, oob_code: oobCode, binding_code: code });
const wordsOf = (response: Awaited<ReturnType<typeof answer>>) => [
  response.statusCode,
  response.json().error_description,
];
const WRONG = [403, 'Invalid binding_code.'];

test('the code is mailed to the address of the account, and exchanged once', async () => {
  const { mfaToken, body, asked, oobCode, code } = await mailed();
  expect(body.mfa_requirements).toEqual({ challenge: [{ type: 'otp' }, { type: 'email' }] });
  expect(asked.json()).toEqual({ challenge_type: 'oob', oob_code: oobCode, binding_method: 'prompt' });
  expect(at.mails).toMatchObject([{ to: 'dana@acme.example', template: 'factor_code' }]);
  expect(at.ledger.map(({ type }) => type)).toContain('gd_send_email');
  const list = (await api.list(mfaToken)).json() as Record<string, unknown>[];
  expect(list).toContainEqual({
    ...{ id: 'email|account', authenticator_type: 'oob', oob_channel: 'email', type: 'email' },
    ...{ active: true, name: 'd***@acme.example' },
  });
  const passed = await answer(mfaToken, oobCode, code);
  expect([passed.statusCode, passed.json().token_type]).toEqual([200, 'Bearer']);
  expect(await at.run(`select type from logs where type = 'seoobft'`)).toHaveLength(1);
  expect((await answer(mfaToken, oobCode, code)).statusCode).toBe(403);
});

test('both kinds asked for: the app comes first, and nothing is mailed', async () => {
  const { mfaToken } = await api.refuse();
  expect((await api.challenge(mfaToken, { challenge_type: 'otp oob' })).json()).toEqual({ challenge_type: 'otp' });
  expect(at.mails).toEqual([]);
});

describe('a client without the grant for codes by mail', () => {
  const GRANTS = `array_remove(grant_types, '${OOB}')`;
  test.each([
    ['a challenge', (mfaToken: string) => api.challenge(mfaToken, { challenge_type: 'oob' })],
    [
      'a further address',
      async () =>
        api.associate(await api.accessToken(), {
          ...{ authenticator_types: ['oob'], oob_channels: ['email'], email: 'dana@private.example' },
        }),
    ],
  ] as const)('%s is refused as on Auth0, and nothing is mailed', async (_what, ask) => {
    const { mfaToken } = await api.refuse();
    const [{ kept }] = (await at.run(`select grant_types as kept from clients where client_id = 'web'`)) as [
      { kept: string[] },
    ];
    await at.run(`update clients set grant_types = ${GRANTS} where client_id = 'web'`);
    const answer = await ask(mfaToken);
    await at.run(`update clients set grant_types = $1 where client_id = 'web'`, [kept]);
    expect([answer.statusCode, answer.json()]).toEqual([
      403,
      { error: 'unauthorized_client', error_description: `Grant type '${OOB}' not allowed for the client.` },
    ]);
    expect(at.mails).toEqual([]);
  });
});

describe('a code', () => {
  test('case=of another exchange', async () => {
    const [first, second] = [await mailed(), await mailed()];
    expect(wordsOf(await answer(second.mfaToken, first.oobCode, first.code))).toEqual(WRONG);
    expect(wordsOf(await answer(second.mfaToken, second.oobCode, first.code))).toEqual(WRONG);
    expect((await answer(second.mfaToken, second.oobCode, second.code)).statusCode).toBe(200);
  });

  test('case=five times at once', async () => {
    const { mfaToken, oobCode, code } = await mailed();
    const responses = await Promise.all([1, 2, 3, 4, 5].map(() => answer(mfaToken, oobCode, code)));
    expect(responses.filter(({ statusCode }) => statusCode === 200)).toHaveLength(1);
  });

  test('case=five minutes old', async () => {
    const { mfaToken, oobCode, code } = await mailed();
    at.advance(300);
    expect(wordsOf(await answer(mfaToken, oobCode, code))).toEqual(WRONG);
  });

  test('case=guessed: five tries for an mfa_token', async () => {
    const { mfaToken, oobCode, code } = await mailed();
    const wrong = code === '000000' ? '000001' : '000000';
    for (let time = 0; time < 5; time++) expect(wordsOf(await answer(mfaToken, oobCode, wrong))).toEqual(WRONG);
    expect((await answer(mfaToken, oobCode, code)).statusCode).toBe(429);
  });

  test('case=made up, without one, or the mfa_token in its place', async () => {
    const { mfaToken, code } = await mailed();
    for (const text of ['x', mfaToken, `${'A'.repeat(3_000)}`])
      expect(wordsOf(await answer(mfaToken, text, code))).toEqual(WRONG);
    expect((await api.answer(mfaToken, { grant_type: OOB, binding_code: code })).statusCode).toBe(400);
  });

  test('case=the address changed, or is no more proved, after it was mailed', async () => {
    const { mfaToken, oobCode, code } = await mailed();
    await at.run(`update users set email_vouched_by = 'idp' where user_id = $1`, [DANA]);
    expect(wordsOf(await answer(mfaToken, oobCode, code))).toEqual(WRONG);
  });
});

describe('no code is mailed', () => {
  const refused = async () => {
    const { asked } = await mailed();
    expect([asked.statusCode, asked.json().error]).toEqual([401, 'unsupported_challenge_type']);
    expect(at.mails).toEqual([]);
  };

  test('case=the tenant accepts none', async () => {
    await guardian({ otp: true });
    await refused();
  });

  test('case=there is no other factor, or none that is accepted', async () => {
    await guardian({ email: true, 'webauthn-roaming': true });
    await refused();
    await guardian({ otp: true, email: true });
    await at.run('delete from factors');
    await refused();
  });

  test('case=nobody proved the address', async () => {
    await at.run('update users set email_vouched_by = null where user_id = $1', [DANA]);
    await refused();
  });

  test('case=a link set the password', async () => {
    await at.run(
      `insert into password_credentials (user_id, connection_id, email, hash, vouched_by, changed_at, set_by_link)
       values ($1, 'con_acme', 'dana@acme.example', 'x', 'operator', $2, true)`,
      [DANA, at.now()],
    );
    await refused();
    await at.run('delete from password_credentials');
  });

  test('case=five were mailed in this hour', async () => {
    for (let time = 0; time < 5; time++) expect((await mailed()).asked.statusCode).toBe(200);
    const { asked } = await mailed();
    expect([asked.statusCode, asked.json().error]).toEqual([429, 'too_many_attempts']);
    expect(at.mails).toHaveLength(5);
  });
});

test('an mfa_token sets up no address', async () => {
  const { mfaToken } = await api.refuse();
  const made = await api.associate(mfaToken, {
    ...{ authenticator_types: ['oob'], oob_channels: ['email'], email: 'mallory@evil.example' },
  });
  expect([made.statusCode, made.json().error_description]).toEqual([403, 'User is already enrolled']);
  expect(at.mails).toEqual([]);
  expect(await at.run(`select 1 from factors where kind = 'email'`)).toEqual([]);
});
