/**
 * Attack: something that looks like an operator's token, at each operation of the Management API: another kind of token, of another API, of a
 * customer's organization, without a scope that names anything, forged, of another server, expired. None opens anything.
 */
import { createHmac, createPublicKey, generateKeyPairSync, type JsonWebKey, sign } from 'node:crypto';
import { decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Instance, type Json, startInstance } from '../support/instance.js';
import { callWith } from '../support/machines.js';
import { createManualClock } from '../support/manual-clock.js';
import { createOperatorRig, type OperatorRig, type SignedIn } from '../support/operators.js';
import { useStage } from '../support/stage.js';

const clock = createManualClock();
const stage = useStage({ clock, clientFields: { organization_usage: 'allow' } });
const EMAIL = 'olga@vestibule.example';
const OTHER_API = 'https://things.example';
const api = <T = Json>(method: string, path: string, body?: unknown) => stage.instance.api<T>(method, path, body);

let rig: OperatorRig;
let owner: SignedIn;
let keys: readonly string[];
let elsewhere: Instance;
beforeAll(async () => {
  rig = await createOperatorRig(stage.instance);
  owner = await rig.join(EMAIL);
  const document = (await (await fetch(`${stage.instance.origin}/api/v2/openapi.json`)).json()) as {
    paths: Record<string, object>;
  };
  keys = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.keys(item).map((method) => `${method} ${path}`),
  );
  elsewhere = await startInstance({ clock });
});
afterAll(() => elsewhere?.stop());

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const bodyOf = (token: string) => String(token.split('.')[1]);

/** The owner's own claims under another header, signed by `signed`. */
function forge(header: object, signed: (text: string) => string, claims?: object): string {
  const text = `${encode({ ...decodeProtectedHeader(owner.token), ...header })}.${claims ? encode(claims) : bodyOf(owner.token)}`;
  return `${text}.${signed(text)}`;
}

async function publicKey() {
  const { keys: set } = (await (await fetch(`${stage.instance.origin}/.well-known/jwks.json`)).json()) as {
    keys: (JsonWebKey & { kid: string })[];
  };
  const { kid } = decodeProtectedHeader(owner.token);
  const found = set.find((key) => key.kid === kid);
  if (found === undefined) throw new Error('the key of the token is not in the set');
  return createPublicKey({ key: found, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
}

/** Signs in over the console's client; another API, organization or scope. */
async function tokenOf(options: { organization?: string; scope?: string; audience?: string }) {
  return rig.signIn(EMAIL, options);
}

async function inAnotherOrganization(): Promise<string> {
  const { acme } = stage.cast;
  const { rows } = rig;
  const enabled = { connection_id: rows.connectionId, assign_membership_on_login: false };
  await api('POST', `/organizations/${acme.id}/enabled_connections`, enabled);
  await api('POST', `/organizations/${acme.id}/members`, { members: [owner.userId] });
  await api('POST', `/organizations/${acme.id}/members/${owner.userId}/roles`, { roles: [rows.roleIds.owner] });
  return (await tokenOf({ organization: acme.id })).token;
}

async function ofAnotherApi(): Promise<string> {
  await api('POST', '/resource-servers', { name: 'Things', identifier: OTHER_API, scopes: [{ value: 'read:users' }] });
  return (await tokenOf({ audience: OTHER_API, scope: 'openid read:users' })).token;
}

async function ofAnotherServer(): Promise<string> {
  return (await (await createOperatorRig(elsewhere)).join(EMAIL)).token;
}

const ownKey = () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return (text: string) => sign('sha256', Buffer.from(text), privateKey).toString('base64url');
};

/** Presented tokens, and the status of each answer. */
const SHAPES: Readonly<Record<string, readonly [status: number, make: () => Promise<string>]>> = {
  'an ID token': [401, async () => owner.idToken],
  'a refresh token': [401, async () => owner.refreshToken],
  'a token of another API, to the same client': [401, ofAnotherApi],
  "a token of a customer's organization, with the same role there": [403, inAnotherOrganization],
  'a token that names no scope of this API': [403, async () => (await tokenOf({ scope: 'openid profile' })).token],
  'a token of another server': [401, ofAnotherServer],
  'alg none': [401, async () => forge({ alg: 'none' }, () => '')],
  'alg none, with a signature': [401, async () => forge({ alg: 'none' }, () => String(owner.token.split('.')[2]))],
  'the public key as a secret': [
    401,
    async () => {
      const pem = await publicKey();
      return forge({ alg: 'HS256' }, (text) => createHmac('sha256', pem).update(text).digest('base64url'));
    },
  ],
  'a key of their own': [401, async () => forge({}, ownKey())],
  'a key of their own, under another issuer': [
    401,
    async () => {
      const claims = JSON.parse(Buffer.from(bodyOf(owner.token), 'base64url').toString('utf8')) as object;
      return forge({}, ownKey(), { ...claims, iss: 'https://elsewhere.example/' });
    },
  ],
  'other claims under the same signature': [
    401,
    async () => {
      const claims = JSON.parse(Buffer.from(bodyOf(owner.token), 'base64url').toString('utf8')) as Json;
      return forge({}, () => String(owner.token.split('.')[2]), { ...claims, exp: Number(claims.exp) + 86_400 });
    },
  ],
  'an expired token': [
    401,
    async () => {
      clock.advanceMs(601_000);
      return owner.token;
    },
  ],
};

test('the token itself opens what it should, so that the others could', async () => {
  expect(keys.length).toBeGreaterThan(150);
  expect((await owner.call('GET', '/clients')).status).toBe(200);
});

test.each(Object.entries(SHAPES))('%s opens no operation', { timeout: 60_000 }, async (_name, [status, make]) => {
  const call = callWith(stage.instance, await make());
  const open: string[] = [];
  for (const key of keys) {
    const [method = '', path = ''] = key.split(' ');
    const answer = await call(method.toUpperCase(), path.replace(/\{\w+\}/g, 'none'));
    if (answer.status !== status) open.push(`${key} ${answer.status}`);
  }
  expect(open).toEqual([]);
});
