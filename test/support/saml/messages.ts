/** Builds SAML responses as an identity provider does, with every part open to change. Signs with xml-crypto, encrypts with xml-encryption. */
import { SignedXml } from 'xml-crypto';
import xmlenc from 'xml-encryption';
import type { TestCertificate } from './certificates.js';

export const IDP = 'https://idp.example/metadata';
export const ACS = 'https://login.example/login/callback?connection=acme';
export const AUDIENCE = 'urn:auth0:tenant:acme';
export const REQUEST = '_request1';

const SHA256 = 'http://www.w3.org/2001/04/xmlenc#sha256';
const RSA_SHA256 = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256';
const TRANSFORMS = [
  'http://www.w3.org/2000/09/xmldsig#enveloped-signature',
  'http://www.w3.org/2001/10/xml-exc-c14n#',
] as const;

export interface MessageOptions {
  readonly now: Date;
  readonly issuer?: string;
  readonly responseIssuer?: string | null;
  readonly audience?: string;
  readonly destination?: string | null;
  readonly recipient?: string;
  readonly requestId?: string | null;
  readonly nameId?: string;
  readonly nameIdFormat?: string;
  readonly attributes?: Readonly<Record<string, readonly string[]>>;
  /** Replaces a text of the unsigned assertion. */
  readonly change?: (assertion: string) => string;
  readonly assertionId?: string;
  readonly sessionIndex?: string;
}

const at = (now: Date, minutes: number): string => new Date(now.getTime() + minutes * 60_000).toISOString();
const quote = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;');

function attributesOf(attributes: MessageOptions['attributes']): string {
  const entries = Object.entries(attributes ?? { email: ['mara@acme.example'] });
  const all = entries.map(([name, values]) => {
    const list = values.map((value) => `<saml:AttributeValue>${quote(value)}</saml:AttributeValue>`).join('');
    return `<saml:Attribute Name="${quote(name)}">${list}</saml:Attribute>`;
  });
  return `<saml:AttributeStatement>${all.join('')}</saml:AttributeStatement>`;
}

/** An assertion without a signature. */
export function toAssertion(options: MessageOptions): string {
  const { now, requestId = REQUEST } = options;
  const answered = requestId === null ? '' : ` InResponseTo="${requestId}"`;
  const format = options.nameIdFormat ?? 'urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified';
  const text = `<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="${options.assertionId ?? '_assertion1'}" Version="2.0" IssueInstant="${at(now, 0)}"><saml:Issuer>${options.issuer ?? IDP}</saml:Issuer><saml:Subject><saml:NameID Format="${format}">${quote(options.nameId ?? 'mara')}</saml:NameID><saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData Recipient="${options.recipient ?? ACS}" NotOnOrAfter="${at(now, 5)}"${answered}/></saml:SubjectConfirmation></saml:Subject><saml:Conditions NotBefore="${at(now, -1)}" NotOnOrAfter="${at(now, 5)}"><saml:AudienceRestriction><saml:Audience>${options.audience ?? AUDIENCE}</saml:Audience></saml:AudienceRestriction></saml:Conditions><saml:AuthnStatement AuthnInstant="${at(now, 0)}" SessionIndex="${options.sessionIndex ?? '_session1'}"><saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>${attributesOf(options.attributes)}</saml:Assertion>`;
  return options.change?.(text) ?? text;
}

/** A response around a text, which is an assertion in most cases. */
export function toResponse(options: MessageOptions, content: string): string {
  const { now, requestId = REQUEST, destination = ACS, responseIssuer = IDP } = options;
  const answered = requestId === null ? '' : ` InResponseTo="${requestId}"`;
  const where = destination === null ? '' : ` Destination="${destination}"`;
  const issuer =
    responseIssuer === null
      ? ''
      : `<saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">${responseIssuer}</saml:Issuer>`;
  return `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_response1" Version="2.0" IssueInstant="${at(now, 0)}"${where}${answered}>${issuer}<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>${content}</samlp:Response>`;
}

export interface SigningOptions {
  readonly signatureAlgorithm?: string;
  readonly digestAlgorithm?: string;
  readonly transforms?: readonly string[];
  readonly canonicalizationAlgorithm?: string;
}

/** Signs the element of a local name, after its Issuer, with an enveloped signature. */
export function sign(xml: string, name: string, { key, cert }: TestCertificate, options: SigningOptions = {}): string {
  const signed = new SignedXml({
    privateKey: key,
    publicCert: cert,
    signatureAlgorithm: options.signatureAlgorithm ?? RSA_SHA256,
    canonicalizationAlgorithm: options.canonicalizationAlgorithm ?? TRANSFORMS[1],
  });
  signed.addReference({
    xpath: `//*[local-name(.)='${name}']`,
    transforms: [...(options.transforms ?? TRANSFORMS)],
    digestAlgorithm: options.digestAlgorithm ?? SHA256,
  });
  const reference = `//*[local-name(.)='${name}']/*[local-name(.)='Issuer']`;
  signed.computeSignature(xml, { prefix: 'ds', location: { reference, action: 'after' } });
  return signed.getSignedXml();
}

/** An EncryptedAssertion. */
export async function encrypt(assertion: string, { cert }: TestCertificate, algorithm: string): Promise<string> {
  const data = await new Promise<string>((resolve, reject) => {
    xmlenc.encrypt(
      assertion,
      {
        rsa_pub: cert,
        pem: cert,
        encryptionAlgorithm: algorithm,
        keyEncryptionAlgorithm: 'http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p',
        disallowEncryptionWithInsecureAlgorithm: false,
        warnInsecureAlgorithm: false,
      },
      (error: Error | null, result?: string) => (error ? reject(error) : resolve(String(result))),
    );
  });
  return `<saml:EncryptedAssertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">${data}</saml:EncryptedAssertion>`;
}

export const toBase64 = (xml: string): string => Buffer.from(xml, 'utf8').toString('base64');
