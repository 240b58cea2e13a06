/** SAML responses that prove an identity. The attacks are in test/corpus/saml; these are the ways that must work, and the frame. */
import { describe, expect, test } from 'vitest';
import { type ExpectedResponse, verifyResponse } from '../../../src/connectors/saml/verify-response.js';
import { certificateOf } from '../../support/saml/certificates.js';
import {
  ACS,
  AUDIENCE,
  encrypt,
  IDP,
  type MessageOptions,
  REQUEST,
  sign,
  toAssertion,
  toBase64,
  toResponse,
} from '../../support/saml/messages.js';

const NOW = new Date();
const idp = certificateOf('idp');
const other = certificateOf('other');
const sp = certificateOf('sp');

const expected = (change: Partial<ExpectedResponse> = {}): ExpectedResponse => ({
  idpEntityId: IDP,
  certificates: [idp.cert],
  audience: AUDIENCE,
  acsUrl: ACS,
  requestId: REQUEST,
  decryptionKeys: [],
  allowSha1: false,
  clockSkewMs: 60_000,
  now: NOW,
  ...change,
});

const options = (change: Partial<MessageOptions> = {}): MessageOptions => ({ now: NOW, ...change });
const signedAssertion = (change: Partial<MessageOptions> = {}, key = idp) =>
  toResponse(options(change), sign(toAssertion(options(change)), 'Assertion', key));
const signedResponse = (change: Partial<MessageOptions> = {}, key = idp) =>
  sign(toResponse(options(change), toAssertion(options(change))), 'Response', key);
const checkOf = async (xml: string, change: Partial<ExpectedResponse> = {}) => {
  const answer = await verifyResponse(toBase64(xml), expected(change));
  return answer.ok ? 'accepted' : answer.check;
};

describe('accepted', () => {
  test('a signed assertion: every value is there', async () => {
    const answer = await verifyResponse(
      toBase64(signedAssertion({ attributes: { email: ['a@b.example'], role: ['x', 'y'] } })),
      expected(),
    );
    expect(answer).toMatchObject({
      ok: true,
      assertion: {
        id: '_assertion1',
        issuer: IDP,
        nameId: 'mara',
        sessionIndex: '_session1',
        attributes: { email: ['a@b.example'], role: ['x', 'y'] },
        authnInstant: NOW,
        notOnOrAfter: new Date(NOW.getTime() + 5 * 60_000),
      },
    });
  });

  test('a signed response', async () => expect(await checkOf(signedResponse())).toBe('accepted'));

  test('both signed', async () => {
    const inner = sign(toAssertion(options()), 'Assertion', idp);
    expect(await checkOf(sign(toResponse(options(), inner), 'Response', idp))).toBe('accepted');
  });

  test.each(
    ['aes256-cbc', 'aes128-cbc']
      .map((name) => `http://www.w3.org/2001/04/xmlenc#${name}`)
      .concat('http://www.w3.org/2009/xmlenc11#aes256-gcm'),
  )('encrypted with %s: the assertion signed inside, or the response around it', async (algorithm) => {
    const keys = { decryptionKeys: [other.key, sp.key] };
    const inside = await encrypt(sign(toAssertion(options()), 'Assertion', idp), sp, algorithm);
    expect(await checkOf(toResponse(options(), inside), keys)).toBe('accepted');
    const around = await encrypt(toAssertion(options()), sp, algorithm);
    expect(await checkOf(sign(toResponse(options(), around), 'Response', idp), keys)).toBe('accepted');
    expect(await checkOf(toResponse(options(), around), keys)).toBe('saml.signature');
    expect(await checkOf(toResponse(options(), inside), { decryptionKeys: [other.key] })).toBe('saml.decryption');
    expect(await checkOf(toResponse(options(), inside))).toBe('saml.decryption');
  });

  test('a method that is not spoken is named to the administrator', async () => {
    const around = await encrypt(toAssertion(options()), sp, 'http://www.w3.org/2009/xmlenc11#aes256-gcm');
    const detailOf = async (from: string, to: string) => {
      const changed = sign(toResponse(options(), around.replace(from, to)), 'Response', idp);
      const answer = await verifyResponse(toBase64(changed), expected({ decryptionKeys: [sp.key] }));
      return answer.ok ? 'accepted' : answer.detail;
    };
    const oaep = 'http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p';
    expect(around).toContain(oaep);
    expect(await detailOf(oaep, 'http://www.w3.org/2001/04/xmlenc#rsa-1_5')).toContain(
      'keys by http://www.w3.org/2001/04/xmlenc#rsa-1_5',
    );
    expect(
      await detailOf('http://www.w3.org/2000/09/xmldsig#sha1', 'http://www.w3.org/2001/04/xmlenc#sha256'),
    ).toContain(`${oaep} with http://www.w3.org/2001/04/xmlenc#sha256`);
    expect(
      await detailOf('http://www.w3.org/2009/xmlenc11#aes256-gcm', 'http://www.w3.org/2001/04/xmlenc#tripledes-cbc'),
    ).toContain('content by http://www.w3.org/2001/04/xmlenc#tripledes-cbc');
  });

  test('either of two pinned certificates signs, and an elliptic curve', async () => {
    const curve = certificateOf('curve', { algorithm: 'ec' });
    const certificates = [other.cert, idp.cert, curve.cert];
    expect(await checkOf(signedAssertion(), { certificates })).toBe('accepted');
    const method = { signatureAlgorithm: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha512' };
    const xml = toResponse(options(), sign(toAssertion(options()), 'Assertion', other, method));
    expect(await checkOf(xml, { certificates })).toBe('accepted');
  });

  test('SHA-1 only where the connection asks for it', async () => {
    const xml = toResponse(
      options(),
      sign(toAssertion(options()), 'Assertion', idp, {
        signatureAlgorithm: 'http://www.w3.org/2000/09/xmldsig#rsa-sha1',
        digestAlgorithm: 'http://www.w3.org/2000/09/xmldsig#sha1',
      }),
    );
    expect(await checkOf(xml, { allowSha1: true })).toBe('accepted');
    expect(await checkOf(xml)).toBe('saml.algorithm');
  });
});

describe('refused', () => {
  test('unsigned', async () =>
    expect(await checkOf(toResponse(options(), toAssertion(options())))).toBe('saml.signature'));
  test('another key', async () => expect(await checkOf(signedAssertion({}, other))).toBe('saml.certificate'));
  test('changed after signing', async () =>
    expect(await checkOf(signedAssertion().replace('>mara<', '>nora<'))).toBe('saml.signature'));
  test('an expired certificate', async () => {
    const old = certificateOf('old', {
      notBefore: new Date(NOW.getTime() - 2e9),
      notAfter: new Date(NOW.getTime() - 1e6),
    });
    expect(await checkOf(signedAssertion({}, old), { certificates: [old.cert] })).toBe('saml.certificate_expired');
  });
  test.each<[string, Partial<MessageOptions>]>([
    ['issuer', { issuer: 'https://evil.example' }],
    ['issuer', { responseIssuer: 'https://evil.example' }],
    ['audience', { audience: 'urn:other' }],
    ['destination', { destination: 'https://evil.example/acs' }],
    ['recipient', { recipient: 'https://evil.example/acs' }],
    ['in_response_to', { requestId: '_other' }],
    ['in_response_to', { requestId: null }],
    ['name_id', { nameId: ' ' }],
    ['not_on_or_after', { now: new Date(NOW.getTime() - 7 * 60_000) }],
    ['not_before', { now: new Date(NOW.getTime() + 7 * 60_000) }],
  ])('saml.%s: %j', async (check, change) => {
    expect(await checkOf(signedAssertion(change))).toBe(`saml.${check}`);
  });
  test('a signed response without a destination', async () =>
    expect(await checkOf(signedResponse({ destination: null }))).toBe('saml.destination'));
  test.each([
    ['saml.doctype', (xml: string) => `<!DOCTYPE x>${xml}`],
    ['saml.processing_instruction', (xml: string) => xml.replace('<samlp:Status>', '<?x y?><samlp:Status>')],
    ['saml.comment', (xml: string) => xml.replace('>mara<', '>ma<!---->ra<')],
    ['saml.entity', (xml: string) => xml.replace('>mara<', '>&mara;<')],
    ['saml.xml', (xml: string) => xml.replace('</samlp:Response>', '')],
    [
      'saml.one_assertion',
      (xml: string) =>
        xml.replace('</samlp:Response>', `${toAssertion(options({ assertionId: '_2' }))}</samlp:Response>`),
    ],
    ['saml.duplicate_id', (xml: string) => xml.replace('<samlp:Status>', '<samlp:Status Id="_assertion1">')],
  ])('%s', async (check, change) => expect(await checkOf(change(signedAssertion()))).toBe(check));
  test('a status that is no success', async () => {
    const xml = toResponse(options(), '').replace(':Success', ':Responder');
    expect(await verifyResponse(toBase64(xml), expected())).toMatchObject({
      reason: 'unreachable',
      check: 'saml.status',
    });
    const denied = xml.replace(
      'status:Responder"/>',
      'status:Responder"><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:AuthnFailed"/></samlp:StatusCode>',
    );
    expect(await verifyResponse(toBase64(denied), expected())).toMatchObject({
      reason: 'denied',
      check: 'saml.status',
    });
  });
  test('an unsolicited answer only where one is expected, and only one that is fresh', async () => {
    expect(await checkOf(signedAssertion({ requestId: null }), { requestId: undefined })).toBe('accepted');
    expect(await checkOf(signedAssertion(), { requestId: undefined })).toBe('saml.in_response_to');
  });
});
