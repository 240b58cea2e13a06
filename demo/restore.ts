/** Restores the cast and the settings of the demo to the state of its first start. */
import { setAutoMembership, setOrder, takeActionsAway } from './actions/deploy.js';
import { createAccount, type Operator, removePerson, restoreMember, setRollout, type Tenant } from './operator.js';
import { restoreAcme } from './organization-settings/acme.js';
import { restoreAda } from './organization-settings/tenant.js';
import { CAST } from './people.js';
import { requireNone } from './second-factor/requirement.js';

/** Restores every person and setting: Ada, Dana, Uma and Olga are members, Nora has an account, Ivy and Sam are unknown. */
export async function restoreCast(operator: Operator, tenant: Tenant): Promise<void> {
  await setRollout(operator, tenant, 'optional');
  await requireNone(operator, tenant);
  await restoreAcme(operator, tenant);
  await takeActionsAway(operator);
  await setAutoMembership(operator, tenant, false);
  await setOrder(operator, 'after_actions');
  for (const person of [CAST.dana, CAST.olga]) await restoreMember(operator, tenant, person);
  await restoreMember(operator, tenant, CAST.uma, { verified: false });
  await restoreAda(operator, tenant);
  await removePerson(operator, tenant, CAST.nora);
  await createAccount(operator, CAST.nora, true);
  for (const person of [CAST.ivy, CAST.sam]) await removePerson(operator, tenant, person);
}
