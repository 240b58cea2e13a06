/**
 * Auth0's SDKs without a secret: SDK 7 registers a key, and SDKs 7, 4 and 3 sign in with it. Run as a process of its own; prints one JSON
 * line: name and result of every step.
 */
import { generateKeyPairSync } from 'node:crypto';
import { ManagementClient } from 'auth0';
import { ManagementClient as ManagementClient3 } from 'auth0-v3';
import { ManagementClient as ManagementClient4 } from 'auth0-v4';
import { createRecorder, expectEqual } from './recorder.js';

const [, , domain = '', clientId = '', clientSecret = ''] = process.argv;
const { step, print } = createRecorder();
const { clients, clientGrants } = new ManagementClient({ domain, clientId, clientSecret });

const pairOf = () =>
  generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
const first = pairOf();
const second = pairOf();

const client = await step('clients.create with a key', () =>
  clients.create({
    name: 'Keyed',
    app_type: 'non_interactive',
    grant_types: ['client_credentials'],
    client_authentication_methods: {
      private_key_jwt: { credentials: [{ credential_type: 'public_key', name: 'first', pem: first.publicKey }] },
    },
  }),
);
const id = client.client_id ?? '';
await step('clientGrants.create', () =>
  clientGrants.create({ client_id: id, audience: `https://${domain}/api/v2/`, scope: ['read:clients'] }),
);
const added = await step('clients.credentials.create', () =>
  clients.credentials.create(id, { credential_type: 'public_key', pem: second.publicKey, alg: 'RS384' }),
);
await step('clients.update to both keys', async () => {
  // A creation answers with whole credentials, and an update takes their ids alone.
  const made = client.client_authentication_methods?.private_key_jwt?.credentials ?? [];
  const before = made.map((credential) => ({ id: credential.id }));
  await clients.update(id, {
    client_authentication_methods: { private_key_jwt: { credentials: [...before, { id: added.id ?? '' }] } },
  });
});
await step('clients.credentials.list', async () => {
  expectEqual((await clients.credentials.list(id)).length, 2);
});

const keyed = { domain, clientId: id, clientAssertionSigningKey: first.privateKey };
await step('SDK 7 signs in with the first key', async () => {
  expectEqual((await new ManagementClient(keyed).clients.get(id)).client_id, id);
});
await step('SDK 7 signs in with the second key', async () => {
  const options = { ...keyed, clientAssertionSigningKey: second.privateKey, clientAssertionSigningAlg: 'RS384' };
  expectEqual((await new ManagementClient(options).clients.get(id)).client_id, id);
});
await step('SDK 4 signs in', async () => {
  expectEqual((await new ManagementClient4(keyed).clients.get({ client_id: id })).data.client_id, id);
});
await step('SDK 3 signs in', async () => {
  expectEqual((await new ManagementClient3(keyed).clients.get({ client_id: id })).client_id, id);
});
print();
