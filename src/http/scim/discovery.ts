/**
 * The description of the SCIM endpoint: `/ServiceProviderConfig`, `/ResourceTypes` and `/Schemas` (RFC 7643 sections 5
 * to 7, RFC 7644 section 4).
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { CORE_SCHEMA, ENTERPRISE_SCHEMA } from '../../management/scim/attribute-path.js';
import type { ScimDeps } from './deps.js';
import { notFound } from './errors.js';
import { GROUP_SCHEMA } from './group-schema.js';
import { MAX_COUNT } from './list-query.js';
import { callerOf, send, toListBody } from './reply.js';
import { SCHEMAS } from './schemas.js';

const PATH = '/connections/:connectionId';

/** The features of SCIM that this server supports (RFC 7643 section 5). */
const SERVICE_PROVIDER_CONFIG = {
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig'],
  patch: { supported: true },
  bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
  filter: { supported: true, maxResults: MAX_COUNT },
  changePassword: { supported: false },
  sort: { supported: true },
  etag: { supported: true },
  authenticationSchemes: [
    {
      type: 'oauthbearertoken',
      name: 'Bearer token',
      description: 'A token of POST /api/v2/connections/{id}/scim-configuration/tokens',
    },
  ],
};

const RESOURCE_TYPES = [
  {
    id: 'User',
    name: 'User',
    endpoint: '/Users',
    description: 'People of the connection',
    schema: CORE_SCHEMA,
    schemaExtensions: [{ schema: ENTERPRISE_SCHEMA, required: false }],
  },
  { id: 'Group', name: 'Group', endpoint: '/Groups', description: 'Groups of these people', schema: GROUP_SCHEMA },
].map((type) => ({ schemas: ['urn:ietf:params:scim:schemas:core:2.0:ResourceType'], ...type }));

/**
 * Adds the routes of discovery. They need a token, but no scope. They always return the whole list: filters and paging
 * are ignored.
 */
export function addDiscoveryRoutes(app: FastifyInstance, { origin }: ScimDeps): void {
  const options = { exposeHeadRoute: false };
  const meta = (request: FastifyRequest, resourceType: string, path: string) => ({
    meta: { resourceType, location: `${origin}/scim/v2/connections/${callerOf(request).connection.id}${path}` },
  });
  const families = [
    { path: '/ResourceTypes', type: 'ResourceType', items: RESOURCE_TYPES },
    { path: '/Schemas', type: 'Schema', items: SCHEMAS },
  ] as const;
  app.get(`${PATH}/ServiceProviderConfig`, options, async (request, reply) =>
    send(reply, 200, {
      ...SERVICE_PROVIDER_CONFIG,
      ...meta(request, 'ServiceProviderConfig', '/ServiceProviderConfig'),
    }),
  );
  for (const { path, type, items } of families) {
    const toWire = (request: FastifyRequest, item: (typeof items)[number]) => ({
      ...item,
      ...meta(request, type, `${path}/${item.id}`),
    });
    app.get(`${PATH}${path}`, options, async (request, reply) => {
      const all = items.map((item) => toWire(request, item));
      return send(reply, 200, toListBody(all.length, 1, all));
    });
    app.get(`${PATH}${path}/:id`, options, async (request, reply) => {
      const { id } = request.params as { id: string };
      const found = items.find((item) => item.id === id);
      if (found === undefined) throw notFound();
      return send(reply, 200, toWire(request, found));
    });
  }
}
