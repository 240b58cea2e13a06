/**
 * Runs and builds Actions as Auth0 does (docs/auth0-double.md). The event lacks this server's additions; a denial does
 * not undo metadata changes that Actions requested before; a draft can be deployed only after it was built.
 */
import type { Effect, Json, JsonObject } from '../domain/actions/action.js';
import type { ActionDeps } from '../login/tenant-code/run-trigger.js';
import { badBody } from '../management/api/errors.js';
import type { Call, Wire } from '../management/api/operation.js';
import { mergeMetadata } from '../management/api/wire.js';
import type { TriggerRun } from '../ports/action-runner.js';
import type { DirectoryStore } from '../ports/directory.js';
import type { DoubleFacts } from './facts.js';

/** Removes `organization.membership`: on Auth0, nothing in the event says that this login created the membership. */
function withoutMembership(event: JsonObject): JsonObject {
  const { organization } = event;
  if (typeof organization !== 'object' || organization === null || Array.isArray(organization)) return event;
  const { membership: _ours, ...rest } = organization as JsonObject;
  return { ...event, organization: rest };
}

function metadataOf(effects: readonly Effect[], kind: 'user_metadata' | 'app_metadata'): Wire | undefined {
  const asked = effects.flatMap((effect): [string, Json][] =>
    effect.kind === kind ? [[effect.name, effect.value]] : [],
  );
  return asked.length === 0 ? undefined : Object.fromEntries(asked);
}

function userIdOf({ event: { user } }: TriggerRun): string | undefined {
  const id =
    typeof user === 'object' && user !== null && !Array.isArray(user) ? (user as JsonObject).user_id : undefined;
  return typeof id === 'string' ? id : undefined;
}

/**
 * Stores the metadata changes that Actions requested before one of them denied the login. On Auth0, the denial does not
 * undo them.
 */
async function keepMetadata(
  store: DirectoryStore,
  userId: string,
  effects: readonly Effect[],
  at: Date,
): Promise<void> {
  const user = metadataOf(effects, 'user_metadata');
  const app = metadataOf(effects, 'app_metadata');
  if (user === undefined && app === undefined) return;
  await store.transaction(async ({ users }) => {
    const found = await users.findForUpdate(userId);
    if (found === undefined) return;
    const userMetadata = mergeMetadata(found.userMetadata, user);
    const appMetadata = mergeMetadata(found.appMetadata, app);
    await users.update(userId, { userMetadata, appMetadata, updatedAt: at });
  });
}

/** Wraps the runner of Actions for logins and refreshes, so that it behaves as on Auth0. */
export function auth0Actions(actions: ActionDeps, directory: DirectoryStore, now: () => Date): ActionDeps {
  return {
    ...actions,
    runner: {
      async run(given) {
        const result = await actions.runner.run({ ...given, event: withoutMembership(given.event) });
        const userId = userIdOf(given);
        if (result.end.kind === 'denied' && userId !== undefined)
          await keepMetadata(directory, userId, result.effects, now());
        return result;
      },
    },
  };
}

const buildMs = ({ action_build_ms, speed }: DoubleFacts): number => action_build_ms / speed;

/**
 * Refuses to deploy a draft that is still being built. The error text was reported by users of Auth0's clients
 * (`docs/auth0-double.md`).
 */
export async function checkBuilt(call: Call, key: string, facts: DoubleFacts): Promise<void> {
  if (key !== 'post /actions/actions/{id}/deploy') return;
  const builtAt = (await call.directory.actions.find(call.params.id ?? ''))?.builtAt;
  if (builtAt !== undefined && builtAt.getTime() + buildMs(facts) > call.now.getTime())
    throw badBody("A draft must be in the 'built' state before it can be deployed.");
}

/** Changes the status of an Action in an answer to `building` until its build time has passed. */
export function asBuilt(item: Wire, now: Date, facts: DoubleFacts): Wire {
  const { built_at: builtAt, ...rest } = item;
  if (item.status !== 'built' || typeof builtAt !== 'string') return item;
  return Date.parse(builtAt) + buildMs(facts) > now.getTime() ? { ...rest, status: 'building' } : item;
}
