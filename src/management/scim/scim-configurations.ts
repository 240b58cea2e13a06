/**
 * `/connections/{id}/scim-configuration` and the list of all configurations: whether a company's directory may
 * provision people of the connection by SCIM, and how they are mapped. Without a configuration, a connection has no
 * SCIM tokens and no SCIM address.
 */
import { servesManyCompanies } from '../../domain/companies/idp-destination.js';
import { findScimSubject } from '../../facts/strategies.js';
import { serverOf } from '../../login/tenant-code/event-parts.js';
import type { ConnectionRecord } from '../../ports/directory/connections.js';
import type { ScimConfiguration, ScimMappingItem } from '../../ports/directory/scim.js';
import type { ManagementDeps } from '../api/deps.js';
import { badBody } from '../api/errors.js';
import type { Call, Operation, Reply, Wire } from '../api/operation.js';
import { listOf, openTo, orConflict, replyOf, viewOf } from '../api/wire.js';
import { getScimConfiguration, getScimConnection, noScimConfiguration } from './connection-of-path.js';
import { DEFAULT_MAPPING } from './mapping.js';

interface ConfigurationBody {
  readonly user_id_attribute?: string;
  readonly mapping?: readonly ScimMappingItem[];
}

const PATH = '/connections/{id}/scim-configuration';
const MAX_MAPPING = 200;
const MAX_TEXT = 512;

interface Configured {
  readonly origin: string;
  readonly connection: ConnectionRecord;
  readonly configuration: ScimConfiguration;
}

/** An item of a mapping. As in Auth0's schema, it may have further properties: they are stored and have no effect. */
const ITEM = openTo(replyOf({}, { scim: 'string', auth0: 'string' }));
const CONFIGURATION = viewOf<Configured>({
  tenant_name: ['string', ({ origin }) => serverOf(origin).tenantId],
  connection_id: ['string', ({ connection }) => connection.id],
  connection_name: ['string', ({ connection }) => connection.name],
  strategy: ['string', ({ connection }) => connection.strategy],
  mapping: [listOf(ITEM), ({ configuration }) => configuration.mapping ?? DEFAULT_MAPPING],
  user_id_attribute: ['string', ({ configuration }) => configuration.userIdAttribute],
  created_at: ['string', ({ configuration }) => configuration.createdAt.toISOString()],
  updated_on: ['string', ({ configuration }) => configuration.updatedAt.toISOString()],
});

const toWire = ({ origin }: ManagementDeps, connection: ConnectionRecord, configuration: ScimConfiguration): Wire =>
  CONFIGURATION.show({ origin, connection, configuration });

/** Checks sizes only. As on Auth0, any source and target is accepted; one that is not known has no effect. */
function checkBody({ mapping = [], user_id_attribute = 'externalId' }: ConfigurationBody): void {
  const texts = mapping.flatMap(({ scim = '', auth0 = '' }) => [scim, auth0]);
  if (mapping.length > MAX_MAPPING || [...texts, user_id_attribute].some((text) => text.length > MAX_TEXT))
    throw badBody(`A mapping has at most ${MAX_MAPPING} items of ${MAX_TEXT} characters.`);
  if (user_id_attribute === '') throw badBody('user_id_attribute names an attribute of the SCIM user.');
}

async function create(deps: ManagementDeps, call: Call): Promise<Reply> {
  const connection = await getScimConnection(call);
  // Refused for connections through which many tenants sign in. Each tenant has its own issuer, and SCIM does not say
  // to which issuer its people belong.
  if (servesManyCompanies(connection))
    throw badBody('SCIM cannot provision a connection that many tenants sign in over (useCommonEndpoint).');
  const body = call.body as ConfigurationBody;
  checkBody(body);
  const configuration: ScimConfiguration = {
    connectionId: connection.id,
    userIdAttribute: body.user_id_attribute ?? findScimSubject(connection.strategy) ?? 'externalId',
    mapping: body.mapping,
    createdAt: call.now,
    updatedAt: call.now,
  };
  await orConflict(
    'The connection has a SCIM configuration already.',
    call.directory.scim.createConfiguration(configuration),
  );
  return { body: toWire(deps, connection, configuration) };
}

async function update(deps: ManagementDeps, call: Call): Promise<Reply> {
  const connection = await getScimConnection(call);
  const body = call.body as Required<ConfigurationBody>;
  checkBody(body);
  const { user_id_attribute: userIdAttribute, mapping } = body;
  const changes = { userIdAttribute, mapping, updatedAt: call.now };
  const after = await call.directory.scim.updateConfiguration(connection.id, changes);
  if (after === undefined) throw noScimConfiguration();
  return { body: toWire(deps, connection, after) };
}

async function listAll(deps: ManagementDeps, call: Call): Promise<Reply> {
  const page = await call.directory.scim.listConfigurations(call.paging.request);
  const items = await Promise.all(
    page.items.map(async (configuration) => {
      const connection = await call.directory.connections.find(configuration.connectionId);
      // The connection, and with it the configuration, may have been deleted after the list was read.
      return connection === undefined ? [] : [toWire(deps, connection, configuration)];
    }),
  );
  return { page: { ...page, items: items.flat() } };
}

/** Returns the operations on SCIM configurations. */
export function scimConfigurationOperations(deps: ManagementDeps): Operation[] {
  return [
    {
      method: 'get',
      path: '/connections-scim-configurations',
      summary: 'List the SCIM configurations of all connections',
      reply: CONFIGURATION.schema,
      list: { key: 'scim_configurations', form: 'object', checkpoint: true },
      run: (call) => listAll(deps, call),
    },
    {
      method: 'get',
      path: PATH,
      summary: 'Get the SCIM configuration of a connection',
      reply: CONFIGURATION.schema,
      refusals: [404],
      async run(call) {
        const connection = await getScimConnection(call);
        return { body: toWire(deps, connection, await getScimConfiguration(call)) };
      },
    },
    {
      method: 'post',
      path: PATH,
      summary: 'Create the SCIM configuration of a connection',
      status: 201,
      reply: CONFIGURATION.schema,
      refusals: [404, 409],
      run: (call) => create(deps, call),
    },
    {
      method: 'patch',
      path: PATH,
      summary: 'Update the SCIM configuration of a connection',
      reply: CONFIGURATION.schema,
      refusals: [404],
      run: (call) => update(deps, call),
    },
    {
      method: 'delete',
      path: PATH,
      summary: 'Delete the SCIM configuration of a connection, with its tokens',
      refusals: [404],
      async run(call) {
        const { connectionId } = await getScimConfiguration(call);
        await call.directory.scim.deleteConfiguration(connectionId);
        return {};
      },
    },
    {
      method: 'get',
      path: `${PATH}/default-mapping`,
      summary: 'Get the mapping of a connection that has none of its own',
      reply: replyOf({ mapping: listOf(ITEM) }),
      refusals: [404],
      async run(call) {
        await getScimConnection(call);
        return { body: { mapping: DEFAULT_MAPPING } };
      },
    },
  ];
}
