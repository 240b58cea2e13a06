/**
 * Checks keys, signatures and encryption with Keycloak: rotation over either protocol, and the switches of a SAML
 * client.
 */
import assert from 'node:assert/strict';
import type { Checks } from './checks.js';
import { type Company, signIn } from './companies.js';
import type { Json } from './keycloak-server.js';
import { comesIn, isRefused, rest } from './outcomes.js';
import type { Vestibule } from './vestibule.js';

export interface TrustGround {
  readonly vestibule: Vestibule;
  readonly place: Company;
  readonly checks: Checks;
}

/** Adds a new key to the realm beside the old one, then removes the old one, and checks a sign-in each time. */
export async function playRotation(ground: TrustGround): Promise<void> {
  const { place, checks } = ground;
  await comesIn(ground);
  await rest();
  await place.realm.addKey();
  await checks.play('Keycloak signs with a new key, the old one is still published', () => comesIn(ground));
  await place.realm.removeOldKeys();
  await checks.play('the old key is gone', () => comesIn(ground));
  await rest();
  await place.realm.addKey();
  await place.realm.removeOldKeys();
  await checks.play('a new key, the old one gone at the same moment', () => comesIn(ground));
}

interface Switch {
  readonly name: string;
  readonly attributes: Json;
  /** The check that refuses it; absent if it is accepted. */
  readonly refused?: string;
  /** The member who signs in; Dana by default. */
  readonly person?: string;
}

const XMLENC = 'http://www.w3.org/2001/04/xmlenc#';
const XMLENC11 = 'http://www.w3.org/2009/xmlenc11#';
const CANONICAL = 'http://www.w3.org/2001/10/xml-exc-c14n#';

const signed = (...parts: readonly ('response' | 'assertion')[]): Json => ({
  'saml.server.signature': String(parts.includes('response')),
  'saml.assertion.signature': String(parts.includes('assertion')),
});

const SIGNATURES: readonly Switch[] = [
  { name: 'response signed alone', attributes: signed('response') },
  { name: 'response and assertion signed', attributes: signed('response', 'assertion') },
  { name: 'assertion signed alone', attributes: signed('assertion') },
  { name: 'nothing signed', attributes: signed(), refused: 'saml.signature' },
  { name: 'RSA with SHA-512', attributes: { 'saml.signature.algorithm': 'RSA_SHA512' } },
  {
    name: 'RSA-PSS with SHA-256',
    attributes: { 'saml.signature.algorithm': 'RSA_SHA256_MGF1' },
    refused: 'saml.algorithm',
  },
  { name: 'RSA with SHA-1', attributes: { 'saml.signature.algorithm': 'RSA_SHA1' }, refused: 'saml.algorithm' },
  {
    name: 'exclusive canonicalization with comments',
    attributes: { saml_signature_canonicalization_method: `${CANONICAL}WithComments` },
    refused: 'saml.transform',
  },
  {
    name: 'inclusive canonicalization',
    attributes: { saml_signature_canonicalization_method: 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315' },
    refused: 'saml.transform',
  },
  { name: 'a key name instead of the certificate', attributes: { 'saml.server.signature.keyinfo.ext': 'true' } },
  { name: 'OneTimeUse', attributes: { 'saml.onetimeuse.condition': 'true' } },
  { name: 'no AuthnStatement', attributes: { 'saml.authnstatement': 'false' }, refused: 'saml.authn_statement' },
  {
    name: 'Name ID of the format emailAddress',
    attributes: { saml_name_id_format: 'email', saml_force_name_id_format: 'true' },
    person: 'erin',
  },
  {
    name: 'Name ID of the format transient',
    attributes: { saml_name_id_format: 'transient', saml_force_name_id_format: 'true' },
    refused: 'saml.name_id',
  },
  { name: 'answer by redirect', attributes: { 'saml.force.post.binding': 'false' } },
];

const encrypted = (data: string, key: string, digest = '', mgf = ''): Json => ({
  'saml.encrypt': 'true',
  'saml.encryption.algorithm': data,
  'saml.encryption.keyAlgorithm': key,
  ...(digest !== '' && { 'saml.encryption.digestMethod': digest }),
  ...(mgf !== '' && { 'saml.encryption.maskGenerationFunction': mgf }),
});

const ENCRYPTIONS: readonly Switch[] = [
  { name: 'encrypted, as Keycloak is without further settings', attributes: { 'saml.encrypt': 'true' } },
  {
    name: 'encrypted, assertion signed within',
    attributes: { 'saml.encrypt': 'true', ...signed('assertion') },
  },
  {
    name: 'AES-128-CBC, RSA-OAEP',
    attributes: encrypted(`${XMLENC}aes128-cbc`, `${XMLENC}rsa-oaep-mgf1p`, 'http://www.w3.org/2000/09/xmldsig#sha1'),
  },
  {
    name: 'AES-256-GCM, RSA-OAEP with SHA-256 and MGF1 with SHA-256',
    attributes: encrypted(`${XMLENC11}aes256-gcm`, `${XMLENC11}rsa-oaep`, `${XMLENC}sha256`, `${XMLENC11}mgf1sha256`),
  },
  {
    name: 'AES-256-GCM, RSA-OAEP with SHA-256 and MGF1 with SHA-1',
    attributes: encrypted(`${XMLENC11}aes256-gcm`, `${XMLENC}rsa-oaep-mgf1p`, `${XMLENC}sha256`),
    refused: 'saml.decryption',
  },
  {
    name: 'RSA with PKCS#1 1.5',
    attributes: encrypted(`${XMLENC}aes256-cbc`, `${XMLENC}rsa-1_5`),
    refused: 'saml.decryption',
  },
];

async function playSwitch(ground: TrustGround, { name, attributes, refused, person }: Switch): Promise<void> {
  const { place, checks } = ground;
  const { clientId, realm } = place;
  const before = (await realm.admin<{ attributes: Json }>('GET', `/clients/${clientId}`)).attributes;
  await realm.changeClient(clientId, attributes);
  await checks.play(refused === undefined ? name : `${name}: refused by ${refused}`, () =>
    refused === undefined ? comesIn(ground, person) : isRefused(ground, refused),
  );
  const gone = Object.keys(attributes).filter((key) => !(key in before));
  await realm.changeClient(clientId, { ...before, ...Object.fromEntries(gone.map((key) => [key, null])) });
}

async function playRequests(ground: TrustGround): Promise<void> {
  const { place, checks, vestibule } = ground;
  for (const binding of ['HTTP-POST', 'HTTP-Redirect']) {
    await place.setOptions({ protocolBinding: `urn:oasis:names:tc:SAML:2.0:bindings:${binding}` });
    await checks.play(`Keycloak takes our signed request by ${binding}`, () => comesIn(ground));
  }
  await place.setOptions({ signSAMLRequest: false });
  await checks.play('Keycloak refuses a request of ours that is not signed', async () => {
    const visitor = vestibule.visitor(place.id);
    const page = await signIn(visitor, await visitor.open({ connection: place.connectionName }), 'dana');
    assert.match(page.text, /Invalid requester/i);
  });
  await place.setOptions({ signSAMLRequest: true });
  const address = `${vestibule.origin}/samlp/metadata?connection=${place.connectionName}`;
  await place.realm.changeClient(place.clientId, {
    'saml.useMetadataDescriptorUrl': 'true',
    'saml.metadataDescriptorUrl': address,
  });
  await checks.play('Keycloak reads our metadata by itself', () => comesIn(ground));
}

async function playFromKeycloak({ place, checks, vestibule }: TrustGround): Promise<void> {
  const { realm, clientId } = place;
  await realm.changeClient(clientId, { saml_idp_initiated_sso_url_name: 'vestibule' });
  const address = `${realm.issuer}/protocol/saml/clients/vestibule`;
  await checks.play('a sign-in that begins at Keycloak is not taken by itself', async () => {
    const visitor = vestibule.visitor(place.id);
    const before = await vestibule.snapshot();
    const page = await signIn(visitor, await visitor.browser.visit(address), 'dana');
    assert.ok(page.status >= 400, `${page.status} ${page.url.href}`);
    await vestibule.expectNothingLeft(before);
  });
  await checks.play('switched on, it leads to the application, and signs nobody in', async () => {
    await place.setOptions({ idpinitiated: { enabled: true, client_id: vestibule.clientId } });
    const visitor = vestibule.visitor(place.id);
    const before = await vestibule.snapshot();
    const page = visitor.browser.visit(address).then((form) => signIn(visitor, form, 'dana'));
    // The sign-in ends at the application, whose https address nobody serves.
    await assert.rejects(page);
    await vestibule.expectNothingLeft(before);
  });
}

/** Checks signatures, encryption and requests of SAML. */
export async function playSamlTrust(ground: TrustGround): Promise<void> {
  const { place, vestibule } = ground;
  await place.realm.addPerson('erin', `erin@${place.domain}`);
  await vestibule.createUser(`erin@${place.domain}`, [place.id]);
  for (const one of [...SIGNATURES, ...ENCRYPTIONS]) await playSwitch(ground, one);
  await playRequests(ground);
  await playFromKeycloak(ground);
}
