/** Links that prove an address or set a password, as an administrator makes them: opened, used, used again, by the right person. */
import { describe, expect, test } from 'vitest';
import { diffSnapshots } from '../support/database.js';
import { linkOf, useStage, wordsOf } from '../support/stage.js';

const stage = useStage();

const NEW_PASSWORD = 'Another-horse-8-battery';

/** Returns the model of the newest mail of its kind to this address. */
async function mailTo(email: string, template: string) {
  const found = (await stage.instance.mail()).find(({ mail }) => mail.to === email && mail.template === template);
  if (!found) throw new Error(`no ${template} to ${email}`);
  return found.mail.model as { brand: { title: string }; url?: string };
}

/** Changes a setting for the time of `work`. */
async function during(path: string, changes: object, back: object, work: () => Promise<unknown>): Promise<void> {
  await stage.instance.api('PATCH', path, changes);
  await work().finally(() => stage.instance.api('PATCH', path, back));
}

const ticketFor = async (kind: 'email-verification' | 'password-change', body: object): Promise<string> =>
  String((await stage.instance.api('POST', `/tickets/${kind}`, body)).ticket);
const userOf = (userId: string) => stage.instance.api('GET', `/users/${encodeURIComponent(userId)}`);

describe('the link that confirms an address', () => {
  test('asks, confirms with the button and not before, says so, and leads on; it works once', async () => {
    const userId = await stage.cast.createMember('vera@plain.example', { verified: false });
    const link = await ticketFor('email-verification', {
      user_id: userId,
      organization_id: stage.cast.acme.id,
      result_url: 'https://notebook.example/welcome',
    });
    const { browser } = stage.visitor();
    const before = await stage.instance.snapshot();

    const asked = await browser.visit(link);
    expect(asked.status).toBe(200);
    expect(wordsOf(asked)).toContain('Confirm your email address for Acme');
    expect(wordsOf(asked)).toContain('vera@plain.example');
    expect(wordsOf(asked)).not.toMatch(/sign in|your company/i);
    // A scanner of mails opens every link.
    expect(diffSnapshots(before, await stage.instance.snapshot())).toEqual({});

    const done = await browser.submit(asked, { action: 'default' });
    expect(done.status).toBe(200);
    expect(wordsOf(done)).toContain('Your address is confirmed');
    expect(wordsOf(done)).toContain('vera@plain.example');
    expect(wordsOf(done)).not.toMatch(/reference|V-[2-9A-Z]{4}/i);
    expect(linkOf(done, 'Continue')).toBe('https://notebook.example/welcome');
    expect(await userOf(userId)).toMatchObject({ email_verified: true });

    for (const again of [await browser.visit(link), await browser.submit(asked, { action: 'default' })]) {
      expect(again.status).toBe(400);
      expect(wordsOf(again)).toContain('This link cannot be used');
      const line = await stage.refusal(again);
      expect(line.details).toMatchObject({ code: 'authenticate.ticket_not_usable' });
      expect(line.details.trace?.at(-1)?.evidence).toMatchObject({ user: userId, purpose: 'verify_email' });
    }
  });

  test('of an address that was changed meanwhile confirms nothing', async () => {
    const userId = await stage.cast.createUser('old@moved.example', { verified: false });
    const link = await ticketFor('email-verification', { user_id: userId });
    await stage.instance.api('PATCH', `/users/${encodeURIComponent(userId)}`, { email: 'new@moved.example' });
    const { browser } = stage.visitor();
    const page = await browser.visit(link);
    expect(page.status).toBe(400);
    expect(wordsOf(page)).toContain('This link cannot be used');
    expect(await userOf(userId)).toMatchObject({ email: 'new@moved.example', email_verified: false });
  });
});

describe('whose page it is, without an organization', () => {
  test('the tenant by its name: on the page, in the mail, and where a link or a login is over', async () => {
    const userId = await stage.cast.createUser('nina@plain.example');
    const called = { friendly_name: 'Northwind' };
    await during('/tenants/settings', called, { friendly_name: 'Vestibule' }, async () => {
      const { browser } = stage.visitor();
      const link = await ticketFor('password-change', { user_id: userId });
      const page = await browser.visit(link);
      expect(wordsOf(page)).toContain('Choose a new password for Northwind');
      expect(wordsOf(await browser.submit(page, { password: NEW_PASSWORD }))).toContain('sign in to Northwind');
      expect((await mailTo('nina@plain.example', 'password_changed')).brand.title).toBe('Northwind');
      for (const over of [
        await browser.visit(link),
        await browser.visit(`${stage.instance.origin}/u/login/identifier?state=long-gone`),
      ]) {
        expect(over.status).toBe(400);
        expect(over.text).toContain('Northwind');
        expect(over.text).not.toContain('Vestibule');
      }
    });
  });
});

const reset = async (link: string) => {
  const { browser } = stage.visitor();
  return browser.submit(await browser.visit(link), { password: NEW_PASSWORD });
};

describe('how long a link for a new password works', () => {
  const template = (name: string, body: object) => ({
    ...{ template: name, body: '{{ url }}', from: null, subject: 'New password', syntax: 'liquid', enabled: true },
    ...body,
  });
  /** In seconds, of a new link; its mail says the same. */
  async function askAndMeasure(): Promise<number> {
    const email = `rosa-${Math.random().toString(36).slice(2)}@plain.example`;
    const userId = await stage.cast.createMember(email);
    const visitor = stage.visitor();
    const page = await visitor.type(await visitor.open(), email, 'password');
    await visitor.browser.submit(await visitor.browser.visit(linkOf(page, 'Forgot')), { username: email });
    const { rows } = await stage.instance.database.pool.query(
      'select expires_at, extract(epoch from expires_at - created_at)::integer as seconds from tickets where user_id = $1',
      [userId],
    );
    const { expiresAt } = (await mailTo(email, 'password_reset')) as { expiresAt?: string };
    expect(expiresAt).toBe(rows[0].expires_at.toISOString());
    return rows[0].seconds;
  }

  test('a day, or what the template of the mail says, within bounds', async () => {
    expect(await askAndMeasure()).toBe(86_400);
    await stage.instance.api('POST', '/email-templates', template('change_password', { urlLifetimeInSeconds: 7_200 }));
    expect(await askAndMeasure()).toBe(7_200);
    await stage.instance.api('POST', '/email-templates', template('reset_email', { urlLifetimeInSeconds: 600 }));
    const set = (body: object) => stage.instance.api('PATCH', '/email-templates/reset_email', body);
    expect(await askAndMeasure()).toBe(600);
    for (const [wished, given] of [
      [31_557_600, 432_000],
      [1, 60],
      [0, 7_200],
    ] as const) {
      await set({ urlLifetimeInSeconds: wished });
      expect(await askAndMeasure()).toBe(given);
    }
    await set({ urlLifetimeInSeconds: 600, enabled: false });
    expect(await askAndMeasure()).toBe(7_200);
    await stage.instance.api('PATCH', '/email-templates/change_password', { enabled: false });
  });
});

describe('the way on, after a new password', () => {
  test('mailed: to the application that it was asked for from, and the notice has the same way', async () => {
    await stage.cast.createMember('mona@plain.example');
    const visitor = stage.visitor();
    const page = await visitor.type(await visitor.open(), 'mona@plain.example', 'password');
    const forgot = await visitor.browser.visit(linkOf(page, 'Forgot your password?'));
    await visitor.browser.submit(forgot, { username: 'mona@plain.example' });
    const done = await reset(String((await mailTo('mona@plain.example', 'password_reset')).url));
    expect(linkOf(done, 'Continue')).toBe('https://127.0.0.1:9/login');
    expect((await mailTo('mona@plain.example', 'password_changed')).url).toBe('https://127.0.0.1:9/login');
  });

  test('by the ticket, the application, the tenant; else nowhere', async () => {
    const userId = await stage.cast.createMember('paul@plain.example');
    const about = { user_id: userId, organization_id: stage.cast.acme.id };
    const asked = { ...about, client_id: stage.cast.client.id };
    const to = async (body: object) => linkOf(await reset(await ticketFor('password-change', body)), 'Continue');
    expect(await to({ ...asked, result_url: 'https://notebook.example/new' })).toBe('https://notebook.example/new');
    const client = `/clients/${stage.cast.client.id}`;
    const back = { initiate_login_uri: 'https://127.0.0.1:9/login' };
    await during(client, { initiate_login_uri: 'https://app.example/{organization_name}/in' }, back, async () => {
      expect(await to(asked)).toBe('https://app.example/acme/in');
    });
    const unset = { default_redirection_uri: '' };
    await during('/tenants/settings', { default_redirection_uri: 'https://app.example/start' }, unset, async () => {
      expect(await to(about)).toBe('https://app.example/start');
    });
    const nowhere = await reset(await ticketFor('password-change', about));
    expect(wordsOf(nowhere)).toContain('Go back to the application');
    expect(nowhere.text).not.toMatch(/<a [^>]*class="button"/);
    expect((await mailTo('paul@plain.example', 'password_changed')).url).toBeUndefined();
  });
});

describe('attack: a link that the API handed to its caller proves no mailbox', () => {
  test.each([
    ['not said', {}, false],
    ['mark_email_as_verified: false', { mark_email_as_verified: false }, false],
    ['mark_email_as_verified: true', { mark_email_as_verified: true }, true],
  ])('a password ticket, %s', async (name, said, verified) => {
    const userId = await stage.cast.createUser(`${name.replaceAll(/\W/g, '')}@ticket.example`, { verified: false });
    const { ticket } = await stage.instance.api('POST', '/tickets/password-change', { user_id: userId, ...said });
    const done = await reset(String(ticket));
    expect(wordsOf(done)).toContain('Your password is changed');
    expect(await userOf(userId)).toMatchObject({ email_verified: verified });
  });
});

describe('verify_email, when a user is made or his address is changed', () => {
  const create = (email: string, changes: object = {}) =>
    stage.instance.api('POST', '/users', {
      connection: 'Username-Password-Authentication',
      email,
      password: NEW_PASSWORD,
      ...changes,
    });
  const sentTo = async (email: string) =>
    (await stage.instance.mail()).filter(({ mail }) => mail.to === email && mail.template === 'verify_email');
  const followMail = async (email: string) => {
    const { browser } = stage.visitor();
    const page = await browser.visit(String((await mailTo(email, 'verify_email')).url));
    expect(wordsOf(page)).toContain(email);
    return browser.submit(page, { action: 'default' });
  };

  test('sends the mail whose link confirms the address', async () => {
    const user = await create('xena@plain.example', { verify_email: true });
    expect(user).toMatchObject({ email_verified: false });
    expect(wordsOf(await followMail('xena@plain.example'))).toContain('Your address is confirmed');
    expect(await userOf(String(user.user_id))).toMatchObject({ email_verified: true });
    await stage.instance.api('PATCH', `/users/${encodeURIComponent(String(user.user_id))}`, {
      email: 'xena@moved.example',
      verify_email: true,
    });
    expect(await userOf(String(user.user_id))).toMatchObject({ email: 'xena@moved.example', email_verified: false });
    await followMail('xena@moved.example');
    expect(await userOf(String(user.user_id))).toMatchObject({ email_verified: true });
  });

  test('sends nothing unasked, to whoever is confirmed already, or with a request that is refused', async () => {
    await create('quiet@plain.example');
    await create('sure@plain.example', { verify_email: true, email_verified: true });
    await create('sure@plain.example', { verify_email: true }).catch(() => undefined);
    expect([...(await sentTo('quiet@plain.example')), ...(await sentTo('sure@plain.example'))]).toEqual([]);
  });
});
