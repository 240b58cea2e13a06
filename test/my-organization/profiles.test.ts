// biome-ignore-all lint/suspicious/noTemplateCurlyInString: templates of profiles, not of this file
/** Profiles of an operator, and their effect on the identity providers of members: names, settings, features, attributes. */
import { beforeAll, describe, expect, test } from 'vitest';
import {
  type AttributeProfile,
  attributeOptions,
  attributesOf,
} from '../../src/management/my-organization/attributes.js';
import {
  hasFeature,
  nameConnection,
  showIdpConfiguration,
  toConnectionProfile,
  toNewSettings,
  toSettingChanges,
} from '../../src/management/my-organization/connection-profile.js';
import { getProfiles } from '../../src/management/my-organization/profiles.js';
import type { Json } from '../support/instance.js';
import { createManualClock } from '../support/manual-clock.js';
import { type Administrator, CONFIGURATION, myOrg, registerMyOrganization } from '../support/my-organization.js';
import { type ScriptedIdp, startScriptedIdp } from '../support/scripted-idp.js';
import { useStage } from '../support/stage.js';

const clock = createManualClock();
const stage = useStage({ clock });
let ada: Administrator;
let idp: ScriptedIdp;

beforeAll(async () => {
  const api = await registerMyOrganization(stage);
  ada = await api.administrator();
  idp = await startScriptedIdp({ people: {}, clock });
  return () => idp.stop();
});

const ACME = { id: 'org_AAAAAAAAAAAAAAAA', name: 'acme_inc' };
const OTHER = { id: 'org_BBBBBBBBBBBBBBBB', name: 'acme' };
const named = (template: string, of = ACME, requested = 'okta') =>
  nameConnection({ connection_name_prefix_template: template }, of, requested);

describe('the name of a connection', () => {
  test.each([
    ['con-{org_id}-', 'con-org-AAAAAAAAAAAAAAAA-okta'],
    ['{org_id}', 'org-AAAAAAAAAAAAAAAAokta'],
    ['{org_name}-', expect.stringMatching(/^acme-inc-okta-[0-9a-f]{6}$/)],
    ['', expect.stringMatching(/^okta-[0-9a-f]{6}$/)],
    ['a-{org_name}--', expect.stringMatching(/^a-acme-inc-okta-[0-9a-f]{6}$/)],
  ])('%j', (template, name) => {
    expect(named(template)).toEqual(name);
    expect(named(template)).toMatch(/^[a-zA-Z0-9](-[a-zA-Z0-9]|[a-zA-Z0-9])*$/);
  });

  test('two organizations never arrive at one name', () => {
    expect(named('{org_name}-', ACME, 'x')).not.toBe(named('{org_name}-', OTHER, 'inc-x'));
    expect(named('con-', ACME)).not.toBe(named('con-', OTHER));
  });

  test('a name of an organization is not read as a template', () => {
    expect(named('{org_name}-', { ...ACME, name: '{org_id}' })).toMatch(/^org-id-okta-/);
    expect(named('{org_name}-', { ...ACME, name: '$&$1' })).toMatch(/^1-okta-/);
  });

  test.each(['', '-a', 'a-', 'a--b', 'a_b', 'ä', 'a b', '<b>', '{org_id}', '../x', 'a\n', 'a'.repeat(128)])(
    'is refused: %j',
    (requested) => {
      expect(() => named('con-{org_id}-', ACME, requested)).toThrow(/^name: /);
    },
  );
});

describe('settings', () => {
  const of = (show_as_button: string, assign_membership_on_login: string) =>
    toConnectionProfile({ organization: { show_as_button, assign_membership_on_login } });

  test.each([
    ['none', false, false],
    ['optional', true, false],
    ['required', true, true],
  ])('%s', (choice, button, membership) => {
    expect(toNewSettings(of(choice, choice), {})).toEqual({
      show_as_button: button,
      assign_membership_on_login: membership,
    });
    expect(toSettingChanges(of(choice, choice), {})).toEqual({});
  });

  test('members choose what is optional, and only that', () => {
    const asked = { show_as_button: false, assign_membership_on_login: true };
    expect(toNewSettings(of('optional', 'optional'), asked)).toEqual(asked);
    expect(toSettingChanges(of('optional', 'optional'), asked)).toEqual(asked);
    expect(toSettingChanges(of('none', 'required'), asked)).toEqual({});
    expect(() => toSettingChanges(of('required', 'optional'), asked)).toThrow(/^show_as_button: .* true\.$/);
    expect(() => toNewSettings(of('optional', 'none'), asked)).toThrow(/^assign_membership_on_login: .* false\.$/);
  });

  test('features: the list of the profile, or of the strategy; none that this server lacks', () => {
    const profile = toConnectionProfile({
      enabled_features: ['scim', 'universal_logout'],
      strategy_overrides: { oidc: { enabled_features: [] }, okta: { connection_config: {} }, constructor: undefined },
    });
    expect(hasFeature(profile, 'samlp', 'scim')).toBe(true);
    expect(hasFeature(profile, 'okta', 'scim')).toBe(true);
    expect(hasFeature(profile, 'oidc', 'scim')).toBe(false);
    expect(hasFeature(profile, 'google-apps', 'scim')).toBe(false);
    expect(hasFeature(profile, 'samlp', 'universal_logout')).toBe(false);
    expect(hasFeature(toConnectionProfile({ name: 'empty' }), 'samlp', 'scim')).toBe(false);
    expect(showIdpConfiguration(profile, ['oidc', 'google-apps', 'samlp'])).toEqual({
      organization: { can_set_show_as_button: true, can_set_assign_membership_on_login: true },
      strategies: {
        oidc: { enabled_features: [], provisioning_methods: [] },
        googleapps: { enabled_features: [], provisioning_methods: [] },
        'google-apps': { enabled_features: [], provisioning_methods: [] },
        samlp: { enabled_features: ['provisioning'], provisioning_methods: ['scim'] },
      },
    });
  });
});

const attribute = (auth0_mapping: string, more: object) => ({
  ...{ label: auth0_mapping, description: auth0_mapping, profile_required: true, auth0_mapping },
  ...more,
});
const profileOf = (attributes: object, user_id = {}) =>
  ({ user_id, user_attributes: attributes }) as unknown as AttributeProfile;

describe('attributes', () => {
  test('claims as a name, as a template, and of userinfo; the address if nothing is said', () => {
    const profile = profileOf({
      a: attribute('given_name', { oidc_mapping: { mapping: 'first' } }),
      b: attribute('name', { oidc_mapping: { mapping: '${context.tokenset.a} ${context.userinfo.b}' } }),
      c: attribute('nickname', { saml_mapping: ['nick'] }),
    });
    const options = attributeOptions('oidc', profile);
    expect(options).toEqual({
      attribute_map: {
        mapping_mode: 'use_map',
        attributes: {
          email: '${context.tokenset.email}',
          given_name: '${context.tokenset.first}',
          name: '${context.tokenset.a} ${context.tokenset.b}',
        },
      },
    });
    const shown = attributesOf({ strategy: 'oidc', options }, profile) ?? [];
    for (const one of shown) expect([one.is_extra, one.is_missing]).toEqual([false, false]);
    expect(attributeOptions('waad', profile)).toEqual({});
    expect(attributeOptions('oidc', undefined)).toEqual({});
  });

  test('the subject of SAML is the NameID or one attribute, never the name behind it', () => {
    const with_ = (saml_mapping: readonly string[], strategy_overrides = {}) =>
      attributeOptions('samlp', profileOf({}, { saml_mapping, strategy_overrides }));
    const NAME_ID = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier';
    expect(with_([NAME_ID, 'name'])).toEqual({ fieldsMap: {} });
    expect(with_(['employee', 'name'])).toEqual({ fieldsMap: { user_id: ['employee'] } });
    expect(with_([NAME_ID], { samlp: { saml_mapping: ['uid'] } })).toEqual({ fieldsMap: { user_id: ['uid'] } });
  });
});

describe('an application with profiles', () => {
  const manage = (method: string, path: string, body?: unknown) => stage.instance.api(method, path, body);
  const call = (method: string, path: string, body?: unknown) => {
    clock.advanceMs(5_000);
    return myOrg(stage, ada.token, method, path, body);
  };
  let count = 0;
  async function use(limits: Json, attributes?: Json) {
    count += 1;
    const limit = await manage('POST', '/connection-profiles', { name: `limits ${count}`, ...limits });
    const map =
      attributes && (await manage('POST', '/user-attribute-profiles', { name: `map ${count}`, ...attributes }));
    await manage('PATCH', `/clients/${stage.cast.client.id}`, {
      my_organization_configuration: {
        ...{ ...CONFIGURATION, connection_profile_id: limit.id },
        ...(map && { user_attribute_profile_id: map.id }),
      },
    });
    return String(limit.id);
  }
  const body = (changes: Json = {}): Json => {
    count += 1;
    return {
      ...{ name: `own-${count}`, strategy: 'oidc', display_name: 'Own' },
      options: {
        ...{ type: 'back_channel', discovery_url: `${idp.issuer}/.well-known/openid-configuration` },
        ...{ client_id: idp.clientId, client_secret: idp.clientSecret },
      },
      ...changes,
    };
  };

  test('gives its connections name, settings and attributes', async () => {
    await use(
      {
        organization: { show_as_button: 'none', assign_membership_on_login: 'none' },
        connection_name_prefix_template: 'con-{org_id}-',
      },
      { user_attributes: { email: attribute('email', { oidc_mapping: { mapping: 'mail' } }) } },
    );
    const { body: configuration } = await call('GET', '/config/identity-providers');
    expect(configuration).toMatchObject({
      organization: { can_set_show_as_button: false, can_set_assign_membership_on_login: false },
      strategies: { oidc: { enabled_features: [], provisioning_methods: [] } },
    });
    const { status, body: made } = await call('POST', '/identity-providers', body());
    expect(status).toBe(201);
    expect(made).toMatchObject({ show_as_button: false, assign_membership_on_login: false });
    expect(made.attributes).toEqual([expect.objectContaining({ user_attribute: 'email', sso_field: ['mail'] })]);
    const connection = await manage('GET', `/connections/${made.id}`);
    expect(connection.name).toBe(`con-${stage.cast.acme.id.replace('_', '-')}-own-${count}`);
    expect(connection.options).toMatchObject({
      attribute_map: { mapping_mode: 'use_map', attributes: { email: '${context.tokenset.mail}' } },
    });
    const path = `/identity-providers/${made.id}`;
    expect((await call('PATCH', path, { show_as_button: false })).status).toBe(200);
    expect(await call('PATCH', path, { show_as_button: true })).toMatchObject({
      status: 400,
      body: { validation_errors: [{ pointer: '/show_as_button', detail: expect.stringContaining('operator') }] },
    });
    expect(await call('POST', '/identity-providers', body({ assign_membership_on_login: true }))).toMatchObject({
      status: 400,
      body: { validation_errors: [{ pointer: '/assign_membership_on_login' }] },
    });
    expect((await call('POST', `${path}/provisioning`)).status).toBe(403);
  });

  test('is followed as the profile is at each call', async () => {
    const id = await use({ organization: { show_as_button: 'none' } });
    const { body: made } = await call('POST', '/identity-providers', body());
    const path = `/identity-providers/${made.id}`;
    expect((await call('PATCH', path, { show_as_button: true })).status).toBe(400);
    await manage('PATCH', `/connection-profiles/${id}`, {
      ...{ organization: { show_as_button: 'optional' }, enabled_features: ['scim'] },
    });
    expect((await call('PATCH', path, { show_as_button: true })).body.show_as_button).toBe(true);
    expect((await call('POST', `${path}/provisioning`)).status).toBe(201);
    const tokens = `${path}/provisioning/scim-tokens`;
    expect((await call('POST', tokens, {})).status).toBe(201);
    await manage('PATCH', `/connection-profiles/${id}`, { enabled_features: [] });
    expect((await call('POST', tokens, {})).status, 'a new token for what is not allowed any more').toBe(403);
    expect((await call('GET', tokens)).body.scim_tokens).toHaveLength(1);
    expect((await call('DELETE', `${path}/provisioning`)).status).toBe(204);
  });

  test('requires auto-membership: a connection has it before its first domain, until an operator ends it', async () => {
    await use({ organization: { assign_membership_on_login: 'required' } });
    const { status, body: made } = await call('POST', '/identity-providers', body());
    expect([status, made.assign_membership_on_login]).toEqual([201, true]);
    const domain = `required-${count}.example`;
    const claim = await call('POST', '/domains', { domain });
    await stage.instance.database.pool.query(
      "update discovery_domains set status = 'verified', proof = 'dns', expires_at = $2 where id = $1",
      [claim.body.id, new Date(clock.now().getTime() + 86_400_000)],
    );
    const enablement = `/organizations/${stage.cast.acme.id}/enabled_connections/${made.id}`;
    await manage('PATCH', enablement, { assign_membership_on_login: false });
    // Attack: a member undoes what the operator decided, by a domain that is added, or taken away and added again.
    const path = `/identity-providers/${made.id}`;
    for (const method of ['POST', 'DELETE', 'POST']) {
      const at = method === 'POST' ? `${path}/domains` : `${path}/domains/${domain}`;
      expect((await call(method, at, method === 'POST' ? { domain } : undefined)).status).toBeLessThan(300);
      expect((await call('GET', path)).body.assign_membership_on_login).toBe(false);
    }
    await call('PATCH', path, { assign_membership_on_login: true });
    expect((await call('GET', path)).body.assign_membership_on_login).toBe(false);
  });

  test('attack: a profile that is gone is no limit that is gone', async () => {
    const directory = { profiles: { find: async () => undefined } } as never;
    const configuration = { ...{ allowedStrategies: [], deletionBehavior: 'allow' }, connectionProfileId: 'cop_gone' };
    await expect(getProfiles(directory, configuration as never)).rejects.toMatchObject({ statusCode: 409 });
    await expect(getProfiles(directory, undefined)).rejects.toMatchObject({ statusCode: 409 });
  });
});
