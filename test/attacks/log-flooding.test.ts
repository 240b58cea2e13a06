/** Attack: requests that begin no login fill the login log of the database. An address gets sixty lines a minute, then the server's own log. */
import { expect, test } from 'vitest';
import { referenceOf, useStage } from '../support/stage.js';

const stage = useStage();

test('the sixty-first refused request of a minute has a page and a reference, and no row', async () => {
  const count = async () =>
    Number((await stage.instance.database.pool.query('select count(*) as n from logs')).rows[0].n);
  const before = await count();
  const { browser } = stage.visitor();
  const forged = '/u/login/identifier?state=forged';
  const wrong = `/authorize?client_id=${stage.cast.client.id}&response_type=code&redirect_uri=https://evil.example/`;
  for (let request = 0; request < 61; request++) {
    const page = await browser.visit(`${stage.instance.origin}${request % 2 === 0 ? forged : wrong}${request}`);
    expect(page.status).toBe(400);
    expect(referenceOf(page)).toMatch(/^V-/);
  }
  expect((await count()) - before).toBe(60);
});
