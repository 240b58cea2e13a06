/** Each mail: the same words in both forms, the link in clear, what to do if it was not you; nothing gets in by a name. */
import { describe, expect, it } from 'vitest';
import { mailBrandOf } from '../../src/domain/look/brand.js';
import { LANGUAGES } from '../../src/domain/look/languages.js';
import { renderMail } from '../../src/mail/render.js';
import type { MailTemplate } from '../../src/ports/mailer.js';
import { ACME } from '../support/login-facts.js';
import { MAIL_TEMPLATES, sampleMail } from '../support/mail-samples.js';

/** The words of an HTML mail, without its head. */
function wordsOf(html: string): string {
  return html
    .slice(html.indexOf('<body'))
    .replace(/<[^>]+>/g, ' ')
    .replaceAll('&#39;', "'")
    .replaceAll('&#34;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .replace(/\s+/g, ' ');
}

const colorsOf = (html: string): string[] =>
  [...html.matchAll(/(?:background|color): ?([^;"!}]+)/g)].map((found) => String(found[1]).trim());

/** Values that a mail may lack, as src/mail/models.ts declares them. */
const OPTIONAL: Readonly<Partial<Record<MailTemplate, readonly string[]>>> = {
  password_changed: ['url'],
  factor_changed: ['factor', 'ip', 'url', 'expiresAt'],
};

describe.each(MAIL_TEMPLATES)('%s', (template) => {
  const mail = renderMail(sampleMail(template));

  it('says the same in text and in HTML', () => {
    const html = wordsOf(mail.html);
    const lines = mail.text.split('\n').filter((line) => line.trim() !== '' && line !== '-- ');
    expect(lines.length).toBeGreaterThan(4);
    for (const line of lines) expect(html).toContain(line.trim().replace(/:$/, ''));
  });

  it('names the organization, the recipient, and what to do if it was not you', () => {
    expect(mail.subject).toContain('Acme');
    expect(mail.text).toContain('ivy@acme.example');
    expect(mail.text).toMatch(/If this was not you|If you did not expect (this|it)/);
  });

  it('has one button at most, and its link in clear below', () => {
    const url = sampleMail(template).model.url as string | undefined;
    const buttons = mail.html.match(/class="button" href="([^"]+)"/g) ?? [];
    expect(buttons).toHaveLength(url ? 1 : 0);
    if (!url) return;
    expect(mail.text).toContain(`\n${url}\n`);
    expect(mail.html).toContain(`>${url.replaceAll('&', '&amp;')}</a>`);
  });

  it.each(Object.keys(sampleMail(template).model))(
    'without %s it is refused as a bug, or written in each language',
    (name) => {
      const { [name]: _left, ...model } = sampleMail(template).model;
      const without = { ...sampleMail(template), model };
      for (const language of LANGUAGES) {
        if (!OPTIONAL[template]?.includes(name)) expect(() => renderMail(without, language)).toThrow('mail model');
        else expect(renderMail(without, language).text).toContain('ivy@acme.example');
      }
    },
  );

  it('fetches nothing, runs nothing, and is small', () => {
    expect(mail.html).not.toMatch(/<(?:script|img|link|iframe|form)\b|\son[a-z]+=|url\(/);
    expect(Buffer.byteLength(mail.html)).toBeLessThan(20_000);
  });
});

describe('what each mail tells', () => {
  const textOf = (...parameters: Parameters<typeof sampleMail>) => renderMail(sampleMail(...parameters)).text;

  it('an invitation: who, to what, until when', () => {
    expect(textOf('invitation')).toContain('Dana Whitfield invites you to use Northwind Portal as part of Acme.');
    expect(textOf('invitation')).toContain('valid until 2 December 2026 at 13:05 UTC.');
  });

  it('a code: the digits, how long, from where; never in the subject', () => {
    const mail = renderMail(sampleMail('proof_code'));
    expect(mail.text).toMatch(/^ {4}402917$/m);
    expect(mail.text).toContain('valid for 10 minutes. The request came from the network address 203.0.113.7.');
    expect(mail.subject).not.toContain('402917');
  });

  it.each([
    ['invited', 'You opened an invitation to Acme. An invitation link can be passed on to others.'],
    ['sign_up', 'You are opening an account at Acme.'],
    ['sign_in', "You are signing in to Acme with Acme's Okta."],
    [undefined, "You are signing in to Acme with Acme's Okta."],
  ])('a code says why it is asked for: %s', (reason, words) => {
    const { text } = renderMail(sampleMail('proof_code', { reason }));
    expect(text).toContain(`${words} This code shows that the address ivy@acme.example is yours.`);
  });

  it.each([
    [{}, 'Added: authenticator app.', 'from the network address 203.0.113.7'],
    [{ change: 'removed', factor: 'webauthn-roaming', ip: undefined }, 'Removed: security key.', 'by an administrator'],
    [{ change: 'reset', factor: undefined, ip: undefined }, 'All second factors were removed.', 'by an administrator'],
    [{ change: 'recovery_code', factor: undefined }, 'There is a new recovery code.', '203.0.113.7'],
  ] as const)('a change of second factors: what, when, by whom: %j', (changes, what, by) => {
    const text = textOf('factor_changed', changes);
    expect(text).toContain(what);
    expect(text).toContain('for ivy@acme.example at Acme on 25 November 2026 at 14:00 UTC, ');
    expect(text).toContain(by);
  });

  it('a reset: until when, from where', () => {
    expect(textOf('password_reset')).toContain('until 25 November 2026 at 15:00 UTC');
    expect(textOf('password_reset')).toContain('2001:db8::7');
  });

  it('a change: when, from where; a button only when there is somewhere to go', () => {
    expect(textOf('password_changed')).toContain(
      'on 25 November 2026 at 14:00 UTC, from the network address 203.0.113.7',
    );
    const without = renderMail(sampleMail('password_changed', { url: undefined }));
    expect(without.html).not.toContain('class="button"');
    expect(without.text).not.toContain('Choose a new password:');
  });

  it('a brand without a color or logo has one of its own; black becomes the text color', () => {
    expect(renderMail(sampleMail('invitation', { brand: { title: 'Acme' } })).html).toContain('background:#2450c8');
    expect(renderMail(sampleMail('invitation', { brand: { title: 'Acme', primaryColor: '#000' } })).html).toContain(
      'background:#16191d',
    );
  });

  it('a logo is shown from https alone', () => {
    const withLogo = (logoUrl: string) =>
      renderMail(sampleMail('invitation', { brand: { title: 'Acme', logoUrl } })).html;
    expect(withLogo('https://cdn.example/logo.png')).toContain('<img src="https://cdn.example/logo.png" alt="Acme"');
    expect(withLogo('http://localhost/logo.png')).not.toContain('<img');
    expect(withLogo('javascript:alert(1)')).not.toContain('<img');
  });
});

describe('nothing gets in by a name', () => {
  const attacks = [
    'Dana\r\nBcc: everybody@example.com',
    'Dana\nX-Injected: yes',
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    '{{ url }}{% include "/etc/passwd" %}',
    '\u202egnp.exe',
    'x'.repeat(5000),
  ];

  it.each(attacks)('%j', (attack) => {
    const mail = renderMail(
      sampleMail('invitation', {
        brand: { title: attack, primaryColor: attack, logoUrl: attack },
        inviterName: attack,
        organizationTitle: attack,
        applicationName: attack,
      }),
    );
    expect(mail.subject).not.toMatch(/\p{Cc}|[\u202a-\u202e\u2066-\u2069]/u);
    expect(mail.subject.length).toBeLessThanOrEqual(250);
    expect(mail.html).not.toMatch(/<script|<img|root:/);
    for (const color of colorsOf(mail.html)) expect(color).toMatch(/^#[0-9a-f]{6}$/);
    expect(mail.text.split('\n').some((line) => /^(?:Bcc|X-Injected):/.test(line))).toBe(false);
    // A name that looks like a template is shown as it is.
    if (attack.startsWith('{{')) expect(mail.text).toContain('{{ url }}{% include "/etc/passwd" %} invites you');
  });

  it('a link in the name of the inviting person is none any more', () => {
    const mail = renderMail(sampleMail('invitation', { inviterName: 'Win at https://evil.example/prize' }));
    expect(mail.text).not.toContain('https://evil');
    expect(mail.text).not.toContain('evil.example');
    expect(mail.text.replaceAll('\u2060', '')).toContain('Win at evil.example/prize invites you');
  });

  it('a link in the title of an organization is none: its own administrators choose it', () => {
    const title = 'Win at https://evil.\u202eexample/prize';
    const { brand: _, ...rest } = sampleMail('invitation').model;
    const brand = mailBrandOf({ organization: { ...ACME, displayName: title } }, 'https://login.example.com');
    const mail = renderMail(sampleMail('invitation', { ...rest, organizationTitle: title, brand }));
    for (const part of [mail.subject, mail.text, mail.html]) {
      expect(part).not.toContain('https://evil');
      expect(part).not.toContain('evil.example');
    }
    expect(mail.text.replaceAll('\u2060', '')).toContain('Win at evil.example/prize');
  });

  it.each(['javascript:alert(1)', 'data:text/html,x', '', undefined, 7])('an address %j is refused', (url) => {
    expect(() => renderMail(sampleMail('password_reset', { url }))).toThrow(/"url"/);
  });

  it.each(['invitation', 'proof_code', 'password_reset'] as const)(
    'a model of %s that lacks a field is refused',
    (template) => {
      for (const name of Object.keys(sampleMail(template).model)) {
        expect(() => renderMail(sampleMail(template, { [name]: undefined }))).toThrow(name);
      }
    },
  );
});
