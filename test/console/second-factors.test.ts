/** Second factors by hand of the console: the tenant's switches, one customer, one person, the operators. Effects are read from the API. */
import { describe, expect, test } from 'vitest';
import { PASSWORD } from '../support/cast.js';
import { noChromium } from '../support/chromium.js';
import { useConsole } from '../support/console-stage.js';
import { type Json, startInstance } from '../support/instance.js';
import { findOperators } from '../support/operators.js';

const SECRET = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
/** A COSE key: a map of five, shortened. */
const PUBLIC_KEY = Buffer.concat([Buffer.from([0xa5]), Buffer.alloc(76, 7)]).toString('base64');

describe.skipIf(noChromium())('second factors, in Chromium', { timeout: 90_000 }, () => {
  const stage = useConsole('/settings/second-factors');
  const api = <T = Json>(method: string, path: string, body?: object) => stage.instance.api<T>(method, path, body);
  const switchedOn = async () =>
    (await api<{ name: string; enabled: boolean }[]>('GET', '/guardian/factors')).flatMap(({ name, enabled }) =>
      enabled ? [name] : [],
    );
  const save = async () => {
    const main = stage.olga.tab.getByRole('main');
    await main.getByRole('button', { name: 'Save', exact: true }).last().click();
  };
  const dialog = () => stage.olga.tab.getByRole('dialog');

  test('a policy that nobody could meet is refused at its field; with a factor it is saved', async () => {
    const { tab, look } = stage.olga;
    await tab.getByRole('radio', { name: 'Everybody' }).click();
    await save();
    await tab.getByText('Nobody could be asked without an authenticator app or security keys.').first().waitFor();
    await look('settings-second-factors-refused');
    await tab.getByRole('checkbox', { name: 'Authenticator app' }).click();
    await save();
    await tab.getByText('Saved', { exact: true }).waitFor();
    expect(await switchedOn()).toEqual(['otp']);
    expect(await api('GET', '/guardian/policies')).toEqual(['all-applications']);
    // Both at once, in an order that the API accepts: first the policy, then the last factor.
    await tab.getByRole('radio', { name: /^Only members/ }).click();
    await tab.getByRole('checkbox', { name: 'Authenticator app' }).click();
    await save();
    await expect.poll(switchedOn).toEqual([]);
    expect(await api('GET', '/guardian/policies')).toEqual([]);
    await look('settings-second-factors');
  });

  test('one click requires a factor from one customer, and says first that it switches factors on', async () => {
    const { id } = await api('POST', '/organizations', { name: 'acme', display_name: 'Acme' });
    const { tab, open, look } = stage.olga;
    await open(`/organizations/${id}/settings`, 'Acme');
    await look('organization-second-factor-none');
    await tab.getByRole('button', { name: 'Require a second factor' }).click();
    await dialog().getByText('This switches on authenticator apps, passkeys and recovery codes').waitFor();
    await look('organization-second-factor-click');
    expect(await switchedOn()).toEqual([]);
    await dialog().getByRole('button', { name: 'Require a second factor' }).click();
    await dialog().waitFor({ state: 'hidden' });
    expect(await switchedOn()).toEqual(['otp', 'webauthn-platform', 'recovery-code']);
    expect(await api('GET', `/organizations/${id}`)).toMatchObject({ mfa: 'required' });
    await expect.poll(() => tab.getByRole('radio', { name: 'All members' }).isChecked()).toBe(true);
    expect(await tab.getByRole('button', { name: 'Require a second factor' }).count()).toBe(0);
    await tab.getByRole('radio', { name: /^Members whose company/ }).click();
    await tab.getByRole('checkbox', { name: 'Passkey' }).click();
    await save();
    await tab.getByText('Members could not sign in, because no factor that counts alone').first().waitFor();
    await look('organization-second-factor-refused');
    await tab.getByRole('checkbox', { name: 'Authenticator app' }).click();
    await save();
    await tab.getByText('Saved', { exact: true }).waitFor();
    const after = await api<{ mfa: string; mfa_factors: string[] }>('GET', `/organizations/${id}`);
    expect(after.mfa).toBe('required_unless_idp');
    expect([...after.mfa_factors].sort()).toEqual(['otp', 'webauthn-platform']);
    // The tenant's switches know who needs them.
    await open('/settings/second-factors', 'Settings');
    await tab.getByRole('checkbox', { name: 'Authenticator app' }).click();
    await save();
    await tab.getByText('The organization acme requires a second factor').first().waitFor();
  });

  test('support reads the factors of a person and resets them, with the danger told; the log says so', async () => {
    await api('POST', '/connections', { name: 'passwords', strategy: 'auth0' });
    const person = { connection: 'passwords', email: 'dana@acme.example', password: PASSWORD, name: 'Dana' };
    const path = `/users/${encodeURIComponent(String((await api('POST', '/users', person)).user_id))}`;
    const methods = `${path}/authentication-methods`;
    await api('POST', methods, { type: 'totp', totp_secret: SECRET, name: 'Dana’s phone' });
    const key = { type: 'webauthn-roaming', key_id: Buffer.from('key').toString('base64url'), public_key: PUBLIC_KEY };
    await api('POST', methods, key);
    const at = path.replace('/users', '/people');
    await stage.olga.open(`${at}/factors`, 'Dana');
    await stage.olga.tab.getByRole('button', { name: 'Forget remembered browsers' }).click();
    await dialog().getByRole('button', { name: 'Forget remembered browsers' }).click();
    await dialog().waitFor({ state: 'hidden' });
    const sam = await stage.as('support', `${at}/factors`);
    await sam.tab.getByText('Dana’s phone').waitFor();
    expect(await sam.tab.getByRole('button', { name: 'Forget remembered browsers' }).count()).toBe(0);
    await sam.look('person-second-factors');
    await sam.tab.getByRole('button', { name: 'Reset second factors' }).click();
    await sam.tab.getByText('The next person with their password sets up the next factor').waitFor();
    await sam.look('person-second-factors-reset');
    await sam.tab.getByRole('dialog').getByRole('button', { name: 'Reset second factors' }).click();
    await sam.tab.getByText('No second factor. If a sign-in asks for one').waitFor();
    expect(await api('GET', methods)).toEqual([]);
    await sam.open('/log?show=factors', 'Refusals and log');
    await sam.tab.getByText('A second factor of dana@acme.example was removed: authenticator app').waitFor();
    await sam.look('log-second-factors');
    expect(sam.complaints).toEqual([]);
    await sam.close();
  });

  test('an owner requires one from operators: the first page asks for it, and the next sign-in sets it up', async () => {
    const { tab, open, look } = stage.olga;
    const { organizationId } = await findOperators(stage.instance);
    await open('/', 'Today');
    await tab.getByText('Operators need no second factor').waitFor();
    await look('today-operators-factor');
    await tab.getByRole('link', { name: 'Require a second factor' }).click();
    await tab.getByText('Operators need no second factor: a password alone').waitFor();
    await look('settings-operators-factor');
    await tab.getByRole('button', { name: 'Require a second factor' }).click();
    await dialog().getByText('Every operator, you included').waitFor();
    await dialog().getByRole('button', { name: 'Require a second factor' }).click();
    await tab.getByText('Every operator needs a second factor.').waitFor();
    expect(await api('GET', `/organizations/${organizationId}`)).toMatchObject({ mfa: 'required' });
    const context = await stage.browser.newContext({ ignoreHTTPSErrors: true });
    const again = await context.newPage();
    await again.goto(`${stage.instance.origin}/console`);
    await again.fill('[name="username"]', 'olga@vestibule.example');
    await again.keyboard.press('Enter');
    await again.fill('[name="password"]', PASSWORD);
    await again.keyboard.press('Enter');
    await again
      .getByText(/authenticator app/i)
      .first()
      .waitFor();
    expect(await again.getByRole('navigation', { name: 'Pages' }).count()).toBe(0);
    await context.close();
    await tab.getByRole('button', { name: 'Stop requiring it' }).click();
    await dialog().getByRole('button', { name: 'Stop requiring it' }).click();
    await tab.getByText('Operators need no second factor: a password alone').waitFor();
  });

  test('the note on the first page can be hidden; viewers never see it, nor the button', async () => {
    const { tab, open } = stage.olga;
    await open('/', 'Today');
    await tab.getByRole('button', { name: 'Hide in this browser' }).click();
    await open('/', 'Today');
    await tab.getByRole('heading', { name: 'Identity providers' }).waitFor();
    expect(await tab.getByText('Operators need no second factor').count()).toBe(0);
    const vera = await stage.as('viewer', '/');
    await vera.tab.getByRole('heading', { name: 'Identity providers' }).waitFor();
    expect(await vera.tab.getByText('Operators need no second factor').count()).toBe(0);
    await vera.open('/settings/operators', 'Settings');
    await vera.tab.getByText('Operators need no second factor: a password alone').waitFor();
    expect(await vera.tab.getByRole('button', { name: 'Require a second factor' }).count()).toBe(0);
    expect(vera.complaints).toEqual([]);
    await vera.close();
  });

  test('the first owner of a new server sets up a passkey before the console opens', async () => {
    const fresh = await startInstance({ operatorMfa: 'unset' });
    const context = await stage.browser.newContext();
    try {
      const tab = await context.newPage();
      tab.setDefaultTimeout(15_000);
      const cdp = await context.newCDPSession(tab);
      await cdp.send('WebAuthn.enable');
      const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
        options: {
          ...{ protocol: 'ctap2', transport: 'internal', automaticPresenceSimulation: true },
          ...{ hasResidentKey: true, hasUserVerification: true, isUserVerified: true },
        },
      });
      const factors = async () => (await fresh.database.pool.query('select kind from factors order by kind')).rows;
      const console = tab.getByRole('navigation', { name: 'Pages' });
      await tab.goto(fresh.server.firstOperatorLink ?? '');
      await tab.fill('[name="username"]', 'olga@company.example');
      await tab.keyboard.press('Enter');
      await tab.getByRole('button', { name: 'Accept invitation' }).click();
      await tab.fill('[name="password"]', PASSWORD);
      await tab.keyboard.press('Enter');
      const setUp = tab.getByRole('button', { name: 'Set up a passkey' });
      await setUp.waitFor();
      expect([await console.count(), await factors()]).toEqual([0, []]);
      await setUp.click();
      await tab.getByRole('button', { name: 'I have written it down' }).click();
      await console.waitFor();
      expect(await factors()).toEqual([{ kind: 'passkey' }, { kind: 'recovery-code' }]);
      expect((await cdp.send('WebAuthn.getCredentials', { authenticatorId })).credentials).toHaveLength(1);
    } finally {
      await context.close();
      await fresh.stop();
    }
  });
});
