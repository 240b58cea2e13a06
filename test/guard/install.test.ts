/**
 * `vestibule guard install` and `uninstall` on a tenant that behaves as Auth0's do: they say first what they will do, do it once however
 * often they run, keep the other Actions in their order, and leave the tenant as it was.
 */
import { createHash } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { ACTION_NAME, MARK_ROLE } from '../../src/tenant-tools/guard/settings.js';
import { bindActions, deployAction } from '../support/actions.js';
import { hasOpenssl } from '../support/certificate.js';
import { useGuardRig } from '../support/guard-rig.js';
import { MANAGEMENT_CLIENT } from '../support/instance.js';

const available = hasOpenssl();
const OTHER = 'exports.onExecutePostLogin = async (event, api) => {};';

interface Answer {
  readonly steps: readonly { readonly kind?: string; readonly text: string }[];
  readonly differences?: readonly string[];
}

describe.skipIf(!available)('guard install and uninstall', { timeout: 120_000 }, () => {
  const rig = useGuardRig();
  const api = <T>(method: string, path: string, body?: unknown) => rig.stage.instance.api<T>(method, path, body);
  let others: readonly string[];

  const bound = async () => {
    const { bindings } = await api<{ bindings: { action: { id: string; name: string } }[] }>(
      'GET',
      '/actions/triggers/post-login/bindings',
    );
    return bindings.map(({ action }) => action.name);
  };
  const isAutomatic = async () => {
    const { acme } = rig.stage.cast;
    const enabled = await api<{ assign_membership_on_login: boolean }>(
      'GET',
      `/organizations/${acme.id}/enabled_connections/${acme.connectionId}`,
    );
    return enabled.assign_membership_on_login;
  };
  const actions = async () => {
    const list = await api<{ actions: { id: string; name: string }[] }>('GET', '/actions/actions');
    return list.actions.filter(({ name }) => name === ACTION_NAME);
  };
  /** Of everything but the times at which machine clients were seen. */
  const digest = async () => {
    const { clients: _clients, attempt_counters: _counters, ...rest } = await rig.stage.instance.snapshot();
    return createHash('sha256').update(JSON.stringify(rest)).digest('hex');
  };

  beforeAll(async () => {
    const { instance } = rig.stage;
    others = [
      await deployAction(instance, { name: 'b', code: OTHER }),
      await deployAction(instance, { name: 'a', code: OTHER }),
    ];
    await bindActions(instance, 'post-login', others);
    await rig.stage.cast.createMember('dana@acme.example');
  });

  test('says what it would do, and does nothing, with --dry-run', async () => {
    const before = await digest();
    const run = await rig.install('--auto-membership', '--dry-run', '--json');
    expect(run.code, run.stderr).toBe(0);
    const answer = JSON.parse(run.stdout) as Answer;
    expect(answer.steps.map(({ kind }) => kind)).toEqual(['role', 'action', 'deploy', 'mark', 'bind', 'setting']);
    expect(await digest()).toBe(before);
    await expect(readFile(join(rig.folder, 'state.json'))).rejects.toThrow('ENOENT');
  });

  test('two at once: while another process works with the state file, nothing is installed; a dry run answers', async () => {
    const before = await digest();
    const lock = join(rig.folder, 'state.json.lock');
    // The process of the test runs for as long as the commands do.
    await writeFile(lock, `${process.pid}\n`);
    const run = await rig.install('--auto-membership');
    expect(run.code, run.stderr).toBe(2);
    expect(run.stderr).toContain(`Process ${process.pid} works with ${join(rig.folder, 'state.json')}`);
    expect((await rig.install('--auto-membership', '--dry-run')).code).toBe(0);
    expect(await digest()).toBe(before);
    await rm(lock);
  });

  test('installs, first in its trigger, with auto-membership on once it stands', async () => {
    const run = await rig.install('--auto-membership');
    expect(run.code, run.stderr).toBe(0);
    expect(await bound()).toEqual([ACTION_NAME, 'b', 'a']);
    expect(await isAutomatic()).toBe(true);
  });

  test('a second run changes nothing', async () => {
    const before = await digest();
    const run = await rig.install('--auto-membership');
    expect(run.stdout).toContain('Nothing to do');
    expect(await digest()).toBe(before);
  });

  test('no secret is in the output, the state file or the code', async () => {
    const [action] = await actions();
    const { code } = await api<{ code: string }>('GET', `/actions/actions/${action?.id}`);
    const state = await readFile(join(rig.folder, 'state.json'), 'utf8');
    const run = await rig.install('--auto-membership', '--renew-secrets');
    for (const text of [code, state, run.stdout, run.stderr]) expect(text).not.toContain(MANAGEMENT_CLIENT.secret);
    expect(await actions()).toHaveLength(1);
  });

  test('bound behind another Action since: the next run binds it first again, and keeps the others in their order', async () => {
    const [action] = await actions();
    await bindActions(rig.stage.instance, 'post-login', [...others, action?.id ?? '']);
    const run = await rig.install('--auto-membership', '--json');
    expect((JSON.parse(run.stdout) as Answer).steps.map(({ kind }) => kind)).toEqual(['bind']);
    expect(await bound()).toEqual([ACTION_NAME, 'b', 'a']);
  });

  test('uninstall puts back what was there, and a second run changes nothing', async () => {
    const run = await rig.uninstall('--json');
    expect(run.code, run.stderr).toBe(0);
    expect((JSON.parse(run.stdout) as Answer).differences).toEqual([]);
    expect(await bound()).toEqual(['b', 'a']);
    expect(await isAutomatic()).toBe(false);
    expect(await actions()).toEqual([]);
    const roles = await api<{ name: string }[]>('GET', '/roles');
    expect(roles.map(({ name }) => name)).not.toContain(MARK_ROLE.name);
    const before = await digest();
    expect((await rig.uninstall()).stdout).toContain('Nothing to do');
    expect(await digest()).toBe(before);
  });

  test('killed at its first writes, it is finished by running it again, and there is one Action', async () => {
    const isBegun = [
      async () => (await api<unknown[]>('GET', '/roles')).length > 1,
      async () => (await actions()).length > 0,
      async () => (await bound()).length > 2,
    ];
    for (const isTime of isBegun) await rig.runUntil(isTime, ...rig.installation('--auto-membership'));
    const run = await rig.install('--auto-membership');
    expect(run.code, run.stderr).toBe(0);
    expect(await bound()).toEqual([ACTION_NAME, 'b', 'a']);
    expect(await actions()).toHaveLength(1);
    expect(await isAutomatic()).toBe(true);
    expect((await rig.uninstall()).code).toBe(0);
    expect([await bound(), await isAutomatic()]).toEqual([['b', 'a'], false]);
  });

  test('the sentences of the administrator are in the Action, and stay there', async () => {
    expect((await rig.install('--stranger-text', 'Ask "Ops".')).code).toBe(0);
    expect((await rig.install()).stdout).toContain('Nothing to do');
    const [action] = await actions();
    const { code } = await api<{ code: string }>('GET', `/actions/actions/${action?.id}`);
    expect(code).toContain(JSON.stringify('Ask "Ops".'));
    expect((await rig.uninstall()).code).toBe(0);
  });

  test('uninstall says what differs from before, and leaves it alone', async () => {
    expect((await rig.install()).code).toBe(0);
    const [action] = await actions();
    await bindActions(rig.stage.instance, 'post-login', [action?.id ?? '', ...[...others].reverse()]);
    const run = await rig.uninstall('--json');
    expect((JSON.parse(run.stdout) as Answer).differences).toHaveLength(1);
    expect(await bound()).toEqual(['a', 'b']);
    await bindActions(rig.stage.instance, 'post-login', others);
  });

  test('a second organization is added to the same Action', async () => {
    const evil = await rig.stage.cast.createPlace('evil', {}, { domain: 'evil.example' });
    expect((await rig.install()).code).toBe(0);
    const run = await rig.run(
      ...['install', '--organization', 'evil', '--connection', 'evil-oidc', '--settle', '0'],
      ...['--state', join(rig.folder, 'state.json')],
    );
    expect(run.code, run.stderr).toBe(0);
    const [action] = await actions();
    const { code } = await api<{ code: string }>('GET', `/actions/actions/${action?.id}`);
    expect(code).toContain(evil.connectionId);
    expect(code).toContain(rig.stage.cast.acme.connectionId);
    expect(await actions()).toHaveLength(1);
    expect((await rig.uninstall()).code).toBe(0);
  });

  test('a guarded connection with auto-membership is not left out of the Action by naming another one alone', async () => {
    const labs = await rig.stage.cast.createPlace('labs', {}, { domain: 'labs.example' });
    const enabled = `/organizations/${rig.stage.cast.acme.id}/enabled_connections`;
    await api('POST', enabled, { connection_id: labs.connectionId });
    expect((await rig.install('--auto-membership')).code).toBe(0);
    const before = await digest();
    const run = await rig.run(
      ...['install', '--organization', 'acme', '--connection', 'labs-oidc', '--settle', '0'],
      ...['--state', join(rig.folder, 'state.json')],
    );
    expect(run.code).toBe(2);
    expect(run.stderr).toContain('Add --connection acme-oidc');
    expect(await digest()).toBe(before);
    expect((await rig.uninstall()).code).toBe(0);
    await api('DELETE', `${enabled}/${labs.connectionId}`);
  });

  test.each([
    ['an unknown organization', ['--organization', 'nobody'], 'has no organization "nobody"'],
    ['a connection that is not enabled', ['--connection', 'other'], '"other" is not enabled for acme'],
    ['a domain that is none', ['--link-domain', 'http://acme'], 'It takes a domain'],
    ['half of a machine client', ['--action-client-id', 'm2m'], '--action-client-secret is missing'],
  ])('%s: two lines, exit code 2, and nothing is changed', async (_name, more, says) => {
    const before = await digest();
    const run = await rig.install(...more);
    expect(run.code).toBe(2);
    expect(run.stderr).toContain(says);
    expect(await digest()).toBe(before);
  });

  test('a machine client of the Action that lacks a scope is refused before anything is changed, by name', async () => {
    const origin = new URL(rig.stage.instance.origin).href;
    const client = await api<{ client_id: string; client_secret: string }>('POST', '/clients', {
      name: 'weak',
      app_type: 'non_interactive',
      grant_types: ['client_credentials'],
    });
    await api('POST', '/client-grants', {
      client_id: client.client_id,
      audience: `${origin}api/v2/`,
      scope: ['read:users', 'read:logs'],
    });
    const before = await digest();
    const run = await rig.install(
      '--action-client-id',
      client.client_id,
      '--action-client-secret',
      client.client_secret,
    );
    expect(run.code).toBe(2);
    expect(run.stderr).toContain('The machine client of the Action lacks the scopes create:organization_member_roles');
    expect(await digest()).toBe(before);
  });

  test('an Action of that name that is somebody else’s is not touched', async () => {
    const id = await deployAction(rig.stage.instance, { name: ACTION_NAME, code: OTHER });
    const run = await rig.install();
    expect(run.code).toBe(2);
    expect(run.stderr).toContain('that the guard did not write');
    await api('DELETE', `/actions/actions/${id}`);
  });
});
