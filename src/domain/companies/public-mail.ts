/**
 * Domains that are nobody's own: those of public mail providers, and public suffixes (`co.uk`, `github.io`). Nobody can prove such a domain, or
 * have it routed to their identity provider (linking rule, part 1.4): that would give them the accounts of everybody who has a mailbox there.
 * Never looks anything up: the kept list and the suffixes are part of the program (ADR 0075).
 */
import { parse } from 'tldts';
import { LISTED } from './public-mail-domains.js';

/** Providers that have a domain in many countries, by the name before the public suffix: `yahoo` is yahoo.it and yahoo.com.br. */
const EVERYWHERE: ReadonlySet<string> = new Set([
  ...['aol', 'gmail', 'gmx', 'googlemail', 'hotmail', 'icloud', 'mailinator', 'msn', 'outlook', 'protonmail'],
  ...['rocketmail', 'tutanota', 'windowslive', 'yahoo', 'yandex', 'ymail'],
]);

/** Providers that the kept list lacks. */
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

/** Each company has a name of its own below it, and nobody has the parent. Not among the public suffixes. */
const PARENTS: ReadonlySet<string> = new Set(['onmicrosoft.com']);

let listed: ReadonlySet<string> | undefined;

/** Made at the first question: most commands ask none. */
function getListed(): ReadonlySet<string> {
  listed ??= new Set([...LISTED.flatMap((line) => line.split(' ')), ...MORE]);
  return listed;
}

/** The domain and those above it, with two labels at least. */
function withParents(domain: string): readonly string[] {
  const labels = domain.split('.');
  return labels.slice(0, -1).map((_, index) => labels.slice(index).join('.'));
}

/** The public has names below it, or mailboxes at it; undefined for a domain that can be somebody's own. */
export type PublicUse = 'names' | 'mailboxes';

/**
 * Returns the public's use of `domain`, an A-label in lower case. Below a public mail provider everything is the provider's, so subdomains count as
 * the provider; below a public suffix everybody has a domain of their own.
 */
export function findPublicUse(domain: string): PublicUse | undefined {
  const { publicSuffix, isIcann, isPrivate, domainWithoutSuffix } = parse(domain, { allowPrivateDomains: true });
  if (PARENTS.has(domain) || (publicSuffix === domain && (isIcann || isPrivate))) return 'names';
  if (domainWithoutSuffix && EVERYWHERE.has(domainWithoutSuffix)) return 'mailboxes';
  return withParents(domain).some((one) => getListed().has(one)) ? 'mailboxes' : undefined;
}

/** Why nobody can have `domain` as their own, as the beginning of a sentence; undefined where somebody can. */
export function sayPublicUse(domain: string): string | undefined {
  const use = findPublicUse(domain);
  if (use === undefined) return undefined;
  return use === 'mailboxes'
    ? `${domain} gives mailboxes to the public`
    : `${domain} is an ending under which the public gets names`;
}
