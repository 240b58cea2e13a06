/** What an application asked for at /authorize, after validation. Plain value; travels in the sealed transaction cookie. */

export type ResponseMode = 'query' | 'fragment' | 'form_post' | 'web_message';

/** OpenID Connect Core section 3.1.2.1. `consent` asks for nothing here: there are no consent pages. */
export const PROMPTS = ['none', 'login', 'select_account', 'consent'] as const;
export type Prompt = (typeof PROMPTS)[number];

export interface AuthorizationRequest {
  readonly clientId: string;
  readonly redirectUri: string;
  /** The application left it out: it is the only one that it has. */
  readonly redirectUriImplied?: true;
  readonly responseMode: ResponseMode;
  /** The answer comes without `iss`, as the client's settings say. */
  readonly withoutIss?: true;
  readonly scope: string;
  readonly state?: string;
  readonly nonce?: string;
  /** PKCE, S256 only (RFC 7636; RFC 9700 section 2.1.1). */
  readonly codeChallenge?: string;
  readonly audience?: string;
  /** As the application sent it: an id, or a name where the tenant allows names. */
  readonly organization?: string;
  readonly invitation?: string;
  /** The ticket came out of the mail to the invited person: whoever opened the link reads that mailbox. */
  readonly invitationMailed?: true;
  /** Name of a connection. */
  readonly connection?: string;
  readonly loginHint?: string;
  readonly screenHint?: 'signup' | 'login';
  /** `none` stands alone. */
  readonly prompt?: readonly Prompt[];
  /** Parameters of the application's own, for its Actions; a few, and short. They decide nothing here. */
  readonly extra?: Readonly<Record<string, string>>;
  /** The user whom `id_token_hint` speaks of: nobody else may be answered with (OpenID Connect Core section 3.1.2.1). */
  readonly hintedUserId?: string;
  /** Seconds (OpenID Connect Core section 3.1.2.1). */
  readonly maxAge?: number;
}

/** True when the request's `prompt` names this one. */
export function hasPrompt(request: AuthorizationRequest, prompt: Prompt): boolean {
  return request.prompt?.includes(prompt) === true;
}
