/** Judges the domains that organizations and connections claim as their own. */
import { sayPublicUse } from '../../domain/companies/public-mail.js';
import type { OwnedDomain } from '../../ports/examiner.js';
import { type Finding, findingsOf } from './finding.js';

const CHANGE = {
  organization: 'Set its status to pending, or delete it (console, Organizations, Connections).',
  connection: "Take it out of the connection's domains (console, Connections).",
} as const;

/** Warns of each public domain, which nobody can own. */
export function judgeDomains(domains: readonly OwnedDomain[]): readonly Finding[] {
  const { ok, warn } = findingsOf('domains');
  if (domains.length === 0) return [ok('No organization or connection relies on a domain of the public.')];
  return domains.map(({ domain, by }) =>
    warn(
      `${sayPublicUse(domain) ?? domain}, and the ${by.kind} ${by.name} ${by.kind === 'organization' ? 'has it verified' : 'lists it'}: its identity provider can speak for strangers.`,
      CHANGE[by.kind],
    ),
  );
}
