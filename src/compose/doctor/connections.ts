/**
 * Examines identity providers for `vestibule doctor`, through the same guarded requests as logins. Only doctor.ts
 * imports this. Does not use the SAML connector, which creates a key when it examines: the doctor writes nothing.
 */

import type { Config } from '../../config/config.js';
import { examineProvider } from '../../connectors/oidc/examine.js';
import type { OutboundFetch } from '../../connectors/outbound/fetch.js';
import { examineIdp } from '../../connectors/saml/examine.js';
import { sendsClientSecret } from '../../domain/companies/idp-destination.js';
import { ENTERPRISE_STRATEGIES, isSaml } from '../../facts/strategies.js';
import type { Clock } from '../../kernel/clock.js';
import type { ConnectionDirectory, ConnectionRecord } from '../../ports/directory/connections.js';
import type { Cursor } from '../../ports/directory/page.js';
import type { ConnectionFacts } from '../../ports/examiner.js';
import { createReach, reachOf, type WrapOutbound } from '../connectors.js';

const PAGE = 100;
/** Maximum number of connections examined: more would take minutes. The report says how many were. */
const MOST = 1_000;
const AT_ONCE = 8;

async function listConnections(directory: ConnectionDirectory): Promise<readonly ConnectionRecord[]> {
  const all: ConnectionRecord[] = [];
  let after: Cursor | undefined;
  do {
    const page = await directory.list({ strategies: ENTERPRISE_STRATEGIES }, { limit: PAGE, ...(after && { after }) });
    all.push(...page.items);
    after = page.next;
  } while (after !== undefined && all.length < MOST);
  return all;
}

/** Wraps `fetch` to note by how much the other side's clock is ahead. */
function noteDates(fetch: OutboundFetch, clock: Clock, note: (aheadMs: number) => void): OutboundFetch {
  const noting: OutboundFetch = Object.assign(
    async (url: string | URL, init?: Parameters<OutboundFetch>[1]) => {
      const response = await fetch(url, init);
      const date = Date.parse(response.headers.get('date') ?? '');
      // The header has whole seconds, so half a second is added.
      if (!Number.isNaN(date)) note(date + 500 - clock.now().getTime());
      return response;
    },
    { close: () => fetch.close() },
  );
  return noting;
}

/**
 * True if a required secret is missing. The examination sends no secret and succeeds, so this would show only at the
 * first sign-in.
 */
async function lacksSecret(record: ConnectionRecord, directory: ConnectionDirectory): Promise<boolean> {
  return sendsClientSecret(record) && (await directory.findClientSecret(record.id)) === undefined;
}

type Tried = Omit<ConnectionFacts, 'lacksSecret'>;

async function tryConnection(record: ConnectionRecord, fetch: OutboundFetch, clock: Clock): Promise<Tried> {
  let aheadMs: number | undefined;
  const noting = noteDates(fetch, clock, (found) => {
    aheadMs = found;
  });
  const { name, strategy } = record;
  const finding = isSaml(strategy)
    ? await examineIdp(record, noting, clock.now())
    : await examineProvider(record, noting);
  return { name, strategy, finding, aheadMs };
}

/** Examines connections from the oldest on, a few at once. */
export async function tryConnections(
  config: Config,
  directory: ConnectionDirectory,
  clock: Clock,
  wrapOutbound: WrapOutbound = (plain) => plain,
): Promise<readonly ConnectionFacts[]> {
  const connections = await listConnections(directory);
  const reach = createReach(config, wrapOutbound);
  const found: ConnectionFacts[] = [];
  try {
    for (let first = 0; first < connections.length; first += AT_ONCE) {
      const some = connections.slice(first, first + AT_ONCE);
      const facts = some.map(async (one) => ({
        ...(await tryConnection(one, reachOf(one, reach), clock)),
        lacksSecret: await lacksSecret(one, directory),
      }));
      found.push(...(await Promise.all(facts)));
    }
    return found;
  } finally {
    await Promise.all([reach.operators.close(), reach.customers.close()]);
  }
}
