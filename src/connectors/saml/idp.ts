/**
 * The identity provider of a `samlp` connection: its options, and its metadata if the connection names an address.
 * Metadata is fetched again every few hours, and once when an unknown certificate signs; after a failed fetch the last
 * good document stays in use. Never accepts another entity id than the pinned one.
 */
import type { Connection } from '../../domain/tenant.js';
import type { Clock } from '../../kernel/clock.js';
import type { ConnectorFailure } from '../../ports/connector.js';
import type { Breaker } from '../breaker.js';
import { fail, isFailure, toNetworkFailure, toStatusFailure } from '../oidc/failure.js';
import { OutboundError } from '../outbound/error.js';
import type { OutboundFetch } from '../outbound/fetch.js';
import { type IdpDescription, parseIdpMetadata } from './idp-metadata.js';
import { parseSamlSettings, type SamlSettings } from './settings.js';
import { parseCertificates } from './signing-keys.js';

const MAX_AGE_MS = 4 * 3_600_000;
/** Minimum time between two fetches of one document: anybody can post an answer with an unknown certificate. */
const MIN_AGE_MS = 60_000;
const MAX_IDPS = 1000;
/** Time before a certificate's expiry at which the log warns, in milliseconds. */
export const WARN_BEFORE_MS = 30 * 86_400_000;

export interface SamlIdp {
  readonly settings: SamlSettings;
  readonly description: IdpDescription;
}

export type WarnOfCertificate = (fields: Readonly<Record<string, unknown>>, message: string) => void;

export interface SamlIdps {
  get(connection: Connection): Promise<SamlIdp | ConnectorFailure>;
  /** Fetches the metadata again; undefined where that cannot give newer metadata. */
  refresh(connection: Connection): Promise<SamlIdp | undefined>;
}

interface SamlIdpParts {
  readonly fetch: OutboundFetch;
  readonly breaker: Breaker;
  readonly clock: Clock;
  readonly warn: WarnOfCertificate;
}

/** Fetches a metadata document; `signal` aborts the request. */
async function fetchMetadata(
  fetch: OutboundFetch,
  url: string,
  signal?: AbortSignal,
): Promise<string | ConnectorFailure> {
  try {
    const response = await fetch(url, {
      headers: { accept: 'application/samlmetadata+xml, application/xml, text/xml' },
      signal,
    });
    if (response.status !== 200) return toStatusFailure('metadata', response.status);
    return new TextDecoder('utf-8', { fatal: true }).decode(await response.arrayBuffer());
  } catch (error) {
    if (error instanceof OutboundError) return toNetworkFailure('metadata', error);
    return fail('invalid', 'metadata.xml', 'the document is not UTF-8');
  }
}

/** Merges the connection's options over the metadata. If there is metadata, certificates come only from there. */
function describe(settings: SamlSettings, text: string | undefined, now: Date): IdpDescription | ConnectorFailure {
  const { given, issuer = '' } = settings;
  if (text === undefined) return { entityId: issuer, ...given, wantsSignedRequests: false };
  const found = parseIdpMetadata(text, settings.issuer, now);
  if (isFailure(found)) return found;
  const pick = (own: IdpDescription['signIn'], theirs: IdpDescription['signIn']) =>
    Object.keys(own).length > 0 ? own : theirs;
  return {
    ...found,
    signIn: pick(given.signIn, found.signIn),
    signOut: pick(given.signOut, found.signOut),
    signOutAnswers: pick(given.signOutAnswers, found.signOutAnswers),
  };
}

/** Refuses a description without an address or a certificate: nobody could sign in. */
function checkUsable({ signIn, certificates }: IdpDescription): ConnectorFailure | undefined {
  if (Object.keys(signIn).length === 0)
    return fail('invalid', 'metadata.sign_in', 'the identity provider names no address for redirects or posts');
  if (parseCertificates(certificates).length === 0)
    return fail(
      'invalid',
      'metadata.certificate',
      'there is no usable signing certificate (RSA of 2048 bits or more, or EC)',
    );
  return undefined;
}

/** Loads the IdP of a connection once, without a cache. */
export async function loadIdp(
  connection: Connection,
  fetch: OutboundFetch,
  now: Date,
  signal?: AbortSignal,
): Promise<SamlIdp | ConnectorFailure> {
  const settings = parseSamlSettings(connection);
  if (isFailure(settings)) return settings;
  const { metadataUrl, metadataXml } = settings;
  const text = metadataUrl === undefined ? metadataXml : await fetchMetadata(fetch, metadataUrl, signal);
  if (isFailure(text)) return text;
  const description = describe(settings, text, now);
  if (isFailure(description)) return description;
  return checkUsable(description) ?? { settings, description };
}

interface Entry {
  readonly idp: SamlIdp;
  loadedAtMs: number;
}

function warnOfEnds({ name }: Connection, { description }: SamlIdp, now: Date, warn: WarnOfCertificate): void {
  for (const { certificate } of parseCertificates(description.certificates)) {
    const end = new Date(certificate.validTo);
    if (end.getTime() - now.getTime() < WARN_BEFORE_MS)
      warn({ connection: name, expires: end.toISOString() }, 'a signing certificate of a SAML identity provider ends');
  }
}

/** Creates a bounded cache of identity providers, by connection and revision. */
export function createSamlIdps({ fetch, breaker, clock, warn }: SamlIdpParts): SamlIdps {
  const entries = new Map<string, Entry>();
  const loading = new Map<string, Promise<SamlIdp | ConnectorFailure>>();
  const keyOf = ({ id, revision }: Connection) => `${id}@${revision}`;

  async function load(key: string, connection: Connection): Promise<SamlIdp | ConnectorFailure> {
    const guarded = ((url, init) => breaker.run(key, () => fetch(url, init))) as OutboundFetch;
    const idp = await loadIdp(connection, guarded, clock.now());
    const known = entries.get(key);
    // After a failed fetch the next one is due after MIN_AGE_MS, so that not every login repeats it.
    if (isFailure(idp) && known !== undefined) known.loadedAtMs = clock.monotonicMs() - MAX_AGE_MS + MIN_AGE_MS;
    if (isFailure(idp)) return idp;
    entries.delete(key);
    entries.set(key, { idp, loadedAtMs: clock.monotonicMs() });
    for (const oldest of entries.keys()) {
      if (entries.size <= MAX_IDPS) break;
      entries.delete(oldest);
    }
    warnOfEnds(connection, idp, clock.now(), warn);
    return idp;
  }

  /** Loads the IdP of a connection; simultaneous callers share one fetch. */
  function loadOnce(connection: Connection): Promise<SamlIdp | ConnectorFailure> {
    const key = keyOf(connection);
    const under = loading.get(key) ?? load(key, connection).finally(() => loading.delete(key));
    loading.set(key, under);
    return under;
  }

  return {
    async get(connection) {
      const known = entries.get(keyOf(connection));
      if (known !== undefined && clock.monotonicMs() - known.loadedAtMs < MAX_AGE_MS) return known.idp;
      const loaded = await loadOnce(connection);
      return isFailure(loaded) && known !== undefined ? known.idp : loaded;
    },
    async refresh(connection) {
      const known = entries.get(keyOf(connection));
      if (known === undefined || known.idp.settings.metadataUrl === undefined) return undefined;
      if (clock.monotonicMs() - known.loadedAtMs < MIN_AGE_MS) return undefined;
      const loaded = await loadOnce(connection);
      return isFailure(loaded) ? undefined : loaded;
    },
  };
}
