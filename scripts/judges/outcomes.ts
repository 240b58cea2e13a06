/** The two ways in which a sign-in of a judge ends, each checked to its end. */
import assert from 'node:assert/strict';
import { type Place, throughConnection } from './companies.js';
import type { Vestibule } from './vestibule.js';

interface Ground {
  readonly vestibule: Vestibule;
  readonly place: Place;
}

/** Documents of a provider are not fetched twice within a minute. */
const REST_MS = 61_000;

/** Waits until the server may ask a provider for its keys again. */
export const rest = (): Promise<unknown> => new Promise((done) => setTimeout(done, REST_MS));

/** The person, a member, comes in through the connection. */
export async function comesIn({ vestibule, place }: Ground, person = 'dana'): Promise<void> {
  const visitor = vestibule.visitor(place.id);
  const { claims } = await visitor.redeem(await throughConnection(visitor, place, person));
  assert.equal(claims.org_id, place.id);
}

/** They are refused by this check, which the log names, and nothing else is left. */
export async function isRefused({ vestibule, place }: Ground, check: string): Promise<void> {
  const before = await vestibule.snapshot();
  const visit = await throughConnection(vestibule.visitor(place.id), place, 'dana');
  assert.equal(visit.url.searchParams.get('code'), null, 'they were let in');
  const [line] = await vestibule.logs();
  assert.equal(line?.details.trace?.at(-1)?.evidence.check, check);
  await vestibule.expectNothingLeft(before);
}
