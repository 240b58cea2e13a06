/**
 * Checks a plan against the tenant: is the same user in, with the same roles; is a stranger out; does home realm discovery lead where it was
 * planned? On Vestibule by `explain`, which runs the login's own steps; on Auth0 by reading back. Writes nothing.
 */
import { type Json, RemoteError } from '../remote/exchange.js';
import type { PersonClass } from './classify.js';
import type { Standing } from './journal.js';
import type { Person } from './person.js';
import type { Plan, PlanPerson } from './plan-file.js';
import { type Place, readSetting } from './settings.js';
import type { RolloutTenant } from './tenant.js';
import { isChanged } from './totals.js';

export interface Difference {
  /** A user id, an address, or a setting. */
  readonly about: string;
  readonly email: string | null;
  readonly difference: string;
  /** How to go on. */
  readonly remedy: string;
}

export interface VerifyOrder {
  readonly plan: Plan;
  readonly tenant: RolloutTenant;
  readonly place: Place;
  readonly standing: (id: string) => Standing | undefined;
  /** A local part that nobody has, for the stranger. */
  readonly stranger: string;
  readonly onProgress: (done: number, total: number) => void;
}

export interface VerifyResult {
  readonly checked: number;
  readonly strangers: number;
  readonly differences: readonly Difference[];
}

type Outcome = 'admitted' | 'refused' | 'proof_required';

/** The answer of `explain` for people of a class that the plan leaves as they are; classes that are missing are not checked. */
const EXPECTED: Readonly<Partial<Record<PersonClass, Outcome>>> = {
  linked: 'admitted',
  prepared: 'admitted',
  proof: 'proof_required',
  several_organizations: 'proof_required',
  unverified: 'proof_required',
  blocked: 'refused',
};

interface Explained {
  readonly outcome: string;
  readonly rule: string;
  readonly userId: string | undefined;
}

async function explain(order: VerifyOrder, question: Json): Promise<Explained> {
  const path = `/organizations/${encodeURIComponent(order.place.organizationId)}/explain`;
  const body = (await order.tenant.remote.ask(path, question)) as Json;
  return {
    outcome: String(body.outcome),
    rule: String(body.rule),
    userId: typeof body.user_id === 'string' ? body.user_id : undefined,
  };
}

function subjectOf(person: PlanPerson): string | undefined {
  if (person.prepare !== undefined && 'subject' in person.prepare) return person.prepare.subject;
  return typeof person.evidence.subject === 'string' ? person.evidence.subject : undefined;
}

/** The question that stands for this person's sign-in: their subject where it is known, else the address that the provider vouches for. */
function toQuestion(person: PlanPerson, place: Place): Json {
  const subject = subjectOf(person);
  const connection = { connection_id: place.connectionId };
  if (subject === undefined) return { email: person.email, ...connection };
  return { claims: { sub: subject, email: person.email, email_verified: true }, ...connection };
}

function compareExplained(person: PlanPerson, expected: Outcome, found: Explained): Difference | undefined {
  const about = person.user_id ?? person.email ?? '';
  if (found.outcome !== expected) {
    return {
      about,
      email: person.email,
      difference: `would be ${found.outcome} (${found.rule}), planned is ${expected}`,
      remedy: `vestibule explain ${person.email ?? about} shows each step.`,
    };
  }
  if (expected !== 'admitted' || found.userId === person.user_id) return undefined;
  return {
    about,
    email: person.email,
    difference: `would come in as ${found.userId ?? 'a new user'}`,
    remedy: 'Another account holds the subject or the address: look at both, then make a new plan.',
  };
}

async function explainPerson(order: VerifyOrder, person: PlanPerson): Promise<Difference | undefined> {
  const expected = isChanged(person) ? 'admitted' : EXPECTED[person.class];
  if (expected === undefined || person.email === null) return undefined;
  return compareExplained(person, expected, await explain(order, toQuestion(person, order.place)));
}

function compareRoles(person: PlanPerson, now: Person | undefined): Difference | undefined {
  const about = person.user_id ?? '';
  if (now === undefined) {
    return {
      about,
      email: person.email,
      difference: 'is no member of the organization any more',
      remedy: 'Add or invite them again, or leave them out: make a new plan.',
    };
  }
  const planned = [...(person.roles ?? [])].sort().join(', ');
  if (now.roles.join(', ') === planned) return undefined;
  return {
    about,
    email: person.email,
    difference: `has the roles ${now.roles.join(', ') || 'none'}, planned are ${planned || 'none'}`,
    remedy: 'Somebody changed the roles since the plan was made: right as it is, or put them back.',
  };
}

function compareIdentity(person: PlanPerson, now: Person): Difference | undefined {
  const subject = subjectOf(person);
  if (subject === undefined || now.identity?.subject === subject) return undefined;
  return {
    about: now.userId,
    email: person.email,
    difference: `is not linked to the subject ${subject}`,
    remedy: 'Run apply again; it says what stands in the way.',
  };
}

function whyNotDone(order: VerifyOrder, person: PlanPerson): Difference | undefined {
  if (!isChanged(person)) return undefined;
  const standing = order.standing(person.user_id);
  if (standing?.mark === 'done' || standing?.mark === 'kept') return undefined;
  const state = standing === undefined ? 'waits' : standing.mark;
  return {
    about: person.user_id,
    email: person.email,
    difference: `is not applied: ${state}${standing?.note === undefined ? '' : ` (${standing.note})`}`,
    remedy: standing?.mark === 'skipped' ? 'Make a new plan: their state is another by now.' : 'Run apply again.',
  };
}

async function checkPeople(order: VerifyOrder): Promise<{ checked: number; differences: Difference[] }> {
  const people = order.plan.people.filter((person) => person.user_id !== null);
  const ids = new Set(people.flatMap(({ user_id }) => (user_id === null ? [] : [user_id])));
  const now = new Map<string, Person>();
  for await (const page of order.tenant.people(ids)) for (const person of page) now.set(person.userId, person);
  const differences: Difference[] = [];
  let checked = 0;
  for (let at = 0; at < people.length; at += 50) {
    const some = people.slice(at, at + 50);
    const found = await Promise.all(
      some.map(async (person) => {
        const open = whyNotDone(order, person);
        if (open !== undefined) return open;
        const current = now.get(person.user_id ?? '');
        const roles = compareRoles(person, current);
        if (roles !== undefined || current === undefined) return roles;
        return order.tenant.kind === 'vestibule' ? explainPerson(order, person) : compareIdentity(person, current);
      }),
    );
    differences.push(...found.filter((difference) => difference !== undefined));
    checked += some.length;
    order.onProgress(checked, people.length);
  }
  return { checked, differences };
}

/** Settings as the plan wants them, at the end of the apply. */
async function checkSettings(order: VerifyOrder): Promise<Difference[]> {
  const differences: Difference[] = [];
  for (const change of order.plan.head.settings) {
    const now = await readSetting(order.tenant.remote, order.place, change.id);
    if (now === change.after) continue;
    differences.push({
      about: change.id,
      email: null,
      difference: `is ${JSON.stringify(now)}, planned is ${JSON.stringify(change.after)}`,
      remedy: 'Run apply again: settings that shut a door wait until everybody is done.',
    });
  }
  return differences;
}

async function isOpenToAll(order: VerifyOrder): Promise<boolean> {
  return (await readSetting(order.tenant.remote, order.place, 'auto_membership')) === true;
}

/** Strangers of each domain, and those whom the directory lists and nobody invited. */
async function checkStrangers(order: VerifyOrder): Promise<{ strangers: number; differences: Difference[] }> {
  const listed = order.plan.people.filter((person) => person.user_id === null).slice(0, 20);
  const addresses = [
    ...listed.flatMap(({ email }) => (email === null ? [] : [email])),
    ...order.plan.head.domains.map((domain) => `${order.stranger}@${domain}`),
  ];
  const remedy =
    'Auto-membership is on: everybody whom the identity provider knows becomes a member. Plan with --auto-membership off.';
  if (order.tenant.kind === 'auth0') {
    const isOpen = await isOpenToAll(order);
    const differences = isOpen
      ? [{ about: 'auto_membership', email: null, difference: 'a stranger would become a member', remedy }]
      : [];
    return { strangers: 1, differences };
  }
  const differences: Difference[] = [];
  for (const email of addresses) {
    const { outcome, rule } = await explain(order, { email, connection_id: order.place.connectionId });
    if (outcome === 'refused') continue;
    differences.push({ about: email, email, difference: `a stranger would be ${outcome} (${rule})`, remedy });
  }
  return { strangers: addresses.length, differences };
}

/** Home realm discovery: an address of each domain that the plan routes, without a connection in the request. */
async function checkDiscovery(order: VerifyOrder): Promise<Difference[]> {
  const aliases = order.plan.head.settings.filter(({ id, after }) => id.startsWith('alias:') && after === true);
  const differences: Difference[] = [];
  for (const { id } of aliases) {
    const domain = id.slice('alias:'.length);
    if (order.tenant.kind === 'auth0') continue;
    try {
      await explain(order, { email: `${order.stranger}@${domain}` });
    } catch (error) {
      if (!(error instanceof RemoteError) || error.end !== 'refused') throw error;
      differences.push({
        about: id,
        email: null,
        difference: `an address of ${domain} is not led to the connection: ${error.message}`,
        remedy: 'Two connections may list the domain, or another one is hidden: look at domain_aliases.',
      });
    }
  }
  return differences;
}

/** Compares the tenant with the plan. Throws what the tenant throws. */
export async function verifyPlan(order: VerifyOrder): Promise<VerifyResult> {
  const people = await checkPeople(order);
  const settings = await checkSettings(order);
  const strangers = await checkStrangers(order);
  const discovery = await checkDiscovery(order);
  return {
    checked: people.checked,
    strangers: strangers.strangers,
    differences: [...people.differences, ...settings, ...strangers.differences, ...discovery],
  };
}
