/**
 * The people of Globex, a company that moves to single sign-on. Each person is a pure function of their number, so that
 * the tenant, the identity provider and the directory agree without asking each other.
 */

export const GLOBEX = {
  name: 'globex',
  title: 'Globex',
  domain: 'globex.example',
  connection: 'globex-oidc',
} as const;

/**
 * Each kind except `ordinary` is one person in fifty. Ordinary people are members with a password and a verified
 * address.
 */
export type Kind = 'ordinary' | 'unverified' | 'contractor' | 'left' | 'blocked' | 'elsewhere';

export interface Employee {
  readonly number: number;
  readonly kind: Kind;
  /** Id at the company's identity provider, which people also type there. */
  readonly login: string;
  readonly name: string;
  readonly email: string;
  readonly userId: string;
}

const FIRST =
  'Ada Alan Annie Barbara Claude Dorothy Edsger Erna Frances Grace Hedy Ida Jean John Karen Katherine Kurt Lynn Margaret Mary Niklaus Radia Rosa Sophie Tim';
const LAST =
  'Abel Bauer Castro Diaz Eriksen Fischer Garcia Haddad Ito Jansen Kaya Lang Meyer Novak Okafor Popescu Quist Rossi Sato Torres Ueda Varga Weber Xu Yilmaz Zhou Adams Bell Cruz Duarte Evans Ferrari Gruber Hansen Ivanov Jovanovic Koch Lopez Moreau Nilsen';
const [FIRSTS, LASTS] = [FIRST.split(' '), LAST.split(' ')];
const KINDS: Readonly<Record<number, Kind>> = {
  7: 'unverified',
  14: 'elsewhere',
  21: 'contractor',
  28: 'left',
  35: 'blocked',
};

/** Largest number of people in the company. */
export const MOST_PEOPLE = 5_000;

/** New employees without an account in the application. Their numbers come after all others. */
const NEW_HIRES: ReadonlyMap<number, string> = new Map([
  [MOST_PEOPLE + 1, 'Nadia Newman'],
  [MOST_PEOPLE + 2, 'Omar Newman'],
]);

/** Returns the employee with this number, from 1. */
export function toEmployee(number: number): Employee {
  const first = FIRSTS[number % FIRSTS.length] ?? '';
  const last = LASTS[(Math.floor(number / FIRSTS.length) + (number % FIRSTS.length)) % LASTS.length] ?? '';
  const round = Math.floor(number / (FIRSTS.length * LASTS.length));
  const digits = String(number).padStart(4, '0');
  const name = NEW_HIRES.get(number) ?? `${first} ${last}`;
  const suffix = round === 0 || NEW_HIRES.has(number) ? '' : `-${round + 1}`;
  const address = `${name.replace(' ', '.')}${suffix}`.toLowerCase();
  return {
    number,
    kind: KINDS[number % 50] ?? 'ordinary',
    login: `g${digits}`,
    name,
    email: `${address}@${GLOBEX.domain}`,
    userId: `auth0|globex-${digits}`,
  };
}

/** Returns the first `count` employees. */
export function listEmployees(count: number): readonly Employee[] {
  return Array.from({ length: count }, (_none, index) => toEmployee(index + 1));
}

/** People in the company's directory whom nobody at the application has invited. */
export const STRANGERS: readonly Employee[] = [...NEW_HIRES.keys()].map(toEmployee);

let byAddress: ReadonlyMap<string, Employee> | undefined;

/**
 * Finds the employee whom the company's identity provider signs in for this login or address. It does not know
 * contractors and people who left.
 */
export function findAtIdp(typed: string): Employee | undefined {
  byAddress ??= new Map([...listEmployees(MOST_PEOPLE), ...STRANGERS].map((one) => [one.email, one]));
  const number = /^g(\d{4,5})$/.exec(typed)?.[1];
  const known = number === undefined ? byAddress.get(typed) : toEmployee(Number(number));
  if (known === undefined || known.number < 1 || known.number > MOST_PEOPLE + NEW_HIRES.size) return undefined;
  return known.kind === 'contractor' || known.kind === 'left' ? undefined : known;
}

/**
 * Returns the company's directory as its IT would export it: CSV with address, subject, and whether the account is
 * active.
 */
export function toDirectory(count: number): string {
  const listed = [...listEmployees(count), ...STRANGERS].filter(({ kind }) => kind !== 'contractor');
  const lines = listed.map(({ email, login, kind }) => `${email},${login},${kind !== 'left'}`);
  return `${['email,subject,active', ...lines].join('\n')}\n`;
}
