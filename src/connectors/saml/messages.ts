/**
 * Writes our messages to an identity provider, for a redirect or a post (SAML bindings, sections 3.4 and 3.5). Every
 * value in them is escaped; ids and times come from the caller.
 */
import { createPrivateKey, sign } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import { SignedXml } from 'xml-crypto';
import type { IdpSession } from '../../domain/people/account.js';
import { POST_BINDING } from './idp-metadata.js';
import type { KeyPair } from './pem.js';
import { ASSERTION, DSIG, PROTOCOL, XMLENC } from './xml.js';

const RSA = {
  'rsa-sha256': { uri: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256', hash: 'sha256' },
  'rsa-sha1': { uri: `${DSIG}rsa-sha1`, hash: 'sha1' },
} as const;
const DIGEST = { sha256: `${XMLENC}sha256`, sha1: `${DSIG}sha1` } as const;
const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#';
const SUCCESS = 'urn:oasis:names:tc:SAML:2.0:status:Success';

/** Escapes a text for an element's content or an attribute in double quotes. */
export function toXmlText(text: string): string {
  return text
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/[\t\n\r]/g, ' ');
}

const attributes = (values: Readonly<Record<string, string | undefined>>): string =>
  Object.entries(values)
    .map(([name, value]) => (value === undefined ? '' : ` ${name}="${toXmlText(value)}"`))
    .join('');

interface Header {
  readonly id: string;
  readonly now: Date;
  readonly destination: string;
  readonly issuer: string;
}

/**
 * Writes a request to sign in (SAML core, section 3.4.1). `anew`: the person must sign in even with a session at the
 * IdP.
 */
export function toAuthnRequest(header: Header, { acsUrl, anew }: { acsUrl: string; anew: boolean }): string {
  const { id, now, destination, issuer } = header;
  const values = {
    ID: id,
    Version: '2.0',
    IssueInstant: now.toISOString(),
    Destination: destination,
    AssertionConsumerServiceURL: acsUrl,
    ProtocolBinding: POST_BINDING,
    ForceAuthn: anew ? 'true' : undefined,
  };
  return (
    `<samlp:AuthnRequest xmlns:samlp="${PROTOCOL}" xmlns:saml="${ASSERTION}"${attributes(values)}>` +
    `<saml:Issuer>${toXmlText(issuer)}</saml:Issuer></samlp:AuthnRequest>`
  );
}

/** Opens a logout message: its start tag and issuer; the caller adds content and end tag. */
function toHead(name: string, { id, now, destination, issuer }: Header, own: Readonly<Record<string, string>>): string {
  const values = { ID: id, Version: '2.0', IssueInstant: now.toISOString(), Destination: destination, ...own };
  return (
    `<samlp:${name} xmlns:samlp="${PROTOCOL}" xmlns:saml="${ASSERTION}"${attributes(values)}>` +
    `<saml:Issuer>${toXmlText(issuer)}</saml:Issuer>`
  );
}

/** Writes a request to end a session at the IdP, with the name as received (SAML core, section 3.7.1). */
export function toLogoutRequest(header: Header, session: IdpSession, notOnOrAfter: Date): string {
  const { name, format, nameQualifier, spNameQualifier, index } = session;
  const named = attributes({ NameQualifier: nameQualifier, SPNameQualifier: spNameQualifier, Format: format });
  return (
    toHead('LogoutRequest', header, { NotOnOrAfter: notOnOrAfter.toISOString() }) +
    `<saml:NameID${named}>${toXmlText(name)}</saml:NameID>` +
    (index === undefined ? '' : `<samlp:SessionIndex>${toXmlText(index)}</samlp:SessionIndex>`) +
    '</samlp:LogoutRequest>'
  );
}

/** Writes the answer that all sessions have ended (SAML core, section 3.7.2). */
export function toLogoutResponse(header: Header, inResponseTo: string): string {
  return (
    toHead('LogoutResponse', header, { InResponseTo: inResponseTo }) +
    `<samlp:Status><samlp:StatusCode Value="${SUCCESS}"/></samlp:Status></samlp:LogoutResponse>`
  );
}

export interface MessageSigning {
  readonly pair: KeyPair;
  readonly signatureAlgorithm: keyof typeof RSA;
  readonly digestAlgorithm: keyof typeof DIGEST;
}

export interface Travelling {
  /** The parameter's name; `SAMLRequest` unless it says otherwise. */
  readonly kind?: 'SAMLRequest' | 'SAMLResponse';
  readonly xml: string;
  readonly relayState?: string | undefined;
  readonly signing: MessageSigning | undefined;
}

/** Returns the address of a redirect; the signature covers the query as it is sent. */
export function toRedirect(address: string, { kind = 'SAMLRequest', xml, relayState, signing }: Travelling): string {
  const deflated = deflateRawSync(Buffer.from(xml, 'utf8')).toString('base64');
  const query = [`${kind}=${encodeURIComponent(deflated)}`];
  if (relayState !== undefined) query.push(`RelayState=${encodeURIComponent(relayState)}`);
  if (signing !== undefined) {
    const { uri, hash } = RSA[signing.signatureAlgorithm];
    query.push(`SigAlg=${encodeURIComponent(uri)}`);
    const signature = sign(hash, Buffer.from(query.join('&'), 'ascii'), createPrivateKey(signing.pair.key));
    query.push(`Signature=${encodeURIComponent(signature.toString('base64'))}`);
  }
  return `${address}${address.includes('?') ? '&' : '?'}${query.join('&')}`;
}

function signMessage(xml: string, { pair, signatureAlgorithm, digestAlgorithm }: MessageSigning): string {
  const signed = new SignedXml({
    privateKey: pair.key,
    ...(pair.cert !== undefined && { publicCert: pair.cert }),
    signatureAlgorithm: RSA[signatureAlgorithm].uri,
    canonicalizationAlgorithm: EXCLUSIVE,
  });
  signed.addReference({
    xpath: '/*',
    transforms: [`${DSIG}enveloped-signature`, EXCLUSIVE],
    digestAlgorithm: DIGEST[digestAlgorithm],
  });
  // The schema wants the signature after the issuer.
  signed.computeSignature(xml, {
    prefix: 'ds',
    location: { reference: "/*/*[local-name(.)='Issuer']", action: 'after' },
  });
  return signed.getSignedXml();
}

/** Returns the form fields of a message that is posted. */
export function toPost({ kind = 'SAMLRequest', xml, relayState, signing }: Travelling): Record<string, string> {
  const message = signing === undefined ? xml : signMessage(xml, signing);
  return {
    [kind]: Buffer.from(message, 'utf8').toString('base64'),
    ...(relayState !== undefined && { RelayState: relayState }),
  };
}
