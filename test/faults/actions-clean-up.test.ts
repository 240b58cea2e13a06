/**
 * The clean-up Action of examples/actions against an invitation, in both orders: it takes away by a call that is real and immediate, so
 * what happens at the same moment matters. It never loses a pending invitation. A membership that the very same person gets while the
 * code for an earlier login of theirs is on its way to delete one is deleted: that code decided by what it was told at its start, as on Auth0.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { bindActions, deployAction, exampleAction, managementSecrets, setOrder } from '../support/actions.js';
import type { Invitation } from '../support/cast.js';
import { hasOpenssl } from '../support/certificate.js';
import { type Gate, startGate } from '../support/gate.js';
import type { Visit } from '../support/http-browser.js';
import type { Json } from '../support/instance.js';
import { answerOf, useStage, wordsOf } from '../support/stage.js';

const available = hasOpenssl();
if (!available) process.stderr.write('test/faults/actions-clean-up is skipped: the openssl command is not installed\n');

const WAIT = `exports.onExecutePostLogin = async (event) => {
  await fetch(event.secrets.gate + '/' + encodeURIComponent(event.user.email));
};`;

describe.skipIf(!available)('the clean-up', () => {
  const stage = useStage({ https: true });
  let gate: Gate;
  let people = 0;
  let key: string;
  let email: string;
  let userId: string;

  beforeAll(async () => {
    gate = await startGate();
    const { instance } = stage;
    const wait = await deployAction(instance, { name: 'wait', code: WAIT, secrets: { gate: gate.url } });
    const cleanUp = await deployAction(instance, {
      name: 'clean-up',
      code: exampleAction('clean-up.js'),
      dependencies: [{ name: 'auth0', version: '4.37.1' }],
      secrets: managementSecrets(instance),
    });
    await bindActions(instance, 'post-login', [wait, cleanUp]);
    await stage.enablement({ assign_membership_on_login: true });
  });
  afterAll(() => gate?.stop());

  beforeEach(async () => {
    key = `c${++people}`;
    email = `${key}@acme.example`;
    userId = `oidc|acme-oidc|idp-${key}`;
    stage.cast.people[key] = { sub: `idp-${key}`, email, email_verified: true };
    await stage.instance.database.pool.query('delete from attempt_counters');
  });

  const api = <T = Json>(method: string, path: string, body?: unknown) => stage.instance.api<T>(method, path, body);
  const acme = () => `/organizations/${stage.cast.acme.id}`;
  const approve = () => api('PATCH', `/users/${encodeURIComponent(userId)}`, { app_metadata: { approved: true } });
  const isMember = async () => {
    const members = await api<{ user_id: string }[]>('GET', `${acme()}/members?per_page=100`);
    return members.some((member) => member.user_id === userId);
  };
  const waits = async ({ id }: Invitation) => {
    const open = await api<{ id: string }[]>('GET', `${acme()}/invitations`);
    return open.some((item) => item.id === id);
  };
  const stranger = () => stage.visitor().throughSso(key, email);
  async function invited(invitation: Invitation): Promise<Visit> {
    const visitor = stage.visitor();
    return visitor.signInAtIdp(await visitor.accept(invitation), key);
  }
  async function untilAsked(login: () => Promise<Visit>): Promise<{ ended: Promise<Visit> }> {
    const ended = login();
    const early = await Promise.race([gate.arrived(email).then(() => undefined), ended]);
    if (early) throw new Error(`ended before the Action was asked: ${early.url.href} ${wordsOf(early)}`);
    return { ended };
  }
  describe.each(['after_actions', 'before_actions'] as const)('%s', (order) => {
    beforeEach(async () => {
      // Somebody who was let in once, when nothing was bound, and has lost their membership since.
      const bound = await api<{ bindings: { action: { id: string } }[] }>(
        'GET',
        '/actions/triggers/post-login/bindings',
      );
      const ids = bound.bindings.map(({ action }) => action.id);
      await bindActions(stage.instance, 'post-login', []);
      await stranger();
      await api('DELETE', `${acme()}/members`, { members: [userId] });
      await bindActions(stage.instance, 'post-login', ids);
      await setOrder(stage.instance, order);
    });

    test('an invitation that is made while the clean-up runs is there afterwards, and lets him in', async () => {
      const login = await untilAsked(stranger);
      const invitation = await stage.cast.invite(email);
      gate.open(email);
      expect(answerOf(await login.ended).error_description).toBe('You are not authorized for this application.');
      expect(await isMember()).toBe(false);
      expect(await waits(invitation)).toBe(true);
      await approve();
      gate.openAlways(email);
      expect(answerOf(await invited(invitation)).code).toBeDefined();
      expect(await isMember()).toBe(true);
    });

    test('an invitation that is accepted first: the stranger’s login that comes later finds a member, and takes nothing', async () => {
      const invitation = await stage.cast.invite(email);
      await approve();
      gate.openAlways(email);
      expect(answerOf(await invited(invitation)).code).toBeDefined();
      await api('PATCH', `/users/${encodeURIComponent(userId)}`, { app_metadata: { approved: false } });
      expect(answerOf(await stranger()).error).toBe('access_denied');
      expect(await isMember(), 'a member of long standing').toBe(true);
    });

    test.each([
      // In the usual order the acceptance is decided after the clean-up and stays; in Auth0's order its membership was there before.
      ['the clean-up takes away first', 'first', order === 'after_actions'],
      // The limit: code that decided before takes away what came since.
      ['he is in before it takes away', 'last', false],
    ] as const)(
      'accepted while the clean-up of his own earlier login waits, and %s: a whole seat or none',
      async (_name, which, stays) => {
        const login = await untilAsked(stranger);
        await approve();
        const invitation = await stage.cast.invite(email);
        const accepting = await untilAsked(() => invited(invitation));
        gate.open(email, {}, which);
        const end = async (one: Promise<Visit>) => answerOf(await one).error;
        const ends = which === 'first' ? [await end(login.ended)] : [await end(accepting.ended)];
        gate.open(email);
        ends.push(which === 'first' ? await end(accepting.ended) : await end(login.ended));
        const expected = {
          first: ['access_denied', stays ? undefined : 'access_denied'],
          last: [undefined, 'access_denied'],
        };
        expect(ends).toEqual(expected[which]);
        const member = await isMember();
        expect(member).toBe(stays);
        const { rows } = await stage.instance.database.pool.query('select 1 from member_roles where user_id = $1', [
          userId,
        ]);
        expect(rows, 'no role without a seat').toHaveLength(member ? 1 : 0);
        const next = await stage.cast.invite(email);
        gate.openAlways(email);
        expect(answerOf(await invited(next)).code).toBeDefined();
        expect(await isMember()).toBe(true);
      },
    );
  });
});
