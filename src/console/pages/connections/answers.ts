/**
 * The API's answers that the pages about connections read, including properties that the served document leaves open.
 */

export type Options = Readonly<Record<string, unknown>>;

export interface Connection {
  readonly id: string;
  readonly name: string;
  readonly display_name?: string;
  readonly strategy: string;
  /** The connection's options; absent for an operator who may not read them. */
  readonly options?: Options;
  readonly show_as_button: boolean;
  /** True if nobody may sign in by it without an organization. Absent: false. */
  readonly needs_organization?: boolean;
}

/** The result of the server's check of an identity provider. */
export interface Finding {
  readonly status: 'ok' | 'unreachable' | 'incomplete' | 'wrong' | 'unchecked';
  readonly issuer?: string;
  readonly signing_keys?: number;
  readonly certificate_expires?: string;
  readonly check?: string;
  readonly message?: string;
  /** Only for an existing connection whose provider answers. */
  readonly has_client_secret?: boolean;
}

export interface Written extends Connection {
  readonly discovery?: Finding;
  readonly warnings?: readonly { readonly id: string; readonly message: string }[];
}

export interface OrganizationUse {
  readonly id: string;
  readonly name: string;
  readonly display_name?: string;
  readonly is_enabled: boolean;
}

export interface Client {
  readonly client_id: string;
  readonly name: string;
}

export interface ScimConfiguration {
  readonly user_id_attribute: string;
  readonly mapping: readonly { readonly scim?: string; readonly auth0?: string }[];
  readonly created_at: string;
}

export interface ScimToken {
  readonly token_id: string;
  readonly scopes: readonly string[];
  readonly created_at: string;
  readonly valid_until?: string;
  readonly last_used_at?: string;
  /** The token itself; present only in the answer that creates it. */
  readonly token?: string;
}

export interface FailedLogin {
  readonly log_id: string;
  readonly date: string;
  readonly connection_id?: string;
  readonly details?: { readonly code?: string };
}

export const nameOf = ({ display_name, name }: Pick<Connection, 'display_name' | 'name'>): string =>
  display_name ?? name;
