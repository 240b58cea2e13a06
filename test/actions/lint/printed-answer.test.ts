/**
 * The clean-up Action that was recommended in public for strangers whom auto-membership lets in: the linter has to explain
 * everything that is wrong with it, and has nothing to say about its corrected form.
 */
import { describe, expect, test } from 'vitest';
import { lintAction } from '../../../src/lint/lint-action.js';

/** As printed, with its placeholder filled in. */
function printed(isAuthorized: string): string {
  return `const ManagementClient = require('auth0').ManagementClient;

exports.onExecutePostLogin = async (event, api) => {
  const isAuthorized = ${isAuthorized};

  if (!isAuthorized) {
    const management = new ManagementClient({
      domain: event.secrets.domain,
      clientId: event.secrets.clientId,
      clientSecret: event.secrets.clientSecret
    });

    try {
      await management.organizations.removeMember({ 
        id: event.organization.id 
      }, { 
        members: [event.user.user_id] 
      });
    } catch (e) {
      console.log("Failed to remove user from Org:", e);
    }

    api.access.deny("You are not authorized for this application.");
  }
};`;
}

const PLACEHOLDERS = [
  'event.user.email_verified',
  'event.user.app_metadata.approved === true',
  "(event.authorization?.roles ?? []).includes('member')",
  'await isKnown(event)',
];

const CORRECTED = `const { ManagementClient } = require('auth0');

exports.onExecutePostLogin = async (event, api) => {
  if (!event.organization || event.user.email_verified) return;
  const { membership } = event.organization;
  const isMadeByThisLogin = membership
    ? !membership.exists && membership.via === 'auto'
    : event.stats.logins_count === 1 && !event.request.query?.invitation;
  if (isMadeByThisLogin) {
    const management = new ManagementClient({
      domain: event.secrets.domain,
      clientId: event.secrets.clientId,
      clientSecret: event.secrets.clientSecret,
    });
    try {
      await management.organizations.deleteMembers({ id: event.organization.id }, { members: [event.user.user_id] });
    } catch (error) {
      console.log('Still a member:', event.user.user_id, event.organization.id, error.message);
      return api.access.deny('You are not authorized for this application, and could not be removed from it.');
    }
  }
  return api.access.deny('You are not authorized for this application.');
};`;

describe('the answer as printed', () => {
  test.each(PLACEHOLDERS)('isAuthorized = %s: four findings, each in its place', (isAuthorized) => {
    const findings = lintAction({ code: printed(isAuthorized), trigger: 'post-login' });
    expect(findings.map(({ id, line }) => ({ id, line }))).toEqual([
      { id: 'naive-clean-up', line: 14 },
      { id: 'unknown-sdk-method', line: 14 },
      { id: 'organization-unchecked', line: 15 },
      { id: 'swallowed-failure', line: 19 },
    ]);
  });

  test.each([
    {
      auth0Sdk: 3,
      call: 'organizations.removeMembers({ id: event.organization.id }, { members: [event.user.user_id] })',
    },
    {
      auth0Sdk: 4,
      call: 'organizations.deleteMembers({ id: event.organization.id }, { members: [event.user.user_id] })',
    },
    { auth0Sdk: 5, call: 'organizations.members.delete(event.organization.id, { members: [event.user.user_id] })' },
    { auth0Sdk: 6, call: 'organizations.members.delete(event.organization.id, { members: [event.user.user_id] })' },
    { auth0Sdk: 7, call: 'organizations.members.delete(event.organization.id, { members: [event.user.user_id] })' },
  ] as const)('auth0 $auth0Sdk: the call that exists is given with its arguments', ({ auth0Sdk, call }) => {
    const findings = lintAction({ code: printed('event.user.email_verified'), auth0Sdk });
    const unknown = findings.find(({ id }) => id === 'unknown-sdk-method');
    expect(unknown?.message).toContain('organizations.removeMember exists in no release of the auth0 package');
    expect(unknown?.fix.split('\n')[0]).toBe(`await management.${call};`);
  });

  test('the version that the Action declares decides', () => {
    const dependencies = [{ name: 'auth0', version: '7.1.0' }];
    const [, unknown] = lintAction({ code: printed('event.user.email_verified'), dependencies });
    expect(unknown?.fix).toContain('members.delete(event.organization.id');
  });

  test('corrected: nothing', () => {
    expect(lintAction({ code: CORRECTED, trigger: 'post-login' })).toEqual([]);
  });

  test.each([
    { without: '&& !event.request.query?.invitation', removes: 'somebody who was invited' },
    { without: 'event.stats.logins_count === 1 &&', removes: 'a long-standing member' },
  ])('corrected, but $without left out: removes $removes', ({ without, removes }) => {
    const code = CORRECTED.replace(without, '').replace("? !membership.exists && membership.via === 'auto'", '? false');
    const findings = lintAction({
      code: code.replace('const { membership } = event.organization;', 'const membership = 0;'),
    });
    expect(findings.map(({ id }) => id)).toEqual(['naive-clean-up']);
    expect(findings[0]?.message).toBe(`This removes ${removes} just as a stranger whom auto-membership has let in.`);
  });
});
