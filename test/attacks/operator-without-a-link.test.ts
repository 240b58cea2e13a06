/**
 * Attack: a stranger signs in at the console and is let in by somebody who may write something else: by the code of an Action, or with an account
 * whose password they know, in place of the person whom an invitation names.
 */
import { beforeAll, expect, test } from 'vitest';
import { useActions } from '../support/actions.js';
import { PASSWORD } from '../support/cast.js';
import type { Json } from '../support/instance.js';
import { createOperatorRig, type OperatorRig } from '../support/operators.js';
import { answerOf, useStage } from '../support/stage.js';

const stage = useStage();
const api = <T = Json>(method: string, path: string, body?: unknown) => stage.instance.api<T>(method, path, body);

let rig: OperatorRig;
let organization: string;
beforeAll(async () => {
  rig = await createOperatorRig(stage.instance);
  organization = `/organizations/${rig.rows.organizationId}`;
  await rig.join('olga@vestibule.example');
});

/** An account with a known password where operators have theirs. */
async function createAccount(email: string): Promise<string> {
  const body = { connection: 'vestibule-operators', email, password: PASSWORD, email_verified: true };
  return String((await api('POST', '/users', body)).user_id);
}

const owners = async () =>
  (await api<Json[]>('GET', `${organization}/members?per_page=100`)).map(({ email }) => email).sort();

test('an Action that admits everybody, with the role of an owner, admits no operator, and is not asked', async () => {
  const email = 'mallory@elsewhere.example';
  await createAccount(email);
  const code = `exports.onExecuteOrganizationAdmission = async (event, api) => api.admission.allow({ roles: ['Vestibule owner', '${rig.rows.roleIds.owner}'] });`;
  const remove = await useActions(stage.instance, 'organization-admission', { name: 'everybody', code });
  for (const membership_evaluation of ['after_actions', 'before_actions']) {
    await api('PATCH', '/tenants/settings', { membership_evaluation });
    const before = await owners();
    await expect(rig.signIn(email)).rejects.toThrow('access_denied');
    expect(await owners()).toEqual(before);
    const [line] = await stage.logs();
    expect(line?.details.code).toBe('admit.not_a_member');
  }
  // The same code lets the person into a customer's organization.
  await api('PATCH', '/tenants/settings', { membership_evaluation: 'after_actions' });
  const userId = await stage.cast.createUser(email);
  const visitor = stage.visitor();
  expect((await visitor.redeem(await visitor.withPassword(email))).claims.sub).toBe(userId);
  const explain = (path: string, who: string) =>
    api<{ rule: string; trace: { rule: string }[] }>('POST', `${path}/explain`, { email: who });
  const toldOfCode = async (path: string, who: string) => {
    const { rule, trace } = await explain(path, who);
    expect(rule).toBe('not_a_member');
    return trace.some((line) => line.rule === 'organization-admission');
  };
  expect(await toldOfCode(organization, email)).toBe(false);
  expect(await toldOfCode(`/organizations/${stage.cast.acme.id}`, 'sam@acme.example')).toBe(true);
  await remove();
});

test('an invitation is accepted by its link, not by whoever knows the password of an account with its address', async () => {
  const email = 'ines@vestibule.example';
  await createAccount(email);
  const invitation = await api('POST', `${organization}/invitations`, {
    inviter: { name: 'Olga' },
    invitee: { email },
    client_id: rig.rows.clientId,
    roles: [rig.rows.roleIds.owner],
  });
  const before = await owners();
  await expect(rig.signIn(email)).rejects.toThrow('access_denied');
  expect(await owners()).toEqual(before);
  expect(await api('GET', `${organization}/invitations/${invitation.id}`)).toMatchObject({ id: invitation.id });
  // Nor at a customer's organization: somebody may have opened the account to wait for the invitation.
  await stage.cast.createUser(email);
  await stage.cast.invite(email, { connectionId: undefined });
  expect(answerOf(await stage.visitor().withPassword(email))).toMatchObject({ error: 'access_denied' });
});
