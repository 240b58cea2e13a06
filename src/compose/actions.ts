/**
 * Builds the parts for Actions: the runners of the tenant's code, its check before it runs, and its source. Only
 * parts.ts calls this. An Action can never reach the database.
 */
import type { Logger } from 'pino';
import { createActionCheck, createModuleCheck } from '../actions/check/check-action.js';
import { createCheckThread } from '../actions/check/check-thread.js';
import { checkDependencies } from '../actions/runner/dependencies.js';
import { createActionRunner } from '../actions/runner/runner.js';
import type { Config } from '../config/config.js';
import type { Clock } from '../kernel/clock.js';
import type { Entropy } from '../kernel/ids.js';
import type { SecretBox } from '../kernel/seal.js';
import type { PipelineDeps } from '../login/pipeline.js';
import { serverOf } from '../login/tenant-code/event-parts.js';
import { runJob } from '../login/tenant-code/run-job.js';
import type { CheckAction, CheckModule } from '../ports/action-check.js';
import type { ActionRunner } from '../ports/action-runner.js';
import { createActionPrograms } from '../storage/action-programs.js';
import { listDatabaseEndpoints } from '../storage/database/database-endpoints.js';
import { findBoundActions } from '../storage/jobs/action-jobs.js';
import { createActionJobsWorker } from '../storage/jobs/run-action-jobs.js';
import type { RowWorker } from '../storage/jobs/worker.js';

/** Maximum number of drafts that administrators can test at once. */
const DRAFT_PROCESSES = 4;
/** Maximum number of jobs after commits at once: few, since nobody waits for them. */
const JOB_PROCESSES = 2;

export interface ComposedActions {
  readonly live: PipelineDeps['actions'];
  /** Runs drafts apart from deployed Actions: they share neither processes nor cache with real logins. */
  readonly drafts: ActionRunner;
  readonly check: CheckAction;
  readonly checkModule: CheckModule;
  /** Runs the Actions after a commit: post-user-registration, post-change-password. */
  readonly jobs: RowWorker;
  close(): Promise<void>;
}

interface Parts {
  readonly config: Config;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly logger: Logger;
  readonly boxes: { readonly rows: SecretBox };
  readonly pool: Parameters<typeof createActionPrograms>[0];
  readonly databaseUrl: string;
}

/** Builds the parts. Starts no process: the first execution does. */
export function composeActions({ config, clock, entropy, logger, boxes, pool, databaseUrl }: Parts): ComposedActions {
  const { timeoutSeconds, maxProcesses, caFile } = config.actions;
  const createRunner = (processes: number, keepsSpares: boolean) =>
    createActionRunner({
      origin: config.origin,
      outboundAllow: config.outboundAllow,
      denied: listDatabaseEndpoints(databaseUrl),
      caFile,
      limits: { wallMs: timeoutSeconds * 1000 },
      maxProcesses: processes,
      keepsSpares,
      log: logger,
      clock,
    });
  const runner = createRunner(maxProcesses, true);
  const drafts = createRunner(DRAFT_PROCESSES, false);
  // Separate from logins: a hanging Action after a commit would take its organization's whole share of login processes.
  const jobRunner = createRunner(JOB_PROCESSES, false);
  const linter = createCheckThread();
  const live = {
    ...serverOf(config.origin),
    runner,
    programs: createActionPrograms(pool, boxes.rows),
  };
  const jobs = createActionJobsWorker({
    pool,
    box: boxes.rows,
    runJob: (job) => runJob(job, { actions: { ...live, runner: jobRunner }, findBound: () => findBoundActions(pool) }),
    clock,
    entropy,
    log: logger,
    concurrency: JOB_PROCESSES,
  });
  return {
    live,
    jobs,
    drafts,
    check: createActionCheck(checkDependencies, linter),
    checkModule: createModuleCheck(checkDependencies, linter),
    close: async () => {
      await jobs.stop();
      await Promise.all([runner.close(), drafts.close(), jobRunner.close(), linter.close()]);
    },
  };
}
