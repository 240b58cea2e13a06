/**
 * Reads an identity provider's SAML metadata (SAML metadata, OASIS 2005): entity id, addresses, signing certificates.
 * The document is as trustworthy as its origin: an administrator's upload, or an https address that an administrator
 * wrote.
 */
import type { ConnectorFailure } from '../../ports/connector.js';
import { fail } from '../oidc/failure.js';
import { parseInstant } from './conditions.js';
import { findCertificates, MAX_CERTIFICATES } from './pem.js';
import { attributeOf, DSIG, elementsOf, findChildren, isNamed, METADATA, PROTOCOL, parseXml, textOf } from './xml.js';

export const REDIRECT_BINDING = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect';
export const POST_BINDING = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST';
const MAX_ENTITY_ID = 1024;
const MAX_URL = 2048;

export interface IdpDescription {
  readonly entityId: string;
  /** Addresses for sign-ins, by binding. */
  readonly signIn: Readonly<Partial<Record<string, string>>>;
  readonly signOut: Readonly<Partial<Record<string, string>>>;
  /** Addresses for this server's answers to the IdP's logout requests. */
  readonly signOutAnswers: Readonly<Partial<Record<string, string>>>;
  /** The IdP's signing certificates in PEM. */
  readonly certificates: readonly string[];
  readonly wantsSignedRequests: boolean;
}

const wrong = (check: string, detail: string): ConnectorFailure => fail('invalid', `metadata.${check}`, detail);

/** True for an http(s) address, to which a browser may be sent. */
export function isWebAddress(text: string): boolean {
  return text.length <= MAX_URL && URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

/**
 * Returns the addresses of services by binding. `of` names the attribute to read; Location where it is absent (SAML
 * metadata, section 2.2.2).
 */
function addressesOf(descriptor: Element, name: string, of = 'Location'): Record<string, string> {
  const found: Record<string, string> = {};
  for (const service of findChildren(descriptor, METADATA, name)) {
    const binding = attributeOf(service, 'Binding');
    const address = attributeOf(service, of) ?? attributeOf(service, 'Location');
    if (binding !== REDIRECT_BINDING && binding !== POST_BINDING) continue;
    if (address !== undefined && isWebAddress(address) && found[binding] === undefined) found[binding] = address;
  }
  return found;
}

function certificatesOf(descriptor: Element): string[] {
  const keys = findChildren(descriptor, METADATA, 'KeyDescriptor');
  const signing = keys.filter((key) => [undefined, 'signing'].includes(attributeOf(key, 'use')));
  const found = signing.flatMap((key) =>
    [...elementsOf(key)]
      .filter((one) => isNamed(one, DSIG, 'X509Certificate'))
      .flatMap((one) => findCertificates(textOf(one) ?? '')),
  );
  return [...new Set(found)].slice(0, MAX_CERTIFICATES);
}

/** Finds the entity that describes an identity provider; of several, the one with this entity id. */
function findEntity(root: Element, entityId: string | undefined): Element | undefined {
  const entities = [...elementsOf(root)].filter(
    (one) => isNamed(one, METADATA, 'EntityDescriptor') && findChildren(one, METADATA, 'IDPSSODescriptor').length > 0,
  );
  const wanted =
    entityId === undefined ? entities : entities.filter((one) => attributeOf(one, 'entityID') === entityId);
  return wanted.length === 1 ? wanted[0] : undefined;
}

/** True when the document has expired (`validUntil`): its keys may not be valid any more. */
function isOver(element: Element, now: Date): boolean {
  const until = attributeOf(element, 'validUntil');
  return until !== undefined && !((parseInstant(until)?.getTime() ?? 0) > now.getTime());
}

/**
 * Parses a metadata document into the identity provider that it describes. @param entityId the pinned one, if the
 * connection names one
 */
export function parseIdpMetadata(
  text: string,
  entityId: string | undefined,
  now: Date,
): IdpDescription | ConnectorFailure {
  const document = parseXml(text.replace(/^\uFEFF/, '').trim(), 'allowed');
  if (!document.ok) return wrong(document.check, document.detail);
  const { root } = document;
  const entity = findEntity(root, entityId);
  if (entity === undefined)
    return wrong(
      'entity_id',
      entityId === undefined
        ? 'the document describes no identity provider, or several: name one in options.issuer'
        : `the document does not describe the identity provider ${entityId}`,
    );
  const [descriptor] = findChildren(entity, METADATA, 'IDPSSODescriptor') as [Element];
  if ([root, entity, descriptor].some((one) => isOver(one, now)))
    return wrong('valid_until', 'the document is out of date');
  const name = attributeOf(entity, 'entityID') ?? '';
  if (name === '' || name.length > MAX_ENTITY_ID) return wrong('entity_id', 'the entity id is missing or too long');
  const protocols = (attributeOf(descriptor, 'protocolSupportEnumeration') ?? PROTOCOL).split(/\s+/);
  if (!protocols.includes(PROTOCOL)) return wrong('protocol', 'the identity provider does not speak SAML 2.0');
  return {
    entityId: name,
    signIn: addressesOf(descriptor, 'SingleSignOnService'),
    signOut: addressesOf(descriptor, 'SingleLogoutService'),
    signOutAnswers: addressesOf(descriptor, 'SingleLogoutService', 'ResponseLocation'),
    certificates: certificatesOf(descriptor),
    wantsSignedRequests: attributeOf(descriptor, 'WantAuthnRequestsSigned') === 'true',
  };
}
