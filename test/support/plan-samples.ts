/** Plans of any size for tests of their page: every class, names of every kind. */
import { PERSON_CLASSES, type PersonClass } from '../../src/tenant-tools/rollout/classify.js';
import type { Plan, PlanPerson } from '../../src/tenant-tools/rollout/plan-file.js';

const NAMES: readonly (string | undefined)[] = [
  'Dana Example',
  undefined,
  'Maximiliana Alexandrowna Freifrau von und zu Oberwaldhausen-Niederbergfelden',
  'نازنین زهرا محمدی',
  'דנה לוי',
  '山田 太郎',
  '<script>alert(1)</script>',
  'Turned \u202Eround',
  'نرم\u200Cافزار',
];

const LONG = `${'a-very-long-address-without-any-place-to-break'.repeat(2).slice(0, 64)}@people.department.acme.example`;

function toPerson(index: number): PlanPerson {
  // One in three is of a special class, the others are moved.
  const name: PersonClass =
    index % 3 === 0 ? (PERSON_CLASSES[(index / 3) % PERSON_CLASSES.length] ?? 'silent') : 'silent';
  const shown = NAMES[index % NAMES.length];
  return {
    user_id: name === 'unknown' ? null : `auth0|${index}`,
    email: index === 2 ? LONG : `person${index}@acme.example`,
    ...(shown === undefined ? {} : { name: shown }),
    class: name,
    ...(name === 'silent' ? { prepare: { subject: `idp-${index}` } } : {}),
    evidence: {},
  };
}

/** A plan with `count` people. */
export function samplePlan(count: number): Plan {
  const people = Array.from({ length: count }, (_none, index) => toPerson(index));
  const totals: Partial<Record<PersonClass, number>> = {};
  for (const person of people) totals[person.class] = (totals[person.class] ?? 0) + 1;
  return {
    head: {
      vestibule_rollout: 1,
      made_at: '2026-11-27T10:00:00.000Z',
      tenant: { origin: 'https://login.example.com', kind: 'vestibule' },
      organization: { id: 'org_1', name: 'acme', title: 'Acme & Söhne' },
      connection: { id: 'con_1', name: 'acme-oidc', strategy: 'oidc' },
      directory: null,
      domains: ['acme.example'],
      settings: [
        { id: 'domain:acme.example', phase: 'open', before: null, after: 'verified', locksOut: 0 },
        { id: 'alias:acme.example', phase: 'close', before: false, after: true, locksOut: 0 },
      ],
      withheld: [{ id: 'sso_rollout', phase: 'close', before: 'optional', after: 'required', locksOut: 1 }],
      totals,
      prepare: people.filter((person) => person.prepare !== undefined).length,
      state: '',
    },
    people,
    digest: 'f'.repeat(64),
  };
}
