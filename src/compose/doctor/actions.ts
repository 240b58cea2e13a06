/** Tests for `vestibule doctor` whether processes for Actions start. Only doctor.ts imports this. */
import { createActionRunner } from '../../actions/runner/runner.js';
import type { Config } from '../../config/config.js';
import type { Clock } from '../../kernel/clock.js';
import type { ActionFacts } from '../../ports/examiner.js';

const WALL_MS = 10_000;

const TRIAL = {
  key: 'doctor',
  trigger: 'post-login',
  actions: [
    {
      actionId: 'doctor',
      versionId: 'doctor',
      name: 'doctor',
      code: 'exports.onExecutePostLogin = async () => {};',
      dependencies: [],
      modules: [],
      secrets: {},
    },
  ],
} as const;

/** Runs an empty Action in a process like those of logins. */
export async function tryActions({ origin, outboundAllow, actions }: Config, clock: Clock): Promise<ActionFacts> {
  const missing: string[] = [];
  const log = {
    debug() {},
    info() {},
    warn(fields: object) {
      if ('missing' in fields && Array.isArray(fields.missing)) missing.push(...fields.missing.map(String));
    },
  };
  const runner = createActionRunner({
    origin,
    outboundAllow,
    denied: [],
    caFile: actions.caFile,
    limits: { wallMs: WALL_MS },
    maxProcesses: 1,
    keepsSpares: false,
    log,
    clock,
  });
  try {
    const run = { program: TRIAL, organizationId: undefined, event: {}, from: 0, resume: false, effects: [] };
    const { end } = await runner.run(run);
    return { failure: end.kind === 'failed' ? end.detail : undefined, missing };
  } finally {
    await runner.close();
  }
}
