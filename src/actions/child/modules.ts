/**
 * `require` for Actions, and the module scopes of an execution. Each execution gets a new scope for each Action and for
 * each module that the Action loads. No scope is shared with another execution or Action, so no stored value reaches
 * another person's login.
 */
import { compileFunction, Script } from 'node:vm';
import type { BootMessage, BootModule } from '../protocol.js';
import { BUILTIN_NAMES, createBuiltins } from './builtins.js';
import type { Integrity } from './integrity.js';
import type { Leftovers } from './leftovers.js';
import { apply } from './primordials.js';

type ActionGlobals = Leftovers['timers']['globals'];
type Scope = (...timers: unknown[]) => (...actions: unknown[]) => Wrapped;
type Wrapped = (exports: object, require: unknown, module: object, filename: string, dirname: string) => void;

/**
 * How many levels of exports integrity.ts watches: of a package down to `axios.defaults.headers.common`, of a Node
 * module down to the methods of a class.
 */
const PACKAGE_DEPTH = 3;
const BUILTIN_DEPTH = 2;
const PARAMETERS = ['exports', 'require', 'module', '__filename', '__dirname'];
const HEAD = `(function (${PARAMETERS.join(', ')}) {`;

/**
 * Creates the function that loads bundled packages. A package runs once; later calls return the same exports, as with
 * Node's own cache.
 */
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

/** How names of the tenant's own modules begin in `require`. */
const MODULE = 'actions:';

/** Code that is compiled once and gets a new scope each time. */
interface Unit {
  readonly file: string;
  /** Runs the code in a new scope and returns its exports. Throws what the code throws. */
  instantiate(require: unknown): unknown;
}

/**
 * Compiles `code`; does not throw. The code's scope has the timers and, for a module, `actions` with the result of
 * `secretsOf`. An earlier Action of the execution may have replaced built-in functions, so secrets are passed to none.
 */
function createUnit(file: string, code: string, globals: ActionGlobals, secretsOf?: () => object): Unit {
  let script: Script | undefined;
  const names = Object.keys(globals).join(', ');
  const values = Object.values(globals);
  const compile = (): Script => {
    // Checks that the code is the body of one function. After an extra closing brace, the rest of the code would run in
    // the global scope, and the next execution would see its declarations.
    compileFunction(code, PARAMETERS, { filename: file });
    // The outer functions pass these names as parameters, so that the code may declare the same names itself. All are
    // on the first line, so that the code keeps its line numbers.
    const head = `(function (${names}) { return function (${secretsOf ? 'actions' : ''}) { return ${HEAD}`;
    return new Script(`${head}${code}\n})}})`, { filename: file, columnOffset: -head.length });
  };
  tryTo(() => {
    script = compile();
  });
  return {
    file,
    instantiate(require) {
      script ??= compile();
      const scope = apply(script.runInThisContext() as Scope, undefined, values);
      const wrapped = apply(scope, undefined, secretsOf === undefined ? [] : [{ secrets: secretsOf() }]);
      const module = { exports: {} as unknown };
      apply(wrapped, module.exports, [module.exports, require, module, file, '/']);
      return module.exports;
    },
  };
}

export interface Modules {
  /** File names of the Actions and their modules in stack traces. */
  readonly files: readonly string[];
  /** Runs the top level of Action `index` in a new scope and returns its exports. Throws what the code throws. */
  instantiate(index: number): unknown;
}

function notFound(message: string): Error {
  return Object.assign(new Error(message), { code: 'MODULE_NOT_FOUND' });
}

/** Creates `require` for packages and Node's own modules. */
function createRequire(
  available: readonly string[],
  packages: BootModule['packages'],
  loadPackage: (bundle: string) => unknown,
  loadBuiltin: (name: string) => unknown,
) {
  return (name: unknown): unknown => {
    if (typeof name !== 'string') throw new TypeError('require takes the name of a module');
    if (Object.hasOwn(packages, name)) return loadPackage(packages[name] as string);
    const builtin = loadBuiltin(name);
    if (builtin !== undefined) return builtin;
    throw notFound(
      `Cannot find module '${name}'. An Action can require ${available.join(', ')}, and of Node ${BUILTIN_NAMES.join(', ')}.`,
    );
  };
}

const isModuleName = (name: unknown): name is string => typeof name === 'string' && name.startsWith(MODULE);

/**
 * Compiles the program: all Actions of a trigger and their modules. An Action that does not parse throws only when it
 * is instantiated, so that the Actions before it still run.
 */
export function createModules(message: BootMessage, integrity: Integrity, { timers }: Leftovers): Modules {
  const { actions, available } = message;
  const loadBuiltin = watchBuiltins(createBuiltins(timers), integrity);
  const loadPackage = createPackages(message.bundles, loadBuiltin, integrity);
  const prepare = ({ code, packages }: BootModule) => {
    const require = createRequire(available, packages, loadPackage, loadBuiltin);
    // Loads the packages now and not during the first login that needs one.
    for (const name of Object.keys(packages)) if (code.includes(name)) tryTo(() => require(name));
    return require;
  };
  const shared = message.modules.map((module): Shared => {
    const require = requireWithin(prepare(module));
    const unit = createUnit(`${MODULE}${module.name}`, module.code, timers.globals, () => ({ ...module.secrets }));
    return { name: unit.file, instantiate: () => unit.instantiate(require) };
  });
  const own = actions.map((action) => {
    const require = prepare(action);
    const unit = createUnit(`${action.name}.js`, action.code, timers.globals);
    const theirs = action.modules.flatMap((place) => shared[place] ?? []);
    return { file: unit.file, instantiate: () => unit.instantiate(requireModules(action.name, theirs, require)) };
  });
  return {
    files: [...own.map(({ file }) => file), ...shared.map(({ name }) => name)],
    instantiate: (index) => own[index]?.instantiate(),
  };
}

interface Shared {
  /** The name that `require` takes, with the prefix `actions:`. */
  readonly name: string;
  instantiate(): unknown;
}

/** Wraps `require` for the code of a module, which cannot load other modules. */
function requireWithin(require: (name: unknown) => unknown) {
  return (name: unknown): unknown => {
    if (isModuleName(name)) throw notFound(`Cannot find module '${name}': a module cannot require another module.`);
    return require(name);
  };
}

/**
 * Creates `require` for one execution of one Action. It runs a module at the first call and then returns the same
 * exports. Other Actions and the next execution get their own exports: a module that stores the person of one login in
 * a variable would otherwise hand them to the next.
 */
function requireModules(action: string, shared: readonly Shared[], require: (name: unknown) => unknown) {
  const made: { readonly name: string; readonly exports: unknown }[] = [];
  return (name: unknown): unknown => {
    if (!isModuleName(name)) return require(name);
    for (const one of made) if (one.name === name) return one.exports;
    for (const module of shared) {
      if (module.name !== name) continue;
      const exports = module.instantiate();
      made.push({ name, exports });
      return exports;
    }
    throw notFound(
      `Cannot find module '${name}': it is not among the modules of the Action ${action}. Name it there, with a version, and deploy the Action.`,
    );
  };
}

/** Wraps the loader of Node's modules: takes snapshots of each module when it is first loaded. */
function watchBuiltins(builtins: (name: string) => unknown, integrity: Integrity) {
  const seen = new Set<string>();
  return (name: string): unknown => {
    const found = builtins(name);
    if (found !== undefined && !seen.has(name)) {
      seen.add(name);
      integrity.watch(name, found, BUILTIN_DEPTH);
    }
    return found;
  };
}

function tryTo(attempt: () => unknown): void {
  try {
    attempt();
  } catch {
    // The execution that needs this code or package fails with the same error, and reports it.
  }
}
