/**
 * The way into a connection's inbound SCIM for the time of an apply: its configuration (made when there is none, taken away again at the end)
 * and a token of a quarter of an hour. The token stays in memory; the journal holds its id alone.
 */
import type { Clock } from '../kernel/clock.js';
import { type Json, RemoteError } from '../remote/exchange.js';
import type { Endpoint, RemoteTenant } from '../remote/tenant.js';
import type { Journal } from './journal.js';
import type { Target } from './tenant.js';
import { until } from './used-identity.js';

/** The shortest that Auth0 takes. */
const TOKEN_SECONDS = 900;
const SCOPES = ['get:users', 'post:users'];
const STEP = 'setting:scim';

export interface ScimAccess {
  /** Makes the configuration and the token. Throws {@link RemoteError} when the connection takes no further token. */
  open(journal: Journal): Promise<void>;
  /** Replaces a token that ends soon. */
  renew(journal: Journal): Promise<void>;
  current(): { readonly endpoint: Endpoint; readonly attribute: string };
  /** Takes back what {@link open} made, also after a crash. */
  close(journal: Journal): Promise<void>;
}

interface Held {
  readonly id: string;
  readonly text: string;
  readonly from: number;
}

function isOurs(token: Json, known: readonly string[]): boolean {
  if (known.includes(String(token.token_id))) return false;
  const life = Date.parse(String(token.valid_until)) - Date.parse(String(token.created_at));
  const scopes = Array.isArray(token.scopes) ? (token.scopes as string[]) : [];
  // One whose answer was lost: its id is in no journal, its life and scopes are those that are asked for here.
  return Math.abs(life - TOKEN_SECONDS * 1000) < 5_000 && [...scopes].sort().join() === [...SCOPES].sort().join();
}

/** The SCIM of `target`'s connection, reached by the Management API of `remote`. */
export function createScimAccess(remote: RemoteTenant, target: Target, clock: Clock): ScimAccess {
  const path = `/connections/${encodeURIComponent(target.connectionId)}/scim-configuration`;
  let held: Held | undefined;
  let attribute = '';
  const endpoint = remote.scim(target.connectionId, async () => held?.text ?? '');
  const findConfiguration = async () => (await remote.find(path)) as Json | undefined;
  const listTokens = async () => (await remote.get(`${path}/tokens`)) as readonly Json[];

  const dropToken = async (id: string): Promise<void> => {
    await until(
      async () => !(await listTokens()).some((token) => token.token_id === id),
      () => remote.send('DELETE', `${path}/tokens/${encodeURIComponent(id)}`),
    );
  };

  const takeToken = async (journal: Journal): Promise<void> => {
    for (let attempt = 1; ; attempt += 1) {
      const tokens = await listTokens();
      const known =
        (journal.standing(STEP)?.data.known as string[] | undefined) ?? tokens.map((one) => String(one.token_id));
      await journal.append({ ids: [STEP], mark: 'begun', data: { known } });
      for (const token of tokens) if (isOurs(token, known)) await dropToken(String(token.token_id));
      try {
        const from = clock.monotonicMs();
        const body = (await remote.send('POST', `${path}/tokens`, {
          scopes: SCOPES,
          token_lifetime: TOKEN_SECONDS,
        })) as Json;
        held = { id: String(body.token_id), text: String(body.token), from };
        return;
      } catch (error) {
        if (!(error instanceof RemoteError)) throw error;
        if (error.status === 409) {
          throw new RemoteError(
            'refused',
            'The connection has two SCIM tokens already, and Auth0 allows no third.',
            'Delete one of them, or finish the rollout that holds it.',
            409,
          );
        }
        if (error.end === 'refused' || attempt >= 8) throw error;
      }
    }
  };

  return {
    current: () => ({ endpoint, attribute }),
    async open(journal) {
      const found = await findConfiguration();
      const standing = journal.standing(STEP);
      const interrupted = standing !== undefined && standing.mark !== 'undone';
      const made = interrupted ? standing.data.made === true : found === undefined;
      await journal.append({ ids: [STEP], mark: 'begun', data: { made } });
      if (found === undefined) {
        await until(
          async () => (await findConfiguration()) !== undefined,
          () => remote.send('POST', path, {}),
        );
      }
      attribute = String((found ?? (await findConfiguration()))?.user_id_attribute ?? 'externalId');
      await takeToken(journal);
    },
    async renew(journal) {
      if (held === undefined || clock.monotonicMs() - held.from < (TOKEN_SECONDS - 120) * 1000) return;
      const { id } = held;
      await dropToken(id);
      await takeToken(journal);
    },
    async close(journal) {
      const standing = journal.standing(STEP);
      if (standing === undefined || standing.mark === 'undone') return;
      if ((await findConfiguration()) !== undefined) {
        const known = (standing.data.known as string[] | undefined) ?? [];
        for (const token of await listTokens()) {
          if (token.token_id === held?.id || isOurs(token, known)) await dropToken(String(token.token_id));
        }
        if (standing.data.made === true) {
          await until(
            async () => (await findConfiguration()) === undefined,
            () => remote.send('DELETE', path),
          );
        }
      }
      held = undefined;
      await journal.append({ ids: [STEP], mark: 'undone' });
    },
  };
}
