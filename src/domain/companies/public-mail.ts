/**
 * Domains that nobody owns alone: those of public mail providers, and public suffixes (`co.uk`, `github.io`). No
 * organization may prove such a domain, or route it to its identity provider (docs/linking-rule.md, part 4): it would
 * get the accounts of everybody with a mailbox there. Uses no network: the lists are part of the program (ADR 0075).
 */
import { parse } from 'tldts';
import { LISTED } from './public-mail-domains.js';

/**
 * Providers with a domain in many countries, by the name before the public suffix: `yahoo` means yahoo.it, yahoo.com.br
 * and so on.
 */
const EVERYWHERE: ReadonlySet<string> = new Set([
  ...['aol', 'gmail', 'gmx', 'googlemail', 'hotmail', 'icloud', 'mailinator', 'msn', 'outlook', 'protonmail'],
  ...['rocketmail', 'tutanota', 'windowslive', 'yahoo', 'yandex', 'ymail'],
]);

/** Mail providers that the stored list lacks. */
const MORE: readonly string[] = [
  ...[
    'aleeas.com',
    'bbox.fr',
    'bredband.net',
    'dir.bg',
    'disroot.org',
    'duck.com',
    'fastmail.com',
    'gmx.ch',
    'hanmail.com',
  ],
  ...[
    'hey.com',
    'hispeed.ch',
    'internet.ru',
    'keemail.me',
    'kpnmail.nl',
    'mozmail.com',
    'mweb.co.za',
    'numericable.fr',
  ],
  ...['ono.com', 'passport.com', 'pm.me', 'proton.ch', 'proton.me', 'relay.firefox.com', 'riseup.net', 'scarlet.be'],
  ...[
    'simplelogin.com',
    'skiff.com',
    'startmail.com',
    'sunrise.ch',
    'telkomsa.net',
    'telus.net',
    'tuta.com',
    'tuta.io',
  ],
  ...['tutamail.com', 'vodamail.co.za', 'volny.cz', 'xmail.ru', 'ziggo.nl', 'zoho.eu', 'zoznam.sk'],
];

/** Domains below which a provider gives each company a name, so no company owns them. The public suffixes lack them. */
const PARENTS: ReadonlySet<string> = new Set(['onmicrosoft.com']);

let listed: ReadonlySet<string> | undefined;

/** Returns the set of listed domains. Built at first use, because most commands need none. */
function getListed(): ReadonlySet<string> {
  listed ??= new Set([...LISTED.flatMap((line) => line.split(' ')), ...MORE]);
  return listed;
}

/** Returns the domain, and the domains above it that have at least two labels. */
function withParents(domain: string): readonly string[] {
  const labels = domain.split('.');
  return labels.slice(0, -1).map((_, index) => labels.slice(index).join('.'));
}

/** How the public uses a domain: anybody can have names below it, or mailboxes at it. */
export type PublicUse = 'names' | 'mailboxes';

/**
 * Returns how the public uses `domain` (A-labels in lower case); undefined when it can belong to one owner. Below a
 * public mail provider everything is the provider's, so subdomains count as the provider; below a public suffix
 * everybody has a domain of their own.
 */
export function findPublicUse(domain: string): PublicUse | undefined {
  const { publicSuffix, isIcann, isPrivate, domainWithoutSuffix } = parse(domain, { allowPrivateDomains: true });
  if (PARENTS.has(domain) || (publicSuffix === domain && (isIcann || isPrivate))) return 'names';
  if (domainWithoutSuffix && EVERYWHERE.has(domainWithoutSuffix)) return 'mailboxes';
  return withParents(domain).some((one) => getListed().has(one)) ? 'mailboxes' : undefined;
}

/** Returns why nobody can own `domain`, as the beginning of a sentence; undefined when somebody can. */
export function sayPublicUse(domain: string): string | undefined {
  const use = findPublicUse(domain);
  if (use === undefined) return undefined;
  return use === 'mailboxes'
    ? `${domain} gives mailboxes to the public`
    : `${domain} is an ending under which the public gets names`;
}
