/**
 * Story 12: the answer's code as it was printed calls `organizations.removeMember(...)`, which no release of the auth0 package has.
 * Deploying it warns and names the call that exists; running it leaves the administrator a readable line.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { bindActions, managementSecrets } from '../support/actions.js';
import { hasOpenssl } from '../support/certificate.js';
import { expectNothingLeft } from '../support/nothing-left.js';
import { answerOf, useStage } from '../support/stage.js';

const available = hasOpenssl();
if (!available) process.stderr.write('test/scenarios/12 is skipped: the openssl command is not installed\n');

/** As printed, its placeholder filled in. */
const PRINTED = `const ManagementClient = require('auth0').ManagementClient;

exports.onExecutePostLogin = async (event, api) => {
  const isAuthorized = event.user.app_metadata.approved === true;

  if (!isAuthorized) {
    const management = new ManagementClient({
      domain: event.secrets.domain,
      clientId: event.secrets.clientId,
      clientSecret: event.secrets.clientSecret
    });

    try {
      // Remove the user
      await management.organizations.removeMember({
        id: event.organization.id
      }, {
        members: [event.user.user_id]
      });
    } catch (e) {
      console.log("Failed to remove user from Org:", e);
    }

    // Block the login
    api.access.deny("You are not authorized for this application.");
  }
};
`;
const WITHOUT_CATCH = PRINTED.replace(/\s*try \{\n/, '\n').replace(/ {4}\} catch[\s\S]*?\n {4}\}\n/, '');

describe.skipIf(!available).each([
  ['4', '4.37.1', 'deleteMembers'],
  ['7', '7.1.0', 'members.delete'],
])('auth0 %s', (_major, version, exists) => {
  const stage = useStage({ https: true });
  beforeAll(() => stage.enablement({ assign_membership_on_login: true }));

  const create = (name: string, code: string) =>
    stage.instance.api<{ id: string; warnings: { id: string; line: number; message: string; fix?: string }[] }>(
      'POST',
      '/actions/actions',
      {
        name,
        code,
        supported_triggers: [{ id: 'post-login', version: 'v3' }],
        dependencies: [{ name: 'auth0', version }],
        secrets: Object.entries(managementSecrets(stage.instance)).map(([secret, value]) => ({ name: secret, value })),
        deploy: true,
      },
    );

  test('deploying it warns, at the line of the call, and names the one that exists', async () => {
    const action = await create('as printed', PRINTED);
    const unknown = action.warnings.find((warning) => warning.message.includes('removeMember'));
    expect(unknown, JSON.stringify(action.warnings, null, 1)).toMatchObject({ line: 15 });
    expect(JSON.stringify(unknown)).toContain(exists);
    await bindActions(stage.instance, 'post-login', [action.id]);
  });

  test('running it: the catch swallows the error, the login log shows it with the Action’s own line', async () => {
    const before = await stage.instance.snapshot();
    const visit = await stage.visitor().throughSso('sam', 'sam@acme.example');
    expect(answerOf(visit).error_description).toBe('You are not authorized for this application.');
    const line = await stage.refusal(visit);
    const printed = JSON.stringify(line.details.actions);
    expect(printed).toContain('Failed to remove user from Org:');
    expect(printed).toContain('removeMember is not a function');
    await expectNothingLeft(stage.instance, before);
  });

  test('without the catch: an exception refuses as well; its message and stack go to the log alone', async () => {
    const action = await create('without the catch', WITHOUT_CATCH);
    await bindActions(stage.instance, 'post-login', [action.id]);
    const before = await stage.instance.snapshot();
    const visit = await stage.visitor().throughSso('sam', 'sam@acme.example');
    expect(answerOf(visit)).toMatchObject({ error: 'access_denied' });
    expect(visit.url.href).not.toContain('removeMember');
    const line = await stage.refusal(visit);
    expect(line.description).toContain('removeMember is not a function');
    expect(line.details.code).toBe('act.failed');
    expect(line.details.detail).toMatch(/without the catch\.js:1\d/);
    await expectNothingLeft(stage.instance, before);
  });
});
