/** Checks packages and modules that an Action requires: are they declared, and are they available here. */
import type { CallNode, Context, Report } from '../context.js';
import { pathOf } from '../values.js';

/** Packages that Actions may require here. */
const AVAILABLE = ['auth0', 'axios', 'lodash', 'jsonwebtoken', 'jose', 'uuid'];
/** Major versions of the auth0 package that are available here. */
const AUTH0 = ['4', '7'];

/** Node modules that reach outside the Action, or run other code beside it. */
const FORBIDDEN = new Set([
  'child_process',
  'cluster',
  'fs',
  'fs/promises',
  'inspector',
  'repl',
  'vm',
  'wasi',
  'worker_threads',
]);

const BUILT_IN = new Set(
  (
    'assert async_hooks buffer console constants crypto diagnostics_channel dns events http http2 https module net os path ' +
    'perf_hooks process punycode querystring readline stream string_decoder timers tls tty url util v8 zlib'
  ).split(' '),
);

/** Shortens `@scope/name/sub` to `@scope/name`. */
function toPackageName(specifier: string): string {
  const parts = specifier.split('/');
  return parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
}

function checkVersion(context: Context, node: CallNode): Report | undefined {
  const version = context.source.dependencies?.find(({ name }) => name === 'auth0')?.version;
  const major = version === undefined ? undefined : /\d+/.exec(version)?.[0];
  if (version === undefined || major === undefined || AUTH0.includes(major)) return undefined;
  return {
    id: 'package-not-available',
    node,
    message: `auth0 ${version} is not available here: ${AUTH0.join(' and ')} are.`,
    fix: `Declare auth0 ${AUTH0.join(' or ')} as the dependency; vestibule guard check names the calls that differ.`,
  };
}

/** Checks a module (code that Actions share), which an Action requires as `actions:NAME`. */
function checkModule(context: Context, node: CallNode, name: string): Report | undefined {
  const { modules } = context.source;
  if (modules === undefined || modules.includes(name)) return undefined;
  return {
    id: 'module-not-named',
    node,
    message: `The module ${name} is not among the modules of the Action.`,
    fix: `"modules": [{ "module_name": "${name}", "module_version_number": 1 }]`,
  };
}

function checkSpecifier(context: Context, node: CallNode, specifier: string): Report | undefined {
  const plain = specifier.replace(/^node:/, '');
  if (FORBIDDEN.has(plain)) {
    const message = `An Action cannot use the module ${plain} here.`;
    return {
      id: 'module-not-allowed',
      node,
      message,
      fix: 'Do that part in a service of your own, and call it with axios.',
    };
  }
  if (specifier.startsWith('actions:')) return checkModule(context, node, specifier.slice('actions:'.length));
  if (specifier.startsWith('node:')) return undefined;
  const name = toPackageName(specifier);
  if (BUILT_IN.has(name)) return undefined;
  if (!AVAILABLE.includes(name)) {
    const isFile = specifier.startsWith('.') || specifier.startsWith('/');
    return {
      id: 'package-not-available',
      node,
      message: isFile
        ? `${specifier} is a file: an Action is one file and has no others beside it.`
        : `The package ${name} is not available here.`,
      fix: isFile
        ? 'Put the code into the Action itself.'
        : `Available are ${AVAILABLE.join(', ')} and the modules of Node.`,
    };
  }
  const { dependencies } = context.source;
  if (dependencies !== undefined && !dependencies.some((dependency) => dependency.name === name)) {
    return {
      id: 'package-not-declared',
      node,
      message: `${name} is not among the dependencies of the Action.`,
      fix: `"dependencies": [{ "name": "${name}", "version": "${name === 'auth0' ? context.major : 'latest'}" }]`,
    };
  }
  return name === 'auth0' ? checkVersion(context, node) : undefined;
}

/** Yields the findings package-not-available, package-not-declared, module-not-allowed and module-not-named. */
export function* checkPackages(context: Context): Iterable<Report> {
  const { tree, values } = context;
  for (const node of tree.ofType('CallExpression')) {
    const callee = values.of(node.callee);
    if (callee?.kind !== 'global' || pathOf(callee) !== 'require') continue;
    const specifier = values.findText(node.arguments[0]);
    const report = specifier === undefined ? undefined : checkSpecifier(context, node, specifier);
    if (report !== undefined) yield report;
  }
}
