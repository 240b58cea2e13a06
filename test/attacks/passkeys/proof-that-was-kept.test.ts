/**
 * Attack: somebody signed in with a stolen device and stopped at a question. Its owner deletes the passkey; the login that
 * the browser kept must end. And a password alone sets up no passkey beside the factors of an account.
 */
import { TOTP } from 'otpauth';
import { beforeAll, expect, test } from 'vitest';
import { createAuthenticator } from '../../support/authenticator.js';
import type { Visit } from '../../support/http-browser.js';
import { createManualClock } from '../../support/manual-clock.js';
import { useStage, wordsOf } from '../../support/stage.js';

const clock = createManualClock();
const stage = useStage({ clock });

const sql = (text: string, values: unknown[] = []) => stage.instance.database.pool.query(text, values);
const acme = (changes: object) => stage.instance.api('PATCH', `/organizations/${stage.cast.acme.id}`, changes);

function optionsOf(page: Visit, how: 'create' | 'get'): string {
  const found = new RegExp(`data-passkey-${how}="([^"]+)"`).exec(page.text)?.[1];
  if (found === undefined) throw new Error(`the page asks for no passkey: ${wordsOf(page)}`);
  return found.replaceAll('&quot;', '"').replaceAll('&amp;', '&');
}

async function newMember(email: string) {
  const userId = await stage.cast.createMember(email);
  const { hostname, origin } = new URL(stage.instance.origin);
  const device = createAuthenticator({ origin, rpId: hostname });
  const visitor = stage.visitor();
  const page = await visitor.withPassword(email);
  const answer = device.create(optionsOf(page, 'create'));
  await visitor.redeem(await visitor.browser.submit(page, { answer }));
  return { userId, device };
}

/** Signs in with the passkey, up to the question for a factor that the organization accepts. */
async function stopAtQuestion({ device }: Awaited<ReturnType<typeof newMember>>) {
  const visitor = stage.visitor();
  const page = await visitor.open();
  const asked = await visitor.browser.submit(page, { answer: device.get(optionsOf(page, 'get')) });
  const secret = /data-copy="([A-Z2-7]{32})"/.exec(asked.text)?.[1] ?? '';
  const code = new TOTP({ secret }).generate({ timestamp: clock.now().getTime() });
  return { visitor, asked, code };
}

beforeAll(async () => {
  await stage.instance.api('PATCH', `/connections/${stage.cast.databaseId}`, {
    options: { authentication_methods: { passkey: { enabled: true } } },
  });
  await sql('update tenant set guardian = $1', [JSON.stringify({ factors: { otp: true } })]);
});

test('with a passkey that does not count here, the person sets up another factor', async () => {
  const member = await newMember('vera@acme.example');
  await acme({ mfa: 'required' });
  const { visitor, asked, code } = await stopAtQuestion(member);
  expect(wordsOf(asked)).toContain('Set up a second step');
  const { claims } = await visitor.redeem(await visitor.browser.submit(asked, { code }));
  expect(claims).toMatchObject({ sub: member.userId, amr: ['mfa'] });
  const { rows } = await sql('select kind, sign_count from factors where user_id = $1 order by kind', [member.userId]);
  expect(rows).toMatchObject([{ kind: 'otp' }, { kind: 'passkey' }]);
  expect(Number(rows[1].sign_count)).toBe(2);
  // By the password alone nobody gets further: the app is asked for.
  const other = stage.visitor();
  expect(wordsOf(await other.withPassword('vera@acme.example'))).toContain('Enter the code');
  await acme({ mfa: 'none' });
});

test('with a password and a passkey that does not count here, nobody sets up a factor', async () => {
  await newMember('walt@acme.example');
  await acme({ mfa: 'required' });
  const end = await stage.visitor().withPassword('walt@acme.example');
  expect((await stage.refusal(end)).details.code).toBe('authenticate.no_accepted_factor');
  await acme({ mfa: 'none' });
});

test('a passkey that is deleted at the question signs in no more', async () => {
  const member = await newMember('xena@acme.example');
  await acme({ mfa: 'required' });
  const { visitor, asked, code } = await stopAtQuestion(member);
  await stage.instance.api('DELETE', `/users/${encodeURIComponent(member.userId)}/authentication-methods`, undefined);
  const end = await visitor.browser.submit(asked, { code });
  expect((await stage.refusal(end)).details).toMatchObject({
    code: 'authenticate.session_not_usable',
    detail: 'the passkey was deleted since it was used',
  });
  expect((await sql('select 1 from factors where user_id = $1', [member.userId])).rows).toEqual([]);
  await acme({ mfa: 'none' });
});
