/** The `api` object of `credentials-exchange` v2, the trigger that runs when a machine client asks for a token. */
import { accessTokenPart } from './claims.js';
import type { ApiContext } from './context.js';
import { cachePart, deny } from './shared.js';
import { targetScopesPart } from './unavailable.js';

const CODES = ['invalid_scope', 'invalid_request', 'server_error'];

/** Creates the `api`. In `access.deny(code, reason)`, `code` is the OAuth error that the application receives. */
export function createCredentialsExchangeApi(context: ApiContext): object {
  const get = (): unknown => api;
  const api = {
    access: {
      deny(code: unknown, reason: unknown) {
        if (!CODES.includes(String(code)))
          throw new TypeError(`deny takes one of ${CODES.join(', ')} as its first argument`);
        deny(context, reason, { code: String(code) });
        return get();
      },
    },
    accessToken: accessTokenPart(context, get),
    cache: cachePart(context),
    transaction: targetScopesPart(context),
  };
  return api;
}
