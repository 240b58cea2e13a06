/** Attack: the holder of one link for a new password posts hundreds of passwords, each of which is judged or hashed before the link is used up. */
import { expect, test } from 'vitest';
import { createManualClock } from '../support/manual-clock.js';
import { useStage, wordsOf } from '../support/stage.js';

const clock = createManualClock();
const stage = useStage({ clock });

async function openLink(email: string) {
  const user_id = await stage.cast.createMember(email);
  const made = await stage.instance.api('POST', '/tickets/password-change', { user_id });
  const { browser } = stage.visitor();
  return { browser, page: await browser.visit(String(made.ticket)) };
}

test('ten passwords at once are looked at; a person who chose weak ones waits some seconds and goes on', async () => {
  const { browser, page } = await openLink('dana@acme.example');
  const statuses: number[] = [];
  for (let turn = 0; turn < 14; turn += 1) statuses.push((await browser.submit(page, { password: 'short' })).status);
  expect(statuses).toEqual([...Array(10).fill(400), ...Array(4).fill(429)]);
  const refused = await browser.submit(page, { password: 'Another-horse-8-battery' });
  expect(refused.status).toBe(429);
  expect(wordsOf(refused)).toContain('Too many attempts');
  expect((await stage.refusal(refused)).details).toMatchObject({ code: 'authenticate.too_many_attempts' });
  clock.advanceMs(6_000);
  expect((await browser.submit(page, { password: 'Another-horse-8-battery' })).status).toBe(200);
});

test('another link has its own', async () => {
  const first = await openLink('eve@acme.example');
  for (let turn = 0; turn < 12; turn += 1) await first.browser.submit(first.page, { password: 'short' });
  const second = await openLink('frank@acme.example');
  expect((await second.browser.submit(second.page, { password: 'Another-horse-8-battery' })).status).toBe(200);
});
