/**
 * The enterprise strategies that stories run over: how the IdP of a test writes a person into its tokens, and what a connection to it says.
 * A strategy more is a row more. The lane says which of them a story plays (vitest.config.ts).
 */
import { createHash } from 'node:crypto';
import type { Json } from './instance.js';
import { type SamlIdp, startSamlIdp } from './saml/idp.js';
import { type Company, type Person, type ScriptedIdp, startScriptedIdp } from './scripted-idp.js';
import { shareOf } from './share.js';

export type PlayedStrategy = 'oidc' | 'okta' | 'waad' | 'google-apps' | 'samlp';
const STRATEGIES: readonly PlayedStrategy[] = ['oidc', 'okta', 'waad', 'google-apps', 'samlp'];

function strategiesOfLane(): readonly PlayedStrategy[] {
  const words = (process.env.STORY_STRATEGIES ?? 'oidc').split(' ');
  return shareOf(words).map((word) => {
    const found = STRATEGIES.find((strategy) => strategy === word);
    if (found === undefined) throw new Error(`STORY_STRATEGIES: no strategy is called ${word}`);
    return found;
  });
}

/** The strategies that this lane plays: `npm test` one, `npm run test:long` all others. */
export const PLAYED_STRATEGIES = strategiesOfLane();

/** Leaves a test out for strategies that its story says nothing about; the report prints why. */
export function leaveOut(
  { skip }: { skip(condition: boolean, note: string): void },
  strategy: PlayedStrategy,
  reasons: Partial<Record<PlayedStrategy, string>>,
): void {
  const reason = reasons[strategy];
  skip(reason !== undefined, `${strategy}: ${reason}`);
}

/** A reason to leave a SAML connection out. */
export const SAML_VOUCHES_NOT = 'vouches for no address: only the proof of a domain counts (story 23)';

/** A GUID that belongs to the text, as Entra's ids of tenants and people. */
export function guidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return [8, 4, 4, 4, 12]
    .map((length, index, all) => {
      const from = all.slice(0, index).reduce((sum, one) => sum + one, 0);
      return hex.slice(from, from + length);
    })
    .join('-');
}

/** A person as Entra's tokens of version 2.0 have them: no `email_verified`, and `sub` differs for each application. */
export function asEntraWrites(tenantId: string): (person: Person) => Json {
  return ({ sub, email_verified, ...claims }) => ({
    sub: `pairwise-${guidOf(sub)}`,
    oid: guidOf(sub),
    tid: tenantId,
    ver: '2.0',
    ...(claims.email === undefined ? {} : { preferred_username: claims.email }),
    ...(email_verified === true && { xms_edov: true }),
    ...claims,
  });
}

/** The IdP of a company, and how a connection names it. */
export interface PlayedCompany {
  /** Of a company that signs in by SAML it has an issuer and an end, no more: what it can lie about is at `saml`. */
  readonly idp: ScriptedIdp;
  /** Absent where the company signs in by OpenID Connect. */
  readonly saml: SamlIdp | undefined;
  /** The connection's options, with the secret, without domains. */
  readonly options: Json;
  /** The subject of the person whom the story calls `sub`. */
  subjectOf(sub: string): string;
}

interface Playing {
  readonly place: string;
  readonly domain: string | undefined;
  readonly people: Readonly<Record<string, Person>>;
  readonly clock: { now(): Date } | undefined;
}

const same = (sub: string): string => sub;

function credentialsOf({ clientId, clientSecret }: ScriptedIdp): Json {
  return { client_id: clientId, client_secret: clientSecret };
}

function ofOidc(idp: ScriptedIdp, options: Json, subjectOf = same): PlayedCompany {
  return { idp, saml: undefined, options: { ...credentialsOf(idp), ...options }, subjectOf };
}

async function playOidc({ people, clock }: Playing): Promise<PlayedCompany> {
  const idp = await startScriptedIdp({ people, ...(clock && { clock }) });
  return ofOidc(idp, {
    type: 'back_channel',
    issuer: idp.issuer,
    discovery_url: `${idp.issuer}/.well-known/openid-configuration`,
    scope: 'openid profile email',
  });
}

async function playOkta({ place, people, clock }: Playing): Promise<PlayedCompany> {
  const domain = `${place}.okta.example`;
  const idp = await startScriptedIdp({ people, publicUrl: `https://${domain}`, ...(clock && { clock }) });
  return ofOidc(idp, { domain, scope: 'openid profile email' });
}

async function playEntra({ place, people, clock }: Playing): Promise<PlayedCompany> {
  const tenantId = guidOf(place);
  const idp = await startScriptedIdp({
    people,
    publicUrl: `https://login.microsoftonline.com/${tenantId}/v2.0`,
    speak: asEntraWrites(tenantId),
    ...(clock && { clock }),
  });
  return ofOidc(idp, { tenantId, tenant_domain: `${place}.onmicrosoft.example` }, guidOf);
}

function asScripted(saml: SamlIdp): ScriptedIdp {
  const never = (): never => {
    throw new Error('this company signs in by SAML: tell its `saml`');
  };
  return {
    issuer: saml.entityId,
    requests: {},
    get clientId() {
      return never();
    },
    get clientSecret() {
      return never();
    },
    next: never,
    rotateKey: never,
    signIn: never,
    stop: () => saml.stop(),
  };
}

async function playSaml({ people }: Playing): Promise<PlayedCompany> {
  const saml = await startSamlIdp(people);
  return { idp: asScripted(saml), saml, options: { metadataUrl: saml.metadataUrl }, subjectOf: same };
}

/** Google, which all companies of one cast share: each has a client of its own there, and none of them can stop it. */
export interface SharedGoogle {
  readonly idp: ScriptedIdp;
  readonly companies: Map<string, Company>;
}

async function playGoogle(google: () => Promise<SharedGoogle>, playing: Playing): Promise<PlayedCompany> {
  const { idp: all, companies } = await google();
  const hd = playing.domain ?? `${playing.place}.example`;
  const clientId = `${playing.place}.apps.googleusercontent.example`;
  companies.set(clientId, {
    secret: all.clientSecret,
    people: playing.people,
    speak: (person) => ({ ...person, hd }),
  });
  const idp = { ...all, clientId, stop: async () => void companies.delete(clientId) };
  return ofOidc(idp, { tenant_domain: hd });
}

async function startGoogle(clock: Playing['clock']): Promise<SharedGoogle> {
  const companies = new Map<string, Company>();
  const publicUrl = 'https://accounts.google.com';
  return { companies, idp: await startScriptedIdp({ people: {}, companies, publicUrl, ...(clock && { clock }) }) };
}

export interface Players {
  /** The IdP of the company `place`, as the strategy knows it. */
  play(strategy: PlayedStrategy, playing: Omit<Playing, 'clock'>): Promise<PlayedCompany>;
  stop(): Promise<void>;
}

/** The IdPs of one cast; `clock` is what they take for now. */
export function createPlayers(clock?: { now(): Date }): Players {
  const started: PlayedCompany[] = [];
  let google: Promise<SharedGoogle> | undefined;
  const shared = (): Promise<SharedGoogle> => {
    google ??= startGoogle(clock);
    return google;
  };
  const plays: Readonly<Record<PlayedStrategy, (playing: Playing) => Promise<PlayedCompany>>> = {
    oidc: playOidc,
    okta: playOkta,
    waad: playEntra,
    'google-apps': (playing) => playGoogle(shared, playing),
    samlp: playSaml,
  };
  return {
    async play(strategy, playing) {
      const company = await plays[strategy]({ ...playing, clock });
      started.push(company);
      return company;
    },
    async stop() {
      await Promise.all(started.map(({ idp }) => idp.stop()));
      await (await google)?.idp.stop();
    },
  };
}
