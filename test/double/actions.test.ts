/** Actions at the double: what they see, what a denial leaves, and when a draft can be deployed. */
import { afterEach, describe, expect, test } from 'vitest';
import { useActions } from '../support/actions.js';
import type { Json } from '../support/instance.js';
import { MANAGEMENT_CLIENT } from '../support/instance.js';
import { answerOf, useStage } from '../support/stage.js';

describe('an Action of the double', () => {
  const stage = useStage({ profile: 'auth0' });
  let remove: (() => Promise<void>) | undefined;
  afterEach(async () => {
    await remove?.();
    remove = undefined;
  });

  test('case=does not see by which way the membership came', async () => {
    await stage.cast.createMember('dana@elsewhere.example');
    const code = `exports.onExecutePostLogin = async (event, api) => {
      api.access.deny(Object.keys(event.organization).sort().join(' '));
    };`;
    remove = await useActions(stage.instance, 'post-login', { name: 'look', code });
    const answer = answerOf(await stage.visitor().withPassword('dana@elsewhere.example'));
    expect(answer.error_description).toBe('display_name id metadata name');
  });

  test('case=leaves the metadata that it asked for, although it denies', async () => {
    const member = await stage.cast.createMember('uma@elsewhere.example');
    const code = `exports.onExecutePostLogin = async (event, api) => {
      api.user.setAppMetadata('seen', true);
      api.user.setUserMetadata('theme', 'dark');
      api.access.deny('no');
    };`;
    remove = await useActions(stage.instance, 'post-login', { name: 'mark', code });
    expect(answerOf(await stage.visitor().withPassword('uma@elsewhere.example')).error).toBe('access_denied');
    expect(await stage.instance.api('GET', `/users/${encodeURIComponent(member)}`)).toMatchObject({
      app_metadata: { seen: true },
      user_metadata: { theme: 'dark' },
    });
  });
});

/** A draft for post-login. */
const draft = (name: string) => ({
  name,
  supported_triggers: [{ id: 'post-login', version: 'v3' }],
  code: 'exports.onExecutePostLogin = async () => {};',
});

describe('a draft that takes its time', () => {
  const stage = useStage({ profile: 'auth0', facts: { action_build_ms: 600_000 } });

  test('case=is building, cannot be deployed, and has no warnings of a linter', async () => {
    const { api } = stage.instance;
    const created = await api('POST', '/actions/actions', draft('slow'));
    expect(created).toMatchObject({ status: 'building' });
    expect(created).not.toHaveProperty('built_at');
    expect(created).not.toHaveProperty('warnings');
    expect(await api('GET', `/actions/actions/${created.id}`)).toMatchObject({ status: 'building' });
    expect(await api('POST', `/actions/actions/${created.id}/deploy`, {}, 400)).toMatchObject({
      message: "A draft must be in the 'built' state before it can be deployed.",
    });
  });
});

describe('a draft that is built soon', () => {
  const stage = useStage({ profile: 'auth0', facts: { action_build_ms: 100 } });

  test('case=can be deployed in the end', async () => {
    const { api } = stage.instance;
    let action: Json = await api('POST', '/actions/actions', draft('quick'));
    while (action.status !== 'built') action = await api('GET', `/actions/actions/${action.id}`);
    expect(await api('POST', `/actions/actions/${action.id}/deploy`, {})).toMatchObject({ deployed: true });
  });
});

describe('users of a database', () => {
  const stage = useStage({ profile: 'auth0', facts: { user_creation: 'enabled_for_client' } });

  test('case=are created only by a client for which the connection is enabled', async () => {
    const { api } = stage.instance;
    await expect(stage.cast.createUser('dana@acme.example')).rejects.toThrow(
      `Connection must be enabled for this client to perform single user creation and signup operations (client_id: ${MANAGEMENT_CLIENT.id} - connection: Username-Password-Authentication)`,
    );
    const enabled = [{ client_id: MANAGEMENT_CLIENT.id, status: true }];
    await api('PATCH', `/connections/${stage.cast.databaseId}/clients`, enabled);
    expect(await stage.cast.createUser('dana@acme.example')).toMatch(/^auth0\|/);
  });
});
