/**
 * Port: a way to prove a person's identity, by kind of interaction. A connector returns an identity; it gets no store,
 * no cookie and no user id, so it cannot decide anything. Contract: test/conformance/connector-contract.ts.
 */

import type { ForeignHash } from '../domain/passwords/foreign-hash.js';
import type { ExternalIdentity, PasswordCredential } from '../domain/people/account.js';
import type { Connection } from '../domain/tenant.js';

/**
 * JSON that a connector needs when the browser returns. The browser keeps it sealed during the login; only the
 * connector reads it.
 */
export type Remembered = Readonly<Record<string, unknown>>;

/** The login for which the browser is sent to the IdP. */
export interface RedirectWay {
  /**
   * Id of the login, which the IdP's answer must contain: see {@link RedirectConnector.findTransaction}. 16 letters and
   * digits; no secret.
   */
  readonly transactionId: string;
  /** This server's callback URL. */
  readonly redirectUri: string;
}

export interface RedirectStart {
  readonly ok: true;
  /** The absolute URL to which the browser is sent. */
  readonly url: string;
  /** Fields that the browser posts to `url`; absent for a redirect. */
  readonly post?: Readonly<Record<string, string>>;
  readonly remember: Remembered;
}

/** The unparsed parameters of the IdP's answer, from the query or the posted form. */
export interface CallbackInput {
  readonly method: 'GET' | 'POST';
  readonly parameters: Readonly<Record<string, string>>;
}

/**
 * Why there is no identity. `denied`: the person or the IdP said no; `unreachable`: the IdP is down or slow, or is not
 * asked after recent failures; `keys`: the keys for checking the answer could not be fetched; `invalid`: the answer
 * proves nothing. `check` names the failed check for the log (`id_token.nonce`, `discovery.issuer`); `detail` is
 * private and holds no secret.
 */
export interface ConnectorFailure {
  readonly ok: false;
  readonly reason: 'denied' | 'unreachable' | 'keys' | 'invalid';
  readonly check: string;
  readonly detail: string;
}

export type ConnectorAnswer = { readonly ok: true; readonly identity: ExternalIdentity } | ConnectorFailure;

/** Facts that an IdP publishes about itself and on which a connection relies. */
export interface ProviderFacts {
  readonly issuer: string;
  /** The IdP's endpoints, under their names in discovery documents. */
  readonly endpoints: Readonly<Record<string, string>>;
  /** Number of the IdP's keys that can verify its signatures. */
  readonly signingKeys: number;
}

/**
 * The result of asking an IdP about a connection's options. A failure with the reason `invalid` is an answer that
 * contradicts the options or, with the check `connection.options`, options that are not enough to ask. `unreachable`
 * does not tell whether the options are right.
 */
export type ProviderFinding = ({ readonly ok: true } & ProviderFacts) | ConnectorFailure;

/**
 * Parameters of the authorization request to the IdP. Only the IdP can follow them; its answer shows whether it did.
 */
export interface RedirectStartOptions {
  /** The address that the person typed. */
  readonly loginHint?: string;
  /** The person must sign in again, or choose an account (OpenID Connect Core section 3.1.2.1). */
  readonly prompt?: readonly ('login' | 'select_account')[];
  /** Maximum age of the sign-in at the IdP, in seconds. */
  readonly maxAge?: number;
  /** Parameters of the request by their OAuth names; an administrator may pass some of them on. */
  readonly asked?: Readonly<Record<string, string>>;
}

export interface RedirectConnector {
  readonly shape: 'redirect';
  /** Builds the redirect to the IdP, and draws the secrets for checking its answer. */
  start(
    connection: Connection,
    way: RedirectWay,
    options: RedirectStartOptions,
  ): Promise<RedirectStart | ConnectorFailure>;
  /**
   * Finds the id of the login that an answer names; undefined when it is no answer of this protocol. Proves nothing:
   * the browser must hold that login's sealed data, and {@link finish} compares the two. `field` returns a parameter by
   * its name.
   */
  findTransaction(field: (name: string) => string | undefined): string | undefined;
  /** Verifies the IdP's answer, from a redirect or a posted form. Never throws on any answer of an IdP. */
  finish(
    connection: Connection,
    remembered: Remembered,
    redirectUri: string,
    input: CallbackInput,
  ): Promise<ConnectorAnswer>;
  /**
   * Asks the IdP whether the connection's options describe it, for the administrator who writes them. Sends no secret;
   * takes a few seconds at most. Never throws on any answer of an IdP.
   */
  examine(connection: Connection): Promise<ProviderFinding>;
}

export interface PasswordConnector {
  readonly shape: 'password';
  /**
   * True when `password` is right. Takes the same time without a credential, so that the time does not reveal whether
   * one exists.
   */
  verify(credential: PasswordCredential | undefined, password: string): Promise<boolean>;
  /** Hashes a new password (argon2id). */
  hash(password: string): Promise<string>;
  /** True when a stored hash should be replaced at the next successful login (an imported hash, old parameters). */
  needsRehash(hash: string): boolean;
}

/** The part of the password connector that an import of people needs. */
export interface HashWrapper {
  /**
   * Wraps another system's hash for storage. Takes the time of one argon2id hash; throws a retryable `Fault` on
   * overload.
   */
  wrap(hash: ForeignHash): Promise<string>;
}
