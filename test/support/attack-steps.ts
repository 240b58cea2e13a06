/** Steps that several attacks share: the reset of a password by its owner, and a form that the pages never offered. */
import { expect } from 'vitest';
import type { Visitor } from './cast.js';
import type { Visit } from './http-browser.js';
import { linkOf, type Stage, wordsOf } from './stage.js';

export const NEW_PASSWORD = 'Another-horse-8-staple';

/** The owner asks for a new password in a browser of his own, and sets it. */
export async function resetPassword(stage: Stage, email: string, parameters: Record<string, string> = {}) {
  const owner = stage.visitor();
  const page = await owner.type(await owner.open(parameters), email, 'password');
  await owner.browser.submit(await owner.browser.visit(linkOf(page, 'Forgot')), { username: email });
  const sent = (await stage.instance.mail()).find(
    ({ mail }) => mail.to === email && mail.template === 'password_reset',
  );
  const done = await owner.browser.submit(await owner.browser.visit(String(sent?.mail.model.url)), {
    password: NEW_PASSWORD,
  });
  expect(done.status, wordsOf(done)).toBe(200);
}

/** Posts to a page of the login that `page` belongs to, as nobody's form does. */
export function postTo(visitor: Visitor, page: Visit, path: string, fields: Record<string, string>): Promise<Visit> {
  const url = new URL(path, visitor.cast.instance.origin);
  url.searchParams.set('state', page.url.searchParams.get('state') ?? '');
  return visitor.browser.visit(url, {
    method: 'POST',
    body: new URLSearchParams(fields),
    headers: { origin: url.origin },
  });
}
