/** Changes by members through the My Organization API, told from lines of the log. */
import { describe, expect, test } from 'vitest';
import type { LogLine } from '../../src/console/lines/answers.js';
import {
  isCustomersOwn,
  isSwitchOn,
  type Names,
  peopleIn,
  tellChange,
} from '../../src/console/pages/organizations/changes/tell-change.js';

const NAMES: Names = {
  person: (id) => (id === 'auth0|eva' ? 'Eva' : id),
  role: (id) => (id === 'rol_1' ? 'editor' : 'a deleted role'),
  domain: (id) => (id === 'ord_1' ? 'acme.com' : undefined),
  connection: (id) => (id === 'con_1' ? 'acme-okta' : undefined),
};

function toLine(method: string, path: string, body: object = {}, more: object = {}): LogLine {
  const request = { method, path, body, auth: { subject: 'auth0|dana' } };
  return { log_id: 'l', type: 'sapi', description: 'Do it', details: { request }, ...more } as unknown as LogLine;
}

const says = (line: LogLine) => tellChange(line, NAMES)?.says;

describe('sentences', () => {
  test.each([
    [
      'patch',
      '/my-org/details',
      { display_name: 'Acme' },
      'changed the title of the organization: it is now called Acme',
    ],
    ['patch', '/my-org/v1/details', { branding: {} }, 'changed the logo and colors of the organization'],
    ['post', '/my-org/domains', { domain: 'acme.com', status: 'pending' }, 'added the domain acme.com'],
    ['post', '/my-org/domains/ord_1/verify', {}, 'checked the DNS record of the domain acme.com'],
    ['post', '/my-org/domains/ord_9/verify', {}, 'checked the DNS record of a domain that is gone now'],
    ['delete', '/my-org/domains/ord_1', {}, 'removed a domain'],
    ['post', '/my-org/member-invitations', { invitee: { email: 'x@acme.com' } }, 'invited x@acme.com'],
    [
      'post',
      '/my-org/member-invitations',
      { invitee: { email: 'x@acme.com' }, roles: ['rol_1', 'rol_2'] },
      'invited x@acme.com, with the roles editor and a deleted role',
    ],
    ['delete', '/my-org/member-invitations/uinv_1', {}, 'revoked an invitation'],
    ['delete', '/my-org/delete-member-invitations', {}, 'revoked an invitation'],
    ['delete', '/my-org/delete-memberships', { members: ['auth0|eva'] }, 'removed Eva'],
    ['post', '/my-org/members/auth0%7Ceva/roles', { roles: ['rol_1'] }, 'gave Eva the role editor'],
    ['delete', '/my-org/members/auth0%7Ceva/unassign-roles', { roles: ['rol_1'] }, 'took the role editor from Eva'],
    [
      'post',
      '/my-org/identity-providers',
      { strategy: 'okta', name: 'acme', display_name: 'Okta of Acme' },
      'connected the identity provider Okta of Acme',
    ],
    ['patch', '/my-org/identity-providers/con_1', { is_enabled: true }, 'switched the identity provider acme-okta on'],
    [
      'patch',
      '/my-org/identity-providers/con_1',
      { is_enabled: true, assign_membership_on_login: true },
      'switched the identity provider acme-okta on and lets everybody who signs in with the identity provider acme-okta become a member',
    ],
    [
      'post',
      '/my-org/identity-providers',
      { connection_id: 'con_1', assign_membership_on_login: true },
      'lets everybody who signs in with the identity provider acme-okta become a member',
    ],
    [
      'patch',
      '/my-org/identity-providers/con_1',
      { assign_membership_on_login: false, options: {} },
      'no longer lets people become members by the identity provider acme-okta and changed the settings of the identity provider acme-okta',
    ],
    [
      'patch',
      '/my-org/identity-providers/con_1',
      { is_enabled: false },
      'switched the identity provider acme-okta off',
    ],
    [
      'patch',
      '/my-org/identity-providers/con_1',
      { options: {} },
      'changed the settings of the identity provider acme-okta',
    ],
    [
      'patch',
      '/my-org/identity-providers/con_1/domains',
      { options: {} },
      'let a domain lead to the identity provider acme-okta',
    ],
    [
      'patch',
      '/my-org/identity-providers/con_1/domains/acme.com',
      { options: {} },
      'no longer lets acme.com lead to the identity provider acme-okta',
    ],
    [
      'patch',
      '/my-org/identity-providers/con_1',
      { display_name: 'Okta' },
      'changed how the identity provider Okta is shown',
    ],
    ['delete', '/my-org/identity-providers/con_1/detach', {}, 'stopped using the identity provider acme-okta'],
    ['delete', '/my-org/identity-providers/con_1', {}, 'deleted the identity provider acme-okta'],
    [
      'post',
      '/my-org/identity-providers/con_1/provisioning',
      {},
      'switched directory sync on for the identity provider acme-okta',
    ],
    [
      'post',
      '/my-org/identity-providers/con_1/provisioning/scim-tokens',
      {},
      'created a token for the directory of the identity provider acme-okta',
    ],
    ['put', '/my-org/something-new', {}, 'changed something: Do it'],
  ])('%s %s', (method, path, body, sentence) => {
    expect(says(toLine(method, path, body))).toBe(sentence);
  });

  test('the second line of a write says nothing', () => {
    expect(says(toLine('delete', '/my-org/member-invitations'))).toBeUndefined();
    expect(says(toLine('post', '/my-org/identity-providers', { connection_id: 'con_1' }))).toBeUndefined();
  });
});

test('lines of other APIs, and of other types, are not theirs', () => {
  expect(isCustomersOwn(toLine('post', '/my-org/domains'))).toBe(true);
  expect(isCustomersOwn(toLine('post', '/api/v2/organizations/org_1/my-org/domains'))).toBe(false);
  expect(isCustomersOwn(toLine('post', '/my-organization/domains'))).toBe(false);
  expect(isCustomersOwn(toLine('post', '/my-org/domains', {}, { type: 's' }))).toBe(false);
  expect(isCustomersOwn({ type: 'sapi', details: {} } as LogLine)).toBe(false);
});

test('a provider that was connected or switched on is told on Today', () => {
  expect(isSwitchOn(toLine('post', '/my-org/identity-providers', { connection_id: 'c', is_enabled: true }))).toBe(true);
  expect(isSwitchOn(toLine('patch', '/my-org/identity-providers/con_1', { is_enabled: true }))).toBe(true);
  expect(isSwitchOn(toLine('patch', '/my-org/identity-providers/con_1', { is_enabled: false }))).toBe(false);
  expect(isSwitchOn(toLine('patch', '/api/v2/connections/con_1', { is_enabled: true }))).toBe(false);
});

test('what would take it back names the thing', () => {
  const undo = (line: LogLine) => tellChange(line, NAMES)?.undo;
  expect(undo(toLine('post', '/my-org/domains', { domain: 'acme.com' }))).toEqual({
    kind: 'domain',
    domain: 'acme.com',
  });
  const roles = { userId: 'auth0|eva', roles: ['rol_1'] };
  expect(undo(toLine('post', '/my-org/members/auth0|eva/roles', { roles: ['rol_1'] }))).toEqual({
    kind: 'take-roles',
    ...roles,
  });
  expect(undo(toLine('delete', '/my-org/members/auth0|eva/roles', { roles: ['rol_1'] }))).toEqual({
    kind: 'give-roles',
    ...roles,
  });
  expect(undo(toLine('delete', '/my-org/delete-memberships', { members: ['auth0|eva'] }))).toBeUndefined();
  expect(undo(toLine('patch', '/my-org/identity-providers/con_9', { is_enabled: true })), 'deleted').toBeUndefined();
});

test('a change that cannot be taken back leads to the page where the thing is added again', () => {
  const place = (method: string, path: string, body?: object) => tellChange(toLine(method, path, body), NAMES)?.place;
  expect(place('delete', '/my-org/delete-memberships', { members: ['auth0|eva'] })).toBe('/invitations');
  expect(place('delete', '/my-org/domains/ord_1')).toBe('/connections');
  expect(place('delete', '/my-org/identity-providers/con_1/detach')).toBe('/connections');
  expect(place('delete', '/my-org/identity-providers/con_9'), 'its name is gone, too').toBe('/connections');
});

test('people whom the lines name are read once', () => {
  const lines = [
    toLine('post', '/my-org/members/auth0%7Ceva/roles'),
    toLine('delete', '/my-org/delete-memberships', { members: ['auth0|eva', 'auth0|tim'] }),
  ];
  expect(peopleIn(lines)).toEqual(['auth0|dana', 'auth0|eva', 'auth0|tim']);
});
