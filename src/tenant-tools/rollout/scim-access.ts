/**
 * Access to a connection's inbound SCIM during an apply: its configuration, created if there is none and deleted at the
 * end, and a short-lived token.
 */
import type { Clock } from '../../kernel/clock.js';
import type { Json } from '../remote/exchange.js';
import type { Endpoint, RemoteTenant } from '../remote/tenant.js';
import type { Journal } from './journal.js';
import { createScimToken } from './scim-token.js';
import type { Target } from './tenant.js';
import { until } from './until.js';

const STEP = 'setting:scim';

export interface ScimAccess {
  /** Creates the configuration and the token. Throws RemoteError when the connection accepts no further token. */
  open(journal: Journal): Promise<void>;
  /** Replaces the SCIM token if it expires soon. */
  renew(journal: Journal): Promise<void>;
  /** Returns the SCIM endpoint, and the SCIM attribute that holds the identity provider's own id. */
  current(): { readonly endpoint: Endpoint; readonly attribute: string };
  /** Deletes the access that {@link open} created, also after a crash. */
  close(journal: Journal): Promise<void>;
}

/** Creates the SCIM access of `target`'s connection, over the Management API of `remote`. */
export function createScimAccess(remote: RemoteTenant, target: Target, clock: Clock): ScimAccess {
  const path = `/connections/${encodeURIComponent(target.connectionId)}/scim-configuration`;
  const token = createScimToken(remote, path, STEP, clock);
  let attribute = '';
  const endpoint = remote.scim(target.connectionId, (refused) => token.fresh(refused));
  const find = async () => (await remote.find(path)) as Json | undefined;
  const make = () =>
    until(
      remote,
      async () => (await find()) !== undefined,
      () => remote.send('POST', path, {}),
    );
  const remove = () =>
    until(
      remote,
      async () => (await find()) === undefined,
      () => remote.send('DELETE', path),
    );
  return {
    current: () => ({ endpoint, attribute }),
    async open(journal) {
      const found = await find();
      const standing = journal.standing(STEP);
      const isInterrupted = standing !== undefined && standing.mark !== 'undone';
      const made = isInterrupted ? standing.data.made === true : found === undefined;
      await journal.append({ ids: [STEP], mark: 'begun', data: { made } });
      if (found === undefined) await make();
      attribute = String((found ?? (await find()))?.user_id_attribute ?? 'externalId');
      await token.take(journal);
    },
    renew: (journal) => token.renew(journal),
    async close(journal) {
      const standing = journal.standing(STEP);
      if (standing === undefined || standing.mark === 'undone') return;
      if ((await find()) !== undefined) {
        await token.drop(journal);
        if (standing.data.made === true) await remove();
      }
      await journal.append({ ids: [STEP], mark: 'undone' });
    },
  };
}
