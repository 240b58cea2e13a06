/**
 * Attack: the administrator of a customer enters an address in the operator's own network as the identity provider, and reads from the
 * answers what listens there. The operator opened that network for a provider or a log collector of its own (ADR 0102).
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { Administrator, settingsOf } from '../support/administrator.js';
import type { Place } from '../support/cast.js';
import type { Json } from '../support/instance.js';
import { useStage, wordsOf } from '../support/stage.js';

// The operator's networks: this machine. A customer reaches none of them.
const stage = useStage({ environment: { VESTIBULE_OUTBOUND_ALLOW_CUSTOMERS: '' } });
const api = (method: string, path: string, body?: unknown) => stage.instance.api(method, path, body);
const PEOPLE = { mo: { sub: 'n-mo', email: 'mo@inner.example', email_verified: true } };
let inner: Place;

const asked = () => Object.values(inner.idp.requests).reduce((sum, count) => sum + count, 0);

beforeAll(async () => {
  inner = await stage.cast.createPlace('inner', PEOPLE, { domain: 'inner.example' });
});

describe('a provider in a private network', () => {
  test('is reached for the operator’s connection, and never for a customer’s', async () => {
    const before = asked();
    const body = { name: 'probe', strategy: 'oidc', options: inner.options };
    const ours = await api('POST', '/connections?check_discovery=true', body);
    expect(ours.discovery, 'the operator').toMatchObject({ issuer: inner.idp.issuer });
    expect(asked()).toBeGreaterThan(before);
    const since = asked();
    const theirs = { ...body, name: 'theirs', managed_by_organization: inner.id };
    const made = await api('POST', '/connections', theirs).catch(String);
    expect(JSON.stringify(made)).toMatch(/not a public address|may not be connected|only for networks|forbidden/);
    expect(asked(), 'nothing was sent').toBe(since);
  });

  test('nor for the metadata of a customer’s SAML connection', async () => {
    const options = { metadataUrl: `${inner.idp.issuer}/metadata` };
    const since = asked();
    const body = { name: 'saml-of-a-customer', strategy: 'samlp', options };
    const made = await api('POST', '/connections', { ...body, managed_by_organization: inner.id }).catch(String);
    expect(JSON.stringify(made)).toMatch(/not a public address|may not be connected|only for networks|forbidden/);
    expect(asked(), 'nothing was sent').toBe(since);
    await api('POST', '/connections', { ...body, name: 'saml-of-ours' }).catch(String);
    expect(asked(), 'the operator’s is asked').toBeGreaterThan(since);
  });

  test('is not asked in a sign-in, nor when the address changes later', async () => {
    await api('PATCH', `/connections/${inner.connectionId}`, { managed_by_organization: inner.id });
    const since = asked();
    const page = await stage.visitor().open({ organization: inner.id, connection: inner.connectionName });
    expect((await stage.refusal(page)).details.code).toBe('authenticate.idp_unreachable');
    const { options } = await api('GET', `/connections/${inner.connectionId}`);
    const moved = { options: { ...(options as Json), discovery_url: `${inner.idp.issuer}/other` } };
    await api('PATCH', `/connections/${inner.connectionId}`, moved).catch(() => undefined);
    expect(asked(), 'nothing was sent').toBe(since);
  });

  test('is reached again once an operator took the connection over', async () => {
    await api('PATCH', `/connections/${inner.connectionId}`, {
      managed_by_organization: null,
      options: { ...inner.options, domain_aliases: ['inner.example'] },
    });
    const page = await stage.visitor().open({ organization: inner.id, connection: inner.connectionName });
    expect(page.url.origin).toBe(inner.signInOrigin);
  });
});

describe('a set-up link for a connection that became a customer’s', () => {
  test('attack=its settings are tried with the operator’s networks', async () => {
    const place = await stage.cast.createPlace('linked', { lou: { sub: 'l-lou', email: 'lou@linked.example' } });
    const profile = await api('POST', '/self-service-profiles', { name: 'links' });
    const { ticket } = await api('POST', `/self-service-profiles/${profile.id}/sso-ticket`, {
      connection_id: place.connectionId,
      enabled_organizations: [{ organization_id: place.id }],
    });
    const admin = new Administrator(() => stage.instance.origin);
    await admin.open(String(ticket));
    await admin.send('provider', { provider: 'oidc' });
    const saved = await admin.send('connection', settingsOf(place.idp));
    expect(saved.status, wordsOf(saved)).toBe(200);
    await api('PATCH', `/connections/${place.connectionId}`, { managed_by_organization: place.id });
    const askedOf = () => Object.values(place.idp.requests).reduce((sum, count) => sum + count, 0);
    const since = askedOf();
    const tried = await admin.send('try', { action: 'start' });
    expect(wordsOf(tried)).toContain('We could not reach your provider');
    expect(askedOf(), 'nothing was sent').toBe(since);
  });
});
