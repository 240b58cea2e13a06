/** Describes a membership in words: the person's ways to sign in, and how they joined. Pure. */
import type { Person, PersonIdentity } from './answers';

const ORIGINS: Readonly<Record<Person['member']['via'], string>> = {
  invited: 'by invitation',
  auto: 'by auto-membership',
  action: 'by an Action',
  management: 'added by an operator or a script',
};

export const sayOrigin = (via: Person['member']['via']): string => ORIGINS[via] ?? via;

const isDatabase = ({ provider }: PersonIdentity) => provider === 'auth0';

/** Lists a person's ways to sign in: "password", "acme-oidc", or "acme-oidc (prepared)" if it has not been used yet. */
export function listWaysIn({ has_password: hasPassword, identities }: Person): readonly string[] {
  const companies = identities.filter((identity) => !isDatabase(identity));
  return [
    ...(hasPassword ? ['password'] : []),
    ...companies.map(({ connection, status }) => (status === 'bound' ? connection : `${connection} (prepared)`)),
  ];
}

/** Returns the ways to sign in as one text. */
export function sayWaysIn(person: Person): string {
  return listWaysIn(person).join(', ') || 'none yet';
}

/** Describes an identity in one sentence. */
export function sayIdentity(identity: PersonIdentity): string {
  const { connection, status, user_id: subject, expected_email: address } = identity;
  if (isDatabase(identity)) return `Account with a password at ${connection}`;
  if (status === 'bound') return `Linked at ${connection} as ${subject ?? 'an unknown user ID'}`;
  return subject === undefined
    ? `Expected at ${connection} with the address ${address ?? 'of the account'}, not used yet`
    : `Expected at ${connection} as ${subject}, not used yet`;
}
