/**
 * Plays three Actions against a stranger, one after the other, on the running server: the printed code of a forum
 * answer, its correction, and a rule for this server's own order. Deploys each Action, signs the stranger in, and
 * removes the Action again. Counts what this left in the whole database. Decides nothing about a login.
 */
import type { Server } from '../../src/compose/server.js';
import type { Addresses } from '../addresses.js';
import { compare, forgetAttempts, type LedgerRow, snapshot } from '../ledger.js';
import { type LogLine, type Operator, removePerson, restoreMember, type Tenant } from '../operator.js';
import { restoreAcme } from '../organization-settings/acme.js';
import { CAST, type Person } from '../people.js';
import { requireNone } from '../second-factor/requirement.js';
import { nothingIsLeft } from '../stage/judge.js';
import type { Check } from '../stage/stories.js';
import { CLEAN_UP, DENIES, type DemoAction, PRINTED } from './code.js';
import { type Order, readOrder, setAutoMembership, setOrder, takeActionsAway, useAction } from './deploy.js';
import { signIn } from './walker.js';

/** One person's login, and what it left in the database. */
export interface Walk {
  readonly person: Person;
  readonly inside: boolean;
  readonly reason: string | undefined;
  readonly isMember: boolean;
  /** The changes of every table. */
  readonly ledger: readonly LedgerRow[];
  /** Lines that the Action printed, from the login log. */
  readonly printed: readonly string[];
  readonly reference: string | undefined;
  readonly nothingLeft: boolean;
}

export interface Trial {
  readonly id: string;
  readonly title: string;
  readonly says: string;
  readonly order: Order;
  readonly action: DemoAction;
  /** The stranger, and the other people who sign in. */
  readonly people: readonly Person[];
  judge(walks: ReadonlyMap<Person, Walk>): readonly Check[];
}

export interface Played {
  readonly walks: readonly Walk[];
  readonly checks: readonly Check[];
}

export interface TrialDeps {
  readonly server: Pick<Server, 'pool'>;
  readonly operator: Operator;
  readonly tenant: Tenant;
  readonly addresses: Addresses;
}

const { sam, dana } = CAST;

function isRefused(walks: ReadonlyMap<Person, Walk>, person: Person): boolean {
  return walks.get(person)?.inside === false && walks.get(person)?.reason !== undefined;
}

const keepsSeat = (walks: ReadonlyMap<Person, Walk>): Check => ({
  says: 'Dana, a member for long, is refused by the same rule and stays a member.',
  ok: isRefused(walks, dana) && walks.get(dana)?.isMember === true,
});

export const TRIALS: readonly Trial[] = [
  {
    id: 'printed',
    title: 'As printed, Auth0’s order',
    says: 'Membership is written first, then the Action runs. It means to take it back, by a method that no release of the package has.',
    order: 'before_actions',
    action: PRINTED,
    people: [sam],
    judge: (walks) => [
      {
        says: 'Sam is refused, and is a member all the same.',
        ok: isRefused(walks, sam) && walks.get(sam)?.isMember === true,
      },
      {
        says: 'The error that the catch swallowed is in the login log.',
        ok: walks.get(sam)?.printed.some((line) => line.includes('removeMember is not a function')) === true,
      },
    ],
  },
  {
    id: 'corrected',
    title: 'Corrected clean-up, Auth0’s order',
    says: 'The method that exists, only for a membership that this very login has brought, and no catch that hides a failure.',
    order: 'before_actions',
    action: CLEAN_UP,
    people: [sam, dana],
    judge: (walks) => [
      {
        says: 'Sam is refused and is no member. User and identity stay: nobody cleaned those up.',
        ok: isRefused(walks, sam) && walks.get(sam)?.isMember === false,
      },
      keepsSeat(walks),
    ],
  },
  {
    id: 'own-order',
    title: 'This server’s order',
    says: 'The Action decides first. Only whoever it lets in is written, so the rule is all that is left of the code.',
    order: 'after_actions',
    action: DENIES,
    people: [sam, dana],
    judge: (walks) => [
      {
        says: 'Sam is refused. Every table is as it was, row by row, but for one line in the login log.',
        ok: isRefused(walks, sam) && walks.get(sam)?.nothingLeft === true,
      },
      keepsSeat(walks),
    ],
  },
];

async function isMember({ operator, tenant }: TrialDeps, person: Person): Promise<boolean> {
  const members = await operator.sdk.organizations.members.list(tenant.acmeId, { take: 100 });
  return members.data.some((member) => member.email === person.email);
}

function printedBy(login: LogLine | undefined): readonly string[] {
  return (login?.details?.actions ?? []).flatMap(({ results }) => results.flatMap((result) => [...result.console]));
}

async function walk(deps: TrialDeps, person: Person): Promise<Walk> {
  const { operator, tenant, addresses, server } = deps;
  const logId = await operator.newestLogId();
  const before = await snapshot(server.pool);
  const arrival = await signIn(addresses, tenant.acmeId, person);
  const ledger = compare(before, await snapshot(server.pool));
  const [login] = (await operator.loginsAfter(logId)).slice(-1);
  return {
    person,
    ...arrival,
    isMember: await isMember(deps, person),
    ledger,
    printed: printedBy(login),
    reference: login?.details?.reference,
    nothingLeft: nothingIsLeft(ledger).ok,
  };
}

async function playOne(deps: TrialDeps, trial: Trial): Promise<Played> {
  const { operator, tenant } = deps;
  await takeActionsAway(operator);
  await removePerson(operator, tenant, sam);
  if (trial.people.includes(dana)) {
    // Dana has been a member for long, and has used the company's sign-in before.
    await restoreMember(operator, tenant, dana);
    const first = await signIn(deps.addresses, tenant.acmeId, dana);
    if (!first.inside) throw new Error(`Dana, a member, cannot sign in: ${first.reason ?? 'no reason was given'}`);
  }
  await setOrder(operator, trial.order);
  await useAction(operator, trial.action);
  const walks: Walk[] = [];
  for (const person of trial.people) walks.push(await walk(deps, person));
  return { walks, checks: trial.judge(new Map(walks.map((item) => [item.person, item]))) };
}

/** Plays all three Actions. Afterwards it restores the tenant's order, Actions and cast, even if a play fails. */
export async function playTrials(deps: TrialDeps): Promise<ReadonlyMap<string, Played>> {
  const { operator, tenant, server } = deps;
  const found = await readOrder(operator);
  const played = new Map<string, Played>();
  try {
    await requireNone(operator, tenant);
    await restoreAcme(operator, tenant);
    await setAutoMembership(operator, tenant, true);
    for (const trial of TRIALS) played.set(trial.id, await playOne(deps, trial));
  } finally {
    await takeActionsAway(operator);
    await setOrder(operator, found);
    await setAutoMembership(operator, tenant, false);
    await removePerson(operator, tenant, sam);
    await restoreMember(operator, tenant, dana);
    await forgetAttempts(server.pool);
  }
  return played;
}
