/**
 * `GET /server/settings`, an addition: shows the environment variables with which this node was started. Read-only.
 * Never shows a secret, only whether it is set.
 */
import type { EnvironmentVariable, NodeSettings } from '../../ports/node-settings.js';
import type { ManagementDeps } from '../api/deps.js';
import type { Call, Operation, Reply } from '../api/operation.js';
import { listOf, replyOf, viewOf, wordOf } from '../api/wire.js';

const VARIABLE = viewOf<EnvironmentVariable>({
  name: ['string', ({ name }) => name],
  is_secret: ['boolean', (variable) => 'isSet' in variable],
  'is_set?': ['boolean', (variable) => ('isSet' in variable ? variable.isSet : undefined)],
  'value?': [
    { anyOf: [{ type: ['string', 'number', 'null'] }, listOf('string')] },
    (variable) => ('isSet' in variable ? undefined : (variable.value ?? null)),
  ],
});
const NODE = viewOf<NodeSettings>({
  name: ['string', ({ node }) => node],
  runtime: ['string', () => `Node.js ${process.versions.node}`],
  started_at: ['string', ({ startedAt }) => startedAt.toISOString()],
});

interface ShownSettings extends NodeSettings {
  readonly issuer: string;
  readonly mailSource: 'tenant' | 'environment' | 'none';
}

const SETTINGS = viewOf<ShownSettings>({
  version: ['string', ({ version }) => version],
  issuer: ['string', ({ issuer }) => issuer],
  node: [NODE.schema, NODE.show],
  mail: [replyOf({ source: wordOf('tenant', 'environment', 'none') }), ({ mailSource }) => ({ source: mailSource })],
  variables: [listOf(VARIABLE.schema), ({ variables }) => variables.map(VARIABLE.show)],
});

/** Returns whose mail server is in use: the tenant's, the environment's, or none. */
async function findMailSource({ server }: ManagementDeps, call: Call): Promise<ShownSettings['mailSource']> {
  const own = await call.directory.emails.findProvider();
  if (own?.enabled === true) return 'tenant';
  const isSet = server.variables.some(
    (variable) => variable.name === 'SMTP_URL' && 'value' in variable && variable.value,
  );
  return isSet ? 'environment' : 'none';
}

async function show(deps: ManagementDeps, call: Call): Promise<Reply> {
  const mailSource = await findMailSource(deps, call);
  return { body: SETTINGS.show({ ...deps.server, issuer: `${deps.origin}/`, mailSource }) };
}

/** Returns the operation `GET /server/settings`. */
export function serverSettingsOperations(deps: ManagementDeps): Operation[] {
  return [
    {
      method: 'get',
      path: '/server/settings',
      summary: 'Show what the environment of this node sets',
      reply: SETTINGS.schema,
      run: (call) => show(deps, call),
    },
  ];
}
