/** `require` inside an Action, and the fresh module scope that every execution gets. */
import { compileFunction, Script } from 'node:vm';
import type { BootMessage } from '../protocol.js';
import { BUILTIN_NAMES, createBuiltins } from './builtins.js';
import type { Integrity } from './integrity.js';
import type { Leftovers } from './leftovers.js';
import { apply } from './primordials.js';

type Wrapped = (exports: object, require: unknown, module: object, filename: string, dirname: string) => void;

/** How deep exports are watched: of a package down to `axios.defaults.headers.common`, of Node down to a class's methods. */
const PACKAGE_DEPTH = 3;
const BUILTIN_DEPTH = 2;
const PARAMETERS = ['exports', 'require', 'module', '__filename', '__dirname'];
const HEAD = `(function (${PARAMETERS.join(', ')}) {`;

/** Runs a bundled package once; later calls get the same exports, as with Node's own cache. */
function createPackages(bundles: BootMessage['bundles'], loadBuiltin: (name: string) => unknown, integrity: Integrity) {
  const loaded: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  return (bundle: string): unknown => {
    if (bundle in loaded) return loaded[bundle];
    const file = `package:${bundle}`;
    const wrapped = new Script(`${HEAD}${bundles[bundle] ?? ''}\n})`, { filename: file }).runInThisContext() as Wrapped;
    const module = { exports: {} };
    const require = (name: unknown): unknown => {
      const found = loadBuiltin(String(name));
      if (found === undefined) throw new Error(`Cannot find module '${String(name)}'`);
      return found;
    };
    apply(wrapped, module.exports, [module.exports, require, module, file, '/']);
    loaded[bundle] = module.exports;
    integrity.watch(bundle, module.exports, PACKAGE_DEPTH);
    return module.exports;
  };
}

export interface Modules {
  /** File name of an Action in stacks. */
  readonly files: readonly string[];
  /** Runs the top of Action `index` in a scope of its own and returns what it exports. Throws what the code throws. */
  instantiate(index: number): unknown;
}

/**
 * Compiles the program. An Action that does not parse throws when it is instantiated, so that the Actions before it still run, as
 * they did at deploy.
 */
export function createModules(message: BootMessage, integrity: Integrity, { timers }: Leftovers): Modules {
  const builtins = createBuiltins(timers);
  const { globals } = timers;
  const seen = new Set<string>();
  const loadBuiltin = (name: string): unknown => {
    const found = builtins(name);
    if (found !== undefined && !seen.has(name)) {
      seen.add(name);
      integrity.watch(name, found, BUILTIN_DEPTH);
    }
    return found;
  };
  const loadPackage = createPackages(message.bundles, loadBuiltin, integrity);
  const files = message.actions.map((action) => `${action.name}.js`);
  const scripts: (Script | undefined)[] = [];
  const compile = (index: number): Script => {
    const code = message.actions[index]?.code ?? '';
    const filename = files[index] ?? '';
    // Checks that the code is the body of one function: after a brace too many, the rest of the code would otherwise run in
    // the global scope, and its declarations would stay there for the next execution.
    compileFunction(code, PARAMETERS, { filename });
    // In a function of its own, so that the code may declare the names of the timers itself. All on the first line, so that the
    // Action's lines keep their numbers.
    const head = `(function (${Object.keys(globals).join(', ')}) { return ${HEAD}`;
    return new Script(`${head}${code}\n})})`, { filename, columnOffset: -head.length });
  };
  const requireFor = (index: number) => (name: unknown) => {
    if (typeof name !== 'string') throw new TypeError('require takes the name of a module');
    const packages = message.actions[index]?.packages ?? {};
    if (Object.hasOwn(packages, name)) return loadPackage(packages[name] as string);
    const builtin = loadBuiltin(name);
    if (builtin !== undefined) return builtin;
    const error = new Error(
      `Cannot find module '${name}'. An Action can require ${message.available.join(', ')}, and of Node ${BUILTIN_NAMES.join(', ')}.`,
    );
    throw Object.assign(error, { code: 'MODULE_NOT_FOUND' });
  };
  message.actions.forEach((action, index) => {
    // Loaded now and not in the first login that needs them.
    for (const name of Object.keys(action.packages))
      if (action.code.includes(name)) tryTo(() => requireFor(index)(name));
    tryTo(() => {
      scripts[index] = compile(index);
    });
  });
  return {
    files,
    instantiate(index) {
      scripts[index] ??= compile(index);
      const outer = scripts[index].runInThisContext() as (...values: unknown[]) => Wrapped;
      const wrapped = outer(...Object.values(globals));
      const module = { exports: {} as unknown };
      const file = files[index] ?? '';
      apply(wrapped, module.exports, [module.exports, requireFor(index), module, file, '/']);
      return module.exports;
    },
  };
}

function tryTo(attempt: () => unknown): void {
  try {
    attempt();
  } catch {
    // It throws again when an execution comes to it; that error is in the report.
  }
}
