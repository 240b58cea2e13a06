/** A runner that answers by script, in the place of the processes that run Actions: for what happens around a run. */
import type { ActionProgram, Effect, TriggerId } from '../../src/domain/actions/action.js';
import type { ActionDeps } from '../../src/login/tenant-code/run-trigger.js';
import type { TriggerEnd, TriggerRun } from '../../src/ports/action-runner.js';

export interface ScriptedAnswer {
  readonly end?: TriggerEnd;
  readonly effects?: readonly Effect[];
}

export interface ScriptedActions extends ActionDeps {
  /** Requested runs, in order. */
  readonly runs: TriggerRun[];
  /** Gives the answer to the next runs; may wait, or change the world. */
  answer: (run: TriggerRun) => ScriptedAnswer | Promise<ScriptedAnswer>;
}

export const DENIED: ScriptedAnswer = {
  end: { kind: 'denied', reason: 'not on the list', code: undefined, userMessage: undefined },
};
export const THREW: ScriptedAnswer = {
  end: { kind: 'failed', failure: 'threw', message: 'upstream is down', detail: 'Error: upstream is down at line 3' },
};
export const BUSY: ScriptedAnswer = {
  end: { kind: 'failed', failure: 'busy', message: 'too many', detail: 'no free process' },
};

/** Agrees until `answer` is replaced. A program is found for every trigger: what is bound, the tenant's row says. */
export function scriptedActions(): ScriptedActions {
  const runs: TriggerRun[] = [];
  const actions: ScriptedActions = {
    tenantId: 'tenant',
    hostname: 'tenant.example',
    runs,
    answer: () => ({}),
    programs: {
      findProgram: async (trigger: TriggerId, revision: string): Promise<ActionProgram> => ({
        key: `${trigger} ${revision}`,
        trigger,
        actions: [],
      }),
    },
    runner: {
      async run(run) {
        runs.push(run);
        const { end = { kind: 'done' }, effects = [] } = await actions.answer(run);
        const report = { actionId: 'act_1', versionId: 'v1', name: 'gate', startedAt: 0, durationMs: 1 };
        const reports = [{ ...report, console: ['hello'], error: undefined }];
        return { end, effects: [...run.effects, ...effects], reports };
      },
    },
  };
  return actions;
}
