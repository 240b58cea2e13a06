/** Stories in which the tenant's own code decides: 04, 10, 11, 12. Each restores Actions and settings at its end. */
import { ALLOW_VERIFIED, CLEAN_UP, DENIES, type DemoAction, PRINTED } from '../actions/code.js';
import { type Order, setAutoMembership, setOrder, takeActionsAway, useAction } from '../actions/deploy.js';
import { type Operator, removePerson, restoreMember, setRollout, type Tenant } from '../operator.js';
import { CAST } from '../people.js';
import { isRefused, keepsSeat, nothingButTheLog, nothingIsLeft, onlyMembershipGone, staysMember } from './judge.js';
import type { Act, Check, Seen, Story } from './stories.js';

const { sam, dana } = CAST;

/** Deploys and binds the Action. Without `order` it uses the order that the reader chose. */
function acting(action: DemoAction, order: Order | undefined): NonNullable<Act['prepare']> {
  return async (operator, tenant) => {
    await removePerson(operator, tenant, sam);
    await setAutoMembership(operator, tenant, true);
    if (order !== undefined) await setOrder(operator, order);
    const warnings = await useAction(operator, action);
    return { remembered: { warnings: warnings.map(({ line, message }) => `line ${line}: ${message}`).join('\n') } };
  };
}

async function leave(operator: Operator, tenant: Tenant, found: Order): Promise<void> {
  await takeActionsAway(operator);
  await setAutoMembership(operator, tenant, false);
  await setOrder(operator, found);
}

async function restore(operator: Operator, tenant: Tenant): Promise<void> {
  await setRollout(operator, tenant, 'optional');
  await removePerson(operator, tenant, sam);
}

function denied({ login }: Seen): Check {
  return { says: 'The Action’s reason is told, and is in the log.', ok: login?.details?.code === 'act.denied' };
}

/** Returns the lines that the Action printed, from the login log. */
function printedIn({ login }: Seen): string {
  return (login?.details?.actions ?? []).flatMap(({ results }) => results.flatMap((item) => item.console)).join('\n');
}

/** In Auth0's order the promise cannot be kept. So with that order the story shows what stays in the database. */
function judgeDenied(seen: Seen): readonly Check[] {
  const left = seen.order === 'after_actions' ? nothingIsLeft(seen.ledger) : staysMember(seen.ledger);
  return [isRefused(seen, 'Sam', 'act.denied'), denied(seen), left];
}

function warningShown({ remembered }: Seen): Check {
  const lines = (remembered.warnings ?? '').split('\n');
  const found = lines.find((line) => line.includes('removeMember exists in no release'));
  return {
    says: `Deploying it warned, ${found ?? 'but not of the method that does not exist'}`,
    ok: found !== undefined,
  };
}

export const STORIES_WITH_ACTIONS: readonly Story[] = [
  {
    id: '04',
    title: 'Stranger and an Action',
    person: sam,
    lives:
      'With auto-membership on, an Action that wants a verified account denies Sam, and still nothing is left of the login.',
    elsewhere:
      'the membership is written before the Action runs, so a person whom it denies stays a member. Turn the switch and see.',
    withActions: true,
    restore,
    leave,
    acts: [{ title: 'Denied', person: sam, prepare: acting(ALLOW_VERIFIED, undefined), judge: judgeDenied }],
  },
  {
    id: '10',
    title: 'Auth0’s own order',
    person: sam,
    lives:
      'Membership before Actions: Sam is refused and is a member all the same. Then with a clean-up in the Action.',
    elsewhere: 'exactly this, and there is no other order to choose.',
    withActions: true,
    restore,
    leave,
    acts: [
      {
        title: 'Denied',
        person: sam,
        prepare: acting(DENIES, 'before_actions'),
        judge: (seen) => [isRefused(seen, 'Sam', 'act.denied'), staysMember(seen.ledger)],
      },
      {
        title: 'With clean-up',
        person: sam,
        prepare: acting(CLEAN_UP, 'before_actions'),
        judge: (seen) => [isRefused(seen, 'Sam', 'act.denied'), onlyMembershipGone(seen.ledger)],
      },
    ],
  },
  {
    id: '11',
    title: 'Clean-up, both orders',
    person: sam,
    lives:
      'The Action denies and takes back the membership that this login brought, in either order, and nobody else’s.',
    elsewhere:
      'an Action can only tell a first login without an invitation; a person who is not surely new keeps the membership.',
    withActions: true,
    restore: async (operator, tenant) => {
      await restore(operator, tenant);
      await restoreMember(operator, tenant, dana);
    },
    leave: async (operator, tenant, found) => {
      await leave(operator, tenant, found);
      await restoreMember(operator, tenant, dana);
    },
    acts: [
      {
        title: 'Auth0’s order',
        person: sam,
        prepare: acting(CLEAN_UP, 'before_actions'),
        judge: (seen) => [isRefused(seen, 'Sam', 'act.denied'), onlyMembershipGone(seen.ledger)],
      },
      {
        title: 'This order',
        person: sam,
        prepare: acting(CLEAN_UP, 'after_actions'),
        judge: (seen) => [
          isRefused(seen, 'Sam', 'act.denied'),
          nothingButTheLog(
            seen.ledger,
            'In this order the same code does no harm: nothing is left but lines in the log.',
          ),
        ],
      },
      {
        title: 'A member',
        person: dana,
        prepare: acting(CLEAN_UP, 'before_actions'),
        judge: (seen) => [isRefused(seen, 'Dana', 'act.denied'), keepsSeat(seen.ledger, 'Dana, long a member,')],
      },
    ],
  },
  {
    id: '12',
    title: 'The answer as printed',
    person: sam,
    lives: 'The clean-up calls a method that no release of the package has: Sam is refused, and stays a member.',
    elsewhere: 'the same, and the error goes to the console of the Action, where somebody has to be looking.',
    withActions: true,
    restore,
    leave,
    acts: [
      {
        title: 'As printed',
        person: sam,
        prepare: acting(PRINTED, 'before_actions'),
        judge: (seen) => [
          staysMember(seen.ledger),
          warningShown(seen),
          {
            says: 'The login log has what the catch swallowed: removeMember is not a function.',
            ok: printedIn(seen).includes('removeMember is not a function'),
          },
        ],
      },
    ],
  },
];
