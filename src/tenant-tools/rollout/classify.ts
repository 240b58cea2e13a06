/**
 * Classifies a person of a plan: a pure function of the person, the company's directory and the settings. Follows the
 * linking rule (docs/linking-rule.md, parts 5 to 7): no identity is prepared silently for a person whom the rule would
 * ask for a proof, unless the operator overrules it by name.
 */
import type { FactorRule } from '../../domain/factors/factor-effect.js';
import { type Email, emailDomain, parseEmail } from '../../domain/people/email.js';
import { CLASS_WORDS } from '../../facts/rollout-words.js';
import type { DirectoryEntry, Person } from './person.js';

export type TenantKind = 'vestibule' | 'auth0';

/** The classes of people in order of precedence: the first class that applies wins. */
export const PERSON_CLASSES = [
  'blocked',
  'linked',
  'other_subject',
  'prepared',
  'no_address',
  'several_candidates',
  'collides',
  'subject_taken',
  'not_in_directory',
  'inactive_in_directory',
  'unverified',
  'several_organizations',
  'proof',
  'other_domain',
  'no_subject',
  'silent',
  'overruled',
  'unknown',
] as const;
export type PersonClass = (typeof PERSON_CLASSES)[number];

/** Classes whose people prove the old account themselves at their first sign-in. Auth0 never asks for such a proof. */
const ASKED: ReadonlySet<PersonClass> = new Set(['proof', 'several_organizations', 'unverified']);

/** Describes the first sign-in of a person of this class on this kind of tenant. */
export function seesOf(name: PersonClass, kind: TenantKind): string {
  if (kind === 'auth0' && ASKED.has(name))
    return 'Is a stranger at the company’s sign-in: Auth0 asks for no proof. Keeps the password where home realm discovery lets them.';
  return CLASS_WORDS[name].sees;
}

/** True for people whom an administrator should look at; on Auth0 also those whom Vestibule would ask for a proof. */
export function needsHuman(name: PersonClass, kind: TenantKind): boolean {
  return CLASS_WORDS[name].human || (kind === 'auth0' && ASKED.has(name));
}

/** The identity that a plan prepares for a person. */
export type Preparation =
  | { readonly by: 'subject'; readonly subject: string }
  | { readonly by: 'email'; readonly email: Email };

export interface Verdict {
  readonly class: PersonClass;
  readonly prepare: Preparation | undefined;
  readonly evidence: Readonly<Record<string, unknown>>;
}

/** The member who already has a given subject at the connection, as a bound or a prepared identity. */
export interface Holder {
  readonly userId: string;
  readonly email: string | undefined;
}

export interface Ground {
  readonly kind: TenantKind;
  /** The directory's entries by address; undefined without a directory. */
  readonly directory: ReadonlyMap<string, DirectoryEntry> | undefined;
  /** Domains whose people the rollout moves. */
  readonly domains: ReadonlySet<string>;
  /** Domains that the organization has proved, or will have proved when the plan is applied. */
  readonly provedDomains: ReadonlySet<string>;
  /** User ids or addresses for which the operator overrules parts 6 and 7 of the linking rule. */
  readonly overruled: ReadonlySet<string>;
  /** Users that hold a subject already, by subject. */
  readonly holders?: ReadonlyMap<string, Holder>;
  /** The people whom the settings ask for a second factor; undefined where the tenant does not tell. Decides no class. */
  readonly factorRule?: FactorRule | undefined;
}

function classifyLinked({ identity }: Person, entry: DirectoryEntry | undefined): PersonClass | undefined {
  if (identity === undefined) return undefined;
  const differs = entry?.subject !== undefined && identity.subject !== undefined && entry.subject !== identity.subject;
  if (differs) return 'other_subject';
  return identity.status === 'bound' ? 'linked' : 'prepared';
}

/** Returns why the linking rule would ask for a proof; undefined where it would not. */
function whyProof(person: Person, ground: Ground, domain: string): PersonClass | undefined {
  if (!person.emailVerified) return 'unverified';
  if (person.otherOrganizations > 0) return 'several_organizations';
  if (!ground.provedDomains.has(domain) && !person.usedBefore) return 'proof';
  return undefined;
}

function toPreparation(email: Email, entry: DirectoryEntry | undefined): Preparation {
  return entry?.subject === undefined ? { by: 'email', email } : { by: 'subject', subject: entry.subject };
}

/** Reads from a line of class `subject_taken` which member has the subject; undefined for other lines. */
export function findHolder(evidence: Readonly<Record<string, unknown>>): Holder | undefined {
  const { held_by: userId, held_by_email: email } = evidence;
  return typeof userId === 'string' ? { userId, email: typeof email === 'string' ? email : undefined } : undefined;
}

/**
 * Returns the facts about a subject that another member has. The person would sign in as that other member, so the plan
 * must not class them as `silent`.
 */
function checkHolder(person: Person, entry: DirectoryEntry | undefined, { holders }: Ground) {
  const holder = entry?.subject === undefined ? undefined : holders?.get(entry.subject);
  if (holder === undefined || holder.userId === person.userId) return undefined;
  return { directory: entry?.subject, held_by: holder.userId, held_by_email: holder.email ?? null };
}

/** Returns the class of `person`, the identity to prepare if any, and the deciding facts. */
export function classify(person: Person, ground: Ground): Verdict {
  const email = parseEmail(person.email);
  const entry = email === undefined ? undefined : ground.directory?.get(email);
  const answer = (
    name: PersonClass,
    evidence: Readonly<Record<string, unknown>> = {},
    prepare?: Preparation,
  ): Verdict => ({
    class: name,
    prepare,
    evidence,
  });
  if (person.blocked) return answer('blocked');
  const linked = classifyLinked(person, entry);
  if (linked !== undefined)
    return answer(linked, { subject: person.identity?.subject ?? null, directory: entry?.subject ?? null });
  if (email === undefined) return answer('no_address', { email: person.email ?? null });
  if (person.sameAddressMembers > 0) return answer('several_candidates', { others: person.sameAddressMembers });
  if (person.sameAddressThere) return answer('collides');
  const taken = checkHolder(person, entry, ground);
  if (taken !== undefined) return answer('subject_taken', taken);
  if (ground.directory !== undefined && entry === undefined) {
    return answer('not_in_directory', { break_glass: person.breakGlass });
  }
  if (entry?.active === false) return answer('inactive_in_directory', { line: entry.line });
  const domain = emailDomain(email);
  const reason = whyProof(person, ground, domain);
  const overruled = ground.overruled.has(person.userId) || ground.overruled.has(email);
  const evidence = {
    domain_proved: ground.provedDomains.has(domain),
    used_before: person.usedBefore,
    other_organizations: person.otherOrganizations,
    ...(reason === undefined ? {} : { overrules: reason }),
  };
  if (reason !== undefined && !overruled) return answer(reason, { ...evidence, overrules: undefined });
  // Only the directory names a subject. Without a subject the person is found by address, and the identity provider
  // vouches only for addresses of the connection's domains.
  if (entry?.subject === undefined && !ground.domains.has(domain)) return answer('other_domain', { domain });
  if (ground.kind === 'auth0' && entry?.subject === undefined) return answer('no_subject', evidence);
  return answer(reason === undefined ? 'silent' : 'overruled', evidence, toPreparation(email, entry));
}
