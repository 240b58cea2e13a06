/** Programs, events and a runner for the tests of the runner. */

import { createHash } from 'node:crypto';
import type { ActionRunnerOptions } from '../../../src/actions/runner/options.js';
import { type ClosableActionRunner, createActionRunner } from '../../../src/actions/runner/runner.js';
import type { ActionProgram, Effect, JsonObject, ModuleSource, TriggerId } from '../../../src/domain/actions/action.js';
import { systemClock } from '../../../src/kernel/clock.js';
import type { Party, TriggerResult } from '../../../src/ports/action-runner.js';

const quiet = { debug: () => {}, info: () => {}, warn: () => {} };

/** A runner with short limits. */
export function startRunner(options: Partial<ActionRunnerOptions> = {}): ClosableActionRunner {
  const { limits, ...rest } = options;
  return createActionRunner({
    origin: 'http://127.0.0.1:1',
    outboundAllow: [],
    denied: [],
    log: quiet,
    clock: systemClock,
    ...rest,
    limits: { wallMs: 5_000, ...limits },
  });
}

export interface Source {
  readonly name?: string;
  readonly code: string;
  readonly dependencies?: readonly { name: string; version: string }[];
  readonly modules?: readonly Partial<ModuleSource>[];
  readonly secrets?: Readonly<Record<string, string>>;
}

/** A module of these properties, in its first version. */
function toModule(given: Partial<ModuleSource>): ModuleSource {
  const { name = 'shared', number = 1 } = given;
  return { versionId: `${name} ${number}`, name, number, code: '', dependencies: [], secrets: {}, ...given };
}

/** A program of these sources; its key is that of its content. */
export function toProgram(trigger: TriggerId, ...sources: readonly (Source | string)[]): ActionProgram {
  const actions = sources.map((source, index) => {
    const {
      name = `action-${index + 1}`,
      code,
      dependencies = [],
      modules = [],
      secrets = {},
    } = typeof source === 'string' ? { code: source } : source;
    return {
      actionId: `act_${index}`,
      versionId: `ver_${index}`,
      name,
      code,
      dependencies,
      modules: modules.map(toModule),
      secrets,
    };
  });
  const key = createHash('sha256')
    .update(JSON.stringify([trigger, actions]))
    .digest('hex');
  return { key, trigger, actions };
}

/** The body of a post-login Action. */
export function login(body: string): string {
  return `exports.onExecutePostLogin = async (event, api) => {\n${body}\n};`;
}

export const EVENT: JsonObject = {
  user: { user_id: 'auth0|1', email: 'ada@example.com', user_metadata: { color: 'red' }, app_metadata: {} },
  request: { hostname: 'login.example.com', ip: '203.0.113.9', method: 'GET', query: {}, body: {} },
  client: { client_id: 'c1', name: 'App', metadata: {} },
  connection: { id: 'con_1', name: 'main', strategy: 'auth0' },
  authorization: { roles: ['admin', 'reader'] },
  session: { id: 's1', metadata: {} },
  transaction: { protocol: 'oidc-basic-profile', metadata: {} },
  stats: { logins_count: 1 },
  tenant: { id: 'main' },
};

export interface RunMore {
  readonly event?: JsonObject;
  readonly from?: number;
  readonly resume?: boolean;
  readonly effects?: readonly Effect[];
  readonly organizationId?: string | undefined;
  readonly fairnessKey?: string;
  readonly stranger?: { readonly customer: string; readonly block: string };
  readonly party?: Party;
  readonly isWanted?: () => boolean;
}

/** Runs a program with the usual event. */
export function run(runner: ClosableActionRunner, program: ActionProgram, more: RunMore = {}): Promise<TriggerResult> {
  return runner.run({
    program,
    organizationId: more.organizationId,
    ...(more.fairnessKey !== undefined && { fairnessKey: more.fairnessKey }),
    ...(more.stranger !== undefined && { stranger: more.stranger }),
    party: more.party,
    isWanted: more.isWanted,
    event: more.event ?? EVENT,
    from: more.from ?? 0,
    resume: more.resume ?? false,
    effects: more.effects ?? [],
  });
}
