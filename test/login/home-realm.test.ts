/** Over which connection a login goes, case by case (docs/compatibility/sign-in.md, "Home realm discovery"). */
import { describe, expect, test } from 'vitest';
import { type Email, parseEmail } from '../../src/domain/people/email.js';
import type { OrganizationConnection } from '../../src/domain/tenant.js';
import {
  findChosen,
  findDatabases,
  findHomeRealm,
  findRequiredCompany,
  isSignUpOpen,
} from '../../src/login/home-realm.js';
import { ACME, authenticatedOf, databaseOf, invitationOf, ssoOf } from '../support/login-facts.js';

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
  const ways = { connections, invitation: undefined, organization: ACME };
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

  const hidden = ssoOf({ showAsButton: false });
  const required = ssoOf({ showAsButton: false, ssoRollout: 'required' });
  test.each([
    ['hidden, with an organization: not routed', hidden, ACME, false],
    ['hidden, without one', hidden, undefined, true],
    ['hidden, but required: the password would be refused', required, ACME, true],
  ])('case=%s', (_case, sso, organization, isRouted) => {
    const found = findHomeRealm(
      { connections: [FIRST, sso], invitation: undefined, organization },
      'dana@acme.example',
    );
    expect(found).toBe(isRouted ? sso : undefined);
  });
});

describe('a connection that a pilot group tries', () => {
  const sso = ssoOf({ pilotEmails: ['dana@acme.example'], ssoRollout: 'required' });
  const ways = { connections: [FIRST, sso], invitation: undefined, organization: ACME };
  test.each([
    ['a person of the group', 'Dana@acme.example', true],
    ['a colleague', 'sam@acme.example', false],
    ['nearly the same address', 'dana+x@acme.example', false],
  ])('case=%s', (_case, address, isRouted) => {
    const email = parseEmail(address) as Email;
    expect(findHomeRealm(ways, address)).toBe(isRouted ? sso : undefined);
    expect(findRequiredCompany(ways, email)).toBe(isRouted ? sso : undefined);
  });

  test('it is not the connection that needs no question, even as the only one', () => {
    expect(findChosen({ ...ways, connections: [sso] }, undefined)).toBeUndefined();
    expect(findChosen({ ...ways, connections: [sso] }, sso.connection.name)).toBe(sso);
  });
});

describe('the connection that needs no question', () => {
  const hidden = ssoOf({ showAsButton: false });
  const other = ssoOf({}, { id: 'con_other', name: 'other' });
  const UNKNOWN = 'identify.connection_not_enabled';
  const HIDDEN = 'identify.no_visible_connections';
  test.each([
    ['by name', connections, 'acme-oidc', undefined, 'acme-oidc'],
    ['by name, hidden', [FIRST, hidden], 'acme-oidc', undefined, 'acme-oidc'],
    ['by name, not enabled', connections, 'third', undefined, UNKNOWN],
    ["the invitation's", connections, undefined, 'con_second', 'second'],
    ["the invitation's, hidden", [hidden], undefined, 'con_sso', 'acme-oidc'],
    ["the invitation's, not enabled any more", connections, undefined, 'con_gone', UNKNOWN],
    ['the only one, a company', [SSO], undefined, undefined, 'acme-oidc'],
    ['the only one, a database: its page asks', [FIRST], undefined, undefined, undefined],
    ['two companies', [SSO, other], undefined, undefined, undefined],
    ['two companies, one hidden: the page shows the other', [hidden, other], undefined, undefined, undefined],
    ['the only one, a company and hidden', [hidden], undefined, undefined, HIDDEN],
    ['a hidden company and a database', [FIRST, hidden], undefined, undefined, undefined],
  ])('case=%s', (_case, enabled, named, invited, answer) => {
    const invitation = invited === undefined ? undefined : invitationOf({ connectionId: invited });
    const found = findChosen({ connections: enabled, invitation, organization: ACME }, named);
    expect(found && ('kind' in found ? found.code : found.connection.name)).toBe(answer);
  });

  test('the log names the connection that is not enabled', () => {
    const ways = { connections, invitation: invitationOf({ connectionId: 'con_gone' }), organization: ACME };
    const detail = (named: string | undefined) => {
      const found = findChosen(ways, named);
      return found && 'kind' in found ? found.detail : undefined;
    };
    expect([detail('third'), detail(undefined)]).toEqual(['connection third', 'connection con_gone']);
  });

  test('without an organization nothing is hidden', () => {
    const ways = { connections: [hidden], invitation: undefined, organization: undefined };
    expect(findChosen(ways, undefined)).toBe(hidden);
  });
});

describe('anybody may open an account', () => {
  const { client } = authenticatedOf();
  const open = databaseOf({ isSignupEnabled: true });
  test.each([
    ['where the database says so', ACME, 'require', open, true],
    ['where no organization is needed', undefined, 'allow', open, true],
    ['not before the organization is named that the application requires', undefined, 'require', open, false],
    ['not where the database does not say so', ACME, 'allow', FIRST, false],
    ['not where there is no database', ACME, 'allow', undefined, false],
  ] as const)('%s', (_case, organization, organizationUsage, database, isOpen) => {
    expect(isSignUpOpen({ organization, client: { ...client, organizationUsage } }, database)).toBe(isOpen);
  });
});
