/** The properties of the API's answers about applications and APIs that these pages show. Types only. */

export type AppType = 'regular_web' | 'spa' | 'native' | 'non_interactive';
export type Usage = 'deny' | 'allow' | 'require';
export type RequireBehavior = 'no_prompt' | 'pre_login_prompt' | 'post_login_prompt';

export interface RefreshToken {
  readonly rotation_type: 'rotating' | 'non-rotating';
  readonly expiration_type: 'expiring' | 'non-expiring';
  readonly token_lifetime?: number;
  readonly idle_token_lifetime?: number;
}

export interface Client {
  readonly client_id: string;
  readonly name: string;
  readonly app_type?: AppType;
  readonly callbacks?: readonly string[];
  readonly allowed_logout_urls?: readonly string[];
  readonly web_origins?: readonly string[];
  readonly initiate_login_uri?: string;
  readonly grant_types?: readonly string[];
  readonly organization_usage?: Usage;
  readonly organization_require_behavior?: RequireBehavior;
  /** How the application authenticates; absent where it does so by keys. */
  readonly token_endpoint_auth_method?: 'client_secret_post' | 'client_secret_basic' | 'none';
  readonly client_authentication_methods?: {
    readonly private_key_jwt?: { readonly credentials: readonly { readonly id: string }[] };
  };
  readonly jwt_configuration?: { readonly lifetime_in_seconds?: number };
  readonly refresh_token?: RefreshToken;
  /** The secret; present only if there is one and the operator may read it. */
  readonly client_secret?: string;
}

export interface Credential {
  readonly id: string;
  readonly name: string;
  readonly kid: string;
  readonly alg: string;
  readonly thumbprint_sha256?: string;
  readonly created_at: string;
  readonly expires_at?: string;
}

export interface Connection {
  readonly id: string;
  readonly name: string;
  readonly display_name?: string;
  readonly strategy: string;
  readonly enabled_clients: readonly string[];
}

export interface Grant {
  readonly id: string;
  readonly client_id: string;
  readonly audience: string;
  readonly scope: readonly string[];
  readonly allow_all_scopes?: boolean;
  readonly subject_type?: 'client' | 'user';
}

export interface Api {
  readonly id: string;
  readonly name?: string;
  readonly identifier: string;
  readonly is_system?: boolean;
  readonly scopes?: readonly { readonly value: string; readonly description?: string }[];
  readonly enforce_policies?: boolean;
  readonly token_dialect?: string;
  readonly token_lifetime?: number;
  readonly allow_offline_access?: boolean;
  readonly subject_type_authorization?: {
    readonly user?: { readonly policy?: 'allow_all' | 'deny_all' | 'require_client_grant' };
    readonly client?: { readonly policy?: 'require_client_grant' | 'deny_all' };
  };
}
