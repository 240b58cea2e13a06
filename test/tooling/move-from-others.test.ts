/** The guide to bring people from other systems: its commands, run word for word on exports as those systems make them; the passwords fit. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { createPasswordConnector, isCheckableHash } from '../../src/connectors/password.js';
import { systemEntropy } from '../../src/kernel/ids.js';
import { parseUsersFile } from '../../src/management/users/user-import-file.js';
import { FOREIGN_HASHES } from '../support/foreign-hashes.js';

const folder = mkdtempSync(join(tmpdir(), 'others-'));
afterAll(() => rmSync(folder, { recursive: true }));
const guide = readFileSync(new URL('../../docs/guides/move-from-others.md', import.meta.url), 'utf8');
const connector = createPasswordConnector({ entropy: systemEntropy, refusalFloorMs: 0 });

const hashOf = (name: string) =>
  FOREIGN_HASHES.find((row) => row.name === name)?.custom.hash as { value: string; key: { value: string } } | undefined;
const hashNamed = (name: string) => hashOf(name)?.value ?? '';
const padded = (base64 = '') => base64.padEnd(Math.ceil(base64.length / 4) * 4, '=');

/** The people whom the command of a section makes of an export, with their passwords as they would be stored. */
async function follow(section: string, file: string, content: unknown) {
  const command = new RegExp(`^## ${section}\\n[\\s\\S]*?^\`\`\`sh\\n([\\s\\S]*?)^\`\`\``, 'm').exec(guide)?.[1] ?? '';
  writeFileSync(join(folder, file), JSON.stringify(content));
  const script = command.replace('export SIGNER_KEY=…', `export SIGNER_KEY='${hashOf('firebase_scrypt')?.key.value}'`);
  await promisify(execFile)('bash', ['-e', '-c', script], { cwd: folder });
  const parsed = parseUsersFile(readFileSync(join(folder, 'people.json')), isCheckableHash);
  if (!parsed.ok) throw new Error(parsed.reason);
  return Promise.all(
    [...parsed.entries].map(async (entry) => {
      if (!entry.ok) throw new Error(JSON.stringify(entry.failure));
      const { passwordHash, email, subject, emailVerified, blocked, profile } = entry.user;
      const hash = typeof passwordHash === 'object' ? await connector.wrap(passwordHash) : passwordHash;
      return { email, subject, emailVerified, blocked, profile, hash };
    }),
  );
}

async function expectFits(hash: string | undefined, password: string) {
  expect(await connector.verify({ connectionId: 'con_1', hash: hash ?? '!' }, password)).toBe(true);
  expect(await connector.verify({ connectionId: 'con_1', hash: hash ?? '!' }, `${password}!`)).toBe(false);
}

test('Keycloak: PBKDF2, argon2, no password, no address', async () => {
  const [, , , salt, value] = hashNamed('pbkdf2, as Keycloak makes it').split('$');
  const [, , , , argonSalt, argonValue] = hashNamed('argon2').split('$');
  const credential = (secret: object, data: object) => [
    { type: 'otp', secretData: '{}', credentialData: '{}' },
    { type: 'password', secretData: JSON.stringify(secret), credentialData: JSON.stringify(data) },
  ];
  const argon2 = {
    hashIterations: 2,
    algorithm: 'argon2',
    additionalParameters: { hashLength: ['32'], memory: ['65536'], type: ['id'], version: ['1.3'], parallelism: ['1'] },
  };
  const person = { enabled: true, emailVerified: true };
  const people = await follow('Keycloak', 'realm.json', {
    realm: 'acme',
    users: [
      {
        ...person,
        id: '11111111-aaaa',
        email: 'ida@acme.example',
        firstName: 'Ida',
        lastName: 'Berg',
        credentials: credential(
          { value: padded(value), salt: padded(salt), additionalParameters: {} },
          { hashIterations: 210_000, algorithm: 'pbkdf2-sha512', additionalParameters: {} },
        ),
      },
      {
        ...person,
        id: '22222222-bbbb',
        email: 'jon@acme.example',
        enabled: false,
        credentials: credential({ value: padded(argonValue), salt: padded(argonSalt) }, argon2),
      },
      { ...person, id: '33333333-cccc', email: 'kim@acme.example', emailVerified: false, credentials: [] },
      { id: '44444444-dddd', username: 'service-account', enabled: true },
    ],
  });
  expect(people.map(({ email, subject, emailVerified, blocked }) => [email, subject, emailVerified, blocked])).toEqual([
    ['ida@acme.example', '11111111-aaaa', true, false],
    ['jon@acme.example', '22222222-bbbb', true, true],
    ['kim@acme.example', '33333333-cccc', false, false],
  ]);
  expect(people[0]?.profile).toEqual({ givenName: 'Ida', familyName: 'Berg' });
  await expectFits(people[0]?.hash, 'correct horse');
  await expectFits(people[1]?.hash, 'shh');
  expect(people[2]?.hash).toBeUndefined();
});

test('Django: PBKDF2 with its salt as text, argon2, an unusable password', async () => {
  // Python's hashlib, 1,200,000 rounds: the default of Django 6.0.
  const pbkdf2 = 'pbkdf2_sha256$1200000$seasalt2$uxsDZjfNMoBJ7h5bErYdet9IwjI4svWGsS0mjQ4aDFU=';
  const fields = { first_name: 'Ida', last_name: '', is_active: true };
  const people = await follow('Django', 'users.json', [
    { model: 'auth.user', pk: 7, fields: { ...fields, email: 'ida@acme.example', password: pbkdf2 } },
    {
      model: 'auth.user',
      pk: 8,
      fields: { ...fields, email: 'jon@acme.example', password: `argon2${hashNamed('argon2')}` },
    },
    { model: 'auth.user', pk: 9, fields: { ...fields, email: 'kim@acme.example', password: '!x', is_active: false } },
    { model: 'auth.user', pk: 10, fields: { ...fields, email: '', password: '' } },
  ]);
  expect(people.map(({ email, subject, blocked }) => [email, subject, blocked])).toEqual([
    ['ida@acme.example', '7', false],
    ['jon@acme.example', '8', false],
    ['kim@acme.example', '9', true],
  ]);
  expect(people[0]?.hash).toMatch(/^\$wrapped\$pbkdf2-sha256=1200000\$/);
  await expectFits(people[0]?.hash, 'correct horse');
  await expectFits(people[1]?.hash, 'shh');
  expect(people[2]?.hash).toBeUndefined();
});

test("Firebase: the project's signer key, and people of other providers without a hash", async () => {
  const people = await follow('Firebase', 'users.json', {
    users: [
      {
        localId: 'fIr3',
        email: 'ida@acme.example',
        emailVerified: true,
        displayName: 'Ida',
        passwordHash: hashNamed('firebase_scrypt').replaceAll('+', '-').replaceAll('/', '_'),
        salt: '42xEC-ixf3L2lw==',
      },
      { localId: 'g00g', email: 'jon@acme.example', emailVerified: true, providerUserInfo: [] },
    ],
  });
  expect(people.map(({ email, subject, emailVerified }) => [email, subject, emailVerified])).toEqual([
    ['ida@acme.example', 'fIr3', true],
    ['jon@acme.example', 'g00g', true],
  ]);
  await expectFits(people[0]?.hash, 'user1password');
  expect(people[1]?.hash).toBeUndefined();
});
