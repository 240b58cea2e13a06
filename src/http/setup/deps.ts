/**
 * The dependencies of the customers' set-up pages: ports, and the operations of the Management API, called by {@link
 * Invoke}.
 */
import type { FastifyReply } from 'fastify';
import type { Strategy } from '../../domain/tenant.js';
import type { Clock } from '../../kernel/clock.js';
import type { Entropy } from '../../kernel/ids.js';
import type { Explanation, TrialQuestion } from '../../login/explain.js';
import type { Invoke } from '../../management/api/run-write.js';
import type { AttemptCounters } from '../../ports/attempts.js';
import type { RedirectConnector } from '../../ports/connector.js';
import type { DirectoryStore } from '../../ports/directory.js';
import type { Ledger } from '../../ports/ledger.js';
import type { UnfinishedWork } from '../browser/unfinished.js';
import type { Page } from '../pages/models.js';

export interface SetupDeps {
  /** Public origin without a trailing slash. */
  readonly origin: string;
  readonly directory: DirectoryStore;
  readonly invoke: Invoke;
  readonly redirectConnector: (strategy: string) => RedirectConnector | undefined;
  readonly strategies: readonly Strategy[];
  /** Returns how a login with this proven identity would be decided; performs no login. */
  explainTrial(question: TrialQuestion): Promise<Exclude<Explanation, { error: string }> | undefined>;
  /** Limits how many questions to name servers and identity providers one set-up ticket may cause. */
  readonly attempts: Pick<AttemptCounters, 'count'>;
  /** The log. It limits the lines that one network may cause. */
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly entropy: Entropy;
  /** Keeps a trial sign-in in the browser's cookies while the browser is at the provider. */
  readonly unfinished: UnfinishedWork;
  /** Sends a page in English; the default status is 200. */
  readonly sendPage: (reply: FastifyReply, page: Page, status?: number) => FastifyReply;
}
