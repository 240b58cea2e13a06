/**
 * Prepares a tenant and applications for the My Organization API, and calls its operations from a page of an application.
 * The judges of this API use it.
 */
import assert from 'node:assert/strict';
import type { Page as Tab } from 'playwright-core';
import { txt } from '../../test/support/text-name-server.js';
import { expectIn, type Ground, signIn } from './browser-ground.js';
import type { Checks } from './checks.js';
import { told, well } from './factor-steps.js';
import type { Json } from './keycloak-server.js';
import type { SinglePageKind } from './single-page.js';

export interface Application extends Ground {
  readonly kind: SinglePageKind;
  readonly origin: string;
  readonly clientId: string;
  readonly checks: Checks;
  readonly audience: string;
  readonly adminRole: string;
}

/** The scopes that applications and roles of the judge have. */
export const POLICY_SCOPES = [
  ...['read', 'update'].map((verb) => `${verb}:my_org:details`),
  ...['create', 'read', 'update', 'delete'].map((verb) => `${verb}:my_org:domains`),
  ...['create', 'read', 'delete'].flatMap((verb) => [
    `${verb}:my_org:member_roles`,
    `${verb}:my_org:member_invitations`,
  ]),
  ...['read:my_org:members', 'delete:my_org:memberships', 'read:my_org:configuration'],
  ...['create', 'read', 'update', 'delete'].flatMap((verb) => [
    `${verb}:my_org:identity_providers`,
    `${verb}:my_org:identity_providers_provisioning`,
  ]),
  'update:my_org:identity_providers_detach',
  ...['create', 'delete'].map((verb) => `${verb}:my_org:identity_providers_domains`),
  ...['create', 'read', 'delete'].map((verb) => `${verb}:my_org:identity_providers_scim_tokens`),
];

/** Prepares the tenant once: the API, and a role for administrators of customers. */
export async function openMyOrganization({ vestibule }: Ground) {
  const { api, origin } = vestibule;
  const audience = `${origin}/my-org/`;
  await api('POST', '/resource-servers', { identifier: audience });
  const role = await api('POST', '/roles', { name: 'Customer admin', assignable_by_organizations: true });
  await api('POST', `/roles/${role.id}/permissions`, {
    permissions: POLICY_SCOPES.map((permission_name) => ({ permission_name, resource_server_identifier: audience })),
  });
  return { audience, adminRole: String(role.id) };
}

/** Prepares an application: client grant and configuration. */
export async function allowMyOrganization({ vestibule }: Ground, clientId: string, audience: string): Promise<void> {
  const grant = { client_id: clientId, audience, subject_type: 'user', scope: POLICY_SCOPES };
  await vestibule.api('POST', '/client-grants', grant);
  const my_organization_configuration = { allowed_strategies: ['oidc'], connection_deletion_behavior: 'allow' };
  await vestibule.api('PATCH', `/clients/${clientId}`, { my_organization_configuration });
}

/** Makes a new member of the company an administrator of their organization. */
export async function addAdministrator(ground: Ground, login: string, adminRole: string): Promise<string> {
  const id = await ground.addMember(login);
  const path = `/organizations/${ground.place.id}/members/${encodeURIComponent(id)}/roles`;
  await ground.vestibule.api('POST', path, { roles: [adminRole] });
  return id;
}

export async function enter(tab: Tab, application: Application, login: string): Promise<void> {
  await tab.goto(`${application.origin}/login?${new URLSearchParams({ organization: application.place.id })}`);
  await signIn(tab, login);
  await expectIn(tab, application, login);
}

/** The verb and the thing of an operation's scope, its method and its path. */
export type Operation = readonly [verb: string, what: string, method: string, path: string];

/** Calls an operation with a token of its scope, as a component does. */
export async function ask(tab: Tab, { audience }: Application, [verb, what, method, path]: Operation, body?: Json) {
  return (await well(tab, 'component', audience, `${verb}:my_org:${what}`, method, path, body)) as {
    status: number;
    body: Json;
  };
}

/** Returns a function that calls an operation, checks the status of the answer and returns its body. */
export function expecting(tab: Tab, application: Application) {
  return async (status: number, operation: Operation, body?: Json): Promise<Json> => {
    const answer = await ask(tab, application, operation, body);
    assert.equal(answer.status, status, told(answer as unknown as Json));
    return answer.body;
  };
}

/** Publishes the record of a claimed domain, which the next look-up finds. */
export function publish({ vestibule }: Ground, { verification_host, verification_txt }: Json): void {
  const record = txt(String(verification_host).toLowerCase(), String(verification_txt));
  vestibule.names.answer((name) => ({ records: name === record.name ? [record] : [] }));
}

export type Expecting = ReturnType<typeof expecting>;
