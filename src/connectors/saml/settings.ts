/**
 * Parses the options of a `samlp` connection under Auth0's names. An option that would weaken a check is refused; one
 * without effect is ignored (docs/auth0-compatibility.md lists both).
 */
import { destinationOf } from '../../domain/companies/idp-destination.js';
import type { Connection } from '../../domain/tenant.js';
import type { ConnectorFailure } from '../../ports/connector.js';
import { fail } from '../oidc/failure.js';
import { parseUpstream, type UpstreamParams } from '../upstream-params.js';
import { type IdpDescription, isWebAddress, POST_BINDING, REDIRECT_BINDING } from './idp-metadata.js';
import { findCertificates, type KeyPair, MAX_CERTIFICATES, parseKeyPair } from './pem.js';

type Options = Connection['options'];

export interface SamlSettings {
  /** This server's entity id at the IdP; undefined for the usual one. */
  readonly entityId: string | undefined;
  /** Entity id of the pinned IdP, if an option names it. */
  readonly issuer: string | undefined;
  readonly metadataUrl: string | undefined;
  readonly metadataXml: string | undefined;
  /** The options' values about the IdP; they take precedence over addresses in metadata. */
  readonly given: Omit<IdpDescription, 'entityId' | 'wantsSignedRequests'>;
  readonly binding: typeof POST_BINDING | typeof REDIRECT_BINDING | undefined;
  readonly signRequest: boolean | undefined;
  /** False where the option `disableSignout` stops logout requests to the IdP. */
  readonly signsOut: boolean;
  readonly signatureAlgorithm: 'rsa-sha256' | 'rsa-sha1';
  readonly digestAlgorithm: 'sha256' | 'sha1';
  readonly allowSha1: boolean;
  readonly userIdAttributes: readonly string[];
  /** The format of NameID that this server's metadata list first; undefined for the usual order. */
  readonly nameIdFormat: NameIdFormat | undefined;
  /** The attributes to read for each of our fields. The first one that the assertion has counts. */
  readonly fieldsMap: Readonly<Record<string, readonly string[]>>;
  /** Additional parameters of the sign-in address. */
  readonly upstream: UpstreamParams;
  readonly signingKey: KeyPair | undefined;
  readonly decryptionKey: KeyPair | undefined;
}

/** The formats of NameID that are accepted, in the usual order, with the names of the option `name_id_format`. */
export const NAME_ID_FORMATS = [
  { name: 'emailAddress', urn: 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress' },
  { name: 'persistent', urn: 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent' },
  { name: 'unspecified', urn: 'urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified' },
] as const;
export type NameIdFormat = (typeof NAME_ID_FORMATS)[number]['name'];

const findNameIdFormat = (value: unknown): NameIdFormat | undefined =>
  NAME_ID_FORMATS.find(({ name }) => name === value)?.name;

const MAX_TEXT = 2048;
const MAX_DOCUMENT = 262_144;
const MAX_FIELDS = 44;
/** Auth0's default template, which changes nothing; it is stored in many tenants. */
const USUAL_TEMPLATE =
  /^<samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2\.0:protocol"(?: (?:@@AssertServiceURLAndDestination@@|(?:ID|IssueInstant|ProtocolBinding|Version|Destination|AssertionConsumerServiceURL)="[@A-Za-z0-9.]{1,40}")){1,8}> ?<saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2\.0:assertion">@@Issuer@@<\/saml:Issuer> ?<\/samlp:AuthnRequest>$/;

function findText(options: Options, name: string, max = MAX_TEXT): string | undefined {
  const value = options[name];
  return typeof value === 'string' && value.trim() !== '' && value.length <= max ? value : undefined;
}

function certificatesOf(options: Options): readonly string[] {
  const list = Array.isArray(options.signingCerts) ? options.signingCerts : [];
  const texts = [options.signingCert, ...list, options.cert].filter((one) => typeof one === 'string');
  return [...new Set(texts.flatMap(findCertificates))].slice(0, MAX_CERTIFICATES);
}

function parseFieldsMap(given: unknown): Record<string, readonly string[]> {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return {};
  const entries = Object.entries(given as Options).slice(0, MAX_FIELDS);
  return Object.fromEntries(
    entries.map(([field, names]) => [
      field,
      (Array.isArray(names) ? names : [names]).filter((name) => typeof name === 'string' && name !== ''),
    ]),
  );
}

/** Finds an option that is not supported or would weaken a check; returns a sentence for the administrator. */
function findRefused(options: Options): string | undefined {
  const template = findText(options, 'requestTemplate', 10_240);
  if (template !== undefined && !USUAL_TEMPLATE.test(template.replace(/\s+/g, ' ').trim()))
    return 'requestTemplate is not available on this server: leave it out, and set the other options instead';
  for (const name of ['signingCert', 'cert'] as const)
    if (findText(options, name, MAX_DOCUMENT) !== undefined && findCertificates(String(options[name])).length === 0)
      return `${name} holds no certificate: paste it as PEM or base64`;
  for (const name of ['signing_key', 'decryptionKey'])
    if (options[name] !== undefined && options[name] !== null && parseKeyPair(options[name]) === undefined)
      return `${name} is not an RSA private key in PEM`;
  for (const name of ['signInEndpoint', 'signOutEndpoint', 'metadataUrl']) {
    const address = options[name];
    if (typeof address === 'string' && address !== '' && !isWebAddress(address))
      return `${name} is not an http(s) address`;
  }
  const format = options.name_id_format;
  if (format !== undefined && format !== null && findNameIdFormat(format) === undefined)
    return `name_id_format takes ${NAME_ID_FORMATS.map(({ name }) => name).join(', ')}`;
  const binding = options.protocolBinding;
  return binding === undefined || binding === null || binding === POST_BINDING || binding === REDIRECT_BINDING
    ? undefined
    : `protocolBinding takes ${POST_BINDING} or ${REDIRECT_BINDING}`;
}

function givenOf(options: Options): SamlSettings['given'] {
  const signIn = findText(options, 'signInEndpoint');
  const signOut = findText(options, 'signOutEndpoint');
  const both = (address: string | undefined) =>
    address === undefined ? {} : { [REDIRECT_BINDING]: address, [POST_BINDING]: address };
  // Auth0's rule: without a logout address, a logout goes to the sign-in address. If there is metadata, only the
  // metadata decides whether there is a logout address.
  const hasMetadata = ['metadataUrl', 'metadataXml'].some(
    (name) => findText(options, name, MAX_DOCUMENT) !== undefined,
  );
  const signOuts = both(signOut ?? (hasMetadata ? undefined : signIn));
  return {
    signIn: both(signIn),
    signOut: signOuts,
    signOutAnswers: signOuts,
    certificates: certificatesOf(options),
  };
}

/** Parses the settings, or returns the failure `connection.options` whose detail names the option to change. */
export function parseSamlSettings(connection: Connection): SamlSettings | ConnectorFailure {
  const { options } = connection;
  const wrong = (detail: string) => fail('invalid', 'connection.options', detail);
  const refused = findRefused(options);
  if (refused !== undefined) return wrong(refused);
  const metadataUrl = findText(options, 'metadataUrl');
  const metadataXml = metadataUrl === undefined ? findText(options, 'metadataXml', MAX_DOCUMENT) : undefined;
  const { issuer } = destinationOf(connection);
  const given = givenOf(options);
  if (metadataUrl === undefined && metadataXml === undefined) {
    if (Object.keys(given.signIn).length === 0)
      return wrong('signInEndpoint is missing (or metadataUrl, or metadataXml)');
    if (given.certificates.length === 0) return wrong('signingCert is missing (or metadataUrl, or metadataXml)');
    if (issuer === undefined)
      return wrong("issuer is missing: the identity provider's entity id, which every assertion must come from");
  }
  const sha1 = { signature: options.signatureAlgorithm === 'rsa-sha1', digest: options.digestAlgorithm === 'sha1' };
  const fieldsMap = parseFieldsMap(options.fieldsMap);
  const userId = findText(options, 'user_id_attribute', 2396);
  const { protocolBinding, signSAMLRequest } = options;
  return {
    entityId: findText(options, 'entityId', 128),
    issuer,
    metadataUrl,
    metadataXml,
    given,
    binding: protocolBinding === POST_BINDING || protocolBinding === REDIRECT_BINDING ? protocolBinding : undefined,
    signsOut: options.disableSignout !== true,
    signRequest: typeof signSAMLRequest === 'boolean' ? signSAMLRequest : undefined,
    signatureAlgorithm: sha1.signature ? 'rsa-sha1' : 'rsa-sha256',
    digestAlgorithm: sha1.digest ? 'sha1' : 'sha256',
    allowSha1: sha1.signature || sha1.digest,
    upstream: parseUpstream(options),
    userIdAttributes: userId === undefined ? (fieldsMap.user_id ?? []) : [userId],
    nameIdFormat: findNameIdFormat(options.name_id_format),
    fieldsMap,
    signingKey: parseKeyPair(options.signing_key),
    decryptionKey: parseKeyPair(options.decryptionKey),
  };
}
