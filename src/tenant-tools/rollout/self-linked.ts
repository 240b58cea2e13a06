/**
 * Finds people for whom the plan prepared nothing and who have got an identity at the connection since then. The
 * rollout led them to the company's sign-in, where they proved their old account. A rollback lists them and takes back
 * links that the rollout caused, never links that an operator made. Writes only the journal.
 */
import type { PersonClass } from './classify.js';
import type { Journal } from './journal.js';
import type { Plan, PlanPerson } from './plan-file.js';
import type { RolloutTenant, UsedDecision } from './tenant.js';
import { type Changed, isChanged } from './totals.js';

/** Classes of people who had an identity at the connection before the plan. */
const LINKED_BEFORE: ReadonlySet<PersonClass> = new Set(['linked', 'prepared', 'other_subject']);

type Someone = PlanPerson & { readonly user_id: string };

function isSomeone(person: PlanPerson): person is Someone {
  return person.user_id !== null && !isChanged(person) && !LINKED_BEFORE.has(person.class);
}

export interface SelfLinkedOrder {
  readonly plan: Plan;
  readonly tenant: RolloutTenant;
  readonly journal: Journal;
  readonly only: ReadonlySet<string> | undefined;
  readonly used: UsedDecision;
}

/**
 * Returns the people who linked themselves, as far as the order includes them. They are found and journaled before any
 * setting is rolled back. So an interrupted rollback finds them again when no setting leads anybody to the connection
 * any more. Leaves out people for whom the plan has an identity: any other identity of theirs was made by somebody else
 * and is kept.
 */
export async function findSelfLinked(order: SelfLinkedOrder): Promise<readonly Changed[]> {
  const { plan, tenant, journal, only, used } = order;
  // With --only, a rollback covers only people whom the plan itself changes, and no setting.
  if (only !== undefined) return [];
  const isTouched = ({ user_id: id }: Someone) => journal.standing(id)?.touched === true;
  const people = plan.people.filter(isSomeone);
  const asked = new Map(people.filter((one) => !isTouched(one)).map((one) => [one.user_id, one]));
  const isLed = plan.head.settings.some(({ id }) => journal.standing(`setting:${id}`)?.touched === true);
  const found: Someone[] = [];
  if (isLed && asked.size > 0)
    for await (const page of tenant.people(new Set(asked.keys())))
      for (const { userId, identity } of page) {
        const person = asked.get(userId);
        if (person === undefined || identity?.status !== 'bound') continue;
        // An identity that an operator linked belongs to the operator: a rollback neither lists nor removes it.
        if ((await tenant.isOwnLink(userId)) !== false) found.push(person);
      }
  if (found.length > 0) await journal.append({ ids: found.map(({ user_id }) => user_id), mark: 'begun' });
  const isOpen = ({ user_id: id }: Someone) => journal.standing(id)?.mark !== 'kept' || used === 'undo';
  return people.filter((one) => isTouched(one) && isOpen(one));
}
