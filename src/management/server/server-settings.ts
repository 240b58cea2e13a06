/**
 * `GET /server/settings`, an addition: shows the environment variables with which this node was started. Read-only.
 * Never shows a secret, only whether it is set.
 */
import type { EnvironmentVariable } from '../../ports/node-settings.js';
import type { ManagementDeps } from '../api/deps.js';
import type { Call, Operation, Reply, Wire } from '../api/operation.js';
import { listOf, present, replyOf, wordOf } from '../api/wire.js';

function toVariable(variable: EnvironmentVariable): Wire {
  return 'isSet' in variable
    ? { name: variable.name, is_secret: true, is_set: variable.isSet }
    : { name: variable.name, is_secret: false, value: variable.value ?? null };
}

/** Returns whose mail server is in use: the tenant's, the environment's, or none. */
async function findMailSource({ server }: ManagementDeps, call: Call): Promise<'tenant' | 'environment' | 'none'> {
  const own = await call.directory.emails.findProvider();
  if (own?.enabled === true) return 'tenant';
  const isSet = server.variables.some(
    (variable) => variable.name === 'SMTP_URL' && 'value' in variable && variable.value,
  );
  return isSet ? 'environment' : 'none';
}

async function show(deps: ManagementDeps, call: Call): Promise<Reply> {
  const { version, node, startedAt, variables } = deps.server;
  return {
    body: present({
      version,
      issuer: `${deps.origin}/`,
      node: { name: node, runtime: `Node.js ${process.versions.node}`, started_at: startedAt.toISOString() },
      mail: { source: await findMailSource(deps, call) },
      variables: variables.map(toVariable),
    }),
  };
}

const VALUE = { anyOf: [{ type: ['string', 'number', 'null'] }, listOf('string')] };

/** Returns the operation `GET /server/settings`. */
export function serverSettingsOperations(deps: ManagementDeps): Operation[] {
  return [
    {
      method: 'get',
      path: '/server/settings',
      summary: 'Show what the environment of this node sets',
      status: 200,
      reply: replyOf({
        version: 'string',
        issuer: 'string',
        node: replyOf({ name: 'string', runtime: 'string', started_at: 'string' }),
        mail: replyOf({ source: wordOf('tenant', 'environment', 'none') }),
        variables: listOf(replyOf({ name: 'string', is_secret: 'boolean' }, { is_set: 'boolean', value: VALUE })),
      }),
      refusals: [],
      run: (call) => show(deps, call),
    },
  ];
}
