/**
 * Schemas of the requests about an organization's people that Auth0 does not have: the list of people, their numbers,
 * and the explanation of a login. Part of the additions (additions.ts).
 */
import type { JsonSchema } from '../api/operation.js';
import { ARRIVAL_PATH, ENABLEMENT_PATH, ORGANIZATION_PATH, type OwnRequest } from '../own-request.js';

const QUESTION_CLAIMS = { type: 'object', additionalProperties: true, maxProperties: 200 };
/** The login to explain: an address for which an identity provider would vouch, or a person's claims. */
const QUESTION: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  anyOf: [{ required: ['email'] }, { required: ['claims'] }],
  properties: {
    email: { type: 'string', minLength: 1, maxLength: 320 },
    claims: QUESTION_CLAIMS,
    connection_id: { type: 'string', format: 'connection-id' },
  },
};

/** The requests about an organization's people, by operation. */
export const QUESTIONS_ABOUT_PEOPLE: Readonly<Record<string, OwnRequest>> = {
  'get /organizations/{id}/people': {
    // The operation also requires read:users and read:organization_member_roles.
    scopes: ['read:organization_members'],
    path: ORGANIZATION_PATH,
    query: {
      type: 'object',
      properties: {
        // `starts_with` returns a single page, so a request cannot combine it with `from`.
        starts_with: { type: 'string', minLength: 1, maxLength: 320 },
        take: { type: 'integer', minimum: 1, maximum: 1000 },
        from: { type: 'string', maxLength: 1000 },
      },
    },
  },
  'post /organizations/{id}/people/find': {
    scopes: ['read:organization_members'],
    path: ORGANIZATION_PATH,
    body: {
      type: 'object',
      additionalProperties: false,
      required: ['user_ids'],
      properties: {
        user_ids: {
          type: 'array',
          minItems: 1,
          maxItems: 1000,
          items: { type: 'string', minLength: 1, maxLength: 2048 },
        },
      },
    },
  },
  'get /organizations/{id}/people/totals': {
    scopes: ['read:organization_members'],
    path: ORGANIZATION_PATH,
    query: { type: 'object', properties: { connection_id: { type: 'string', format: 'connection-id' } } },
  },
  'post /organizations/{id}/explain': {
    scopes: ['read:organizations'],
    path: ORGANIZATION_PATH,
    body: QUESTION,
  },
  'post /organizations/{id}/explain/condition': {
    scopes: ['read:organizations'],
    path: ORGANIZATION_PATH,
    body: {
      type: 'object',
      additionalProperties: false,
      required: ['condition'],
      properties: {
        condition: { type: 'string', minLength: 1, maxLength: 1000 },
        claims: QUESTION_CLAIMS,
        email: { type: 'string', maxLength: 320 },
        scim_groups: { type: 'array', maxItems: 1000, items: { type: 'string', maxLength: 255 } },
      },
    },
  },
  // The next three operations also require the scope read:users, which each operation checks itself.
  'get /organizations/{id}/enabled_connections/{connectionId}/people': {
    scopes: ['read:organization_members'],
    path: ENABLEMENT_PATH,
    query: {
      type: 'object',
      properties: {
        starts_with: { type: 'string', minLength: 1, maxLength: 320 },
        take: { type: 'integer', minimum: 1, maximum: 50 },
      },
    },
  },
  'get /organizations/{id}/enabled_connections/{connectionId}/people/{user_id}': {
    scopes: ['read:organization_members'],
    path: ARRIVAL_PATH,
  },
  'post /organizations/{id}/enabled_connections/{connectionId}/explain/condition': {
    scopes: ['read:organization_members'],
    path: ENABLEMENT_PATH,
    body: {
      type: 'object',
      additionalProperties: false,
      required: ['condition'],
      properties: {
        condition: { type: 'string', minLength: 1, maxLength: 1000 },
        user_ids: { type: 'array', maxItems: 20, items: { type: 'string', minLength: 1, maxLength: 2048 } },
      },
    },
  },
  'post /organizations/{id}/explain/people': {
    scopes: ['read:organizations'],
    path: ORGANIZATION_PATH,
    body: {
      type: 'object',
      additionalProperties: false,
      required: ['people'],
      properties: { people: { type: 'array', minItems: 1, maxItems: 1000, items: QUESTION } },
    },
  },
};
