/** The `api` objects that Actions get in the triggers `login-post-identifier` v1 and `organization-admission` v1. */
import { toText } from '../json.js';
import type { ApiContext } from './context.js';
import { cachePart, deny } from './shared.js';

const MAX_NAME = 256;
const MAX_ROLES = 50;

/**
 * Creates the `api` of `login-post-identifier`. The trigger runs after the person typed their identifier, before any
 * credential is requested.
 */
export function createPostIdentifierApi(context: ApiContext): object {
  const get = (): unknown => api;
  const route = (to: 'connection' | 'organization', name: unknown): unknown => {
    context.push({ kind: 'route', to, name: toText(name, `the ${to}`, MAX_NAME) });
    return get();
  };
  const api = {
    access: {
      deny(reason: unknown) {
        deny(context, reason);
        return get();
      },
    },
    authentication: {
      setConnectionByName: (name: unknown) => route('connection', name),
      setOrganization: (name: unknown) => route('organization', name),
    },
    cache: cachePart(context),
  };
  return api;
}

/**
 * Creates the `api` of `organization-admission`. The trigger runs for a person whom no rule admits to the organization.
 * They are refused unless the Action calls `allow`.
 */
export function createAdmissionApi(context: ApiContext): object {
  const get = (): unknown => api;
  const api = {
    admission: {
      allow(options?: { roles?: unknown }) {
        const given = options?.roles ?? [];
        if (!Array.isArray(given) || given.length > MAX_ROLES)
          throw new TypeError(`roles is a list of at most ${MAX_ROLES} ids or names`);
        const roles = given.map((role: unknown) => toText(role, 'a role', MAX_NAME));
        context.push({ kind: 'admit', roles });
        return get();
      },
      deny(reason: unknown) {
        deny(context, reason);
        return get();
      },
    },
    cache: cachePart(context),
  };
  return api;
}
