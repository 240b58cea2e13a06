/**
 * Finds the people whom a setting would lock out: they need the password, and their address is in a domain that leads
 * to the connection afterwards. Counted when the plan is made, and again right before sign-in by password is closed,
 * since people join meanwhile. Never writes.
 */
import { type Email, emailDomain, parseEmail } from '../../domain/people/email.js';
import { classify, findHolder, type Ground, type Holder, type PersonClass } from './classify.js';
import type { DirectoryEntry, Person } from './person.js';
import type { Plan, PlanPerson } from './plan-file.js';
import { type Place, readAliases, readSetting, type SettingChange } from './settings.js';
import type { RolloutTenant } from './tenant.js';

const IS_IN: ReadonlySet<PersonClass> = new Set(['silent', 'overruled', 'linked', 'prepared']);
/** Classes that Vestibule asks for a proof, so that they get in. */
const IS_ASKED: ReadonlySet<PersonClass> = new Set(['proof', 'several_organizations', 'unverified']);

/** True for a class whose people do not get in at the company. */
export function isOutside(name: PersonClass, { kind }: Pick<Ground, 'kind'>): boolean {
  return !IS_IN.has(name) && !(kind === 'vestibule' && IS_ASKED.has(name));
}

/** True for a person who could not sign in without their password. */
export function needsPassword({ breakGlass, hasPassword }: Person, name: PersonClass, ground: Ground): boolean {
  return name !== 'blocked' && isOutside(name, ground) && !(breakGlass && hasPassword);
}

/** People who need the password, and whether the organization refuses passwords now and under the plan. */
export interface Outside<T extends { readonly email: Email }> {
  readonly people: readonly T[];
  readonly isRequired: boolean;
}

/** Returns the people whom this change of a setting would lock out. */
export function findLockedOut<T extends { readonly email: Email }>(
  { id, after }: Pick<SettingChange, 'id' | 'after'>,
  ground: Pick<Ground, 'kind' | 'domains'>,
  { people, isRequired }: Outside<T>,
): readonly T[] {
  const [kind, domain = ''] = id.split(':');
  const within = (domains: ReadonlySet<string>) => people.filter(({ email }) => domains.has(emailDomain(email)));
  // On Vestibule, people with an address of the added domain keep their password while `sso_rollout` is optional.
  if (kind === 'alias' && after === true && (ground.kind === 'auth0' || isRequired)) return within(new Set([domain]));
  // On Auth0, a connection's domains lead to it only while it is shown; a hidden one is found by its name only.
  if (id === 'show_as_button' && after === true && ground.kind === 'auth0') return within(ground.domains);
  return id === 'sso_rollout' && after === 'required' ? within(ground.domains) : [];
}

/** True for a setting that can lock somebody out. */
function isDoor({ id, after }: SettingChange, kind: Ground['kind'], isRequired: boolean): boolean {
  const somebody = { people: [{ email: 'a@b.example' as Email }], isRequired };
  const there = { kind, domains: new Set(['b.example']) };
  return findLockedOut({ id: id.startsWith('alias:') ? 'alias:b.example' : id, after }, there, somebody).length > 0;
}

/** Returns the changes that can lock people out and whose setting has the planned value now. */
export async function findShutDoors(
  { kind, remote }: Pick<RolloutTenant, 'kind' | 'remote'>,
  place: Place,
  changes: readonly SettingChange[],
): Promise<readonly SettingChange[]> {
  const isRequired = kind === 'vestibule' && (await readSetting(remote, place, 'sso_rollout')) === 'required';
  const shut: SettingChange[] = [];
  for (const change of changes.filter((one) => isDoor(one, kind, isRequired)))
    if ((await readSetting(remote, place, change.id)) === change.after) shut.push(change);
  return shut;
}

/**
 * Reconstructs a directory entry from the plan; undefined where the directory does not list the person or the plan does
 * not say.
 */
function toEntry({ email, user_id, class: name, prepare, evidence }: PlanPerson): DirectoryEntry | undefined {
  const address = parseEmail(email ?? undefined);
  if (address === undefined || name === 'not_in_directory' || name === 'blocked') return undefined;
  const known = user_id === null ? evidence.subject : evidence.directory;
  const subject = prepare !== undefined && 'subject' in prepare ? prepare.subject : known;
  const isActive = user_id === null ? evidence.active === true : name !== 'inactive_in_directory';
  return { email: address, subject: typeof subject === 'string' ? subject : undefined, active: isActive, line: 0 };
}

async function toGround({ head, people }: Plan, { kind, remote }: RolloutTenant, place: Place): Promise<Ground> {
  const planned = head.settings.filter(({ id, after }) => id.startsWith('alias:') && after === true);
  const domains = new Set([
    ...(await readAliases(remote, place)),
    ...planned.map(({ id }) => id.slice('alias:'.length)),
    ...head.domains,
  ]);
  const provedDomains = new Set<string>();
  for (const domain of domains)
    if ((await readSetting(remote, place, `domain:${domain}`)) === 'verified') provedDomains.add(domain);
  const directory = new Map<string, DirectoryEntry>();
  for (const entry of head.directory === null ? [] : people.map(toEntry))
    if (entry !== undefined) directory.set(entry.email, entry);
  const overruled = people.filter((person) => person.class === 'overruled').map(({ user_id }) => String(user_id));
  return {
    kind,
    directory: head.directory === null ? undefined : directory,
    domains,
    provedDomains,
    overruled: new Set(overruled),
    holders: new Map(people.flatMap(toHeld)),
  };
}

/** Returns, from the plan, the subject that another member has. */
function toHeld({ evidence }: PlanPerson): readonly (readonly [string, Holder])[] {
  const holder = findHolder(evidence);
  return holder !== undefined && typeof evidence.directory === 'string' ? [[evidence.directory, holder]] : [];
}

export interface LockedOut {
  readonly user_id: string;
  readonly email: Email;
  readonly class: PersonClass;
}

/** A setting that would lock out people whom the plan did not count. */
export interface Lockout {
  readonly change: SettingChange;
  readonly people: readonly LockedOut[];
}

async function listOutside(ground: Ground, tenant: RolloutTenant, except: ReadonlySet<string>) {
  const outside: LockedOut[] = [];
  for await (const page of tenant.people(undefined, except)) {
    for (const person of page) {
      const email = parseEmail(person.email);
      const name = classify(person, ground).class;
      if (email !== undefined && needsPassword(person, name, ground))
        outside.push({ user_id: person.userId, email, class: name });
    }
  }
  return outside;
}

/**
 * Counts again by everybody's current state: the changes that would lock out people whom the plan did not count,
 * because they joined or changed since. Does not repeat people whom the operator accepted with the plan. Reads nobody
 * if no change can lock out; on Auth0, where each person takes two requests, it skips those in `moved`.
 */
export async function findLockouts(
  plan: Plan,
  tenant: RolloutTenant,
  place: Place,
  changes: readonly SettingChange[],
  moved: ReadonlySet<string>,
): Promise<readonly Lockout[]> {
  const isRequired =
    tenant.kind === 'vestibule' && (await readSetting(tenant.remote, place, 'sso_rollout')) === 'required';
  const doors = changes.filter((change) => isDoor(change, tenant.kind, isRequired));
  if (doors.length === 0) return [];
  const ground = await toGround(plan, tenant, place);
  const people = await listOutside(ground, tenant, tenant.kind === 'auth0' ? moved : new Set());
  const counted = new Set(plan.people.filter((one) => isOutside(one.class, ground)).map(({ user_id }) => user_id));
  return doors.flatMap((change) => {
    const locked = findLockedOut(change, ground, { people, isRequired });
    const more = change.locksOut > 0 ? locked.filter(({ user_id }) => !counted.has(user_id)) : locked;
    return more.length === 0 ? [] : [{ change, people: more }];
  });
}
