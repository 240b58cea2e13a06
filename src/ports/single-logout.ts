/**
 * Port: single logout with an identity provider (SAML core, section 3.7). A connector builds and verifies messages; it ends no session and
 * knows no browser. Contract: test/connectors/saml.
 */
import type { IdpSession } from '../domain/people/account.js';
import type { Connection } from '../domain/tenant.js';
import type { ConnectorFailure, Remembered } from './connector.js';

/** A message as it came. The query is kept byte for byte: a signature by redirect is about these bytes. */
export type LogoutInput =
  | { readonly method: 'GET'; readonly query: string }
  | { readonly method: 'POST'; readonly parameters: Readonly<Record<string, string>> };

/** The way of a message through the browser. */
export interface LogoutLetter {
  /** The browser's destination (an absolute URL). */
  readonly url: string;
  /** Fields that the browser posts to `url`; absent for a redirect. */
  readonly post?: Readonly<Record<string, string>>;
}

export interface LogoutStart extends LogoutLetter {
  readonly ok: true;
  /** For {@link SingleLogout.finishLogout}; the browser keeps it sealed. */
  readonly remember: Remembered;
}

/** The IdP's answer to our request. */
export interface LogoutFinish {
  readonly ok: true;
  /** False where the IdP says that not all sessions have ended. */
  readonly complete: boolean;
}

/** The IdP asks that sessions end; verified. */
export interface LogoutRequest {
  readonly ok: true;
  readonly id: string;
  /** The NameID. */
  readonly name: string;
  /** The sessions at the IdP; empty for all of the person. */
  readonly indexes: readonly string[];
  /** By the IdP's clock: an assertion that was issued later is of another session, however often the request comes. */
  readonly issuedAt: Date;
  /** Goes back as it came. */
  readonly relayState: string | undefined;
}

/** `logoutUrl` is this server's address for these messages. No method throws on any message. */
export interface SingleLogout {
  /** Our request that the IdP end this session; undefined where the connection sends none. */
  startLogout(connection: Connection, session: IdpSession): Promise<LogoutStart | undefined | ConnectorFailure>;
  /** Verifies the IdP's answer. */
  finishLogout(
    connection: Connection,
    remembered: Remembered,
    logoutUrl: string,
    input: LogoutInput,
  ): Promise<LogoutFinish | ConnectorFailure>;
  /** Verifies the request of an IdP. */
  readLogoutRequest(
    connection: Connection,
    logoutUrl: string,
    input: LogoutInput,
  ): Promise<LogoutRequest | ConnectorFailure>;
  /** Our answer that the sessions have ended; undefined where the IdP has no address for it. */
  answerLogout(connection: Connection, request: LogoutRequest): Promise<LogoutLetter | undefined>;
}

/** The connections whose identity providers speak single logout. */
export interface LogoutPartners {
  findById(connectionId: string): Promise<LogoutPartner | undefined>;
  /** Those that pin the issuer which a request names, ten at most; nobody where it names none. Verifies nothing. */
  listAddressed(input: LogoutInput): Promise<readonly LogoutPartner[]>;
}

export interface LogoutPartner {
  readonly connection: Connection;
  readonly logout: SingleLogout;
}
