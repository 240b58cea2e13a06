/**
 * Switches the My Organization API on and off for an application. That takes several calls, since no call of the API
 * makes all parts. If one fails, the error says which parts are done, and the next try makes the others alone.
 */
import type { SentBodyOf } from '../../../api/answers';
import { api } from '../../../api/client';
import { ApiFailure } from '../../../api/failure';
import { queryClient } from '../../../api/query';
import { ifStill, versionOf } from '../../../api/version';
import type { Api, Grant } from '../answers';
import { APIS, CLIENTS, clientKey, GRANTS, readApi, readClient } from '../queries';
import { readOrganizationAudience, toScopes } from './scope-groups';
import { configurationOf, type DeletionBehavior, isOffered, type Parts } from './state';

/** The values of the form. */
export interface Chosen {
  readonly groups: readonly string[];
  readonly strategies: readonly string[];
  readonly deletion: DeletionBehavior;
}

/** A part that failed, after others that did not. */
export class PartlyDone extends Error {
  constructor(
    readonly done: readonly string[],
    readonly failed: string,
    override readonly cause: unknown,
  ) {
    super(failed);
  }
}

/** One change: a name for it, and the call. */
export type Step = readonly [says: string, run: () => Promise<unknown>];

/** Runs changes one after the other. Rejects with {@link PartlyDone}. */
export async function runAll(steps: readonly Step[]): Promise<void> {
  const done: string[] = [];
  for (const [says, run] of steps) {
    try {
      await run();
    } catch (cause) {
      throw new PartlyDone(done, says, cause);
    }
    done.push(says);
  }
}

/** The first change, where this server does not have the API yet. */
export const ADDED = 'the My Organization API on this server';

/** Adds the My Organization API to this server, with all its scopes, and returns their names. */
export async function addApi(): Promise<readonly string[]> {
  const { data } = await api.POST('/resource-servers', { body: { identifier: readOrganizationAudience() } });
  return namesOf(data);
}

/** Returns the names of the API's scopes; none without an API. */
export const namesOf = ({ scopes = [] }: Partial<Pick<Api, 'scopes'>>): readonly string[] =>
  scopes.map(({ value }) => value);

const isMissing = (error: unknown) => error instanceof ApiFailure && error.status === 404;

/** Reads the My Organization API; null if this server does not have it yet. */
export async function findApi(): Promise<Api | null> {
  try {
    return await readApi(readOrganizationAudience());
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

async function findGrant(clientId: string): Promise<Grant | null> {
  const query = { client_id: clientId, audience: readOrganizationAudience(), subject_type: 'user' as const, take: 10 };
  const { data } = await api.GET('/client-grants', { params: { query } });
  const found = data.client_grants.find(({ subject_type: subject }) => subject === 'user');
  if (found === undefined) return null;
  // Is read by itself, for its version.
  return (await api.GET('/client-grants/{id}', { params: { path: { id: found.id } } })).data;
}

/** Cache key of the parts of an application. */
export const partsKey = (id: string) => [...clientKey(id), 'customers'] as const;

/** Reads the parts as they are stored. Rejects with ApiFailure. */
export async function readParts(id: string): Promise<Parts> {
  const [client, found, grant] = await Promise.all([readClient(id), findApi(), findGrant(id)]);
  return { client, api: found, grant };
}

/** Reads everything again that the calls change. */
export const refresh = () =>
  Promise.all([CLIENTS, APIS, GRANTS].map((queryKey) => queryClient.invalidateQueries({ queryKey })));

type Strategies = NonNullable<
  SentBodyOf<'/clients/{id}', 'patch'>['my_organization_configuration']
>['allowed_strategies'][number];

/** Makes the missing parts, and changes the others to `chosen`. Rejects with {@link PartlyDone}. */
export async function switchOn({ client, api: found, grant }: Parts, chosen: Chosen): Promise<void> {
  const { client_id: id } = client;
  const audience = readOrganizationAudience();
  let scopes = namesOf(found ?? {});
  const steps: Step[] = [];
  if (found === null)
    steps.push([
      ADDED,
      async () => {
        scopes = await addApi();
      },
    ]);
  // Before the access: an earlier choice may be there, and must not be open to customers when this step fails.
  steps.push([
    'the choice of identity providers',
    async () => {
      const before = configurationOf(client);
      const kept = (before?.allowed_strategies ?? []).filter((name) => !isOffered(name));
      const configuration = {
        ...before,
        // Others, such as Auth0's pingfederate, are kept.
        allowed_strategies: [...chosen.strategies, ...kept] as Strategies[],
        connection_deletion_behavior: chosen.deletion,
      };
      await api.PATCH('/clients/{id}', {
        ...ifStill(versionOf(client)),
        params: { path: { id } },
        body: { my_organization_configuration: configuration },
      });
    },
  ]);
  steps.push([
    'the access of the application',
    async () => {
      const scope = toScopes(scopes, chosen.groups, grant?.scope);
      if (grant === null)
        await api.POST('/client-grants', { body: { client_id: id, audience, subject_type: 'user', scope } });
      else
        await api.PATCH('/client-grants/{id}', {
          ...ifStill(versionOf(grant)),
          params: { path: { id: grant.id } },
          body: { scope },
        });
    },
  ]);
  await runAll(steps);
}

/**
 * Takes the application's access away. Its configuration stays for the next time, with the profiles that somebody chose:
 * without the access nobody may call anything. The API stays too: other applications use it. Rejects with
 * {@link PartlyDone}.
 */
export async function switchOff({ grant }: Parts): Promise<void> {
  if (grant === null) return;
  await runAll([
    [
      'the removal of the application’s access',
      () => api.DELETE('/client-grants/{id}', { params: { path: { id: grant.id } } }),
    ],
  ]);
}
