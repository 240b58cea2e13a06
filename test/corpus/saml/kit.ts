/**
 * The generator of the SAML corpus: an identity provider whose answers can be forged in every way that is known. A case is one file beside
 * this one, `<nnn>-<attack>.ts`. The runner is test/connectors/saml-corpus.test.ts.
 */
import type { ExpectedResponse, VerifiedAssertion } from '../../../src/connectors/saml/verify-response.js';
import { ACS, AUDIENCE, assertion, IDP, NOW, type Parts, PERSON, REQUEST, response, VICTIM } from './kit-documents.js';
import { type EncryptOptions, encryptContentFor } from './kit-encryption.js';
import { bodyOf, createSigner, type Signer } from './kit-keys.js';
import { type SignOptions, signElement } from './kit-signing.js';

/** Either the XML of the answer, or more: its exact bytes, the posted text, another expectation. */
export type Built =
  | string
  | {
      readonly xml?: string | Buffer;
      /** The posted field, where it is not plain base64 of the XML. */
      readonly posted?: string;
      readonly expected?: Partial<ExpectedResponse>;
    };

export interface SamlCase {
  /** The attack in one sentence. */
  readonly name: string;
  /** The paper, advisory or rule where the attack is described. */
  readonly source: string;
  /** The check that refuses it; `harmless`: it is accepted, and read as the twin is. */
  readonly check: string;
  /** Of a harmless case: what is read otherwise than in the twin. */
  readonly content?: Partial<VerifiedAssertion>;
  build(kit: Kit): Built;
  /** The same answer without the attack, which is accepted; a signed assertion unless it says otherwise. */
  twin?(kit: Kit): Built;
}

export interface Kit {
  readonly idp: Signer;
  /** The key of the attacker. */
  readonly attacker: Signer;
  /** The service provider's own, for decryption. */
  readonly sp: Signer;
  readonly expected: ExpectedResponse;
  /** A signature of the element `options.id`, by the IdP unless there is a key; KeyInfo has the IdP's certificate, as most send it. */
  sign(xml: string, options: SignOptions): string;
  /** The assertion of {@link PERSON}, signed by the IdP. */
  signed(parts?: Partial<Parts>, options?: Partial<SignOptions>): string;
  /** The attacker's assertion about {@link VICTIM}, unsigned, with an ID of its own. */
  evil(parts?: Partial<Parts>): string;
  /** A whole answer whose assertion is signed. */
  answer(parts?: Partial<Parts>, options?: Partial<SignOptions>): string;
  /** A whole answer where the response is signed and the assertion is not. */
  whole(parts?: Partial<Parts>, options?: Partial<SignOptions>): string;
  encrypt(content: string | Buffer, options?: EncryptOptions): string;
  /** KeyInfo with this signer's certificate. */
  keyInfo(signer: Signer): string;
}

export function createKit(): Kit {
  const idp = createSigner('idp.corp.example');
  const sp = createSigner('login.acme.example');
  const keyInfo = (signer: Signer) =>
    `<ds:KeyInfo><ds:X509Data><ds:X509Certificate>${bodyOf(signer.certificate)}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>`;
  const sign = (xml: string, options: SignOptions) =>
    signElement(xml, idp.privateKey, { keyInfo: keyInfo(idp), ...options });
  const signed = (parts: Partial<Parts> = {}, options: Partial<SignOptions> = {}) =>
    sign(assertion(parts), { id: parts.assertionId ?? '_assertion', ...options });
  return {
    idp,
    attacker: createSigner('idp.corp.example'),
    sp,
    sign,
    signed,
    expected: {
      idpEntityId: IDP,
      certificates: [idp.certificate],
      audience: AUDIENCE,
      acsUrl: ACS,
      requestId: REQUEST,
      decryptionKeys: [sp.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()],
      allowSha1: false,
      clockSkewMs: 60_000,
      now: NOW,
    },
    evil: (parts = {}) => assertion({ person: VICTIM, assertionId: '_evil', ...parts }),
    answer: (parts = {}, options = {}) => response(signed(parts, options), parts),
    whole: (parts = {}, options = {}) => sign(response(assertion(parts), parts), { id: '_response', ...options }),
    encrypt: (content, options) => encryptContentFor(content, sp.publicKey, options),
    keyInfo,
  };
}

/** The field as a browser posts it. */
export function toPosted(built: Built): string {
  if (typeof built === 'string') return Buffer.from(built).toString('base64');
  return built.posted ?? Buffer.from(built.xml ?? '').toString('base64');
}

/** The expectation that the case is checked against. */
export function toExpected(kit: Kit, built: Built): ExpectedResponse {
  return typeof built === 'string' ? kit.expected : { ...kit.expected, ...built.expected };
}

export { PERSON, VICTIM };
