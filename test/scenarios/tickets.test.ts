/** Links that prove an address or set a password, as an administrator makes them: opened, used, used again, by the right person. */
import { describe, expect, test } from 'vitest';
import { diffSnapshots } from '../support/database.js';
import { linkOf, useStage, wordsOf } from '../support/stage.js';

const stage = useStage();

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
