/** Writes this service provider's metadata document for the administrator of an IdP. Holds no private key. */
import type { IdpDescription } from './idp-metadata.js';
import { POST_BINDING, REDIRECT_BINDING } from './idp-metadata.js';
import { toXmlText } from './messages.js';
import { NAME_ID_FORMATS, type NameIdFormat } from './settings.js';
import { DSIG, METADATA, PROTOCOL } from './xml.js';

export interface OwnMetadata {
  readonly entityId: string;
  readonly acsUrl: string;
  /** This server's address for single logout messages. */
  readonly logoutUrl: string;
  readonly signsRequests: boolean;
  /** Certificates of this server's signing keys, in PEM. */
  readonly signingCertificates: readonly string[];
  readonly encryptionCertificates: readonly string[];
  /** The format of NameID to list first; undefined for the usual order. */
  readonly nameIdFormat: NameIdFormat | undefined;
}

const withoutFrame = (pem: string): string => pem.replace(/-----(?:BEGIN|END) CERTIFICATE-----|\s+/g, '');

const toKey = (use: 'signing' | 'encryption', pem: string): string =>
  `<md:KeyDescriptor use="${use}"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>${withoutFrame(pem)}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>`;

/** Returns the formats of NameID. Some identity providers (SimpleSAMLphp) send the first one, whatever a person has. */
function toFormats(first: NameIdFormat | undefined): string {
  const chosen = NAME_ID_FORMATS.filter(({ name }) => name === first);
  const others = NAME_ID_FORMATS.filter(({ name }) => name !== first);
  return [...chosen, ...others].map(({ urn }) => `<md:NameIDFormat>${urn}</md:NameIDFormat>`).join('');
}

/** Writes this server's metadata document (SAML metadata, section 2.4.4). */
export function toOwnMetadata(own: OwnMetadata): string {
  const keys = [
    ...own.signingCertificates.map((pem) => toKey('signing', pem)),
    ...own.encryptionCertificates.map((pem) => toKey('encryption', pem)),
  ];
  return (
    `<?xml version="1.0" encoding="UTF-8"?>\n<md:EntityDescriptor xmlns:md="${METADATA}" xmlns:ds="${DSIG}" entityID="${toXmlText(own.entityId)}">` +
    `<md:SPSSODescriptor protocolSupportEnumeration="${PROTOCOL}" AuthnRequestsSigned="${own.signsRequests}" WantAssertionsSigned="true">` +
    keys.join('') +
    [REDIRECT_BINDING, POST_BINDING]
      .map((name) => `<md:SingleLogoutService Binding="${name}" Location="${toXmlText(own.logoutUrl)}"/>`)
      .join('') +
    toFormats(own.nameIdFormat) +
    `<md:AssertionConsumerService Binding="${POST_BINDING}" Location="${toXmlText(own.acsUrl)}" index="0" isDefault="true"/>` +
    `</md:SPSSODescriptor></md:EntityDescriptor>\n`
  );
}

/** True where requests to this IdP are signed: by the option, else by the IdP's own wish. */
export function signsRequests(option: boolean | undefined, { wantsSignedRequests }: IdpDescription): boolean {
  return option ?? wantsSignedRequests;
}
