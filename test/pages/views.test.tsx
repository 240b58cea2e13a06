/** Each page in each state: a whole document, valid in structure, escaped whatever the model holds, and small. */
import { describe, expect, it } from 'vitest';
import type { Page } from '../../src/http/pages/models.js';
import { ENGLISH } from '../../src/http/pages/speech.js';
import { renderPage } from '../../src/http/pages/views/render.js';
import { createTalk } from '../../src/http/pages/views/talk.js';
import { keepWhole } from '../../src/http/pages/views/whole-words.js';
import { WORDS } from '../../src/http/pages/words/words.js';
import { REFUSALS } from '../../src/login/refusals.js';
import { ACME, PAGE_SAMPLES } from '../support/page-samples.js';
import { readSources } from '../support/source-files.js';

const nonce = 'r4nd0mN0nce';
const talk = createTalk(ENGLISH);
const render = (page: Page): string => renderPage(page, { nonce });

interface Tag {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** The opening tags of a document, in order. Style and script are left out. */
function parseTags(html: string): Tag[] {
  const markup = html.replace(/<(style|script)\b[^>]*>[\s\S]*?<\/\1>/g, '<$1></$1>');
  return [...markup.matchAll(/<([a-z][a-z0-9]*)((?:\s+[a-z-]+(?:="[^"]*")?)*)\s*\/?>/gi)].map((tag) => ({
    name: String(tag[1]).toLowerCase(),
    attributes: Object.fromEntries(
      [...String(tag[2]).matchAll(/([a-z-]+)(?:="([^"]*)")?/gi)].map((part) => [String(part[1]), part[2] ?? '']),
    ),
  }));
}

describe.each(PAGE_SAMPLES)('$name', ({ page }) => {
  const html = render(page);
  const tags = parseTags(html);
  const named = (name: string) => tags.filter((tag) => tag.name === name);
  const inputs = named('input').filter((tag) => tag.attributes.type !== 'hidden');

  it('is a whole document with one heading, one main, a title and a language', () => {
    expect(html).toMatch(/^<!doctype html><html lang="en" dir="ltr"><head>/);
    expect(html).toMatch(/<title>[^<]+<\/title>/);
    expect(named('h1')).toHaveLength(1);
    expect(named('main')).toHaveLength(1);
  });

  it('names the place where it is read, not in the tab alone', () => {
    const read = html.replace(/<head>[\s\S]*<\/head>|<script[\s\S]*?<\/script>|<[^>]+>/g, '').replaceAll('&amp;', '&');
    // The page that passes an answer on is there for a moment, and may come before the place is known.
    if (page.page === 'relay') expect(read).not.toContain(page.brand.title);
    else expect(read).toContain(page.brand.title);
  });

  it('is smaller than 20 kB', () => {
    expect(Buffer.byteLength(html)).toBeLessThan(20_000);
  });

  it('has unique ids, and every reference to an id leads somewhere', () => {
    const ids = tags.map((tag) => tag.attributes.id).filter((id) => id !== undefined);
    expect(new Set(ids).size).toBe(ids.length);
    for (const tag of tags) {
      const { for: label, href } = tag.attributes;
      const described = tag.attributes['aria-describedby']?.split(' ') ?? [];
      const controls = tag.attributes['aria-controls'];
      const fragment = href?.startsWith('#') ? [href.slice(1)] : [];
      for (const id of [...described, ...fragment, ...(label ? [label] : []), ...(controls ? [controls] : [])]) {
        expect(ids).toContain(id);
      }
    }
  });

  it('labels every field', () => {
    const labelled = new Set(named('label').map((tag) => tag.attributes.for));
    for (const { attributes } of inputs) {
      expect(labelled.has(String(attributes.id)) || 'aria-label' in attributes, attributes.id).toBe(true);
    }
  });

  it('loads nothing and carries the nonce on its style and script', () => {
    expect(html.match(/<style nonce="r4nd0mN0nce">/g)).toHaveLength(1);
    expect([...html.matchAll(/<(style|script)(?! nonce="r4nd0mN0nce")/g)]).toHaveLength(0);
    expect(named('link')).toHaveLength(0);
    for (const tag of tags) {
      for (const name of Object.keys(tag.attributes)) expect(name).not.toMatch(/^(?:on.*|style|srcset)$/);
    }
  });

  it('gives the focus to one element at most', () => {
    expect(tags.filter((tag) => 'autofocus' in tag.attributes).length).toBeLessThanOrEqual(1);
  });

  it('posts its forms, with the primary button first', () => {
    for (const form of named('form')) expect(form.attributes.method).toBe('post');
    const submits = named('button').filter((tag) => tag.attributes.type === 'submit');
    if (submits.length > 0) expect(submits[0]?.attributes.class).toMatch(/^button/);
    for (const { attributes } of named('button')) {
      if (attributes.name !== 'organization') expect(attributes.type).toMatch(/^(?:submit|button)$/);
    }
  });

  it('tells each error once: beside its field and tied to it, else on top', () => {
    const errors = 'errors' in page ? page.errors : [];
    const isPlaced = (field: string) => inputs.some((tag) => tag.attributes.id === field);
    for (const { field, message } of errors) {
      const escaped = talk.tell(message).replaceAll('&', '&amp;').replaceAll('<', '&lt;');
      expect(html.split(escaped).length - 1).toBe(1);
      const input = inputs.find((tag) => tag.attributes.id === field);
      if (!input) continue;
      expect(input.attributes['aria-invalid']).toBe('true');
      expect(input.attributes['aria-describedby']).toContain(`${field}-error`);
    }
    expect(html.includes('role="alert"')).toBe(errors.some(({ field }) => !isPlaced(field)));
    expect(html.includes('<title>Error: ')).toBe(errors.length > 0);
  });
});

/** Every string of `value` replaced by `text`, except what is a word of ours: the page's own kind, the id of a field. */
function poison(value: unknown, text: string, key = ''): unknown {
  if (typeof value === 'string') return ['page', 'method', 'ask', 'field', 'step'].includes(key) ? value : text;
  if (Array.isArray(value)) return value.map((item) => poison(item, text));
  if (value instanceof Date || value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, poison(item, text, name)]));
}

describe('cross-site scripting: no string of a model gets out of its place', () => {
  const attacks = [
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "'></style><svg/onload=alert(1)>",
    'javascript:alert(1)',
    '#fff}</style><script>alert(1)</script>',
    '</title><script>alert(1)</script>',
    '\u202eevil\u2066',
  ];
  it.each(PAGE_SAMPLES.map((sample) => [sample.name, sample.page] as const))('%s', (_, page) => {
    const branded = { ...page, brand: { ...page.brand, logoUrl: 'x', primaryColor: 'x', pageBackground: 'x' } };
    const expected = parseTags(render({ ...page, brand: ACME } as Page)).map((tag) => tag.name);
    for (const attack of attacks) {
      const html = render(poison(branded, attack) as Page);
      const tags = parseTags(html);
      const allowed = new Set([...expected, 'a', 'ul', 'li']);
      for (const tag of tags) {
        expect(allowed, attack).toContain(tag.name);
        expect(tag.attributes.href ?? '', attack).not.toMatch(/^\s*(?:javascript|data):/i);
      }
      // The style sheet is what it was: nothing of the attack reached it.
      const style = /<style[^>]*>([\s\S]*?)<\/style>/.exec(html)?.[1];
      expect(style).toBe(
        /<style[^>]*>([\s\S]*?)<\/style>/.exec(
          render({
            ...page,
            brand: { title: 'A' },
            ...(page.page === 'organization-picker' ? { organizations: [] } : {}),
          } as Page),
        )?.[1],
      );
      expect(html.match(/<script/g)?.length ?? 0).toBeLessThanOrEqual(1);
    }
  });

  it('a logo that may not be shown gives way to the initial', () => {
    const html = render({ page: 'signed-out', brand: { title: 'Acme', logoUrl: 'http://cdn.example/logo.png' } });
    expect(html).not.toContain('<img');
    expect(html).toContain('>A</span>');
  });

  it('a logo is escaped and described by nothing', () => {
    const html = render({
      page: 'signed-out',
      brand: { title: 'Acme', logoUrl: 'https://cdn.example/l.png?a="><b>&c' },
    });
    expect(html).toContain('<img class="logo" src="https://cdn.example/l.png?a=%22%3E%3Cb%3E&amp;c" alt height="40"/>');
  });

  it('a form is never posted to an address that runs script', () => {
    const html = render({ page: 'form-post', brand: ACME, action: 'javascript:alert(1)', fields: { code: 'x' } });
    expect(html).toContain('action="#"');
  });

  it('a link to another host by "//" is dropped', () => {
    const page: Page = {
      page: 'refusal',
      brand: ACME,
      title: 'No',
      sentence: 'No.',
      advice: 'Ask.',
      reference: 'V-1',
      signedInAs: undefined,
      links: [
        { label: 'one', url: '//evil.example/' },
        { label: 'two', url: '/\\evil.example/' },
        { label: 'three', url: '/fine' },
      ],
    };
    const html = render(page);
    expect(html).not.toContain('evil.example');
    expect(html).toContain('href="/fine"');
  });
});

/** Fields as a simple client reads them: the first button of a name counts. */
function parseFields(html: string): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const { name, attributes } of parseTags(html)) {
    if (attributes.name === undefined || !['input', 'button'].includes(name)) continue;
    if (name === 'button' && attributes.name in fields) continue;
    fields[attributes.name] = attributes.value ?? '';
  }
  return fields;
}

const sample = (name: string): Page => {
  const found = PAGE_SAMPLES.find((item) => item.name === name);
  if (!found) throw new Error(`no sample ${name}`);
  return found.page;
};

describe('what a form sends', () => {
  it.each([
    ['identifier-connections', { username: '', action: 'default' }],
    ['password-empty', { username: 'olga@gmail.example', password: '', action: 'default' }],
    ['relay', { relay: 'eyJhbGciOiJkaXIifQ', action: 'default' }],
    ['invitation-sso', { action: 'default' }],
    ['invitation-switch', { action: 'switch' }],
    ['sign-up-empty', { username: 'ivy@acme.example', name: '', password: '', action: 'default' }],
    ['proof-code', { code: '', action: 'code' }],
    ['proof-password', { username: 'uma@acme.example', password: '', action: 'password' }],
    ['confirm', { action: 'default' }],
    ['organization-picker-three', { organization: 'org_Ab3Ab3Ab3Ab3Ab30' }],
    ['organization-prompt-empty', { organization: '', action: 'default' }],
    ['forgot-password-sent', { username: 'olga@gmail.example', action: 'default' }],
    ['reset-password-empty', { username: 'olga@gmail.example', password: '', action: 'default' }],
    ['verify-email-ask', { action: 'default' }],
    // Nothing of ours: the application receives the answer's parameters alone.
    ['form-post', { code: 'vQ2k3v', state: 'af0ifjsldkj', iss: 'https://login.northwind.example/' }],
  ])('%s', (name, fields) => expect(parseFields(render(sample(name)))).toEqual(fields));

  it.each([
    'identifier-empty',
    'password-empty',
    'sign-up-empty',
    'proof-code',
    'proof-password',
    'organization-prompt-empty',
  ])('%s: the first button says exactly Continue', (name) => {
    const first = /<button class="button"[^>]*>(.*?)<\/button>/.exec(render(sample(name)))?.[1];
    expect(first).toBe('Continue');
  });

  it('password pages tell a password manager whose password it is', () => {
    for (const [name, use] of [
      ['password-empty', 'current-password'],
      ['reset-password-empty', 'new-password'],
      ['sign-up-empty', 'new-password'],
    ] as const) {
      const tags = parseTags(render(sample(name)));
      const attributes = (id: string) => tags.find((tag) => tag.attributes.id === id)?.attributes ?? {};
      expect(attributes('username')).toMatchObject({ autocomplete: 'username', readonly: '', hidden: '' });
      expect(attributes('password')).toMatchObject({ autocomplete: use, type: 'password' });
    }
  });

  it('a code may be pasted with spaces', () => {
    const code = parseTags(render(sample('proof-code'))).find((tag) => tag.attributes.id === 'code')?.attributes ?? {};
    expect(code).toMatchObject({ inputmode: 'numeric', autocomplete: 'one-time-code' });
    const pattern = new RegExp(`^(?:${code.pattern})$`, 'v');
    for (const text of ['123456', '123 456', ' 12 34 56 ']) expect(text).toMatch(pattern);
    for (const text of ['12345', '1234567', 'abcdef']) expect(text).not.toMatch(pattern);
    expect(Number(code.maxlength)).toBeGreaterThan(7);
  });
});

describe('after a wrong answer', () => {
  it.each([
    ['proof-code-error', 'One try is left.'],
    ['proof-password-error', '3 tries are left.'],
    ['factor-wrong', 'One try is left.'],
    ['factor-key-wrong', '3 tries are left.'],
    ['account-address-wrong', '4 tries are left.'],
  ])('%s says how many tries are left', (name, words) => expect(render(sample(name))).toContain(words));

  it.each(['factor-key', 'factor-new-passkey', 'account-address-code'])('%s: before any, nothing is said', (name) =>
    expect(render(sample(name))).not.toMatch(/(?:tries are|try is) left/),
  );
});

/** Everything that pages may say in English, and the refusals that only applications are told. */
function sentencesOfRoutes(): string[] {
  const refusals = Object.values(REFUSALS).flatMap(({ title, sentence, advice }) => [title, sentence, advice]);
  const { refusals: _shown, ...words } = WORDS.en;
  return [...Object.values(words).flatMap((section) => Object.values(section)), ...refusals];
}

it('routes write no sentence of their own: all are in tables, where the next test sees them', () => {
  const written = readSources('src/http/login').flatMap(({ path, text }) =>
    [...text.matchAll(/^(?!\s*(?:\*|\/\/)).*?(['`][A-Z][^'`]* [^'`]*[.?!]['`])/gm)].map(
      ([, words]) => `${path}: ${words}`,
    ),
  );
  expect(written).toEqual([]);
});

it('words blame nobody and do not shout', () => {
  const sentences = PAGE_SAMPLES.map(({ page }) => render(page).replace(/<(style|script)[\s\S]*?<\/\1>|<[^>]+>/g, ' '));
  for (const sentence of [...sentences, ...sentencesOfRoutes()]) {
    expect(sentence).not.toMatch(/!(?!=)\s|\b(?:invalid|illegal|fail(?:ed|ure)?|forbidden|oops|sorry|please)\b/i);
  }
});

describe('a word with a hyphen in a heading', () => {
  const headingOf = (name: string): string => {
    const page = PAGE_SAMPLES.find((sample) => sample.name === name)?.page;
    return /<h1>([\s\S]*?)<\/h1>/.exec(page ? render(page) : '')?.[1] ?? '';
  };

  it('stays on one line, with the text as it is', () => {
    const heading = headingOf('refusal-stranger');
    expect(heading).toBe('Your company’s <span class="word">sign-in</span> is not open to you yet');
    expect(REFUSALS['admit.not_in_pilot'].title).toBe(heading.replace(/<[^>]+>/g, ''));
    expect(render(PAGE_SAMPLES[0]?.page as Page)).toMatch(/h1 \.word ?\{ ?white-space: ?nowrap/);
  });

  it('may break where it is long, and a name is left alone', () => {
    expect(keepWhole('Donaudampfschiff-Fahrtsgesellschaft')).toEqual(['', 'Donaudampfschiff-Fahrtsgesellschaft', '']);
    const name = <bdi>Rolls-Royce</bdi>;
    expect(keepWhole([name])).toEqual([name]);
  });
});
