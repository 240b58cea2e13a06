/**
 * Port: single logout with an identity provider (SAML core, section 3.7). A connector builds and verifies messages; it
 * revokes no session and knows no browser. Contract: test/connectors/saml.
 */
import type { IdpSession } from '../domain/people/account.js';
import type { Connection } from '../domain/tenant.js';
import type { ConnectorFailure, Remembered } from './connector.js';

/** A received message. The query is kept byte for byte: the signature of a redirect covers these bytes. */
export type LogoutInput =
  | { readonly method: 'GET'; readonly query: string }
  | { readonly method: 'POST'; readonly parameters: Readonly<Record<string, string>> };

/** A logout message to send through the browser. */
export interface LogoutLetter {
  /** The absolute URL to which the browser is sent. */
  readonly url: string;
  /** Fields that the browser posts to `url`; absent for a redirect. */
  readonly post?: Readonly<Record<string, string>>;
}

export interface LogoutStart extends LogoutLetter {
  readonly ok: true;
  /** Input of {@link SingleLogout.finishLogout}; the browser keeps it sealed. */
  readonly remember: Remembered;
}

/** The IdP's answer to this server's logout request. */
export interface LogoutFinish {
  readonly ok: true;
  /** False when the IdP says that some sessions are left. */
  readonly complete: boolean;
}

/** A verified request of the IdP to revoke sessions. */
export interface LogoutRequest {
  readonly ok: true;
  readonly id: string;
  /** The NameID of the person at the IdP. */
  readonly name: string;
  /** SessionIndexes of the sessions at the IdP; empty for all sessions of the person. */
  readonly indexes: readonly string[];
  /**
   * When the IdP issued the request, by its clock. Sessions from assertions that the IdP issues later stay, even if
   * somebody repeats the request.
   */
  readonly issuedAt: Date;
  /** The request's RelayState, sent back unchanged. */
  readonly relayState: string | undefined;
}

/**
 * Reads and writes messages of single logout. `logoutUrl` is this server's address for them. No method throws on any
 * message.
 */
export interface SingleLogout {
  /** Builds our request to revoke this session at the IdP; undefined when the connection sends none. */
  startLogout(connection: Connection, session: IdpSession): Promise<LogoutStart | undefined | ConnectorFailure>;
  /** Verifies the IdP's answer to a logout request. */
  finishLogout(
    connection: Connection,
    remembered: Remembered,
    logoutUrl: string,
    input: LogoutInput,
  ): Promise<LogoutFinish | ConnectorFailure>;
  /** Verifies an IdP's logout request. */
  readLogoutRequest(
    connection: Connection,
    logoutUrl: string,
    input: LogoutInput,
  ): Promise<LogoutRequest | ConnectorFailure>;
  /** Builds this server's answer that the sessions are revoked; undefined when the IdP has no address for it. */
  answerLogout(connection: Connection, request: LogoutRequest): Promise<LogoutLetter | undefined>;
}

/** The connections whose identity providers support single logout. */
export interface LogoutPartners {
  findById(connectionId: string): Promise<LogoutPartner | undefined>;
  /**
   * Lists the connections whose options name the request's issuer, ten at most; none when it names no issuer. Verifies
   * nothing.
   */
  listAddressed(input: LogoutInput): Promise<readonly LogoutPartner[]>;
}

export interface LogoutPartner {
  readonly connection: Connection;
  readonly logout: SingleLogout;
}
