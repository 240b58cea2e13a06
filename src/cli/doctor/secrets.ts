/** Judges keys and certificates, which expire, and the owner. */
import type { CertificateFact, KeyFacts } from '../../ports/examiner.js';
import { type Finding, findingsOf, judgeEnd } from './finding.js';

const { ok, warn, fail } = findingsOf('keys');
/** Age in days from which a signing key counts as old: everybody who left the company since may have seen it. */
const OLD_DAYS = 400;
const DAY_MS = 86_400_000;

function judgeSigning({ signing }: KeyFacts, now: Date): readonly Finding[] {
  if (signing === undefined) return [];
  const signer = signing.find(({ state }) => state === 'signs');
  if (signer === undefined) return [warn('There is no signing key yet.', '`vestibule serve` makes it at its start.')];
  const days = Math.floor((now.getTime() - signer.createdAt.getTime()) / DAY_MS);
  if (days <= OLD_DAYS) return [];
  return [
    warn(
      `The key that signs tokens is ${days} days old.`,
      '`vestibule keys rotate` makes a new one, which signs three hours later.',
    ),
  ];
}

/** Judges sealed rows and signing keys at the time `now`. */
export function judgeKeys(facts: KeyFacts, now: Date): readonly Finding[] {
  const sum = (name: 'current' | 'former' | 'lost') => facts.sealed.reduce((total, tally) => total + tally[name], 0);
  const places = facts.sealed.filter(({ lost }) => lost > 0).map(({ table, column }) => `${table}.${column}`);
  const lost = sum('lost');
  const former = sum('former');
  const worries = [
    ...(lost === 0
      ? []
      : [
          fail(
            `${lost} stored secrets open with no key (${places.join(', ')}).`,
            'Set VESTIBULE_SECRET_KEY as it was, or VESTIBULE_SECRET_KEY_FORMER to the key that sealed them.',
          ),
        ]),
    ...(former === 0
      ? []
      : [
          warn(
            `${former} stored secrets open only with VESTIBULE_SECRET_KEY_FORMER.`,
            '`vestibule keys reseal` seals them with the current key.',
          ),
        ]),
    ...judgeSigning(facts, now),
  ];
  if (worries.length > 0) return worries;
  return [ok(`VESTIBULE_SECRET_KEY opens all ${sum('current')} stored secrets; tokens are signed.`)];
}

/** Judges this server's certificates at the time `now`. */
export function judgeCertificates(facts: readonly CertificateFact[], now: Date): readonly Finding[] {
  const here = findingsOf('certificates');
  const findings = facts.flatMap(({ name, ends, fitsHost }) => {
    const end = judgeEnd(ends, now);
    const misfit =
      fitsHost === false
        ? [here.fail(`The certificate of ${name} is not for the host of VESTIBULE_URL.`, 'Get one for that name.')]
        : [];
    return end === undefined
      ? misfit
      : [
          ...misfit,
          here[end.state](
            `The certificate of ${name} ${end.words}.`,
            'Replace it; a running server takes new files without a restart (docs/operations.md).',
          ),
        ];
  });
  if (findings.length > 0) return findings;
  return [
    facts.length > 0
      ? here.ok('No certificate of this server ends soon.')
      : here.ok('This server has no certificate of its own.'),
  ];
}

/** Judges whether the server has an owner. */
export function judgeOwner(lacksOwner: boolean): readonly Finding[] {
  const here = findingsOf('owner');
  if (!lacksOwner) return [here.ok('Somebody owns this server.')];
  return [
    here.warn(
      'Nobody owns this server: nobody can open the console.',
      '`vestibule operator invite ADDRESS` prints the link for the first owner.',
    ),
  ];
}
