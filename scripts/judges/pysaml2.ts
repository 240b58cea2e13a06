/**
 * `npx tsx scripts/judges/pysaml2.ts [PYTHON]`: connects pysaml2, a SAML library that others wrote, as the identity
 * provider of a server. Tries each way in which it signs and encrypts, its requirements for our requests, and a change
 * of its key. PYTHON needs `pysaml2` (`pip install pysaml2`); the default is `python3`. Also needs the program
 * `xmlsec1` (Debian: `apt-get install xmlsec1`). Prints one line for each check and `N passed, N failed`. Takes about
 * three minutes. Not part of `npm test`. Leaves nothing.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { firstLine, startProgram, stopProgram } from '../../bench/processes.js';
import { Checks, summarize } from './checks.js';
import { createPlace, type Place, relay, throughConnection, throughSso } from './companies.js';
import type { Json } from './keycloak-server.js';
import { hasLogout, isSignedOut, signedIn, signOutHere } from './logout.js';
import { comesIn, isRefused, rest } from './outcomes.js';
import { answerOf } from './stories.js';
import { startVestibule, type Vestibule } from './vestibule.js';

const DOMAIN = 'acme-pysaml2.example';
const XMLDSIG = 'http://www.w3.org/2001/04/xmldsig-more#';
const XMLENC = 'http://www.w3.org/2001/04/xmlenc#';
const XMLENC11 = 'http://www.w3.org/2009/xmlenc11#';

interface Way {
  readonly name: string;
  readonly told: Json;
  /** The check that refuses it; absent if it is accepted. */
  readonly refused?: string;
}

const signed = (response: boolean, assertion: boolean) => ({ sign_response: response, sign_assertion: assertion });
const encrypted = (content: string, session_key: string) => ({ encrypt_assertion: true, content, session_key });
const AES = encrypted(`${XMLENC}aes256-cbc`, 'aes-256');

const WAYS: readonly Way[] = [
  { name: 'assertion signed', told: signed(false, true) },
  { name: 'response signed', told: signed(true, false) },
  { name: 'both signed', told: signed(true, true) },
  { name: 'nothing signed', told: signed(false, false), refused: 'saml.signature' },
  { name: 'RSA with SHA-384', told: { sign_alg: `${XMLDSIG}rsa-sha384`, digest_alg: `${XMLDSIG}sha384` } },
  { name: 'RSA with SHA-512', told: { sign_alg: `${XMLDSIG}rsa-sha512`, digest_alg: `${XMLENC}sha512` } },
  {
    name: 'SHA-1',
    told: {
      sign_alg: 'http://www.w3.org/2000/09/xmldsig#rsa-sha1',
      digest_alg: 'http://www.w3.org/2000/09/xmldsig#sha1',
    },
    refused: 'saml.algorithm',
  },
  {
    name: 'a transient Name ID',
    told: { name_id_format: 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient' },
    refused: 'saml.name_id',
  },
  { name: 'encrypted (AES-256-CBC), assertion signed within', told: AES },
  { name: 'encrypted (AES-256-CBC), response signed around', told: { ...AES, ...signed(true, false) } },
  { name: 'encrypted (AES-256-CBC), both signed', told: { ...AES, ...signed(true, true) } },
  {
    name: 'encrypted, namespaces declared outside of it',
    told: { ...AES, self_contained: false },
    refused: 'saml.decryption',
  },
  { name: 'encrypted (AES-128-GCM)', told: encrypted(`${XMLENC11}aes128-gcm`, 'aes-128') },
  { name: 'encrypted, nothing signed', told: { ...AES, ...signed(false, false) }, refused: 'saml.signature' },
  {
    name: 'encrypted with Triple DES, as pysaml2 does by itself',
    told: { encrypt_assertion: true },
    refused: 'saml.decryption',
  },
  {
    name: 'the key encrypted by RSA with PKCS#1 1.5',
    told: { ...AES, transport: `${XMLENC}rsa-1_5` },
    refused: 'saml.decryption',
  },
];

interface Ground {
  readonly vestibule: Vestibule;
  readonly place: Place;
  readonly checks: Checks;
  /** Origin of the provider. */
  readonly origin: string;
  /** Tells the provider how to answer from now on. */
  tell(changes: Json): Promise<void>;
}

async function playStories({ vestibule, place, checks, tell }: Ground): Promise<void> {
  await checks.play('01 an invited newcomer is in', async () => {
    await tell({ person: 'ivy' });
    const visitor = vestibule.visitor(place.id);
    const page = await visitor.accept(await vestibule.invite(place, `ivy@${DOMAIN}`));
    const answer = page.status === 0 ? page : await visitor.browser.submit(page);
    assert.equal((await visitor.redeem(answer)).claims.email, `ivy@${DOMAIN}`);
  });
  await checks.play('02 a member with a password is who they were', async () => {
    await tell({ person: 'dana' });
    const dana = await vestibule.createUser(`dana@${DOMAIN}`, [place.id]);
    const visitor = vestibule.visitor(place.id);
    assert.equal((await visitor.redeem(await throughSso(visitor, place, 'dana'))).claims.sub, dana);
  });
  await checks.play('03 a stranger is refused, and nothing is left', async () => {
    await tell({ person: 'sam' });
    const before = await vestibule.snapshot();
    const answer = answerOf(await throughConnection(vestibule.visitor(place.id), place, 'sam'));
    assert.equal(answer.error, 'access_denied');
    await vestibule.expectNothingLeft(before);
    await tell({ person: 'dana' });
  });
}

const USUAL: Json = {
  ...signed(false, true),
  sign_alg: `${XMLDSIG}rsa-sha256`,
  digest_alg: `${XMLENC}sha256`,
  name_id_format: 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent',
  encrypt_assertion: false,
  self_contained: true,
  content: null,
  session_key: null,
  transport: null,
};

async function playWays(ground: Ground): Promise<void> {
  for (const { name, told, refused } of WAYS) {
    await ground.tell({ ...USUAL, ...told });
    await ground.checks.play(refused === undefined ? name : `${name}: refused by ${refused}`, () =>
      refused === undefined ? comesIn(ground) : isRefused(ground, refused),
    );
  }
  await ground.tell(USUAL);
}

async function playRequests({ vestibule, place, checks }: Ground): Promise<void> {
  for (const binding of ['HTTP-POST', 'HTTP-Redirect']) {
    await place.setOptions({ protocolBinding: `urn:oasis:names:tc:SAML:2.0:bindings:${binding}` });
    await checks.play(`pysaml2 takes our signed request by ${binding}`, () => comesIn({ vestibule, place }));
  }
  await place.setOptions({ signSAMLRequest: false });
  await checks.play('pysaml2 refuses a request of ours that is not signed', async () => {
    const page = await throughConnection(vestibule.visitor(place.id), place, 'dana');
    assert.match(page.text, /pysaml2 refused/);
  });
  await place.setOptions({ signSAMLRequest: true });
}

async function playLogout({ vestibule, place, checks, origin }: Ground): Promise<void> {
  const ground = { vestibule, place };
  if (!(await hasLogout(ground))) return checks.skip('single logout', 'not built');
  for (const binding of ['post', 'redirect']) {
    const name = binding === 'post' ? 'HTTP-POST' : 'HTTP-Redirect';
    await place.setOptions({ protocolBinding: `urn:oasis:names:tc:SAML:2.0:bindings:${name}` });
    await checks.play(
      `signing out here with federated, by ${binding}: pysaml2 answers, and it ends at the application`,
      () => signOutHere(ground),
    );
    await checks.play(
      `pysaml2 signs out by ${binding}: the session here has ended, and pysaml2 takes our answer`,
      async () => {
        const visitor = await signedIn(ground);
        const end = await relay(visitor, await visitor.browser.visit(`${origin}/leave?binding=${binding}`));
        assert.match(end.text.slice(0, 200), /pysaml2: signed out, with from-pysaml2/);
        assert.ok(await isSignedOut(visitor), 'signed out here');
      },
    );
  }
}

async function playRotation(ground: Ground): Promise<void> {
  const { checks, tell } = ground;
  await comesIn(ground);
  await rest();
  await tell({ key: 'second', published: ['first', 'second'] });
  await checks.play('it signs with a new key, the old one is still published', () => comesIn(ground));
  await tell({ published: ['second'] });
  await checks.play('the old key is gone', () => comesIn(ground));
  await tell({ key: 'first' });
  await checks.play('the old key signs again: taken until the metadata is read again', () => comesIn(ground));
}

const folder = mkdtempSync(join(tmpdir(), 'vestibule-pysaml2-'));
const idp = startProgram(process.argv[2] ?? 'python3', ['scripts/judges/pysaml2-idp.py', folder], {});
const checks = new Checks('pysaml2');
try {
  const origin = await firstLine(idp);
  const vestibule = await startVestibule();
  try {
    const options = { metadataUrl: `${origin}/metadata` };
    const place = await createPlace(vestibule, { name: 'acme-pysaml2', domain: DOMAIN, strategy: 'samlp', options });
    const metadata = await fetch(`${vestibule.origin}/samlp/metadata?connection=${place.connectionName}`);
    const tell = async (changes: Json) => {
      await fetch(`${origin}/told`, { method: 'POST', body: JSON.stringify(changes) });
    };
    await tell({ sp_metadata: await metadata.text(), domain: DOMAIN });
    const ground = { vestibule, place, checks, origin, tell };
    await playStories(ground);
    await playWays(ground);
    await playRequests(ground);
    await playLogout(ground);
    await playRotation(ground);
  } finally {
    await vestibule.stop();
  }
} finally {
  await stopProgram(idp);
  rmSync(folder, { recursive: true, force: true });
}
summarize([checks]);
