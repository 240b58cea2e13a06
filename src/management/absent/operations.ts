/**
 * Operations for features that this server does not have: their paths and answers come from features.ts, their methods
 * from Auth0's document. They write nothing. A write that repeats the shown value succeeds; any other is refused with a
 * sentence.
 */
import { isDeepStrictEqual } from 'node:util';
import { ManagementError, noOrganization, noRole, noUser } from '../api/errors.js';
import type { Call, Operation, Reply, Wire } from '../api/operation.js';
import { getAcceptedScopes } from '../api/scopes.js';
import { listAuth0Operations } from '../api/validation.js';
import type { AbsentAnswer, AbsentFeature } from './answers.js';
import { ABSENT_FEATURES } from './features.js';

type Method = Operation['method'];

/** Auth0's error code for a feature that a tenant does not have. Tools that know it continue without the feature. */
const CODE = 'feature_not_enabled';

function refuse({ name, instead }: AbsentFeature, property?: string): ManagementError {
  const where = property === undefined ? '' : ` (property ${property})`;
  return new ManagementError(403, `${name}: this server does not have this${where}. ${instead}`, CODE);
}

const isNothing = (value: unknown): boolean =>
  value === null ||
  value === undefined ||
  value === '' ||
  (typeof value === 'object' && Object.values(value).every(isNothing));

/**
 * Returns the name of the first property of `sent` whose value differs from that in `shown`; undefined if none does.
 */
function findChange(sent: unknown, shown: unknown): string | undefined {
  if (Array.isArray(sent) || typeof sent !== 'object' || sent === null)
    return isDeepStrictEqual(sent, shown) ? undefined : 'body';
  return Object.entries(sent).find(([name, value]) => {
    const now = (shown as Wire)[name];
    return !isDeepStrictEqual(value, now) && !(isNothing(value) && isNothing(now));
  })?.[0];
}

const findShown = (answer: AbsentAnswer): unknown => ('is' in answer ? answer.is : undefined);

function answerWrite(feature: AbsentFeature, answer: AbsentAnswer, method: Method, call: Call): Reply {
  if ('missing' in answer) {
    // These requests would create the resource: a PUT, a POST without path parameters, and a POST to a sub-resource.
    // All other requests name a resource that does not exist.
    const makes = method === 'put' || (method === 'post' && (answer.isMade || Object.keys(call.params).length === 0));
    if (makes) throw refuse(feature);
    throw new ManagementError(404, answer.missing, answer.errorCode);
  }
  // Auth0 confirms the deletion of a resource that does not exist.
  if (method === 'delete') return { empty: true };
  const shown = findShown(answer);
  if (shown === undefined || method === 'post') throw refuse(feature);
  if ('is' in answer && answer.leavesOff?.(call.body as Wire)) return { body: shown };
  const change = findChange(call.body, shown);
  if (change !== undefined) throw refuse(feature, change);
  return { body: shown };
}

/** Throws 404 if the thing with whose id the path begins does not exist. */
async function checkOwner({ ofUser, of }: AbsentFeature, { directory, params }: Call): Promise<void> {
  const id = params.organization_id ?? params.id ?? '';
  if (ofUser && (await directory.users.find(id)) === undefined) throw noUser();
  if (of === 'organization' && (await directory.organizations.find(id)) === undefined) throw noOrganization();
  if (of === 'role' && (await directory.members.findRole(id)) === undefined) throw noRole();
}

async function run(feature: AbsentFeature, answer: AbsentAnswer, method: Method, call: Call): Promise<Reply> {
  await checkOwner(feature, call);
  if (method !== 'get') return answerWrite(feature, answer, method, call);
  if ('list' in answer) return { page: { items: [], total: 0 } };
  if ('missing' in answer) throw new ManagementError(404, answer.missing, answer.errorCode);
  return { body: findShown(answer) };
}

/** Endpoints of newer SDKs that Auth0's document does not have yet. Their last part is no id. */
export const NEWER_ENDPOINTS: readonly (AbsentFeature & { readonly path: string })[] = [
  {
    name: 'Search of organizations',
    instead: 'GET /organizations lists them, and starts_with finds the beginning of a name.',
    path: '/organizations/search',
    paths: {},
  },
  {
    name: 'Search of APIs',
    instead: 'GET /resource-servers lists them, and identifiers finds some of them.',
    path: '/resource-servers/search',
    paths: {},
  },
];

function newerOperation(feature: (typeof NEWER_ENDPOINTS)[number]): Operation {
  return {
    method: 'get',
    path: feature.path,
    summary: `${feature.name}: not there`,
    absent: true,
    readsOnly: true,
    refusals: [404],
    reply: {},
    run: async () => {
      throw new ManagementError(404, refuse(feature).message, CODE);
    },
  };
}

/**
 * Returns what is said about a path of a missing feature that no operation serves: an endpoint that only a person may
 * call. Undefined for any other path.
 */
export function findAbsentWords(path: string): string | undefined {
  const feature = ABSENT_FEATURES.find(({ paths }) => Object.hasOwn(paths, path));
  return feature && refuse(feature).message;
}

/** Returns the operations that answer for features that this server does not have. */
export function absentOperations(): Operation[] {
  const rows = ABSENT_FEATURES.flatMap((feature) =>
    Object.entries(feature.paths).map(([path, answer]) => [path, { feature, answer }] as const),
  );
  const byPath = new Map(rows);
  const documented = listAuth0Operations().flatMap(({ method, path, status }) => {
    const row = byPath.get(path);
    if (row === undefined) return [];
    const { feature, answer } = row;
    // Skips endpoints that only a person may call, for a device of their own: no scope of this API permits them.
    if (getAcceptedScopes({ method, path }).length === 0) return [];
    const operation: Operation = {
      method,
      path,
      summary: `${feature.name}: not there`,
      status,
      absent: true,
      readsOnly: true,
      refusals: [404],
      ...(method === 'delete' ? {} : { reply: {} }),
      ...('list' in answer && method === 'get' ? { list: answer.list } : {}),
      run: (call) => run(feature, answer, method, call),
    };
    return [operation];
  });
  return [...documented, ...NEWER_ENDPOINTS.map(newerOperation)];
}
