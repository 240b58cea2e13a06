/**
 * One sign-in of the console by OAuth: authorization code with PKCE, answered by a message from a hidden frame or a
 * window (Auth0's `response_mode=web_message`). Stores nothing; the code is useless without the verifier, which never
 * leaves this function.
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
/** A scope that means every scope of the operator's roles (ADR 0062). */
const SCOPE = 'openid profile email use:roles';

const server = {
  issuer: `${origin}/`,
  authorization_endpoint: `${origin}/authorize`,
  token_endpoint: `${origin}/oauth/token`,
};
/** Tolerates any clock of the operator's machine, because the ID token came directly from the server just now. */
const client: Client = { client_id: facts.clientId, [clockTolerance]: 86_400 };

/** Thrown when the server answers no: there is no session, or it may not be used. */
export class SignedOut extends Error {}

export interface Grant {
  readonly token: string;
  readonly expiresInSeconds: number;
  readonly claims: IDToken;
}

/** The frame or window of a sign-in, and the window whose message is the answer. */
export interface Place {
  readonly source: Window | null;
  /** Rejects when the window or frame is closed, or does not answer for too long. */
  readonly ended: Promise<never>;
  close(): void;
}

type Answer = Readonly<Record<string, string>>;

interface Message {
  readonly type?: unknown;
  readonly response?: Answer;
}

/** Waits for the answer's message, which only this server's own page can send. */
function hear(place: Place, signal: AbortSignal): Promise<Answer> {
  return new Promise((resolve) => {
    const listen = ({ origin: from, source, data }: MessageEvent<Message | undefined>) => {
      // Attack: forged answers of another site or frame.
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
 * Requests a token. `open` shows the address in a frame or a window; `prompt` is `none` for a hidden request, `login`
 * to ignore the session. Throws {@link SignedOut} when the server says no, and other errors when there was no answer.
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
    // Allows http, for testing a server on a machine without a certificate.
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
