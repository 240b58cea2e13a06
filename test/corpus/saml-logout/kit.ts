/**
 * The generator of the corpus of logout forgeries: an identity provider whose messages of single logout can be wrong in every way that is
 * known. A case is one file beside this one, `<nnn>-<attack>.ts`. The runner is test/connectors/saml-logout-corpus.test.ts.
 */
import { createHmac, type KeyObject, sign } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import type { ExpectedLogout } from '../../../src/connectors/saml/logout-message.js';
import type { LogoutInput } from '../../../src/ports/single-logout.js';
import { at, IDP, NOW } from '../saml/kit-documents.js';
import { bodyOf, createSigner, type Signer } from '../saml/kit-keys.js';
import { RSA_SHA256, type SignOptions, signElement } from '../saml/kit-signing.js';
import { LOGOUT_URL, REQUEST, toLogoutXml } from './kit-documents.js';

export { at, IDP, LOGOUT_URL, REQUEST };
export const RSA_SHA1 = 'http://www.w3.org/2000/09/xmldsig#rsa-sha1';

export interface Built {
  readonly input: LogoutInput;
  /** `SAMLRequest` unless it says otherwise. */
  readonly kind?: 'response';
  readonly expected?: Partial<ExpectedLogout>;
}

export interface LogoutCase {
  /** The attack in one sentence. */
  readonly name: string;
  /** The paper, advisory or rule where the attack is described. */
  readonly source: string;
  /** The check that refuses it; `harmless`: it is accepted, and read as the twin is. */
  readonly check: string;
  /** Of a harmless case: what is read otherwise than in the twin. */
  readonly content?: object;
  build(kit: LogoutKit): Built;
  /** The same message without the attack, which is accepted; a request by a redirect unless it says otherwise. */
  twin?(kit: LogoutKit): Built;
}

export interface RedirectOptions {
  readonly kind?: 'SAMLRequest' | 'SAMLResponse';
  readonly relayState?: string;
  /** A text is a secret for HMAC. */
  readonly key?: KeyObject | string;
  readonly algorithm?: string;
  /** Changes the text that is signed. */
  readonly signed?: (text: string) => string;
  /** Changes the whole query. */
  readonly patch?: (query: string) => string;
  readonly packed?: Buffer;
}

export interface LogoutKit {
  readonly idp: Signer;
  readonly attacker: Signer;
  readonly expected: ExpectedLogout;
  /** A message by a redirect, with its signature in the address. */
  redirect(xml: string, options?: RedirectOptions): LogoutInput;
  /** A signature in the document; `_logout` is signed unless another id is given. */
  sign(xml: string, options?: Partial<SignOptions>): string;
  post(xml: string, field?: 'SAMLRequest' | 'SAMLResponse', relayState?: string): LogoutInput;
}

function signQuery(text: string, algorithm: string, key: KeyObject | string): string {
  const hash = /sha1|sha256|sha512/.exec(algorithm)?.[0] ?? 'sha256';
  const bytes =
    typeof key === 'string' ? createHmac(hash, key).update(text).digest() : sign(hash, Buffer.from(text), key);
  return encodeURIComponent(bytes.toString('base64'));
}

export function createLogoutKit(): LogoutKit {
  const idp = createSigner('idp.corp.example');
  const keyInfo = `<ds:KeyInfo><ds:X509Data><ds:X509Certificate>${bodyOf(idp.certificate)}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>`;
  return {
    idp,
    attacker: createSigner('idp.corp.example'),
    expected: {
      idpEntityId: IDP,
      certificates: [idp.certificate],
      logoutUrl: LOGOUT_URL,
      allowSha1: false,
      clockSkewMs: 60_000,
      now: NOW,
    },
    redirect(xml, options = {}) {
      const { kind = 'SAMLRequest', relayState, key = idp.privateKey, algorithm = RSA_SHA256 } = options;
      const message = encodeURIComponent((options.packed ?? deflateRawSync(Buffer.from(xml))).toString('base64'));
      const state = relayState === undefined ? '' : `&RelayState=${encodeURIComponent(relayState)}`;
      const text = `${kind}=${message}${state}&SigAlg=${encodeURIComponent(algorithm)}`;
      const query = `${text}&Signature=${signQuery((options.signed ?? String)(text), algorithm, key)}`;
      return { method: 'GET', query: (options.patch ?? String)(query) };
    },
    sign: (xml, options = {}) => signElement(xml, idp.privateKey, { id: '_logout', keyInfo, ...options }),
    post: (xml, field = 'SAMLRequest', relayState) => ({
      method: 'POST',
      parameters: {
        [field]: Buffer.from(xml).toString('base64'),
        ...(relayState !== undefined && { RelayState: relayState }),
      },
    }),
  };
}

/** The usual twin of a posted request. */
export const postedTwin = (kit: LogoutKit): Built => ({ input: kit.post(kit.sign(toLogoutXml())) });
