/**
 * Port: a way to prove who somebody is, by shape of interaction. A connector returns an identity; it gets no store, no
 * cookie and no user id, so it cannot decide anything. Contract: test/conformance/connector-contract.ts.
 */
import type { ExternalIdentity, PasswordCredential } from '../domain/account.js';
import type { Connection } from '../domain/tenant.js';

/**
 * What a connector has to know again when the browser is back: JSON that it alone understands. The sealed transaction carries it; nobody shows
 * it or decides by it.
 */
export type Remembered = Readonly<Record<string, unknown>>;

/** The login that a browser leaves from. */
export interface RedirectWay {
  /** Its answer has to name it: see {@link RedirectConnector.findTransaction}. 16 letters and digits; no secret. */
  readonly transactionId: string;
  /** This server's callback. */
  readonly redirectUri: string;
}

export interface RedirectStart {
  readonly ok: true;
  /** Where the browser goes (an absolute URL). */
  readonly url: string;
  readonly remember: Remembered;
}

/** The parameters the IdP sent back, from the query or the posted form; unparsed. */
export interface CallbackInput {
  readonly method: 'GET' | 'POST';
  readonly parameters: Readonly<Record<string, string>>;
}

/**
 * Why no identity came back. `denied`: the person or the IdP said no; `unreachable`: down, slow, breaker open;
 * `keys`: the keys that the answer would be checked with could not be had; `invalid`: the answer does not prove anything. `check` names the failed check for the log (`id_token.nonce`, `discovery.issuer`);
 * `detail` is private and holds no secret.
 */
export interface ConnectorFailure {
  readonly ok: false;
  readonly reason: 'denied' | 'unreachable' | 'keys' | 'invalid';
  readonly check: string;
  readonly detail: string;
}

export type ConnectorAnswer = { readonly ok: true; readonly identity: ExternalIdentity } | ConnectorFailure;

/** What an IdP says of itself, as far as a connection relies on it. */
export interface ProviderFacts {
  readonly issuer: string;
  /** By the names of discovery. */
  readonly endpoints: Readonly<Record<string, string>>;
  /** How many of its keys can verify what it signs. */
  readonly signingKeys: number;
}

/**
 * What was found when an IdP was asked about a connection. A failure of the reason `invalid` is an answer that contradicts the options, or,
 * with the check `connection.options`, options that do not say enough to ask; `unreachable` says nothing about either.
 */
export type ProviderFinding = ({ readonly ok: true } & ProviderFacts) | ConnectorFailure;

/** What the authorization request wants of the IdP, all of it for the IdP to heed: what it did is seen in its answer. */
export interface RedirectStartOptions {
  /** The address that was typed. */
  readonly loginHint?: string;
  /** The person is asked again, or asked which account it shall be (OpenID Connect Core section 3.1.2.1). */
  readonly prompt?: readonly ('login' | 'select_account')[];
  /** Seconds that the sign-in at the IdP may lie back. */
  readonly maxAge?: number;
  /** Parameters of the request by their names in OAuth, of which an administrator may pass some on. */
  readonly asked?: Readonly<Record<string, string>>;
}

export interface RedirectConnector {
  readonly shape: 'redirect';
  /** Builds the redirect to the IdP, and draws whatever secrets its answer is to be checked against. */
  start(
    connection: Connection,
    way: RedirectWay,
    options: RedirectStartOptions,
  ): Promise<RedirectStart | ConnectorFailure>;
  /**
   * The transaction that an answer says it belongs to; undefined where it is no answer of this protocol. Proves nothing: the browser has to
   * hold that transaction, and {@link finish} compares. `field` gives a parameter by its name.
   */
  findTransaction(field: (name: string) => string | undefined): string | undefined;
  /** Verifies what came back, by a redirect or a posted form. Never throws on anything an IdP may send. */
  finish(
    connection: Connection,
    remembered: Remembered,
    redirectUri: string,
    input: CallbackInput,
  ): Promise<ConnectorAnswer>;
  /**
   * Asks the IdP whether it is the one that the options describe, for whoever writes them. Sends no secret; takes a few seconds at most.
   * Never throws on anything an IdP may send.
   */
  examine(connection: Connection): Promise<ProviderFinding>;
}

export interface PasswordConnector {
  readonly shape: 'password';
  /** True when `password` fits. Takes the same time without a credential, so that it does not tell whether one exists. */
  verify(credential: PasswordCredential | undefined, password: string): Promise<boolean>;
  /** The hash to store for a new password (argon2id). */
  hash(password: string): Promise<string>;
  /** True when a stored hash should be replaced at the next successful login (an imported bcrypt hash, old parameters). */
  needsRehash(hash: string): boolean;
}
