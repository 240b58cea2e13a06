/**
 * Compares a plan with the tenant: does the same user get in, with the same roles; does a stranger stay out; does home
 * realm discovery lead to the planned connection? On Vestibule by `explain`, which runs the login's own steps; on Auth0
 * by reading back. Writes nothing.
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
  /** The person or setting that differs: a user id, an address, or the id of a setting. */
  readonly about: string;
  readonly email: string | null;
  readonly difference: string;
  readonly remedy: string;
}

export interface VerifyOrder {
  readonly plan: Plan;
  readonly tenant: RolloutTenant;
  readonly place: Place;
  readonly standing: (id: string) => Standing | undefined;
  /** A local part that nobody has, for the address of a stranger. */
  readonly stranger: string;
  readonly onProgress: (done: number, total: number) => void;
}

export interface VerifyResult {
  readonly checked: number;
  readonly strangers: number;
  readonly differences: readonly Difference[];
}

type Outcome = 'admitted' | 'refused' | 'proof_required';

/** Expected answers of `explain` for people whom the plan does not change; classes without one are not checked. */
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
  readonly connectionId: string | undefined;
  /** Why the question cannot be answered; undefined where it can. */
  readonly error: string | undefined;
}

/** Questions per request. The server answers them one after the other, so a larger request would take long. */
const AT_ONCE = 250;

function toExplained(answer: Json): Explained {
  return {
    outcome: String(answer.outcome),
    rule: String(answer.rule),
    userId: typeof answer.user_id === 'string' ? answer.user_id : undefined,
    connectionId: typeof answer.connection_id === 'string' ? answer.connection_id : undefined,
    error: answer.error === undefined ? undefined : String(answer.message ?? answer.error),
  };
}

/** Asks at most {@link AT_ONCE} questions; the answers are in their order. */
async function explain(order: VerifyOrder, questions: readonly Json[]): Promise<readonly Explained[]> {
  if (questions.length === 0) return [];
  const path = `/organizations/${encodeURIComponent(order.place.organizationId)}/explain/people`;
  const { answers } = ((await order.tenant.remote.ask(path, { people: questions })) ?? {}) as { answers?: unknown };
  if (Array.isArray(answers) && answers.length === questions.length) return (answers as Json[]).map(toExplained);
  throw new RemoteError('unknown', `POST ${path} was not answered for each question.`);
}

async function explainAll(order: VerifyOrder, questions: readonly Json[]): Promise<readonly Explained[]> {
  const answers: Explained[] = [];
  for (let at = 0; at < questions.length; at += AT_ONCE)
    answers.push(...(await explain(order, questions.slice(at, at + AT_ONCE))));
  return answers;
}

function subjectOf(person: PlanPerson): string | undefined {
  if (person.prepare !== undefined && 'subject' in person.prepare) return person.prepare.subject;
  return typeof person.evidence.subject === 'string' ? person.evidence.subject : undefined;
}

/**
 * Returns the question about this person's sign-in: by subject where it is known, else by the address that the provider
 * vouches for.
 */
function toQuestion(person: PlanPerson, place: Place): Json {
  const subject = subjectOf(person);
  const connection = { connection_id: place.connectionId };
  if (subject === undefined) return { email: person.email, ...connection };
  return { claims: { sub: subject, email: person.email, email_verified: true }, ...connection };
}

function compareExplained(person: PlanPerson, expected: Outcome, found: Explained): Difference | undefined {
  const about = person.user_id ?? person.email ?? '';
  if (found.error !== undefined)
    return { about, email: person.email, difference: `cannot be explained: ${found.error}`, remedy: 'Look at them.' };
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

/** Returns the answer that the plan expects of `explain` for this person; undefined if it expects none. */
function toExpected(person: PlanPerson): Outcome | undefined {
  if (person.email === null) return undefined;
  return isChanged(person) ? 'admitted' : EXPECTED[person.class];
}

/** Checks the people of one request. `now`: their current state by user id. */
async function checkSome(order: VerifyOrder, people: readonly PlanPerson[], now: ReadonlyMap<string, Person>) {
  const found = new Map<PlanPerson, Difference>();
  const asked: { readonly person: PlanPerson; readonly expected: Outcome }[] = [];
  for (const person of people) {
    const current = now.get(person.user_id ?? '');
    const read = whyNotDone(order, person) ?? compareRoles(person, current);
    const isAuth0 = order.tenant.kind === 'auth0';
    const difference = read ?? (isAuth0 && current !== undefined ? compareIdentity(person, current) : undefined);
    if (difference !== undefined) found.set(person, difference);
    const expected = toExpected(person);
    if (difference === undefined && !isAuth0 && expected !== undefined) asked.push({ person, expected });
  }
  const questions = asked.map(({ person }) => toQuestion(person, order.place));
  for (const [index, answer] of (await explain(order, questions)).entries()) {
    const one = asked[index];
    const difference = one && compareExplained(one.person, one.expected, answer);
    if (one !== undefined && difference !== undefined) found.set(one.person, difference);
  }
  return people.flatMap((person) => found.get(person) ?? []);
}

async function checkPeople(order: VerifyOrder): Promise<{ checked: number; differences: Difference[] }> {
  const people = order.plan.people.filter((person) => person.user_id !== null);
  const ids = new Set(people.flatMap(({ user_id }) => (user_id === null ? [] : [user_id])));
  const now = new Map<string, Person>();
  for await (const page of order.tenant.people(ids)) for (const person of page) now.set(person.userId, person);
  const differences: Difference[] = [];
  for (let at = 0; at < people.length; at += AT_ONCE) {
    differences.push(...(await checkSome(order, people.slice(at, at + AT_ONCE), now)));
    order.onProgress(Math.min(at + AT_ONCE, people.length), people.length);
  }
  return { checked: people.length, differences };
}

/** Compares settings with the values that the plan gives them. */
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

/** Checks strangers of each domain, and people whom the directory lists and nobody invited. */
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
  const questions = addresses.map((email) => ({ email, connection_id: order.place.connectionId }));
  for (const [index, { outcome, rule, error }] of (await explainAll(order, questions)).entries()) {
    const email = addresses[index] ?? '';
    if (outcome === 'refused') continue;
    const difference =
      error === undefined ? `a stranger would be ${outcome} (${rule})` : `cannot be explained: ${error}`;
    differences.push({ about: email, email, difference, remedy });
  }
  return { strangers: addresses.length, differences };
}

/** Checks home realm discovery with an address of each planned domain and no connection in the request. */
async function checkDiscovery(order: VerifyOrder): Promise<Difference[]> {
  if (order.tenant.kind === 'auth0') return [];
  const aliases = order.plan.head.settings.filter(({ id, after }) => id.startsWith('alias:') && after === true);
  const domains = aliases.map(({ id }) => id.slice('alias:'.length));
  const answers = await explainAll(
    order,
    domains.map((domain) => ({ email: `${order.stranger}@${domain}` })),
  );
  return domains.flatMap((domain, index) => {
    const { connectionId, error } = answers[index] ?? {};
    if (connectionId === order.place.connectionId) return [];
    const where = error ?? (connectionId === undefined ? 'to none' : `to ${connectionId}`);
    return {
      about: `alias:${domain}`,
      email: null,
      difference: `an address of ${domain} is not led to the connection: ${where}`,
      remedy: 'Two connections may list the domain, or another one is hidden: look at domain_aliases.',
    };
  });
}

/** Compares the tenant with the plan. Throws any error of the tenant. */
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
