/**
 * The options of identity providers in Auth0's My Organization API, and those of a connection here: a row per strategy.
 * Each list is closed. A member sets nothing else of a connection, and no answer has a secret.
 */
import { isEntraId } from '../../domain/companies/entra.js';
import { withoutTyped } from '../../domain/self-service.js';
import { PROVIDERS, type ProviderName } from '../../facts/providers.js';
import type { Strategy } from '../../facts/strategies.js';
import type { Wire } from '../api/operation.js';
import { present } from '../api/wire.js';
import type { OrganizationCall } from './call.js';
import { checkDefinition, faultAt } from './requests.js';

type Texts = Readonly<Record<string, string>>;

interface Row {
  /** The definitions of requests in Auth0's document: `Idp<name>Request` and `Idp<name>UpdateRequest`. */
  readonly definition: string;
  /** Fields of the set-up pages (src/facts/providers.ts), which make options of them, by the API's name. */
  readonly typed: Texts;
  /** Options with one name here and there. */
  readonly same: readonly string[];
  /** Options by the name that answers have for them. */
  readonly shown: Texts;
  readonly toOptions?: (typed: Texts) => Wire;
}

const CLIENT = { client_id: 'client_id', client_secret: 'client_secret' } as const;
const SHOWN_CLIENT = { client_id: 'client_id', icon_url: 'icon_url' } as const;
const SIGNING = ['signSAMLRequest', 'signatureAlgorithm', 'digestAlgorithm', 'protocolBinding'] as const;
const asThey = (names: readonly string[]): Texts => Object.fromEntries(names.map((name) => [name, name]));

const ROWS = {
  oidc: {
    definition: 'Oidc',
    typed: { discovery_url: 'discovery_url', ...CLIENT },
    same: ['type'],
    shown: { discovery_url: 'discovery_url', client_id: 'client_id', type: 'type' },
  },
  okta: {
    definition: 'Okta',
    typed: { domain: 'domain', ...CLIENT },
    same: ['icon_url'],
    shown: { domain: 'domain', ...SHOWN_CLIENT },
  },
  waad: {
    definition: 'Waad',
    typed: { tenant_domain: 'tenantId', ...CLIENT },
    same: ['icon_url'],
    shown: { tenant_domain: 'tenant_domain', ...SHOWN_CLIENT },
    // The set-up pages take the id alone. A domain becomes the id when the provider answers.
    toOptions: ({ tenantId = '', client_id, client_secret }) => ({
      ...(isEntraId(tenantId.toLowerCase()) && { tenantId }),
      ...{ tenant_domain: tenantId, client_id, client_secret },
    }),
  },
  'google-apps': {
    definition: 'GoogleApps',
    typed: { domain: 'tenant_domain', ...CLIENT },
    same: ['icon_url'],
    shown: { domain: 'tenant_domain', ...SHOWN_CLIENT },
  },
  samlp: {
    definition: 'Samlp',
    typed: { metadataUrl: 'metadataUrl' },
    same: ['signInEndpoint', 'signingCert', 'issuer', 'icon_url', ...SIGNING],
    shown: { ...asThey(['metadataUrl', 'signInEndpoint', 'icon_url', ...SIGNING]), cert: 'signingCert' },
  },
} as const satisfies Partial<Record<Strategy & ProviderName, Row>>;

export type OwnStrategy = keyof typeof ROWS;
/** Strategies of connections that members make. */
export const OWN_STRATEGIES = Object.keys(ROWS) as readonly OwnStrategy[];

/** Returns the strategies that the application lets members set up, and that this server has. */
export function strategiesFor({ member: { configuration } }: OrganizationCall): readonly OwnStrategy[] {
  return OWN_STRATEGIES.filter((strategy) => configuration?.allowedStrategies.includes(strategy));
}

/** Strategies of Auth0's document that are SAML here, and the address of the metadata there. */
const AS_SAML: Readonly<Record<string, string>> = {
  adfs: 'https://YOUR-SERVER/FederationMetadata/2007-06/FederationMetadata.xml',
  pingfederate: 'https://YOUR-SERVER/pf/federation_metadata.ping?PartnerSpId=ENTITY-ID-OF-THIS-SERVER',
};

/** Returns the strategy if members can make connections of it. Throws 400, with the strategy to use instead. */
export function getOwnStrategy(strategy: string): OwnStrategy {
  const own = OWN_STRATEGIES.find((name) => name === strategy);
  if (own !== undefined) return own;
  throw faultAt(
    '/strategy',
    `${strategy} speaks SAML. Use samlp, with options.metadataUrl of the form ${AS_SAML[strategy]}.`,
  );
}

const MAX_ADDRESS = 2_048;

function checkIcon(icon: unknown): void {
  if (icon === undefined) return;
  // Attack: an icon that is a script, or one that tells another server who opens the page over plain http.
  const isAddress = typeof icon === 'string' && icon.length <= MAX_ADDRESS && /^https:\/\/[^\s"'<>]+$/.test(icon);
  if (!isAddress) throw faultAt('/options/icon_url', 'an https address is needed.');
}

/** Throws 400 for what a member cannot set for SAML, so that nothing is accepted and then ignored. */
function checkSaml({ idpInitiated, bindingMethod, protocolBinding, discovery_url: discovery }: Wire): void {
  // Attack: a sign-in that nobody began, into an application that the organization may not use.
  if ((idpInitiated as Wire | undefined)?.enabled === true)
    throw faultAt('/options/idpInitiated', 'an operator switches sign-ins that begin at the provider on.');
  if (bindingMethod !== undefined && bindingMethod !== protocolBinding)
    throw faultAt('/options/bindingMethod', 'set protocolBinding, and the same here or nothing.');
  if (discovery !== undefined) throw faultAt('/options/discovery_url', 'SAML has none. Set metadataUrl.');
}

/** Accepts the certificate's older name of Auth0's SDK, and takes our addition out, which the document does not have. */
function splitOptions(strategy: OwnStrategy, options: Wire, stored: Wire): { documented: Wire; issuer?: string } {
  if (strategy !== 'samlp') return { documented: options };
  const { cert, issuer, ...rest } = options;
  if (issuer !== undefined && typeof issuer !== 'string') throw faultAt('/options/issuer', 'must be string');
  const documented = cert === undefined || rest.signingCert !== undefined ? rest : { ...rest, signingCert: cert };
  const pinned = issuer ?? (rest.metadataUrl === undefined ? stored.issuer : undefined);
  return { documented, ...(typeof pinned === 'string' && { issuer: pinned }) };
}

/**
 * Checks the body of a request by Auth0's document, for this strategy, and returns its options with one name for each.
 * `stored`: the options of the connection, for a change; a missing secret then keeps the stored one. Throws {@link
 * InvalidRequest}, and 400 in words.
 */
export function readOptions(strategy: OwnStrategy, body: Wire, stored?: Wire): Wire | undefined {
  const definition = `Idp${ROWS[strategy].definition}${stored === undefined ? 'Request' : 'UpdateRequest'}`;
  const given = body.options;
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    checkDefinition(definition, body);
    return undefined;
  }
  const isSaml = strategy === 'samlp';
  const { documented, issuer } = splitOptions(strategy, given as Wire, stored ?? {});
  const isByMetadata = documented.metadataUrl !== undefined;
  const complete = isSaml || stored === undefined ? documented : { client_secret: 'the stored one', ...documented };
  // Of the two forms of SAML, only the chosen one tells its faults.
  if (isSaml) checkDefinition(`IdpSamlpOptionsRequest/oneOf/${isByMetadata ? 0 : 1}`, complete, '/options');
  checkDefinition(definition, { ...body, options: complete });
  if (isSaml) checkSaml(documented);
  if (isSaml && !isByMetadata && issuer === undefined)
    throw faultAt(
      '/options/issuer',
      "with an endpoint and a certificate, the provider's entity ID is needed too. Or set metadataUrl.",
    );
  checkIcon(documented.icon_url);
  return { ...documented, ...(issuer !== undefined && { issuer }) };
}

/**
 * Returns the options of the connection for those of a request. `before`: the stored options. Additions of an operator stay,
 * such as mapped claims; everything that a request sets is replaced.
 */
export function toConnectionOptions(strategy: OwnStrategy, given: Wire, before: Wire = {}): Wire {
  const row: Row = ROWS[strategy];
  const typed: Record<string, string> = {};
  for (const [name, field] of Object.entries(row.typed))
    if (typeof given[name] === 'string') typed[field] = given[name].trim();
  const provider = PROVIDERS.find(({ name }) => name === strategy);
  const made = (row.toOptions ?? provider?.toOptions)?.(typed) ?? {};
  const same = Object.fromEntries(row.same.map((name) => [name, given[name]]));
  const kept = Object.entries(withoutTyped(before)).filter(([name]) => !row.same.includes(name));
  return present({ ...Object.fromEntries(kept), ...made, ...same });
}

/** Returns the options of a connection for an answer. */
export function showOptions(strategy: OwnStrategy, options: Wire): Wire {
  const { shown }: Row = ROWS[strategy];
  const entries = Object.entries(shown).map(([name, option]) => [name, options[option]]);
  const found = Object.fromEntries(
    entries.filter(([, value]) => typeof value === 'string' || value === true || value === false),
  );
  if (strategy === 'oidc') return { type: 'back_channel', ...found };
  if (strategy !== 'samlp') return found;
  // Auth0's document has one of these two. Metadata that was pasted has no address.
  const { metadataUrl, signInEndpoint, ...rest } = found;
  if (typeof metadataUrl === 'string' || typeof signInEndpoint !== 'string')
    return { ...rest, metadataUrl: metadataUrl ?? '' };
  return { ...rest, signInEndpoint };
}
