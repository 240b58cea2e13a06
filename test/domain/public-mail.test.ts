/** Domains that are nobody's own. The attack: an organization has one verified, and its provider vouches for everybody with a mailbox there. */
import { describe, expect, test } from 'vitest';
import { findPublicUse, sayPublicUse } from '../../src/domain/companies/public-mail.js';
import { LISTED } from '../../src/domain/companies/public-mail-domains.js';
import { parseDomain } from '../../src/domain/people/email.js';

const uses = (domains: string) =>
  domains.split(' ').map((domain) => [domain, findPublicUse(parseDomain(domain) ?? '')]);
const all = (domains: string, use: string | undefined) => domains.split(' ').map((domain) => [domain, use]);

describe('public mail providers', () => {
  test.each([
    ['the best known', 'gmail.com googlemail.com outlook.com hotmail.com live.com yahoo.com icloud.com aol.com web.de'],
    [
      'their domains in other countries',
      'hotmail.it hotmail.com.br yahoo.it yahoo.com.mx yahoo.co.id gmx.fr outlook.fr',
    ],
    ['countries that no list has', 'yandex.uz googlemail.de ymail.co.uk hotmail.co.ke icloud.com.cn yahoo.example'],
    [
      'regional providers',
      'laposte.net libero.it seznam.cz wp.pl naver.com 139.com docomo.ne.jp uol.com.br abv.bg mail.ee',
    ],
    [
      'private and paid mailboxes',
      'proton.me tuta.com tutanota.com posteo.de fastmail.fm hey.com riseup.net mailbox.org',
    ],
    ['hidden and disposable addresses', 'privaterelay.appleid.com duck.com mozmail.com yopmail.com guerrillamail.com'],
    ['names below them', 'mail.gmail.com eu.yahoo.co.uk a.b.web.de sales.gmx.net'],
    ['as people type them', 'GMail.com YAHOO.it'],
  ])('case=%s', (_name, domains) => {
    expect(uses(domains)).toEqual(all(domains, 'mailboxes'));
  });
});

test('case=public-suffixes, where everybody registers names, and parents of companies', () => {
  const domains = 'co.uk com.br github.io vercel.app foo.ck blogspot.com onmicrosoft.com';
  expect(uses(domains)).toEqual(all(domains, 'names'));
  expect(sayPublicUse('co.uk')).toBe('co.uk is an ending under which the public gets names');
});

test('case=what companies have', () => {
  const domains =
    'acme.com acme.co.uk acme.example acme.onmicrosoft.com acme.github.io yahoo-inc.com notgmail.com gmail.com.acme.com ' +
    'microsoft.com google.com apple.com sap.com siemens.com bt.com example.com bücher.example live.agency mail.acme.com';
  expect(uses(domains)).toEqual(all(domains, undefined));
  expect(sayPublicUse('acme.com')).toBeUndefined();
});

test('case=the list has domains as they are compared, each once', () => {
  const listed = LISTED.flatMap((line) => line.split(' '));
  expect(listed.length).toBeGreaterThan(15_000);
  expect(listed.filter((domain) => parseDomain(domain) !== domain)).toEqual([]);
  expect(new Set(listed).size).toBe(listed.length);
});
