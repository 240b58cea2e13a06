/**
 * Tells, by strategy, which id of a person a connection's tokens carry, and so which ids of the company's directory can
 * be used. Pure. An identity prepared for another kind of subject would match nobody, or, where many companies share a
 * connection, somebody else.
 */

import { isEntraId, parseEntra } from '../../domain/companies/entra.js';
import { servesManyCompanies } from '../../domain/companies/idp-destination.js';
import { dialectOf, findScimSubject } from '../../facts/strategies.js';
import type { TenantKind } from './classify.js';
import type { BadLine } from './directory-file.js';
import type { DirectoryEntry } from './person.js';

export interface Connected {
  readonly name: string;
  readonly strategy: string;
  readonly options: Readonly<Record<string, unknown>>;
}

export interface SubjectRules {
  /** Sentences for the administrator: people whom the plan cannot prepare, and why. */
  readonly notes: readonly string[];
  /** False where no subject of a directory identifies a person of this connection. */
  readonly usesSubjects: boolean;
  /** Returns the subject as tokens contain it, or what is wrong with the line. */
  toSubject(given: string): string | { readonly problem: string };
}

const asGiven: Omit<SubjectRules, 'notes'> = { usesSubjects: true, toSubject: (given) => given };
const unused: Omit<SubjectRules, 'notes'> = { usesSubjects: false, toSubject: (given) => given };

function rulesOfMany({ name }: Connected, kind: TenantKind): SubjectRules {
  const why = `Many tenants of Entra sign in over ${name} (useCommonEndpoint). An id is a person’s within their tenant only, so the subjects of the directory are not used.`;
  const then =
    kind === 'auth0'
      ? 'Auth0 prepares by a subject alone: nobody can be prepared. Make a connection of its own for the company’s tenant (tenantId), or use the guard.'
      : 'People are prepared by their address. It is bound only where the token says xms_edov: true (see connect-entra.md); a verified domain does not count here. ' +
        'A connection of its own for the company’s tenant (tenantId) takes subjects.';
  return { ...unused, notes: [`${why} ${then}`] };
}

function entraSubject(given: string): string | { readonly problem: string } {
  const id = given.toLowerCase();
  if (isEntraId(id)) return id;
  return { problem: 'the subject of a person of Entra is the object id (Object ID), a GUID' };
}

function rulesOfEntra(connected: Connected, kind: TenantKind): SubjectRules {
  const { options } = connected;
  if (servesManyCompanies({ strategy: 'waad', options })) return rulesOfMany(connected, kind);
  const entra = parseEntra(options);
  if ('problem' in entra || entra.subjectClaim === 'oid')
    return { usesSubjects: true, toSubject: entraSubject, notes: [] };
  return {
    usesSubjects: true,
    toSubject: (given) =>
      isEntraId(given.toLowerCase())
        ? {
            problem:
              'this is an object id, and the connection takes sub (userid_attribute): no directory exports it, leave the column out',
          }
        : given,
    notes: [],
  };
}

/** Requires Google's account id, a number: an address may later belong to another person. */
function googleSubject(given: string): string | { readonly problem: string } {
  if (!given.includes('@')) return given;
  return {
    problem: 'the subject of a person of Google is the account’s id (a number, "id" of the Admin SDK), not an address',
  };
}

/** Returns the rules for subjects of a connection. */
export function subjectRulesOf(connected: Connected, kind: TenantKind): SubjectRules {
  const { name, strategy } = connected;
  if (dialectOf(strategy) === 'entra') return rulesOfEntra(connected, kind);
  if (kind === 'auth0' && findScimSubject(strategy) === undefined)
    return {
      ...unused,
      notes: [
        `Auth0 takes no people in advance for ${name}: it has no inbound SCIM for the strategy ${strategy}. Nobody is prepared. The guard links people at their first ` +
          'sign-in; or connect the company over oidc or samlp.',
      ],
    };
  return dialectOf(strategy) === 'google'
    ? { usesSubjects: true, toSubject: googleSubject, notes: [] }
    : { ...asGiven, notes: [] };
}

/** Converts the directory's subjects for this connection; also returns the lines whose subject is of another kind. */
export function fitSubjects(
  directory: ReadonlyMap<string, DirectoryEntry>,
  rules: SubjectRules,
): { readonly entries: ReadonlyMap<string, DirectoryEntry>; readonly bad: readonly BadLine[] } {
  const entries = new Map<string, DirectoryEntry>();
  const bad: BadLine[] = [];
  const lines = new Map<string, number>();
  for (const [email, entry] of directory) {
    const given = rules.usesSubjects ? entry.subject : undefined;
    const subject = given === undefined ? undefined : rules.toSubject(given);
    const twice = typeof subject === 'string' ? lines.get(subject) : undefined;
    if (typeof subject === 'object') bad.push({ line: entry.line, problem: subject.problem });
    else if (twice !== undefined)
      bad.push({ line: entry.line, problem: `the subject stands in line ${twice} already` });
    else entries.set(email, { ...entry, subject });
    if (typeof subject === 'string') lines.set(subject, entry.line);
  }
  return { entries, bad };
}
