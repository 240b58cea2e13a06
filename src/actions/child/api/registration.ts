/**
 * The `api` objects of the triggers for accounts of a database connection: before and after sign-up, and after a
 * password change.
 */
import type { ApiContext } from './context.js';
import { cachePart, deny, toReason, userPart } from './shared.js';

/**
 * Creates the `api` of `pre-user-registration` v2. In `deny(reason, userMessage)` the log shows `reason` and the person
 * reads `userMessage`.
 */
export function createPreUserRegistrationApi(context: ApiContext): object {
  const get = (): unknown => api;
  const api = {
    access: {
      deny(reason: unknown, userMessage?: unknown) {
        const message = userMessage === undefined ? toReason(reason) : toReason(userMessage);
        deny(context, reason, { userMessage: message });
        return get();
      },
    },
    user: userPart(context, get),
    cache: cachePart(context),
    validation: {
      error(code: unknown, message: unknown) {
        deny(context, message, { code: String(code).slice(0, 200), userMessage: toReason(message) });
        return get();
      },
    },
  };
  return api;
}

/**
 * Creates the `api` of `post-user-registration` v2 and `post-change-password` v2. These run after the change, so they
 * cannot deny it.
 */
export function createAfterwardsApi(context: ApiContext): object {
  return { cache: cachePart(context) };
}
