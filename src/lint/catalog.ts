/**
 * All findings of the linter, each with its severity and consequence. docs/guard.md explains each under its id; a test
 * compares the two.
 */
import type { FindingSeverity } from '../domain/actions/action-finding.js';

interface Entry {
  readonly severity: FindingSeverity;
  readonly why: string;
}

export const CATALOG = {
  'syntax-error': {
    severity: 'error',
    why: 'The Action cannot be loaded, so every execution of its trigger fails.',
  },
  'nothing-exported': {
    severity: 'error',
    why: 'A trigger calls a function by its name on exports. If there is none, nothing of this code ever decides.',
  },
  'wrong-handler': {
    severity: 'error',
    why: 'A trigger calls its own handler only. A function of another name is never called, and nobody is told.',
  },
  'unknown-sdk-method': {
    severity: 'error',
    why: 'The call throws a TypeError before anything is sent. An exception that nobody catches refuses the login too, so it may look as if it had worked.',
  },
  'unknown-sdk-export': {
    severity: 'error',
    why: 'The name is undefined in this release of the package, so using it throws a TypeError.',
  },
  'sdk-arguments': {
    severity: 'error',
    why: 'Up to 4 the package takes the parts of the path as one object, from 5 on as separate arguments. Mixed up, the request goes to an address that does not exist.',
  },
  'swallowed-failure': {
    severity: 'warning',
    why: 'The failure ends in the console and nobody acts on it: what the code was to change stays as it was.',
  },
  'fails-open': {
    severity: 'warning',
    why: 'The denial is inside the try. If the call before it fails, the catch goes on and the person gets in unchecked: an attacker only has to make the check fail.',
  },
  'naive-clean-up': {
    severity: 'error',
    why: 'On Auth0 nothing tells a membership made by this login from one that an invitation or an administrator made. Whoever is denied once, for whatever reason, loses the membership and its roles.',
  },
  'deny-without-return': {
    severity: 'warning',
    why: 'api.access.deny only takes a note. The code goes on, and what it writes stays although the login is refused.',
  },
  'deny-in-loop': {
    severity: 'warning',
    why: 'api.access.deny does not leave the loop: later rounds go on, and one denial cannot be taken back by them.',
  },
  'floating-promise': {
    severity: 'warning',
    why: 'The Action ends without waiting. The request may never be sent, and its failure is seen by nobody.',
  },
  'missing-await': {
    severity: 'error',
    why: 'A promise has none of the properties of its result: the value read here is always undefined.',
  },
  'await-nothing': {
    severity: 'info',
    why: 'The method returns at once and takes effect when the Action has ended. Awaiting it suggests that it has happened already.',
  },
  'unknown-factor': {
    severity: 'error',
    why: 'The call throws, or ignores the factor. With no other factor the login is refused.',
  },
  'secret-in-code': {
    severity: 'error',
    why: 'Code is readable to everybody who may read Actions, and stays in every version and export. A secret in it has to be replaced.',
  },
  'undeclared-secret': {
    severity: 'error',
    why: 'The value is undefined, so whatever it was to open stays shut, or is opened with nothing.',
  },
  'code-after-redirect': {
    severity: 'warning',
    why: 'api.redirect.sendUserTo takes effect when the Action has ended. What follows it runs before the person has been anywhere.',
  },
  'package-not-available': {
    severity: 'warning',
    why: 'Auth0 installs any npm package that is declared. Vestibule has a fixed list and refuses to deploy an Action that needs another one.',
  },
  'package-not-declared': {
    severity: 'warning',
    why: 'What is not among the dependencies of the Action is not installed for it, so require throws on Auth0.',
  },
  'module-not-named': {
    severity: 'error',
    why: 'An Action loads the modules that its list names, each in one version. For any other, require throws, which refuses the login.',
  },
  'module-not-allowed': {
    severity: 'warning',
    why: 'Actions run contained: without files, processes and threads. The module is there on no server that keeps tenants apart.',
  },
  'unbounded-paging': {
    severity: 'warning',
    why: 'It reads every member in every login. An Action has 20 seconds and shares the rate limit of the tenant, so it fails once the organization has grown.',
  },
  'unknown-api-method': {
    severity: 'error',
    why: 'The call throws a TypeError, which refuses the login.',
  },
  'organization-unchecked': {
    severity: 'warning',
    why: 'A login without an organization has no event.organization. Reading from it throws a TypeError, which refuses that login.',
  },
  'groups-of-any-company': {
    severity: 'warning',
    why: 'Each company’s provider says which groups its people have: another customer’s may name the same group. With a password there are none.',
  },
  'unverified-email': {
    severity: 'warning',
    why: 'Anybody can sign up with an address that is not theirs, or control an identity provider that says so. Only email_verified says that the person was reached there.',
  },
  'reserved-claim': {
    severity: 'error',
    why: 'The claim belongs to the token service. The setting is dropped without an error, and who reads the token sees another value or none.',
  },
  'management-call-each-login': {
    severity: 'info',
    why: 'Each login then costs a token and a request of the tenant, and cannot be faster or more reliable than they are.',
  },
} as const satisfies Readonly<Record<string, Entry>>;

export type FindingId = keyof typeof CATALOG;

/** Returns the place in the documentation that explains a finding. */
export function docsOf(id: FindingId): string {
  return `docs/guard.md#${id}`;
}
