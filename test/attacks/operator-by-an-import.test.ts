/**
 * Attack: somebody who may import users, and may not write accounts of operators, has an operator's account changed by a file: the operator has a
 * password of customers, too.
 */
import { expect, test } from 'vitest';
import { createImporter } from '../support/import-users.js';
import { createOperatorRig } from '../support/operators.js';
import { useStage } from '../support/stage.js';

const stage = useStage();
const EMAIL = 'olga@customers.example';

test('an import does not change the account of an operator', async () => {
  const rig = await createOperatorRig(stage.instance);
  const userId = await stage.cast.createUser(EMAIL);
  await stage.instance.api('POST', `/organizations/${rig.rows.organizationId}/members`, { members: [userId] });
  const path = `/users/${userId}`;
  const before = await stage.instance.api('GET', path);

  const importer = await createImporter(stage.instance.origin, stage.cast.databaseId);
  const users = [
    { email: EMAIL, email_verified: true, name: 'Mallory', app_metadata: { owner: true } },
    { email: 'nobody@customers.example' },
  ];
  const job = await importer.untilEnded(await importer.start(users, { upsert: 'true' }));
  expect(job.summary).toMatchObject({ failed: 1, inserted: 1, updated: 0 });
  expect(await stage.instance.api('GET', path)).toEqual(before);
});
