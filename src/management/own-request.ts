/** The type of requests that Auth0 does not have, and the path parameters of their endpoints with maximum lengths. */
import type { JsonSchema } from './api/operation.js';

export interface OwnRequest {
  readonly scopes: readonly string[];
  readonly path?: JsonSchema;
  readonly query?: JsonSchema;
  readonly body?: JsonSchema;
}

export const ORGANIZATION_PATH = {
  type: 'object',
  properties: { id: { type: 'string', maxLength: 50 } },
  required: ['id'],
};
export const ORGANIZATION_CLIENT_PATH = {
  type: 'object',
  properties: { ...ORGANIZATION_PATH.properties, client_id: { type: 'string', format: 'client-id' } },
  required: ['id', 'client_id'],
};
export const MEMBER_PATH = {
  type: 'object',
  properties: { ...ORGANIZATION_PATH.properties, user_id: { type: 'string' } },
  required: ['id', 'user_id'],
};

export const DOMAIN_PATH = {
  type: 'object',
  properties: { ...ORGANIZATION_PATH.properties, discovery_domain_id: { type: 'string', maxLength: 50 } },
  required: ['id', 'discovery_domain_id'],
};
export const USER_PATH = { type: 'object', properties: { id: { type: 'string' } }, required: ['id'] };
export const IDENTITY_PATH = {
  type: 'object',
  properties: { ...USER_PATH.properties, provider: { type: 'string' }, user_id: { type: 'string' } },
  required: ['id', 'provider', 'user_id'],
};
export const MOVED_PATH = {
  type: 'object',
  properties: { ...USER_PATH.properties, identity_id: { type: 'string', maxLength: 100 } },
  required: ['id', 'identity_id'],
};

export const ENABLEMENT_PATH = {
  type: 'object',
  properties: { ...ORGANIZATION_PATH.properties, connectionId: { type: 'string', format: 'connection-id' } },
  required: ['id', 'connectionId'],
};
export const ARRIVAL_PATH = {
  type: 'object',
  properties: { ...ENABLEMENT_PATH.properties, user_id: { type: 'string', maxLength: 2048 } },
  required: ['id', 'connectionId', 'user_id'],
};
export const CONNECTION_PATH = {
  type: 'object',
  properties: { id: { type: 'string', maxLength: 50 } },
  required: ['id'],
};
