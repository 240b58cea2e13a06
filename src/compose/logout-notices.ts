/** Builds the worker that tells applications of ended sessions (OpenID Connect Back-Channel Logout 1.0). */
import { createLogoutDelivery } from '../connectors/logout-delivery.js';
import { createOutboundFetch, type OutboundFetch } from '../connectors/outbound/fetch.js';
import type { Closers } from '../kernel/closers.js';
import type { TokenIssuer } from '../ports/token-issuer.js';
import { createLogoutNoticeWorker, type LogoutNoticeWorkerOptions } from '../storage/jobs/run-logout-notices.js';
import type { RowWorker } from '../storage/jobs/worker.js';

interface Parts extends Pick<LogoutNoticeWorkerOptions, 'pool' | 'clock' | 'entropy'> {
  readonly config: { readonly outboundAllow: readonly string[] };
  readonly logger: LogoutNoticeWorkerOptions['log'];
  readonly closers: Closers;
}

/** Limits of an answer. Only its status counts, but some frameworks answer with a page. */
const LIMITS = { maxBytes: 4_194_304, timeoutMs: 5_000 };

/** Builds the worker. The composition root starts it when the server listens. `wrap` is for tests. */
export function composeLogoutNotices(
  { config, clock, entropy, logger: log, pool, closers }: Parts,
  issuer: TokenIssuer,
  wrap: (fetch: OutboundFetch) => OutboundFetch = (fetch) => fetch,
): RowWorker {
  const fetch = wrap(createOutboundFetch({ allow: config.outboundAllow, ...LIMITS }));
  closers.add(() => fetch.close());
  const delivery = createLogoutDelivery(fetch, issuer);
  const worker = createLogoutNoticeWorker({ pool, delivery, clock, entropy, log });
  closers.add(() => worker.stop());
  closers.addEarly(() => worker.stop());
  return worker;
}
