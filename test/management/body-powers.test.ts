/**
 * Every property of every body that writes, in a table: within the right of its endpoint (`own`), checked by the operation itself (`checked`, with
 * the file), or with a scope of its own (property-scopes.ts). A new property fails here until somebody has asked whose power it carries. Attack
 * behind it: an operator who may invite invited themselves with the role of an administrator.
 */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { ManagementDeps } from '../../src/management/api/deps.js';
import { keyOf } from '../../src/management/api/operation.js';
import { BODY_RULES } from '../../src/management/api/property-scopes.js';
import { createOperations } from '../../src/management/resources.js';
import { listBodyProperties } from './body-properties.js';

interface Line {
  /** `name branding{colors logo_url}` */
  readonly own?: string;
  /** Why a property whose name speaks of power is within the right of the endpoint. */
  readonly because?: Readonly<Record<string, string>>;
  readonly checked?: Readonly<Record<string, string>>;
}

const TABLE = JSON.parse(readFileSync(new URL('./body-powers.json', import.meta.url), 'utf8')) as Readonly<
  Record<string, Line>
>;

/** Names that give somebody a right, an account or a way in, wherever they stand. */
const SPEAKS_OF_POWER =
  /^(roles|assignable_(roles|by_organizations)|permissions|scopes?|members|users|password|email_verified|app_metadata|blocked|enabled_(clients|connections|organizations)|options|sink|subject_type|allow_all_scopes|assign_membership_on_login|is_signup_enabled|break_glass|upsert|deploy|publish|mark_email_as_verified|client_secret|client_authentication_methods|absorb_user_id|grant_id|scim_group_roles|credentials|organization_usage|allow_any_organization|provisioning)$/;

/** `branding{colors logo_url}`: `branding`, `branding.colors`, `branding.logo_url`. */
function expand(text: string): readonly string[] {
  return [...text.matchAll(/([^\s{}]+)(?:\{([^}]*)\})?/g)].flatMap(([, name = '', inner]) => [
    name,
    ...(inner === undefined ? [] : inner.split(' ').map((part) => `${name}.${part}`)),
  ]);
}

const writes = createOperations({} as ManagementDeps)
  .filter(({ method, readsOnly }) => method !== 'get' && readsOnly !== true)
  .map((operation) => ({ key: keyOf(operation), properties: listBodyProperties(keyOf(operation)) }))
  .filter(({ properties }) => properties.length > 0);

test('the walk finds what is known to be there', () => {
  expect(writes.length).toBeGreaterThan(75);
  expect(writes.flatMap(({ properties }) => properties).length).toBeGreaterThan(1_000);
  const of = (key: string) => writes.find((write) => write.key === key)?.properties ?? [];
  expect(of('post /organizations')).toEqual(expect.arrayContaining(['enabled_connections', 'branding.colors']));
  expect(of('patch /organizations/{id}')).toContain('blocked');
  expect(of('patch /actions/actions/{id}')).toContain('deploy');
});

test('every write has a line, and no line is of nothing', () => {
  expect(Object.keys(TABLE).sort()).toEqual(writes.map(({ key }) => key).sort());
});

test.each(writes)('$key: each property is in one place', ({ key, properties }) => {
  const { own = '', checked = {}, because = {} } = TABLE[key] ?? {};
  const ruled = new Set(BODY_RULES[key]?.named.flatMap((rule) => rule.properties));
  const named = [...expand(own), ...Object.keys(checked).flatMap(expand)];
  expect(new Set(named).size, 'none twice').toBe(named.length);
  expect(
    named.filter((name) => ruled.has(name.split('.')[0] ?? '')),
    'it has a scope of its own',
  ).toEqual([]);
  expect([...named].sort(), 'a new property: whose power does it carry?').toEqual(
    properties.filter((name) => !ruled.has(name.split('.')[0] ?? '')),
  );
  const powerful = expand(own).filter((name) => SPEAKS_OF_POWER.test(name.split('.').at(-1) ?? ''));
  expect(
    powerful.filter((name) => because[name] === undefined),
    'say why it is within the right',
  ).toEqual([]);
  expect(Object.keys(because).filter((name) => !expand(own).includes(name))).toEqual([]);
  for (const reason of [...Object.values(because), ...Object.values(checked)])
    expect(reason.length).toBeGreaterThan(15);
});
