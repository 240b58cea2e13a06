/** The root address of a server: leads people to the console, tells programs what this is, and tells nobody what strangers need not know. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createOperatorRig } from '../support/operators.js';
import { useStage, wordsOf } from '../support/stage.js';

const stage = useStage();
const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

test('a browser gets a page that says what to do as long as nobody owns the server, and then leads to the console', async () => {
  const unowned = await stage.visitor().browser.visit(`${stage.instance.origin}/`);
  expect(unowned.status).toBe(200);
  expect(wordsOf(unowned)).toContain('vestibule operator invite');
  await (await createOperatorRig(stage.instance)).join('olga@vestibule.example');
  const page = await stage.visitor().browser.visit(`${stage.instance.origin}/`);
  expect([page.status, page.url.pathname]).toEqual([200, '/console']);
  expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
});

test('a program that asks for JSON gets facts, and they are those of the discovery document', async () => {
  const { origin } = stage.instance;
  const answer = await fetch(origin, { headers: { accept: 'application/json' } });
  const facts = (await answer.json()) as Record<string, string>;
  const discovery = (await (await fetch(facts.openid_configuration ?? '')).json()) as { issuer: string };
  expect(facts.issuer).toBe(discovery.issuer);
  expect(answer.headers.get('vary')).toBe('accept');
  // A program that takes anything gets the page.
  expect((await fetch(origin)).headers.get('content-type')).toContain('text/html');
});

test('neither says a version, an organization, or a header of the framework', async () => {
  for (const accept of ['text/html', 'application/json']) {
    const answer = await fetch(stage.instance.origin, { headers: { accept } });
    let text = await answer.text();
    answer.headers.forEach((value, name) => {
      text += `${name}: ${value}\n`;
    });
    for (const secret of [version, 'Acme', stage.cast.acme.id, 'fastify', 'x-powered-by'])
      expect(text).not.toContain(secret);
  }
});
