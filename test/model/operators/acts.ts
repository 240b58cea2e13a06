/** Random acts of operators and of the public, for histories: up to three at once, each operator at most once. Addresses are those of the cast. */
import fc from '../../support/random.js';
import type { Act, Deed, Place, Visit } from './model.js';

/** Operators that are there from the beginning; they keep their tokens. */
export const OPERATORS = ['olga', 'sue', 'vera', 'otto'].map((name) => `${name}@vestibule.example`);
export const CUSTOMERS = ['dana', 'cora'].map((name) => `${name}@plain.example`);

/** Invited people have an address for each invitation: the number of its step makes it one. */
const guests = ['g0', 'g1', 'g2'];
const guestOf = (place: Place, name: string) => `${name}@${place === 'operators' ? 'vestibule' : 'plain'}.example`;

const role = fc.constantFrom('owner' as const, 'support' as const, 'viewer' as const);
const place = fc.constantFrom<Place>('operators', 'acme');
const guest = fc.tuple(place, fc.constantFrom(...guests)).map(([where, name]) => ({
  place: where,
  email: guestOf(where, name),
}));
const known = place.chain((where) =>
  fc.constantFrom(...(where === 'operators' ? OPERATORS : CUSTOMERS)).map((email) => ({ place: where, email })),
);
const operator = fc.constantFrom(...OPERATORS);

type DeedOf<T = Deed> = T extends Deed ? Omit<T, 'by'> : never;

const deed: fc.Arbitrary<DeedOf> = fc.oneof(
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('read' as const, 'readLinks' as const) }) },
  {
    weight: 4,
    arbitrary: fc.tuple(guest, role).map(([where, given]) => ({ do: 'invite' as const, ...where, role: given })),
  },
  { weight: 3, arbitrary: guest.map((where) => ({ do: 'withdraw' as const, ...where })) },
  {
    weight: 4,
    arbitrary: fc
      .tuple(fc.constantFrom('block' as const, 'unblock' as const), known)
      .map(([what, whom]) => ({ do: what, ...whom })),
  },
  {
    weight: 4,
    arbitrary: fc
      .tuple(fc.constantFrom('addMember' as const, 'removeMember' as const), known)
      .map(([what, whom]) => ({ do: what, ...whom })),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constantFrom('giveRole' as const, 'giveRole' as const, 'takeRole' as const),
      email: operator,
      role,
    }),
  },
);

const visit: fc.Arbitrary<Visit> = fc.oneof(
  known.map((where) => ({ do: 'enter' as const, ...where })),
  guest.map((where) => ({ do: 'accept' as const, ...where })),
);

const first = fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 2, arbitrary: fc.nat(3) });

/** One to three acts that happen at once: an operator, often another one, often somebody of the public. */
export const step: fc.Arbitrary<readonly Act[]> = fc
  .record({ one: first, other: fc.integer({ min: 1, max: 3 }), deeds: fc.tuple(deed, deed), visit, who: fc.nat(5) })
  .map(({ one, other, deeds: [mine, theirs], visit: guestsVisit, who }) => {
    const by = (n: number) => OPERATORS[n % OPERATORS.length] ?? '';
    const acts: Act[] = [{ ...mine, by: by(one) } as Deed];
    if (who !== 0) acts.push({ ...theirs, by: by(one + other) } as Deed);
    if (who > 2) acts.push(guestsVisit);
    return acts;
  });
