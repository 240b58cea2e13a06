/** Over which connection a login goes, case by case (docs/auth0-compatibility.md, "home realm discovery"). */
import { describe, expect, test } from 'vitest';
import type { OrganizationConnection } from '../../src/domain/tenant.js';
import { findDatabases, findHomeRealm } from '../../src/login/home-realm.js';
import { databaseOf, invitationOf, ssoOf } from '../support/login-facts.js';

const FIRST = databaseOf();
const SECOND: OrganizationConnection = {
  ...FIRST,
  connection: { ...FIRST.connection, id: 'con_second', name: 'second' },
};
const SSO = ssoOf();
const connections = [FIRST, SECOND, SSO];
const namesOf = (found: readonly OrganizationConnection[]) => found.map((item) => item.connection.name);

describe('the database', () => {
  test.each([
    ['nothing says which: each of them, a new account in the first', undefined, undefined, ['passwords', 'second']],
    ['by name', 'second', undefined, ['second']],
    ['by the invitation', undefined, 'con_second', ['second']],
    ['the name goes before the invitation', 'passwords', 'con_second', ['passwords']],
    ['a company by name leaves the password to the person', 'acme-oidc', undefined, ['passwords', 'second']],
    ['a company by name, the invitation a database', 'acme-oidc', 'con_second', ['second']],
    ["the invitation's is a company", undefined, 'con_sso', ['passwords', 'second']],
    ['a name that is not enabled: none', 'third', undefined, []],
  ])('case=%s', (_case, named, invited, names) => {
    const invitation = invited === undefined ? undefined : invitationOf({ connectionId: invited });
    expect(namesOf(findDatabases({ connections, invitation }, named))).toEqual(names);
  });
});

describe('home realm discovery', () => {
  const ways = { connections, invitation: undefined };
  test.each([
    ['the domain', 'dana@acme.example', SSO],
    ['spelled in capitals', 'Dana@ACME.example', SSO],
    ['a domain below', 'dana@mail.acme.example', undefined],
    ['a domain that ends alike', 'dana@not-acme.example', undefined],
    ['another domain', 'dana@plain.example', undefined],
    ['no address', 'dana', undefined],
  ])('case=%s', (_case, username, found) => {
    expect(findHomeRealm(ways, username)).toBe(found);
  });
});
