/**
 * Builds the first message to a process: its program, and the modules and packages that the code loads. Reads bundles;
 * runs nothing.
 */
import type { ActionProgram, ModuleSource } from '../../domain/actions/action.js';
import type { BootMessage, BootModule, NetworkPolicy } from '../protocol.js';
import { getBundle } from './bundles.js';
import { listPackages, toPackages } from './dependencies.js';
import type { RunnerLimits } from './options.js';

/** An Action, by its index in the program, and the missing module without which it must not run. */
export interface Lost {
  readonly index: number;
  readonly module: ModuleSource;
}

/** Finds the first module of the program whose version is no longer stored. */
export function findLost(program: ActionProgram): Lost | undefined {
  for (const [index, { modules }] of program.actions.entries()) {
    const module = modules.find(({ code }) => code === undefined);
    if (module !== undefined) return { index, module };
  }
  return undefined;
}

function toBootModule({ name, code = '', dependencies, secrets }: ModuleSource): BootModule {
  return { name, code, secrets, packages: toPackages({ code, dependencies }) };
}

/**
 * Builds the message that starts `program` in a process. The message has each module once, however many Actions load
 * it.
 */
export function toBootMessage(
  program: ActionProgram,
  limits: RunnerLimits,
  network: NetworkPolicy,
  ca: string | undefined,
): BootMessage {
  const places = new Map<string, number>();
  const modules: BootModule[] = [];
  const placeOf = (module: ModuleSource): number => {
    const place = places.get(module.versionId) ?? modules.push(toBootModule(module)) - 1;
    places.set(module.versionId, place);
    return place;
  };
  const actions = program.actions.map((action) => ({
    name: action.name,
    code: action.code,
    secrets: action.secrets,
    packages: toPackages(action),
    modules: action.modules.map(placeOf),
  }));
  const wanted = new Set([...actions, ...modules].flatMap(({ packages }) => Object.values(packages)));
  const { consoleLines, consoleChars, resultBytes } = limits;
  return {
    kind: 'boot',
    trigger: program.trigger,
    actions,
    modules,
    bundles: Object.fromEntries([...wanted].map((bundle) => [bundle, getBundle(bundle)])),
    available: listPackages(),
    ca,
    network,
    limits: { consoleLines, consoleChars, resultBytes },
  };
}
