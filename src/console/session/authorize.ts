/**
 * One sign-in of the console by OAuth: authorization code with PKCE. A hidden frame or a window sends the answer as a
 * message (Auth0's `response_mode=web_message`). Stores nothing. The code is useless without the verifier, which never
 * leaves {@link authorize}.
 */
import {
  AuthorizationResponseError,
  allowInsecureRequests,
  authorizationCodeGrantRequest,
  type Client,
  calculatePKCECodeChallenge,
  clockTolerance,
  generateRandomCodeVerifier,
  generateRandomNonce,
  generateRandomState,
  getValidatedIdTokenClaims,
  type IDToken,
  None,
  processAuthorizationCodeResponse,
  ResponseBodyError,
  validateAuthResponse,
} from 'oauth4webapi';
import { readServerFacts } from '../server-facts';

const { origin } = window.location;
const facts = readServerFacts();
const REDIRECT = `${origin}/console`;
/** The scopes to request. `use:roles` means every scope that the operator's roles permit (ADR 0062). */
const SCOPE = 'openid profile email use:roles';

const server = {
  issuer: `${origin}/`,
  authorization_endpoint: `${origin}/authorize`,
  token_endpoint: `${origin}/oauth/token`,
};
/**
 * Accepts any clock of the operator's computer: the ID token came directly from the server just now, so its times are
 * not needed.
 */
const client: Client = { client_id: facts.clientId, [clockTolerance]: 86_400 };

/** Thrown when the server refuses the sign-in: there is no session, or it may not be used here. */
export class SignedOut extends Error {}

export interface Grant {
  readonly token: string;
  readonly expiresInSeconds: number;
  readonly claims: IDToken;
}

/** The frame or window in which a sign-in runs. Only a message from `source` counts as its answer. */
export interface Place {
  readonly source: Window | null;
  /** Rejects if the window is closed before it answers, or if the frame does not answer in time. */
  readonly ended: Promise<never>;
  close(): void;
}

type Answer = Readonly<Record<string, string>>;

interface Message {
  readonly type?: unknown;
  readonly response?: Answer;
}

/** Waits for the message with the answer. Only a page of this server, in this frame or window, can send it. */
function hear(place: Place, signal: AbortSignal): Promise<Answer> {
  return new Promise((resolve) => {
    const listen = ({ origin: from, source, data }: MessageEvent<Message | undefined>) => {
      // Attack: another site or frame sends a forged answer.
      if (from !== origin || source !== place.source || data?.type !== 'authorization_response') return;
      resolve(data.response ?? {});
    };
    window.addEventListener('message', listen, { signal });
  });
}

async function listen(place: Place): Promise<Answer> {
  const over = new AbortController();
  try {
    return await Promise.race([hear(place, over.signal), place.ended]);
  } finally {
    over.abort();
    place.close();
  }
}

/**
 * Requests a token. `open` loads the address in a frame or a window. `prompt`: `none` for a silent request, `login` to
 * make the operator sign in again. Throws {@link SignedOut} if the server refuses, and other errors if no answer comes.
 */
export async function authorize(open: (url: string) => Place, prompt: 'none' | 'login'): Promise<Grant> {
  const [verifier, state, nonce] = [generateRandomCodeVerifier(), generateRandomState(), generateRandomNonce()];
  const query = new URLSearchParams({
    client_id: facts.clientId,
    response_type: 'code',
    response_mode: 'web_message',
    redirect_uri: REDIRECT,
    scope: SCOPE,
    audience: facts.audience,
    organization: facts.organizationId,
    state,
    nonce,
    code_challenge: await calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    prompt,
  });
  const answer = await listen(open(`${server.authorization_endpoint}?${query}`));
  try {
    const valid = validateAuthResponse(server, client, new URLSearchParams(answer), state);
    // Permits http, so that a server can be tested on a computer without a certificate.
    const options = { [allowInsecureRequests]: origin.startsWith('http:') };
    const response = await authorizationCodeGrantRequest(server, client, None(), valid, REDIRECT, verifier, options);
    const grant = await processAuthorizationCodeResponse(server, client, response, {
      expectedNonce: nonce,
      requireIdToken: true,
    });
    const claims = getValidatedIdTokenClaims(grant);
    if (claims === undefined) throw new SignedOut('no ID token');
    return { token: grant.access_token, expiresInSeconds: grant.expires_in ?? 0, claims };
  } catch (error) {
    if (error instanceof AuthorizationResponseError || error instanceof ResponseBodyError)
      throw new SignedOut(error.error);
    throw error;
  }
}
