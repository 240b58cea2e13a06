/** Attack: another site posts a form to one of our pages under a path that is written differently (`/%75/…` is `/u/…`). */
import { expect, test } from 'vitest';
import { useStage } from '../support/stage.js';

const stage = useStage();
const WAYS = [
  '/u/login/identifier',
  '/%75/login/identifier',
  '/u/login/%69dentifier',
  '/u/reset-password',
  '/%75/reset-password',
];

test.each(WAYS)('POST %s from another site is refused', async (path) => {
  const visitor = stage.visitor();
  const page = await visitor.open();
  for (const origin of ['https://evil.example', 'null', `${stage.instance.origin}.evil.example`]) {
    const answer = await visitor.browser.request(
      `${stage.instance.origin}${path}?state=${page.url.searchParams.get('state')}`,
      { method: 'POST', body: new URLSearchParams({ username: 'a@b.example', password: 'x' }), headers: { origin } },
    );
    expect(answer.status, origin).toBe(403);
    expect(answer.headers.getSetCookie()).toEqual([]);
  }
});
