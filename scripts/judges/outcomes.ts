/** Checks the two ends of a sign-in: the person gets in, or is refused. */
import assert from 'node:assert/strict';
import { type Place, throughConnection } from './companies.js';
import type { Vestibule } from './vestibule.js';

interface Ground {
  readonly vestibule: Vestibule;
  readonly place: Place;
}

/** The server fetches a provider's documents at most once a minute. */
const REST_MS = 61_000;

/** Waits until the server may ask a provider for its keys again. */
export const rest = (): Promise<unknown> => new Promise((done) => setTimeout(done, REST_MS));

/** Signs the member in through the connection, and checks that they get in. */
export async function comesIn({ vestibule, place }: Ground, person = 'dana'): Promise<void> {
  const visitor = vestibule.visitor(place.id);
  const { claims } = await visitor.redeem(await throughConnection(visitor, place, person));
  assert.equal(claims.org_id, place.id);
}

/** Checks that the person is refused by the check that the log names, and that nothing else is left. */
export async function isRefused({ vestibule, place }: Ground, check: string): Promise<void> {
  const before = await vestibule.snapshot();
  const visit = await throughConnection(vestibule.visitor(place.id), place, 'dana');
  assert.equal(visit.url.searchParams.get('code'), null, 'they were let in');
  const [line] = await vestibule.logs();
  assert.equal(line?.details.trace?.at(-1)?.evidence.check, check);
  await vestibule.expectNothingLeft(before);
}
