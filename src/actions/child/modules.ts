/**
 * `require` inside an Action, and the fresh module scope that every execution gets: of the Action itself, and of each module that it loads. No
 * scope is shared with another execution or another Action, so nothing that one keeps in it reaches another person's login.
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

/** The prefix of the names by which an Action loads modules. */
const MODULE = 'actions:';

/** Code that was compiled once, and the scope that it gets each time. */
interface Unit {
  readonly file: string;
  /** Runs the code in a scope of its own and returns what it exports. Throws what the code throws. */
  instantiate(require: unknown): unknown;
}

/**
 * Prepares `code`; does not throw. Its scope has the timers and, of a module, `actions` with what `secretsOf` returns. An Action before it in the
 * same execution may have replaced built-ins, so none is called here with secrets.
 */
function createUnit(file: string, code: string, globals: ActionGlobals, secretsOf?: () => object): Unit {
  let script: Script | undefined;
  const names = Object.keys(globals).join(', ');
  const values = Object.values(globals);
  const compile = (): Script => {
    // Checks that the code is the body of one function: after a brace too many, the rest of the code would otherwise run in
    // the global scope, and its declarations would stay there for the next execution.
    compileFunction(code, PARAMETERS, { filename: file });
    // In functions of their own, so that the code may declare these names itself. All on the first line, so that the code's
    // lines keep their numbers.
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
  /** File names of the Actions and their modules in stacks. */
  readonly files: readonly string[];
  /** Runs the top of Action `index` in a scope of its own and returns what it exports. Throws what the code throws. */
  instantiate(index: number): unknown;
}

function notFound(message: string): Error {
  return Object.assign(new Error(message), { code: 'MODULE_NOT_FOUND' });
}

/** `require` for one piece of code, apart from modules: packages and Node's own modules. */
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
 * Compiles the program. An Action that does not parse throws when it is instantiated, so that the Actions before it still run, as
 * they did at deploy.
 */
export function createModules(message: BootMessage, integrity: Integrity, { timers }: Leftovers): Modules {
  const { actions, available } = message;
  const loadBuiltin = watchBuiltins(createBuiltins(timers), integrity);
  const loadPackage = createPackages(message.bundles, loadBuiltin, integrity);
  const prepare = ({ code, packages }: BootModule) => {
    const require = createRequire(available, packages, loadPackage, loadBuiltin);
    // Loaded now and not in the first login that needs them.
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
  /** With the prefix. */
  readonly name: string;
  instantiate(): unknown;
}

/** `require` inside a module. */
function requireWithin(require: (name: unknown) => unknown) {
  return (name: unknown): unknown => {
    if (isModuleName(name)) throw notFound(`Cannot find module '${name}': a module cannot require another module.`);
    return require(name);
  };
}

/**
 * `require` for one execution of one Action. It runs a module at its first call and then gives the same exports. Other Actions and the
 * next execution get exports of their own: a module that keeps the person of one login in a variable would otherwise hand them to the next.
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

/** Adds each module of Node that is loaded to what is watched. */
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
    // It throws again when an execution comes to it; that error is in the report.
  }
}
