/**
 * Attack: markup, script addresses and line breaks in every text that somebody else chose: names, logos, the inviter, hints, states,
 * what an identity provider says. Nothing of it may become part of a page, a header or a policy.
 */
import { beforeAll, expect, test } from 'vitest';
import type { Visit } from '../support/http-browser.js';
import { proveByCode, useStage } from '../support/stage.js';

const EVIL = `"'><img src=x onerror=alert(1)><script>alert(2)</script></title></style>{{9973*9967}}\${9973*9967}`;
const people = {
  eve: { sub: 'eve', email: 'eve@evil.example', email_verified: true, name: EVIL, picture: 'javascript:alert(3)' },
};
const stage = useStage({ people });
const pages: Visit[] = [];

function look(page: Visit): Visit {
  pages.push(page);
  return page;
}

beforeAll(async () => {
  const { api } = stage.instance;
  const { id, connectionId } = stage.cast.acme;
  await api('PATCH', `/organizations/${id}`, {
    display_name: EVIL,
    branding: {
      logo_url: `https://logo.example/x"onerror="alert(4)";script-src*;`,
      colors: { primary: '#ff0000', page_background: '#ffffff' },
    },
  });
  await api('PATCH', `/connections/${connectionId}`, { display_name: EVIL.slice(0, 128) });
  await api('PATCH', `/clients/${stage.cast.client.id}`, { name: EVIL.replace(/[<>]/g, "'") });
  await api('PATCH', '/tenants/settings', { friendly_name: EVIL });
  await api('POST', `/organizations/${id}/invitations`, {
    inviter: { name: EVIL },
    invitee: { email: 'eve@evil.example' },
    client_id: stage.cast.client.id,
  });
  const visitor = stage.visitor();
  const first = look(await visitor.open({ login_hint: EVIL.slice(0, 250), state: EVIL }));
  const password = look(await visitor.type(first, 'eve@evil.example', 'password'));
  look(await visitor.browser.submit(password, { password: EVIL }));
  look(await visitor.type(first, EVIL));
  const mails = await stage.instance.mail();
  const link = new URL(String(mails.find(({ mail }) => mail.template === 'invitation')?.mail.model.url));
  const invited = stage.visitor();
  const accept = look(await invited.open({ invitation: link.searchParams.get('invitation') ?? '' }));
  const form = look(await invited.browser.submit(accept, { action: 'default' }));
  look(await invited.browser.submit(form, { password: 'x', name: EVIL }));
  const sso = stage.visitor();
  const idp = await sso.open({ connection: stage.cast.acme.connectionName, response_mode: 'form_post', state: EVIL });
  const proof = look(await sso.signInAtIdp(idp, 'eve'));
  look(await proveByCode(sso, proof, '000000'));
  const code = await stage.mailedCode('eve@evil.example');
  look(await proveByCode(sso, proof, code));
  const denied = stage.visitor();
  stage.cast.idp.next({ callback: { code: undefined, error: EVIL, error_description: EVIL } });
  look(await denied.signInAtIdp(await denied.open({ connection: stage.cast.acme.connectionName }), 'eve'));
  const odd = encodeURIComponent(EVIL);
  const { origin } = stage.instance;
  for (const path of [
    `/authorize?client_id=${odd}`,
    `/authorize?client_id=${stage.cast.client.id}&redirect_uri=${odd}`,
    `/u/proof?state=${odd}`,
    `/u/reset-password?ticket=${odd}`,
    `/login/callback?state=${odd}&error=${odd}`,
    `/v2/logout?client_id=${odd}&returnTo=${odd}`,
    `/oidc/logout?client_id=${odd}&state=${odd}`,
    `/oidc/logout?state=${odd}`,
    `/${odd}`,
  ])
    look(await stage.visitor().browser.visit(origin + path));
  const relayed = new URLSearchParams({ state: EVIL, code: EVIL, [EVIL]: EVIL });
  look(await stage.visitor().browser.visit(`${origin}/login/callback`, { method: 'POST', body: relayed }));
});

test('no page has markup that was not ours', () => {
  expect(pages.length).toBeGreaterThan(17);
  for (const { text, url } of pages.filter((page) => page.status !== 0)) {
    const outside = text
      .replace(/<script nonce="[^"]+">[\s\S]*?<\/script>/g, '')
      .replace(/<style nonce="[^"]+">[\s\S]*?<\/style>/g, '');
    expect(outside, url.pathname).not.toMatch(/<script|<style|<img src=x/i);
    expect(text, url.pathname).not.toMatch(/\s(?:href|src|action)\s*=\s*["']?\s*(?:javascript|data|vbscript):/i);
    expect(text.match(/<\/title>/g)?.length ?? 0, url.pathname).toBe(1);
    expect(text, url.pathname).not.toContain('99400891');
  }
});

test('the policy of every page names the nonce and nothing that a field put there', () => {
  for (const { headers, url } of pages.filter((page) => page.status !== 0)) {
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy, url.pathname).toMatch(/script-src 'nonce-[A-Za-z0-9_-]{22}'/);
    expect(policy.match(/script-src/g), url.pathname).toHaveLength(1);
    // Of the address of a logo the origin alone, for pictures alone.
    expect(policy.replace('; img-src https://logo.example', ''), url.pathname).not.toMatch(
      /unsafe|\*|alert|logo\.example/,
    );
    expect(headers.get('x-frame-options')).toBe('DENY');
  }
});

test('no page and no redirect of this day was a fault', () => {
  expect(pages.filter(({ status }) => status >= 500 && status !== 502).map(({ url }) => url.href)).toEqual([]);
});
