/**
 * A 15-minute token for the inbound SCIM of a connection. It stays in memory. The journal holds the ids of earlier
 * tokens, so that a token is recognised and deleted when the answer to its creation was lost.
 */
import type { Clock } from '../../kernel/clock.js';
import { type Json, RemoteError } from '../remote/exchange.js';
import type { RemoteTenant } from '../remote/tenant.js';
import type { Journal } from './journal.js';
import { until } from './until.js';

/** Lifetime of a token in seconds: the shortest that Auth0 accepts. */
const TOKEN_SECONDS = 900;
const SPARE_SECONDS = 120;
const SCOPES = ['get:users', 'post:users'];
const TRIES = 8;

export interface ScimToken {
  /**
   * Returns a token. Pass the token that was just refused to get a new one: it expired while the machine slept, or
   * somebody deleted it.
   */
  fresh(refused: string | undefined): Promise<string>;
  /** Creates a token. Throws {@link RemoteError} when the connection accepts no further token. */
  take(journal: Journal): Promise<void>;
  /** Replaces the token if it expires soon. */
  renew(journal: Journal): Promise<void>;
  /** Deletes all tokens that were created here, known or lost. */
  drop(journal: Journal): Promise<void>;
}

/**
 * True for a token whose creation was not answered: no journal names it, and its lifetime and scopes are those
 * requested here.
 */
function isLost(token: Json, known: readonly string[]): boolean {
  if (known.includes(String(token.token_id))) return false;
  const life = Date.parse(String(token.valid_until)) - Date.parse(String(token.created_at));
  const scopes = Array.isArray(token.scopes) ? (token.scopes as string[]) : [];
  return Math.abs(life - TOKEN_SECONDS * 1000) < 5_000 && [...scopes].sort().join() === [...SCOPES].sort().join();
}

/**
 * Manages the tokens under `path`, the connection's SCIM configuration. `step` is the id of this work in the journal.
 */
export function createScimToken(remote: RemoteTenant, path: string, step: string, clock: Clock): ScimToken {
  let used: Journal | undefined;
  let renewal: Promise<void> | undefined;
  let held: { readonly id: string; readonly text: string; readonly from: number } | undefined;
  const list = async () => (await remote.get(`${path}/tokens`)) as readonly Json[];
  const remove = (id: string) =>
    until(
      remote,
      async () => !(await list()).some((token) => token.token_id === id),
      () => remote.send('DELETE', `${path}/tokens/${encodeURIComponent(id)}`),
    );
  const knownBefore = (journal: Journal) => journal.standing(step)?.data.known as readonly string[] | undefined;

  const make = async (): Promise<void> => {
    const from = clock.monotonicMs();
    const sent = { scopes: SCOPES, token_lifetime: TOKEN_SECONDS };
    const body = (await remote.send('POST', `${path}/tokens`, sent)) as Json;
    held = { id: String(body.token_id), text: String(body.token), from };
  };
  const take = async (journal: Journal): Promise<void> => {
    used = journal;
    for (let attempt = 1; ; attempt += 1) {
      const tokens = await list();
      const known = knownBefore(journal) ?? tokens.map((token) => String(token.token_id));
      await journal.append({ ids: [step], mark: 'begun', data: { known } });
      for (const token of tokens) if (isLost(token, known)) await remove(String(token.token_id));
      try {
        return await make();
      } catch (error) {
        if (!(error instanceof RemoteError)) throw error;
        if (error.status === 409) {
          const advice = 'Delete one of them, or finish the rollout that holds it.';
          throw new RemoteError(
            'refused',
            'The connection has two SCIM tokens, and Auth0 allows no third.',
            advice,
            409,
          );
        }
        if (error.end === 'refused' || attempt >= TRIES) throw error;
      }
    }
  };
  return {
    async fresh(refused) {
      if (refused !== undefined && refused === held?.text && used !== undefined) {
        const journal = used;
        // Several requests are refused at once: only one of them fetches the next token.
        renewal ??= remove(held.id)
          .then(() => take(journal))
          .finally(() => {
            renewal = undefined;
          });
      }
      await renewal;
      return held?.text ?? '';
    },
    take,
    async renew(journal) {
      if (held === undefined || clock.monotonicMs() - held.from < (TOKEN_SECONDS - SPARE_SECONDS) * 1000) return;
      await remove(held.id);
      await take(journal);
    },
    async drop(journal) {
      const known = knownBefore(journal) ?? [];
      for (const token of await list()) {
        if (token.token_id === held?.id || isLost(token, known)) await remove(String(token.token_id));
      }
      held = undefined;
    },
  };
}
