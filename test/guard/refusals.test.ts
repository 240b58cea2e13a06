/**
 * The guard's Action when it cannot know, and when somebody tries to be somebody else: it refuses, and deletes nothing that the log
 * does not prove to have come in this very login.
 */
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { DEFAULT_TEXTS, MARK_ROLE } from '../../src/tenant-tools/guard/settings.js';
import { hasOpenssl } from '../support/certificate.js';
import { useGuardRig } from '../support/guard-rig.js';
import { leaveStrangers } from '../support/left-strangers.js';
import { askForTokens } from '../support/login-stories.js';
import { makeImpatient } from './history.js';

const available = hasOpenssl();
const STRANGER = { error: 'access_denied', error_description: DEFAULT_TEXTS.stranger };
const UNCLEAR = { error: 'access_denied', error_description: DEFAULT_TEXTS.unclear };

const SILENCE = `
create or replace function drop_lines() returns trigger language plpgsql as $$
begin if new.type = 'organization_member_added' then return null; end if; return new; end $$;
create or replace trigger silent_log before insert on logs for each row execute function drop_lines();`;

describe.skipIf(!available)('what the guard does not know', { timeout: 120_000 }, () => {
  const rig = useGuardRig();
  const api = <T>(method: string, path: string, body?: unknown) => rig.stage.instance.api<T>(method, path, body);
  const acme = () => `/organizations/${rig.stage.cast.acme.id}`;
  const sql = (text: string) => rig.stage.instance.database.pool.query(text);

  let left: string;
  beforeAll(async () => {
    [left = ''] = await leaveStrangers(rig, 'lee', 1);
    const run = await rig.install('--auto-membership', '--mark-members', 'never');
    expect(run.code, run.stderr).toBe(0);
    await makeImpatient(rig);
  }, 180_000);
  afterEach(() => sql('drop trigger if exists silent_log on logs; delete from attempt_counters'));

  test('the log says nothing yet: refused, and the membership stays for the sweep', async () => {
    const sam = rig.employ('sam');
    await sql(SILENCE);
    expect(await rig.enter('sam')).toMatchObject(UNCLEAR);
    expect(await rig.isMember(sam)).toBe(true);
    const { people } = await rig.json<{ people: { user_id: string; action: string }[] }>(
      ...['sweep', 'plan', '--organization', 'acme', '--min-age', '0'],
    );
    expect(people.filter(({ user_id }) => user_id === sam)).toMatchObject([{ action: 'ask-a-human' }]);
  });

  test('a membership that an earlier login left is refused, and not taken back: the log’s line is of another login', async () => {
    expect(await rig.enter('lee')).toMatchObject(STRANGER);
    expect(await rig.isMember(left)).toBe(true);
  });

  test('a refused stranger whom an administrator adds a moment later keeps the seat, and a role lets them in', async () => {
    const sue = rig.employ('sue');
    expect(await rig.enter('sue')).toMatchObject(STRANGER);
    await rig.untilNoMember(sue);
    await api('POST', `${acme()}/members`, { members: [sue] });
    expect((await rig.enter('sue')).error).toBe('access_denied');
    expect(await rig.isMember(sue)).toBe(true);
    await api('POST', `${acme()}/members/${encodeURIComponent(sue)}/roles`, { roles: [rig.stage.cast.roleId] });
    expect((await rig.enter('sue')).code).toBeDefined();
  });

  test('the Management API refuses the Action: nobody new is let in, and nothing is taken', async () => {
    const { actions } = await api<{ actions: { id: string; name: string }[] }>('GET', '/actions/actions');
    const path = `/actions/actions/${actions[0]?.id}`;
    const secrets = (secret: string) => [
      { name: 'DOMAIN' },
      { name: 'CLIENT_ID' },
      { name: 'CLIENT_SECRET', value: secret },
    ];
    await api('PATCH', path, { secrets: secrets('wrong') });
    await api('POST', `${path}/deploy`);
    const max = rig.employ('max');
    expect(await rig.enter('max')).toMatchObject(UNCLEAR);
    expect(await rig.isMember(max)).toBe(true);
    await api('PATCH', path, { secrets: secrets(rig.env.AUTH0_CLIENT_SECRET ?? '') });
    await api('POST', `${path}/deploy`);
  });

  test('an invitation waits for the verified address: let in with its roles, without the link, and it is used', async () => {
    const ivy = rig.employ('ivy');
    const invitation = await rig.stage.cast.invite('ivy@acme.example');
    expect((await rig.enter('ivy')).code).toBeDefined();
    expect(await rig.rolesOf(ivy)).toEqual([MARK_ROLE.name, 'editor'].sort());
    const waiting = await api<{ id: string }[]>('GET', `${acme()}/invitations`);
    expect(waiting.map(({ id }) => id)).not.toContain(invitation.id);
  });

  test('an invitation waits, but nobody vouches for the address: refused, and what is there stays', async () => {
    const ida = rig.employ('ida', { email_verified: false });
    const invitation = await rig.stage.cast.invite('ida@acme.example');
    expect((await rig.enter('ida')).error).toBe('access_denied');
    expect(await rig.isMember(ida)).toBe(true);
    const waiting = await api<{ id: string }[]>('GET', `${acme()}/invitations`);
    expect(waiting.map(({ id }) => id)).toContain(invitation.id);
  });

  test('an account that belongs to another organization, too, is not taken', async () => {
    const eve = rig.employ('eve');
    const account = await rig.stage.cast.createMember('eve@acme.example');
    const evil = await rig.stage.cast.createPlace('evil', {}, { domain: 'evil.example' });
    await api('POST', `/organizations/${evil.id}/members`, { members: [account] });
    expect(await rig.enter('eve')).toMatchObject(STRANGER);
    await rig.untilNoMember(eve);
    const user = await api<{ identities: unknown[] }>('GET', `/users/${encodeURIComponent(account)}`);
    expect(user.identities).toHaveLength(1);
  });

  test('an account with an address that nobody verified is not taken', async () => {
    const uma = rig.employ('uma');
    await rig.stage.cast.createMember('uma@acme.example', { verified: false });
    expect(await rig.enter('uma')).toMatchObject(STRANGER);
    await rig.untilNoMember(uma);
  });

  test('a subject that ends the quotes of the query lets nobody in by the lines of another', async () => {
    const gus = rig.employ('gus');
    const invitation = await rig.stage.cast.invite('gus@acme.example', { roles: [] });
    const visitor = rig.stage.visitor();
    await visitor.signInAtIdp(await visitor.accept(invitation), 'gus');
    const sub = `x" OR user_id:"${gus}`;
    rig.stage.cast.people.mallory = { sub, email: 'mallory@acme.example', email_verified: true };
    expect((await rig.enter('mallory')).error).toBe('access_denied');
  });

  test('a refresh token takes nothing away', async () => {
    const ray = rig.employ('ray');
    const invitation = await rig.stage.cast.invite('ray@acme.example');
    const visitor = rig.stage.visitor();
    const tokens = await visitor.redeem(await visitor.signInAtIdp(await visitor.accept(invitation), 'ray'));
    // As if the log said that this very membership came by auto-membership a moment ago.
    await sql(`delete from member_roles where user_id = '${ray}'`);
    await sql(`update logs set details = jsonb_set(details, '{reason}', '"auto_membership"')
               where user_id = '${ray}' and type = 'organization_member_added'`);
    const answer = await askForTokens(rig.stage.cast, {
      grant_type: 'refresh_token',
      refresh_token: tokens.refreshToken,
    });
    expect(answer.status).toBe(200);
    expect(await rig.isMember(ray)).toBe(true);
  });
});
