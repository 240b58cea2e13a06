/** From which moment on the mail server is set by callers with every scope alone: from the first person whom a mail makes an operator. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PASSWORD } from '../support/cast.js';
import { type Instance, type Json, startInstance } from '../support/instance.js';
import { type CallAs, createMachine } from '../support/machines.js';
import { findOperators } from '../support/operators.js';

let instance: Instance;
let few: CallAs;
beforeAll(async () => {
  instance = await startInstance();
  few = (await createMachine(instance, 'Mail', ['create:email_provider', 'delete:email_provider'])).call;
});
afterAll(() => instance.stop());

const BODY = { name: 'smtp', credentials: { smtp_host: 'mail.example', smtp_port: 25 } };
/** The status of a write by a caller with few scopes, which is taken back. */
async function write(): Promise<number> {
  const { status } = await few('POST', '/emails/provider', BODY);
  if (status === 201) expect((await few('DELETE', '/emails/provider')).status).toBe(204);
  return status;
}

test('one who is invited, one who is a member, one with an account in their database: each alone', async () => {
  const { organizationId, clientId } = await findOperators(instance);
  const organization = `/organizations/${organizationId}`;
  expect(await write()).toBe(201);

  const invitation = { inviter: { name: 'Olga' }, invitee: { email: 'olga@company.example' }, client_id: clientId };
  const { id } = await instance.api<Json>('POST', `${organization}/invitations`, invitation);
  expect(await write()).toBe(403);
  await instance.api('DELETE', `${organization}/invitations/${id}`);
  expect(await write()).toBe(201);

  await instance.api('POST', '/connections', { name: 'customers', strategy: 'auth0' });
  const account = { email: 'olga@company.example', password: PASSWORD };
  const { user_id: member } = await instance.api<Json>('POST', '/users', { ...account, connection: 'customers' });
  await instance.api('POST', `${organization}/members`, { members: [member] });
  expect(await write()).toBe(403);
  await instance.api('DELETE', `${organization}/members`, { members: [member] });
  expect(await write()).toBe(201);

  await instance.api('POST', '/users', { ...account, connection: 'vestibule-operators' });
  expect(await write()).toBe(403);
});
