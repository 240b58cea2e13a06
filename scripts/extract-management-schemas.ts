/**
 * Reads Auth0's OpenAPI document of the Management API (its path is the argument). Writes the data by which this server
 * validates requests: path, query and body schemas of the operations in scope, shared definitions, and the names of all
 * scopes. For tests it also writes the properties that need a scope of their own according to the document's texts, and
 * the shapes of answers. Leaves out prose, examples and defaults.
 * tsx scripts/extract-management-schemas.ts path/to/management-api-oas.json
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { ABSENT_FEATURES } from '../src/management/absent/features.js';
import { definitionsFor, isObject, type Json, type JsonObject, objectAt, strip } from './openapi-parts.js';

const TARGET = new URL('../src/management/api/auth0-schemas.subset.json', import.meta.url);
const SCOPES_TARGET = new URL('../test/management/auth0-scopes.subset.json', import.meta.url);
const ANSWERS_TARGET = new URL('../test/management/auth0-answers.subset.json', import.meta.url);
const IN_SCOPE = [
  'get post /clients',
  'get patch delete /clients/{id}',
  'post /clients/{id}/rotate-secret',
  'get post /clients/{client_id}/credentials',
  'get patch delete /clients/{client_id}/credentials/{credential_id}',
  'get /keys/signing',
  'get /keys/signing/{kid}',
  'post /keys/signing/rotate',
  'put /keys/signing/{kid}/revoke',
  'get post /connections',
  'get patch delete /connections/{id}',
  'get patch /connections/{id}/clients',
  'delete /connections/{id}/users',
  'get /clients/{id}/connections',
  'get /organizations/{id}/members/{user_id}/effective-roles/sources/groups',
  'get /users/{id}/effective-roles',
  'get /users/{id}/effective-permissions',
  'get /users/{id}/effective-permissions/sources/effective-roles',
  'post /users/{id}/revoke-access',
  'get post /connections/{id}/keys',
  'post /connections/{id}/keys/rotate',
  'get post patch delete /connections/{id}/scim-configuration',
  'get /connections/{id}/scim-configuration/default-mapping',
  'get post /connections/{id}/scim-configuration/tokens',
  'delete /connections/{id}/scim-configuration/tokens/{tokenId}',
  'get /connections-scim-configurations',
  'get post /roles',
  'get patch delete /roles/{id}',
  'get post delete /roles/{id}/permissions',
  'get post /roles/{id}/users',
  'get post /users',
  'get patch delete /users/{id}',
  'post /users/{id}/identities',
  'delete /users/{id}/identities/{provider}/{user_id}',
  'get /users/{id}/organizations',
  'get post delete /users/{id}/roles',
  'get post delete /users/{id}/permissions',
  'get /users/{id}/logs',
  'get delete /users/{user_id}/sessions',
  'get delete /users/{user_id}/refresh-tokens',
  'get patch delete /sessions/{id}',
  'post /sessions/{id}/revoke',
  'get /refresh-tokens',
  'post /refresh-tokens/revoke',
  'get patch delete /refresh-tokens/{id}',
  'get /users-by-email',
  'get post /organizations',
  'get /organizations/name/{name}',
  'get patch delete /organizations/{id}',
  'get post /organizations/{id}/enabled_connections',
  'get patch delete /organizations/{id}/enabled_connections/{connectionId}',
  'get post /organizations/{id}/connections',
  'get patch delete /organizations/{id}/connections/{connection_id}',
  'get post delete /organizations/{id}/members',
  'get post delete /organizations/{id}/members/{user_id}/roles',
  'get /organizations/{id}/members/{user_id}/effective-roles',
  'get post /organizations/{id}/invitations',
  'get delete /organizations/{id}/invitations/{invitation_id}',
  'get post /organizations/{id}/discovery-domains',
  'get /organizations/{id}/discovery-domains/name/{discovery_domain}',
  'get patch delete /organizations/{id}/discovery-domains/{discovery_domain_id}',
  'get post /organizations/{id}/client-grants',
  'delete /organizations/{id}/client-grants/{grant_id}',
  'get patch /tenants/settings',
  'get put /prompts/{prompt}/custom-text/{language}',
  'get patch /attack-protection/brute-force-protection',
  'get patch /attack-protection/suspicious-ip-throttling',
  'get patch /branding',
  'get delete /user-blocks',
  'get delete /user-blocks/{id}',
  'get delete /anomaly/blocks/ips/{id}',
  'get /guardian/factors',
  'put /guardian/factors/{name}',
  'get put /guardian/policies',
  'post /guardian/enrollments/ticket',
  'get delete /guardian/enrollments/{id}',
  'get post put delete /users/{id}/authentication-methods',
  'get patch delete /users/{id}/authentication-methods/{authentication_method_id}',
  'delete /users/{id}/authenticators',
  'get /users/{id}/enrollments',
  'post /users/{id}/multifactor/actions/invalidate-remember-browser',
  'delete /users/{id}/multifactor/{provider}',
  'post /users/{id}/recovery-code-regeneration',
  'get /stats/active-users',
  'get /stats/daily',
  'post /branding/themes',
  'get /branding/themes/default',
  'get patch delete /branding/themes/{themeId}',
  'get put delete /branding/templates/universal-login',
  'get post /custom-domains',
  'get patch /custom-domains/default',
  'get patch delete /custom-domains/{id}',
  'post /custom-domains/{id}/verify',
  'post /custom-domains/{id}/test',
  'get /logs',
  'get /logs/{id}',
  'get post patch delete /emails/provider',
  'post /email-templates',
  'get put patch /email-templates/{templateName}',
  'get post /log-streams',
  'get patch delete /log-streams/{id}',
  'get post /resource-servers',
  'get patch delete /resource-servers/{id}',
  'get post /client-grants',
  'get patch delete /client-grants/{id}',
  'get /client-grants/{id}/organizations',
  'get post /self-service-profiles',
  'get patch delete /self-service-profiles/{id}',
  'post /self-service-profiles/{id}/sso-ticket',
  'post /self-service-profiles/{profileId}/sso-ticket/{id}/revoke',
  'get post /connection-profiles',
  'get /connection-profiles/templates',
  'get /connection-profiles/templates/{id}',
  'get patch delete /connection-profiles/{id}',
  'get post /user-attribute-profiles',
  'get /user-attribute-profiles/templates',
  'get /user-attribute-profiles/templates/{id}',
  'get patch delete /user-attribute-profiles/{id}',
  'post /tickets/password-change',
  'post /tickets/email-verification',
  'post /jobs/users-exports',
  'post /jobs/users-imports',
  'post /jobs/verification-email',
  'get /jobs/{id}',
  'get /jobs/{id}/errors',
  'get post /actions/actions',
  'get patch delete /actions/actions/{id}',
  'post /actions/actions/{id}/deploy',
  'post /actions/actions/{id}/test',
  'get /actions/actions/{actionId}/versions',
  'get /actions/actions/{actionId}/versions/{id}',
  'post /actions/actions/{actionId}/versions/{id}/deploy',
  'get post /actions/modules',
  'get patch delete /actions/modules/{id}',
  'get /actions/modules/{id}/actions',
  'post /actions/modules/{id}/rollback',
  'get post /actions/modules/{id}/versions',
  'get /actions/modules/{id}/versions/{versionId}',
  'get /actions/executions/{id}',
  'get /actions/triggers',
  'get patch /actions/triggers/{triggerId}/bindings',
].flatMap((line) => {
  const words = line.split(' ');
  const path = words.at(-1) ?? '';
  return words.slice(0, -1).map((method) => ({ method, path }));
});

/** Paths of features that this server lacks: only the scopes and parameters of their requests are checked. */
const ABSENT: ReadonlySet<string> = new Set(ABSENT_FEATURES.flatMap(({ paths }) => Object.keys(paths)));
const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

function parametersOf(operation: JsonObject, place: string): Json | undefined {
  const list = Array.isArray(operation.parameters) ? (operation.parameters as readonly Json[]) : [];
  const chosen = list.filter((item): item is JsonObject => isObject(item) && item.in === place);
  if (chosen.length === 0) return undefined;
  const properties = Object.fromEntries(chosen.map((item) => [String(item.name), strip(item.schema ?? {})]));
  const required = chosen.filter((item) => item.required === true).map((item) => String(item.name));
  return { type: 'object', properties, ...(required.length > 0 ? { required } : {}) };
}

function scopesOf(operation: JsonObject): string[] {
  const list = Array.isArray(operation.security) ? (operation.security as readonly Json[]) : [];
  return list.flatMap((item) => {
    const scopes = isObject(item) ? item.oAuth2ClientCredentials : undefined;
    return Array.isArray(scopes) ? (scopes as readonly Json[]).map(String) : [];
  });
}

/** Returns the operations in scope, and every operation of a feature that this server lacks. */
function chooseOperations(document: JsonObject): readonly { readonly method: string; readonly path: string }[] {
  const absent = [...ABSENT].flatMap((path) =>
    METHODS.filter((method) => Object.hasOwn(objectAt(document, 'paths', path), method)).map((method) => ({
      method,
      path,
    })),
  );
  return [...IN_SCOPE, ...absent];
}

function extract(document: JsonObject): JsonObject {
  const operations: Record<string, Json> = {};
  const allScopes = new Set<string>();
  for (const path of Object.values(objectAt(document, 'paths')))
    for (const operation of Object.values(isObject(path) ? path : {}))
      if (isObject(operation)) for (const scope of scopesOf(operation)) allScopes.add(scope);
  // Only the texts name some scopes (`update:connections_options`).
  for (const { properties } of Object.values(extractScopes(document)))
    for (const { scopes } of properties) for (const scope of scopes) allScopes.add(scope);

  for (const { method, path } of chooseOperations(document)) {
    const operation = objectAt(document, 'paths', path, method);
    if (Object.keys(operation).length === 0) throw new Error(`${method} ${path} is not in the document`);
    const request = objectAt(operation, 'requestBody');
    const described = (objectAt(request, 'content', 'application/json').schema ??
      objectAt(request, 'content', 'multipart/form-data').schema) as Json | undefined;
    const body = described !== undefined && ABSENT.has(path) ? {} : described;
    const pathSchema = parametersOf(operation, 'path');
    const query = parametersOf(operation, 'query');
    operations[`${method} ${path}`] = {
      operationId: operation.operationId ?? null,
      scopes: scopesOf(operation),
      status: Math.min(...Object.keys(objectAt(operation, 'responses')).map(Number)),
      ...(pathSchema === undefined ? {} : { path: pathSchema }),
      ...(query === undefined ? {} : { query }),
      ...(body === undefined ? {} : { body: strip(body), bodyRequired: request.required === true }),
    };
  }
  return { scopes: [...allScopes].sort(), operations, definitions: definitionsFor(document, operations) };
}

/** A statement of a text about scopes: properties or parameters, and the scopes of which one is needed. */
interface ScopeFact {
  readonly properties: readonly string[];
  readonly scopes: readonly string[];
}

const SCOPE_NAME = /\b(?:read|create|update|delete):[a-z_]+\b/g;

/** Reads a text one list item or paragraph at a time. A name in backticks that is no scope is a property. */
function factsOf(text: string, ofOperation: readonly string[]): ScopeFact[] {
  const parts = text.replace(/```[\s\S]*?```/g, '').split(/\n\s*\n|\n(?=\s*- )/);
  return parts.flatMap((part) => {
    const opensAll = /\b(any scope|any of the scopes)\b/.test(part);
    const scopes = opensAll ? ofOperation : [...new Set(part.match(SCOPE_NAME) ?? [])];
    if (scopes.length === 0) return [];
    const names = [...part.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '');
    return [{ properties: names.filter((name) => !name.includes(':') && name !== 'fields'), scopes }];
  });
}

/** Returns the statements in the descriptions of a schema's properties, at any depth. */
function propertyFacts(document: JsonObject, schema: Json, seen = new Set<string>()): ScopeFact[] {
  if (Array.isArray(schema)) return schema.flatMap((item) => propertyFacts(document, item, seen));
  if (!isObject(schema)) return [];
  if (typeof schema.$ref === 'string') {
    const name = schema.$ref.replace('#/components/schemas/', '');
    // The texts of this schema are about scopes of GitHub.
    if (seen.has(name) || name === 'ConnectionOptionsGitHub') return [];
    seen.add(name);
    return propertyFacts(document, objectAt(document, 'components', 'schemas', name), seen);
  }
  const own = Object.entries(objectAt(schema, 'properties')).flatMap(([name, property]) => {
    const target =
      isObject(property) && typeof property.$ref === 'string' ? property.$ref.split('/').at(-1) : undefined;
    const described = target === undefined ? property : objectAt(document, 'components', 'schemas', target);
    const text = isObject(described) && typeof described.description === 'string' ? described.description : '';
    const scopes = [...new Set(text.match(SCOPE_NAME) ?? [])];
    return scopes.length === 0 ? [] : [{ properties: [name], scopes }];
  });
  return [...own, ...Object.values(schema).flatMap((item) => propertyFacts(document, item, seen))];
}

interface OperationScopes {
  readonly scopes: readonly string[];
  readonly properties: readonly ScopeFact[];
}

/** Returns for each operation the scopes that permit it, and the statements about single properties. */
function extractScopes(document: JsonObject): Readonly<Record<string, OperationScopes>> {
  const entries = chooseOperations(document).map(({ method, path }) => {
    const operation = objectAt(document, 'paths', path, method);
    const scopes = scopesOf(operation);
    const told = factsOf(typeof operation.description === 'string' ? operation.description : '', scopes);
    const body = propertyFacts(document, objectAt(operation, 'requestBody'));
    const answer = propertyFacts(document, objectAt(operation, 'responses'));
    const facts = [...told, ...body, ...answer].map((fact) => JSON.stringify(fact));
    return [
      `${method} ${path}`,
      { scopes, properties: [...new Set(facts)].map((fact) => JSON.parse(fact) as ScopeFact) },
    ];
  });
  return Object.fromEntries(entries) as Readonly<Record<string, OperationScopes>>;
}

/**
 * Returns for each operation the shape of its answer, if it has a body. Auth0's real answers have more properties, so
 * further ones are allowed.
 */
function extractAnswers(document: JsonObject): JsonObject {
  const entries = IN_SCOPE.flatMap(({ method, path }): [string, Json][] => {
    const responses = Object.entries(objectAt(document, 'paths', path, method, 'responses'));
    const good = responses.find(([status]) => status.startsWith('2'));
    const schema = objectAt(good?.[1], 'content', 'application/json').schema;
    return schema === undefined ? [] : [[`${method} ${path}`, strip(schema)]];
  });
  const operations = Object.fromEntries(entries);
  return { operations, definitions: definitionsFor(document, operations) };
}

const source = process.argv[2];
if (source === undefined) {
  process.stderr.write('Give the path of the OpenAPI document: tsx scripts/extract-management-schemas.ts FILE\n');
  process.exitCode = 2;
} else {
  const document = JSON.parse(readFileSync(source, 'utf8')) as JsonObject;
  const text = JSON.stringify(extract(document));
  writeFileSync(TARGET, `${text}\n`);
  writeFileSync(SCOPES_TARGET, `${JSON.stringify(extractScopes(document))}\n`);
  writeFileSync(ANSWERS_TARGET, `${JSON.stringify(extractAnswers(document))}\n`);
  process.stdout.write(`${text.length} bytes written to ${TARGET.pathname}\n`);
}
