/**
 * The requests about the applications of an organization, with Auth0's scopes. Auth0's SDKs have them; its OpenAPI
 * document does not have them yet. Holds no logic.
 */
import { ORGANIZATION_CLIENT_PATH, ORGANIZATION_PATH, type OwnRequest } from '../own-request.js';

const CLIENT_ID = { type: 'string', format: 'client-id', minLength: 1 };

export const ORGANIZATION_CLIENTS: Readonly<Record<string, OwnRequest>> = {
  'get /organizations/{id}/clients': {
    scopes: ['read:organization_clients'],
    path: ORGANIZATION_PATH,
    query: {
      type: 'object',
      properties: { from: { type: 'string', maxLength: 1000 }, take: { type: 'integer', minimum: 1 } },
    },
  },
  'post /organizations/{id}/clients': {
    scopes: ['create:organization_clients'],
    path: ORGANIZATION_PATH,
    body: {
      type: 'object',
      additionalProperties: false,
      required: ['clients'],
      properties: {
        clients: {
          type: 'array',
          minItems: 1,
          maxItems: 100,
          items: {
            type: 'object',
            additionalProperties: false,
            required: ['client_id', 'use_for_member_access'],
            properties: { client_id: CLIENT_ID, use_for_member_access: { type: 'boolean' } },
          },
        },
      },
    },
  },
  'delete /organizations/{id}/clients': {
    scopes: ['delete:organization_clients'],
    path: ORGANIZATION_PATH,
    body: {
      type: 'object',
      additionalProperties: false,
      required: ['clients'],
      properties: { clients: { type: 'array', minItems: 1, maxItems: 100, items: CLIENT_ID } },
    },
  },
  'get /organizations/{id}/clients/{client_id}': {
    scopes: ['read:organization_clients'],
    path: ORGANIZATION_CLIENT_PATH,
  },
  'patch /organizations/{id}/clients/{client_id}': {
    scopes: ['update:organization_clients'],
    path: ORGANIZATION_CLIENT_PATH,
    body: {
      type: 'object',
      additionalProperties: false,
      properties: { use_for_member_access: { type: 'boolean' } },
    },
  },
};
