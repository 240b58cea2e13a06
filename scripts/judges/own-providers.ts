/**
 * Tests identity providers at the My Organization API with auth0-spa-js and auth0-react: the requests of Auth0's
 * components, with a token for each operation's scope.
 */
import assert from 'node:assert/strict';
import { told } from './factor-steps.js';
import type { Json } from './keycloak-server.js';
import {
  type Application,
  addAdministrator,
  type Expecting,
  enter,
  expecting,
  type Operation,
  publish,
} from './own-organization-ground.js';

/** Switches SCIM on for a provider, makes and ends a token, and switches it off. */
async function playProvisioning(one: Expecting, at: string): Promise<void> {
  const thing = 'identity_providers_provisioning';
  const tokens = 'identity_providers_scim_tokens';
  await one(404, ['read', thing, 'GET', at]);
  await one(201, ['create', thing, 'POST', at]);
  assert.equal((await one(200, ['read', thing, 'GET', at])).method, 'scim');
  await one(200, ['update', thing, 'PUT', `${at}/update-attributes`], {});
  const token = await one(201, ['create', tokens, 'POST', `${at}/scim-tokens`], { token_lifetime: 86_400 });
  assert.ok(String(token.token).length > 20);
  const { scim_tokens } = await one(200, ['read', tokens, 'GET', `${at}/scim-tokens`]);
  assert.deepEqual(
    (scim_tokens as Json[]).map((each) => [each.token_id, each.token]),
    [[token.token_id, undefined]],
  );
  await one(204, ['delete', tokens, 'DELETE', `${at}/scim-tokens/${token.token_id}`]);
  await one(204, ['delete', thing, 'DELETE', at]);
}

/** Proves a domain, lets it lead to a provider, and takes both back. A domain that is not proved leads nowhere. */
async function playDomains(application: Application, one: Expecting, at: string): Promise<void> {
  const domain = `led-by-${application.kind}.example`;
  const lead: Operation = ['create', 'identity_providers_domains', 'POST', `${at}/domains`];
  const claimed = await one(201, ['create', 'domains', 'POST', '/domains'], { domain });
  await one(400, lead, { domain });
  publish(application, claimed);
  await one(202, ['update', 'domains', 'POST', `/domains/${claimed.id}/verify`]);
  await one(201, lead, { domain });
  assert.deepEqual((await one(200, ['read', 'identity_providers', 'GET', at])).domains, [domain]);
  await one(204, ['delete', 'identity_providers_domains', 'DELETE', `${at}/domains/${domain}`]);
  await one(204, ['delete', 'domains', 'DELETE', `/domains/${claimed.id}`]);
}

/** The operations of identity providers, in the order of Auth0's components: table, form, provisioning, domains, removal. */
export async function playProviders(application: Application): Promise<void> {
  const { checks, inWindow, kind, issuer, adminRole } = application;
  const named = (name: string): Json => ({
    ...{ strategy: 'oidc', name, display_name: `By ${name}`, is_enabled: true },
    options: {
      ...{ type: 'front_channel', client_id: 'c' },
      discovery_url: `${issuer}/.well-known/openid-configuration`,
    },
  });
  await checks.play(`${kind}: identity providers are created, changed, led to, provisioned, deleted and detached`, () =>
    inWindow(async (tab) => {
      // Somebody new, because each person has 20 writes at once.
      await addAdministrator(application, `gil-${kind}`, adminRole);
      await enter(tab, application, `gil-${kind}`);
      const one = expecting(tab, application);
      const listed = async () => {
        const { identity_providers } = await one(200, ['read', 'identity_providers', 'GET', '/identity-providers']);
        return (identity_providers as Json[]).map(({ id }) => id);
      };
      const offered = await one(200, ['read', 'configuration', 'GET', '/config/identity-providers']);
      assert.deepEqual(Object.keys(offered.strategies as Json), ['oidc']);
      const create: Operation = ['create', 'identity_providers', 'POST', '/identity-providers'];
      const made = await one(201, create, named(kind));
      assert.deepEqual([made.strategy, made.access_level], ['oidc', 'full'], told(made));
      await one(409, create, named(kind));
      await one(400, create, { ...named(`${kind}-saml`), strategy: 'samlp' });
      assert.ok((await listed()).includes(made.id));

      const at = `/identity-providers/${made.id}`;
      await one(200, ['update', 'identity_providers', 'PATCH', at], { display_name: 'Renamed', is_enabled: false });
      const changed = await one(200, ['read', 'identity_providers', 'GET', at]);
      assert.deepEqual([changed.display_name, changed.is_enabled], ['Renamed', false]);
      await one(200, ['update', 'identity_providers', 'PUT', `${at}/update-attributes`], {});
      await playProvisioning(one, `${at}/provisioning`);
      await playDomains(application, one, at);

      await one(204, ['delete', 'identity_providers', 'DELETE', at]);
      await one(404, ['read', 'identity_providers', 'GET', at]);
      const other = await one(201, create, named(`${kind}-2`));
      await one(204, ['update', 'identity_providers_detach', 'POST', `/identity-providers/${other.id}/detach`]);
      const left = await listed();
      assert.ok(!left.includes(made.id) && !left.includes(other.id), told(left as unknown as Json));
    }),
  );
  await checks.play(`${kind}: the operator's connection is not there until its level lets members read it`, () =>
    inWindow(async (tab) => {
      const { place, vestibule } = application;
      await enter(tab, application, 'ada');
      const one = expecting(tab, application);
      const at = `/identity-providers/${place.connectionId}`;
      const read: Operation = ['read', 'identity_providers', 'GET', at];
      const setLevel = (organization_access_level: string) =>
        vestibule.api('PATCH', `/organizations/${place.id}/connections/${place.connectionId}`, {
          organization_access_level,
        });
      await one(404, read);
      await setLevel('readonly');
      assert.equal((await one(200, read)).access_level, 'readonly');
      await one(403, ['update', 'identity_providers', 'PATCH', at], { show_as_button: true });
      await one(403, ['delete', 'identity_providers', 'DELETE', at]);
      await setLevel('none');
      await one(404, read);
    }),
  );
}
