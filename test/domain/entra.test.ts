/** How Entra writes its issuers, and whose people a connection's options let in. */
import { describe, expect, test } from 'vitest';
import {
  entraDiscoveryUrl,
  isEntraId,
  PERSONAL_ACCOUNTS,
  parseEntra,
  tenantOfIssuer,
} from '../../src/domain/companies/entra.js';
import {
  acceptsIssuer,
  destinationOf,
  isOtherIssuer,
  servesManyCompanies,
  soleIssuer,
  subjectClaimOf,
} from '../../src/domain/companies/idp-destination.js';

const TENANT = '11111111-2222-4333-8444-abcdefabcdef';
const issuer = (tenant: string, host = 'login.microsoftonline.com') => `https://${host}/${tenant}/v2.0`;
const waad = (options: Record<string, unknown>) => ({ strategy: 'waad' as const, options });
const placeOf = (options: Record<string, unknown>) => {
  const entra = parseEntra(options);
  return 'problem' in entra ? entra.problem : entraDiscoveryUrl(entra);
};
const at = (segment: string, host?: string) => `${issuer(segment, host)}/.well-known/openid-configuration`;

test.each<[string, Record<string, unknown>, string]>([
  ['an id', { tenantId: TENANT }, at(TENANT)],
  ['an id in capitals', { tenantId: TENANT.toUpperCase() }, at(TENANT)],
  ['an id in the place of the domain', { tenant_domain: TENANT }, at(TENANT)],
  ['an id beside the domain', { tenantId: TENANT, tenant_domain: 'acme.onmicrosoft.com' }, at(TENANT)],
  ['a domain', { tenant_domain: 'Acme.onmicrosoft.com' }, at('acme.onmicrosoft.com')],
  ['a domain under its older name', { domain: 'acme.example' }, at('acme.example')],
  ['every organization', { useCommonEndpoint: true, tenant_domain: 'acme.example' }, at('organizations')],
  ['every organization, as older tenants have it', { waad_common_endpoint: true }, at('organizations')],
  ['personal accounts too', { useCommonEndpoint: true, allowed_tenants: [PERSONAL_ACCOUNTS] }, at('common')],
  ['another cloud', { tenantId: TENANT, cloud: 'china' }, at(TENANT, 'login.partner.microsoftonline.cn')],
])('%s leads to its document', (_name, options, url) => {
  expect(placeOf(options)).toBe(url);
  expect(destinationOf(waad(options)).discoveryUrl).toBe(url);
});

test.each(['', 'x', TENANT.toUpperCase(), `${TENANT}\n`, `{${TENANT}}`, TENANT.replaceAll('-', ''), 7, [TENANT]])(
  '%j is no id',
  (text) => expect(isEntraId(text)).toBe(false),
);

test('a tenant has one issuer, in one cloud', () => {
  const entra = { host: 'login.microsoftonline.com' };
  expect(tenantOfIssuer(entra, issuer(TENANT))).toBe(TENANT);
  for (const other of [
    issuer(TENANT, 'login.microsoftonline.us'),
    issuer(TENANT, 'login.microsoftonline.com.evil.example'),
    `${issuer(TENANT)}/`,
    issuer(`${TENANT}/x`),
    issuer('{tenantid}'),
    issuer(TENANT).replace('v2.0', 'v1.0'),
    `http${issuer(TENANT).slice(5)}`,
  ])
    expect(tenantOfIssuer(entra, other), other).toBeUndefined();
});

describe('a connection', () => {
  const one = waad({ tenantId: TENANT });
  const many = waad({ useCommonEndpoint: true });
  const listed = waad({ useCommonEndpoint: true, allowed_tenants: [TENANT] });
  const named = waad({ tenant_domain: 'acme.example' });

  test('serves many companies only at the endpoint for many', () => {
    expect([one, many, listed, named, waad({})].map(servesManyCompanies)).toEqual([false, true, true, false, false]);
    expect(servesManyCompanies({ strategy: 'oidc', options: many.options })).toBe(false);
  });

  test('takes the issuers of its tenants', () => {
    const taken = (issuers: string) => [one, many, listed, named, waad({})].map((item) => acceptsIssuer(item, issuers));
    expect(taken(issuer(TENANT))).toEqual([true, true, true, false, false]);
    expect(taken(issuer(TENANT.replaceAll('1', '2')))).toEqual([false, true, false, false, false]);
    expect(taken(issuer(PERSONAL_ACCOUNTS))).toEqual([false, false, false, false, false]);
    const google = { strategy: 'google-apps', options: { issuer: 'https://evil.example' } } as const;
    expect([
      acceptsIssuer(google, 'https://accounts.google.com'),
      acceptsIssuer(google, 'https://evil.example'),
    ]).toEqual([true, false]);
  });

  test('has one issuer whose subjects can be named in advance, or none', () => {
    expect([one, many, named, waad({})].map(soleIssuer)).toEqual([issuer(TENANT), undefined, undefined, undefined]);
    expect(soleIssuer({ strategy: 'oidc', options: { discovery_url: 'https://idp.example/' } })).toBe(
      'https://idp.example',
    );
  });

  test('has the object id for its subject at one tenant, and sub at many, unless it says otherwise', () => {
    expect([one, many, waad({}), { ...one, strategy: 'oidc' as const }].map(subjectClaimOf)).toEqual([
      'oid',
      'sub',
      'sub',
      'sub',
    ]);
    expect(subjectClaimOf(waad({ tenantId: TENANT, userid_attribute: 'sub' }))).toBe('sub');
  });

  test('is another one with another tenant or cloud, and the same with another name of the tenant', () => {
    const other = (options: Record<string, unknown>) => isOtherIssuer(destinationOf(one), destinationOf(waad(options)));
    expect(other({ tenantId: TENANT, tenant_domain: 'acme.example' })).toBe(false);
    expect(other({ tenantId: TENANT.replaceAll('1', '2') })).toBe(true);
    expect(other({ tenantId: TENANT, cloud: 'us_government' })).toBe(true);
    expect(other({ useCommonEndpoint: true })).toBe(true);
  });
});
