/** The tenant's own words of a mail: Auth0's variables, nothing that a name or a template can do, and the server's words where they fail. */
import { describe, expect, test } from 'vitest';
import type { OwnWords } from '../../src/domain/mail/mail-template.js';
import { checkOwnWords, OWN_NAMES, renderOwnMail } from '../../src/mail/own-words.js';
import { toPlainText } from '../../src/mail/plain-text.js';
import { sampleMail } from '../support/mail-samples.js';

const PLACE = {
  language: 'de',
  friendlyName: 'Northwind',
  supportEmail: 'help@northwind.example',
  supportUrl: undefined,
} as const;
const wordsOf = (fields: Partial<OwnWords>): OwnWords => ({
  ...{ name: 'verify_email', body: '<a href="{{ url }}">Confirm</a>', from: null, subject: 'Hello', resultUrl: null },
  ...{ syntax: 'liquid', urlLifetimeSeconds: null, includeEmailInRedirect: undefined, enabled: true },
  ...fields,
});
const FACTS = {
  application: { name: 'Portal', clientID: 'abc' },
  organization: { id: 'org_1', name: 'acme', display_name: 'Acme' },
  user: { name: 'Ivy', user_metadata: { title: 'Dr' } },
};
const render = (fields: Partial<OwnWords>, changes: Readonly<Record<string, unknown>> = { facts: FACTS }) =>
  renderOwnMail(sampleMail('verify_email', changes), wordsOf(fields), PLACE);

test("case=auth0's variables", () => {
  const body = `{{ url }} {{ user.email }}|{{ user.name }}|{{ user.user_metadata.title }}|{{ application.name }}|{{ application.clientID }}|
{{ organization.display_name }}|{{ organization.branding.colors.primary }}|{{ friendly_name }}|{{ support_email }}|{{ request_language }}|{{ nothing.there }}`;
  const { text } = render({ body });
  expect(text.replace(/^\S+ /, '').trim()).toBe(
    'ivy@acme.example|Ivy|Dr|Portal|abc| Acme|#0f766e|Northwind|help@northwind.example|de|',
  );
  const code = renderOwnMail(sampleMail('proof_code'), wordsOf({ body: '<b>{{ code }}</b>' }), PLACE);
  expect(code.text).toContain('402917');
  const invited = renderOwnMail(sampleMail('invitation'), wordsOf({ body: '{{ url }} {{ inviter.name }}' }), PLACE);
  expect(invited.text).toContain('Dana Whitfield');
  expect(Object.values(OWN_NAMES).flat()).toHaveLength(8);
});

test('case=sender-and-subject-are-one-line-each', () => {
  const mail = render({ subject: 'For {{ user.name }}', from: '{{ friendly_name }} <no-reply@northwind.example>' });
  expect(mail).toMatchObject({
    subject: 'For Ivy',
    from: { name: 'Northwind', address: 'no-reply@northwind.example' },
  });
  const attack = { facts: { user: { name: 'x\r\nBcc: everybody@example.com' } } };
  const other = render({ subject: '{{ user.name }}', from: '{{ user.name }} <a@b.example>' }, attack);
  expect(`${other.subject}${other.from?.name}`).not.toMatch(/[\r\n]/);
  expect(render({ from: '{{ user.name }}' }, attack).from).toBeUndefined();
});

describe('values come from strangers', () => {
  const attacks = [
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    '{{ url }}{% include "/etc/passwd" %}',
  ];
  test.each(attacks)('case=%j', (name) => {
    for (const filter of ['', ' | escape', ' | raw']) {
      const body = `{{ url }} {{ user.name${filter} }} <i title="{{ user.name${filter} }}">x</i>`;
      const mail = render({ body }, { facts: { user: { name } } });
      expect(mail.html).not.toMatch(/<script|<img|"><|root:|&amp;lt;/);
      expect(mail.text).toContain(name.startsWith('{{') ? '{{ url }}' : '<');
    }
  });

  test('case=a-link-in-a-name-is-none', () => {
    const { text } = render(
      { body: '{{ url }} {{ user.name }}' },
      { facts: { user: { name: 'https://evil.example' } } },
    );
    expect(text).not.toContain('evil.example');
  });
});

describe('templates with a mistake', () => {
  test.each([
    ['an unknown tag', '{% nonsense %}'],
    ['a block without an end', '{% if url %}'],
    ['an unknown filter', '{{ url | nonsense }}'],
    ['a file', '{% include "/etc/passwd" %}'],
    ['a layout', '{% layout "/etc/passwd" %}'],
    ['a loop that does not end', '{% for i in (1..100000000) %}x{% endfor %}'],
    ['loops in loops', `${'{% for i in (1..3000) %}'.repeat(4)}x${'{% endfor %}'.repeat(4)}`],
  ])('case=refused: %s', (_what, body) => {
    expect(checkOwnWords({ body, subject: null, from: null })).toMatch(/^body is no Liquid that can be used: /);
    expect(() => render({ body: `{{ url }}${body}` })).toThrow();
  });

  test('case=subject-and-sender-are-checked-too', () => {
    expect(checkOwnWords({ body: null, subject: '{% if', from: null })).toMatch(/^subject /);
    expect(checkOwnWords({ body: null, subject: null, from: 'nobody' })).toBe('from is no address');
    expect(checkOwnWords({ body: null, subject: 'a', from: '{{ application.name }} <a@b.example>' })).toBeUndefined();
  });

  test('case=a-mail-without-its-link-is-not-sent-like-that', () => {
    expect(() => render({ body: '<p>Welcome</p>' })).toThrow(/neither the link/);
  });
});

describe('the text of an HTML mail', () => {
  test.each([
    ['<p>One</p><p>Two &amp; three</p>', 'One\n\nTwo & three\n'],
    ['<style>p { color: red }</style><h1>Hi</h1>a<br>b', 'Hi\na\nb\n'],
    ['<a href="https://a.example/?x=1&amp;y=2">Open</a>', 'Open (https://a.example/?x=1&y=2)\n'],
    ['<a href="https://a.example/">https://a.example/</a>', 'https://a.example/\n'],
    ['<a href="javascript:alert(1)">Open</a>', 'Open\n'],
    ['a < b &lt; &#x41;&#66;&unknown;', 'a\n'],
    ['<<<<', '\n'],
    ['<script>alert(1)', '\n'],
  ])('case=%j', (html, text) => {
    expect(toPlainText(html)).toBe(text);
  });
});
