/** The validated request of an application at /authorize. A plain value; the browser's sealed login cookie keeps it. */
import type { LinkCarrier } from './ticket.js';

export type ResponseMode = 'query' | 'fragment' | 'form_post' | 'web_message';

/**
 * The values of `prompt` (OpenID Connect Core section 3.1.2.1). `consent` has no effect: there are no consent pages.
 */
export const PROMPTS = ['none', 'login', 'select_account', 'consent'] as const;
export type Prompt = (typeof PROMPTS)[number];

export interface AuthorizationRequest {
  readonly clientId: string;
  readonly redirectUri: string;
  /** True when the application left `redirect_uri` out because only one is registered. */
  readonly redirectUriImplied?: true;
  readonly responseMode: ResponseMode;
  /** True when the client's settings remove `iss` from the answer. */
  readonly withoutIss?: true;
  readonly scope: string;
  readonly state?: string;
  readonly nonce?: string;
  /** PKCE challenge, S256 only (RFC 7636; RFC 9700 section 2.1.1). */
  readonly codeChallenge?: string;
  readonly audience?: string;
  /** True for the API of second factors (Auth0's audience `/mfa/`): everybody who has a factor passes it. */
  readonly managesFactors?: true;
  /**
   * True for the My Account API with a scope that changes factors, and for a confirmation on the page of the account:
   * everybody who has a factor has passed one in the last quarter of an hour.
   */
  readonly changesFactors?: true;
  /** The organization as the application sent it: an id, or a name if the tenant allows names. */
  readonly organization?: string;
  readonly invitation?: string;
  /**
   * How the invitation's link was delivered, as its seal says. Absent for a ticket without a seal, such as one that an
   * administrator copied from an answer of the Management API.
   */
  readonly invitationCarrier?: LinkCarrier;
  /** Name of the requested connection. */
  readonly connection?: string;
  readonly loginHint?: string;
  readonly screenHint?: 'signup' | 'login';
  /** Requested prompts; `none` is never combined with another value. */
  readonly prompt?: readonly Prompt[];
  /**
   * Other parameters of the application, for its Actions; limited in number and length. The server does not use them.
   */
  readonly extra?: Readonly<Record<string, string>>;
  /** The user in `id_token_hint`: an answer about any other user is refused (OpenID Connect Core section 3.1.2.1). */
  readonly hintedUserId?: string;
  /** Greatest age of the sign-in, in seconds (OpenID Connect Core section 3.1.2.1). */
  readonly maxAge?: number;
}

/** True when the request's `prompt` contains this value. */
export function hasPrompt(request: AuthorizationRequest, prompt: Prompt): boolean {
  return request.prompt?.includes(prompt) === true;
}
