/** The API's answers that the pages about people read, including properties that the served document leaves open. */

export interface Identity {
  readonly connection: string;
  readonly provider: string;
  readonly user_id: string;
  readonly status?: 'expected';
  readonly expected_email?: string;
}

export interface User {
  readonly user_id: string;
  readonly email?: string;
  readonly email_verified: boolean;
  readonly name?: string;
  readonly username?: string;
  readonly blocked?: boolean;
  readonly identities: readonly Identity[];
  readonly created_at: string;
  readonly last_login?: string;
  readonly last_ip?: string;
  readonly logins_count?: number;
}

export interface BoundIdentity {
  readonly identity_id: string;
  readonly connection_id: string;
  readonly connection: string;
  readonly provider: string;
  readonly user_id: string;
  readonly status: 'bound' | 'expected';
  readonly is_primary: boolean;
  readonly issuer?: string;
  readonly subject?: string;
  readonly expected_email?: string;
  readonly email?: string;
  readonly email_vouched_by?: string;
  readonly bound_by?: string;
  readonly bound_at?: string;
  readonly evidence?: Readonly<Record<string, unknown>>;
  readonly scim?: { readonly inactive: boolean };
  readonly created_at: string;
}

export interface Evidence {
  readonly email?: string;
  readonly email_vouched_by?: string;
  readonly blocked_by_scim: boolean;
  readonly identities: readonly BoundIdentity[];
}

export interface MovedIdentity {
  readonly identity_id: string;
  readonly connection: string;
  readonly subject: string;
  readonly moved_at: string;
  readonly moved_by?: string;
  readonly absorbed_user_id?: string;
}

export interface UserBlock {
  readonly identifier?: string;
  readonly ip?: string;
  readonly connection?: string;
}

export interface Organization {
  readonly id: string;
  readonly name: string;
  readonly display_name?: string;
}

export interface Role {
  readonly id: string;
  readonly name: string;
}

export interface Session {
  readonly id: string;
  readonly authenticated_at: string;
  readonly last_interacted_at: string;
  readonly expires_at: string;
  readonly clients: readonly { readonly client_id: string }[];
  readonly authentication: { readonly methods: readonly { readonly name: string }[] };
}

export interface RefreshToken {
  readonly id: string;
  readonly client_id: string;
  readonly created_at: string;
  readonly last_exchanged_at: string | null;
  readonly expires_at: string;
}

export interface LogLine {
  readonly log_id: string;
  readonly date: string;
  readonly type: string;
  readonly description?: string;
  readonly client_name?: string;
  readonly connection?: string;
  readonly organization_name?: string;
  readonly ip?: string;
  readonly details?: { readonly reference?: string };
}

export interface TraceLine {
  readonly stage: string;
  readonly rule: string;
  readonly answer: 'pass' | 'ask' | 'refuse';
  readonly evidence: Readonly<Record<string, unknown>>;
}

export interface Explanation {
  readonly outcome: 'admitted' | 'refused' | 'proof_required';
  readonly rule: string;
  readonly user_id?: string;
  readonly trace: readonly TraceLine[];
  readonly remedy?: { readonly kind: string; readonly user_id: string };
}

/** Returns the name to show: a person of a directory may have no address, and a person who signed up no name. */
export const nameOf = (user: Pick<User, 'name' | 'email' | 'user_id'>): string =>
  user.name ?? user.email ?? user.user_id;
