/** Facts of the console's pages about connections and people that need no browser: the words of providers, the ends of certificates, searches. */
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { findCertificateEnds } from '../../src/console/pages/connections/certificate.js';
import { PROVIDERS } from '../../src/console/pages/connections/providers.js';
import { toPeopleQuery, toUserQuery } from '../../src/console/pages/people/search.js';
import { logoOf } from '../../src/facts/provider-logos.js';
import { PROVIDER_NAMES, toDiscovery } from '../../src/facts/providers.js';
import { STRATEGY_NAMES } from '../../src/facts/strategies.js';
import { renderPage } from '../../src/http/pages/views/render.js';
import { offered } from '../../src/http/setup/providers.js';
import { parseUserSearch } from '../../src/management/users/user-search.js';
import { createCertificate } from '../support/certificate.js';
import { SETUP_SAMPLES } from '../support/setup-samples.js';

describe('providers', () => {
  const OURS = PROVIDERS.filter(({ strategy }) => strategy !== 'auth0');

  test('the console connects those that a set-up offers', () => {
    const theirs = offered({ allowedStrategies: [] }, STRATEGY_NAMES);
    expect(OURS.map(({ name }) => name)).toEqual(theirs.map(({ name }) => name));
    expect(OURS.map(({ name }) => name).sort()).toEqual([...PROVIDER_NAMES].sort());
  });

  test('the set-up page shows a picture beside each, as the console does', () => {
    for (const name of PROVIDER_NAMES) expect(logoOf(name).length, name).toBeGreaterThan(0);
    const page = SETUP_SAMPLES.find(({ name }) => name === 'setup-provider')?.page;
    if (page === undefined) throw new Error('there is no sample of the page');
    const html = renderPage(page, { nonce: 'n' });
    expect(html.split('<svg class="mark"')).toHaveLength(5);
    for (const { d } of [...logoOf('okta'), ...logoOf('waad')]) expect(html).toContain(d);
  });

  test.each([
    ['okta', 'domain', 'acme-admin.okta.com'],
    ['waad', 'tenantId', 'Acme Inc.'],
    ['google-apps', 'tenant_domain', 'https://acme.com'],
    ['oidc', 'discovery_url', 'http://login.acme.com'],
    ['oidc', 'client_secret', 'two words'],
    ['adfs', 'metadataXml', '<html>'],
  ])('%s: a slip in %s is said while it is typed', (provider, name, slip) => {
    const field = OURS.find((one) => one.name === provider)?.fields.find((one) => one.name === name);
    expect(field?.check?.(slip)).toMatch(/\.$/);
  });

  test('an issuer and its discovery address are the same', () => {
    const address = 'https://idp.example/.well-known/openid-configuration';
    for (const typed of ['https://idp.example', 'https://idp.example/', address])
      expect(toDiscovery(typed)).toBe(address);
  });
});

describe('searches for people', () => {
  test.each([
    'a b',
    '"',
    '\\',
    'x) OR (user_id:*',
    '*',
    'a*b?~^',
    '[a TO b]',
    'AND',
    '!-&&||',
    '司馬',
    "o'hara",
    'a:b',
    '@acme.example',
    'a\nb',
    '😀',
  ])('%j is taken as it was typed', (typed) => {
    const q = toUserQuery({ q: typed });
    const term = parseUserSearch(q ?? '');
    const texts = JSON.stringify(term);
    const wanted = typed.trim().replace(/\s+/g, ' ').replace(/^@/, '');
    expect(texts).toContain(JSON.stringify(wanted).slice(1, -1));
  });

  test.each([
    'app_metadata.plan:"gold"',
    'NOT _exists_:last_login',
    '(username:dana OR username:bob) AND last_login:[2026-01-01 TO *]',
    '-organization_id:org_1',
  ])('%j begins with a field: it is the query', (typed) => {
    expect(toPeopleQuery({ q: ` ${typed} ` })).toBe(typed);
    expect(toPeopleQuery({ q: typed, show: 'blocked' })).toBe(`(${typed}) AND blocked:true`);
    expect(() => parseUserSearch(toPeopleQuery({ q: typed, show: 'blocked' }) ?? '')).not.toThrow();
  });

  test.each(['dana', 'dana:x', 'username', 'username: dana', 'x OR username:dana', '@acme.example', 'auth0|1'])(
    '%j is no query, but a text',
    (typed) => {
      expect(toPeopleQuery({ q: typed, show: 'unverified' })).toBe(toUserQuery({ q: typed, show: 'unverified' }));
    },
  );

  test('of nobody in particular asks for everybody', () => {
    expect(toUserQuery({ q: '  ' })).toBeUndefined();
    expect(toUserQuery({ show: 'blocked' })).toBe('blocked:true');
  });
});

describe('the end of certificates', () => {
  const files = createCertificate();
  const pem = readFileSync(files.cert, 'utf8');
  files.remove();
  const certificate = new X509Certificate(pem);
  const end = new Date(certificate.validTo);
  const der = certificate.raw.toString('base64');

  test.each([
    ['PEM', { signingCert: pem }],
    ['base64 of PEM, as Auth0 has it', { signingCert: Buffer.from(pem).toString('base64') }],
    ['base64 of DER', { signingCerts: [der] }],
    ['metadata', { metadataXml: `<ds:X509Certificate>\n${der}\n</ds:X509Certificate>` }],
  ])('is read from %s', (_, options) => {
    expect(findCertificateEnds(options)).toEqual([end]);
  });

  test('text that is no certificate has none, whichever piece of one it is', () => {
    const bytes = certificate.raw;
    for (let length = 0; length < 200; length += 7)
      expect(findCertificateEnds({ cert: bytes.subarray(0, length).toString('base64') })).toEqual([]);
    expect(
      findCertificateEnds({ cert: 'no certificate', metadataXml: '<X509Certificate>?</X509Certificate>' }),
    ).toEqual([]);
    expect(findCertificateEnds(undefined)).toEqual([]);
  });
});
