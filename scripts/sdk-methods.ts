/**
 * Rewrites `src/lint/sdk/major-*.json`: every call of the clients in each major version of the `auth0` package, with
 * the request that it makes. Reads the packages themselves: the types of the versions 4 to 7, and the living objects of
 * version 3, which has no types. Run it after one of these packages changed: `npx tsx scripts/sdk-methods.ts`. A test
 * compares both.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

/** Folder of the package in node_modules, by major. */
const PACKAGES: Readonly<Record<string, string>> = {
  3: 'auth0-v3',
  4: 'auth0-v4',
  5: 'auth0-v5',
  6: 'auth0-v6',
  7: 'auth0',
};
const CLIENTS = ['ManagementClient', 'AuthenticationClient', 'UserInfoClient'];

/**
 * Maps the name of a method to its request (`DELETE /organizations/{id}/members`), or to `-` if the request is not
 * known.
 */
type Methods = Map<string, string>;
/** Maps the path of a resource (`organizations.members`, or '' for the client itself) to its methods. */
type Resources = Map<string, Methods>;

interface Major {
  readonly major: string;
  readonly version: string;
  readonly exported: readonly string[];
  readonly clients: ReadonlyMap<string, Resources>;
}

const root = fileURLToPath(new URL('..', import.meta.url));
const require = createRequire(import.meta.url);

function readVersion(folder: string): string {
  const text = readFileSync(`${root}node_modules/${folder}/package.json`, 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

/** Returns the name in `encodePathParam(id)` or `id`. */
function nameOf(node: ts.Expression): string {
  const inner = ts.isCallExpression(node) ? node.arguments[0] : node;
  return inner !== undefined && ts.isIdentifier(inner) ? inner.text : '';
}

/**
 * Returns `/organizations/{id}/members` for `organizations/${encodePathParam(id)}/members`, with or without the first
 * slash.
 */
function toPath(node: ts.Node): string | undefined {
  if (ts.isStringLiteralLike(node)) return `/${node.text}`.replace(/^\/\//, '/');
  if (ts.isTemplateExpression(node)) {
    const spans = node.templateSpans.map((span) => `{${nameOf(span.expression)}}${span.literal.text}`);
    return `/${node.head.text}${spans.join('')}`.replace(/^\/\//, '/');
  }
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return undefined;
  if (node.expression.name.text === 'replace') return toPath(node.expression.expression);
  const last = node.arguments.at(-1);
  return node.expression.name.text === 'join' && last !== undefined ? toPath(last) : undefined;
}

/** Returns the first request in `body`: an object with `path` or `url`, and `method`. */
function findRequest(body: ts.Node): string | undefined {
  let found: string | undefined;
  const visit = (node: ts.Node): void => {
    if (found !== undefined) return;
    if (ts.isObjectLiteralExpression(node)) {
      const values = new Map<string, ts.Expression>();
      for (const property of node.properties) {
        if (ts.isPropertyAssignment(property)) values.set(property.name.getText(), property.initializer);
      }
      const method = values.get('method');
      const path = values.get('path') ?? values.get('url');
      if (method !== undefined && ts.isStringLiteralLike(method) && path !== undefined) {
        const text = toPath(path);
        if (text !== undefined) found = `${method.text} ${text}`;
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(body);
  return found;
}

const scripts = new Map<string, ReadonlyMap<string, string>>();

/** Returns the requests by `Class.method`, from the compiled file beside the declaration file `path`. */
function readRequests(path: string): ReadonlyMap<string, string> {
  const known = scripts.get(path);
  if (known !== undefined) return known;
  const text = readFileSync(path.replace(/\.d\.ts$/, '.js'), 'utf8');
  const requests = new Map<string, string>();
  const visit = (node: ts.Node): void => {
    if (ts.isClassLike(node)) {
      for (const member of node.members) {
        if (!ts.isMethodDeclaration(member)) continue;
        const request = findRequest(member);
        if (request !== undefined) requests.set(`${node.name?.text}.${member.name.getText()}`, request);
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true));
  scripts.set(path, requests);
  return requests;
}

function isHidden(symbol: ts.Symbol): boolean {
  const flags = symbol.valueDeclaration === undefined ? 0 : ts.getCombinedModifierFlags(symbol.valueDeclaration);
  return symbol.name.startsWith('_') || (flags & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected)) !== 0;
}

/** Adds the methods of `type` under `path`, and for properties that are classes of the package, their methods too. */
function collect(checker: ts.TypeChecker, type: ts.Type, path: string, resources: Resources): void {
  const methods: Methods = new Map();
  for (const symbol of type.getProperties()) {
    const declaration = symbol.valueDeclaration;
    if (declaration === undefined || isHidden(symbol)) continue;
    const memberType = checker.getTypeOfSymbol(symbol);
    if (memberType.getCallSignatures().length > 0) {
      const owner = ts.isClassLike(declaration.parent) ? (declaration.parent.name?.text ?? '') : '';
      const requests = readRequests(declaration.getSourceFile().fileName);
      const name = symbol.name;
      methods.set(name, requests.get(`${owner}.${name}`) ?? requests.get(`${owner}.__${name}`) ?? '-');
    } else if (memberType.isClass()) {
      collect(checker, memberType, path === '' ? symbol.name : `${path}.${symbol.name}`, resources);
    }
  }
  if (methods.size > 0) resources.set(path, methods);
}

function readTypedMajors(folders: readonly (readonly [string, string])[]): readonly Major[] {
  const entries = folders.map(([, folder]) => `${root}node_modules/${folder}/dist/cjs/index.d.ts`);
  const program = ts.createProgram(entries, {
    module: ts.ModuleKind.Node16,
    moduleResolution: ts.ModuleResolutionKind.Node16,
    target: ts.ScriptTarget.ES2022,
    skipLibCheck: true,
    types: [],
  });
  const checker = program.getTypeChecker();
  return folders.map(([major, folder], index) => {
    const source = program.getSourceFile(entries[index] ?? '');
    const module = source === undefined ? undefined : checker.getSymbolAtLocation(source);
    if (module === undefined) throw new Error(`${folder} has no types at ${entries[index]}: npm ci brings them back`);
    // Types do not show which names are values. Version 4 also has hundreds of enumerations, which no Action needs.
    const names = Object.keys(require(`${root}node_modules/${folder}`) as object);
    const exported = names.filter((name) => !name.endsWith('Enum'));
    const clients = new Map<string, Resources>();
    for (const symbol of checker.getExportsOfModule(module)) {
      const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
      if (!CLIENTS.includes(symbol.name)) continue;
      const resources: Resources = new Map();
      collect(checker, checker.getDeclaredTypeOfSymbol(target), '', resources);
      clients.set(symbol.name, resources);
    }
    return { major, version: readVersion(folder), exported, clients };
  });
}

type Callable = (...args: unknown[]) => unknown;
const VERBS: Readonly<Record<string, string>> = {
  getAll: 'GET',
  get: 'GET',
  create: 'POST',
  patch: 'PATCH',
  update: 'PUT',
  delete: 'DELETE',
};

/**
 * Returns the request of a rest-facade client for `template`. Its named parts are filled only if the caller gave them.
 */
function toRequest(template: string, verb: string, given: ReadonlySet<string>): string {
  const whole = given.size === 0 && verb !== 'getAll' && verb !== 'create';
  const all = template.split('/');
  const parts = all.filter((part, index) => {
    return !part.startsWith(':') || index < all.length - 1 || whole || given.has(part.slice(1));
  });
  return `${VERBS[verb]} ${parts.map((part) => part.replace(/^:(.*)$/, '{$1}')).join('/')}`;
}

/** Finds the request of the method `name` in version 3, by a call with rest clients that only record it. */
function traceMethod(manager: Record<string, unknown>, name: string, templates: ReadonlyMap<unknown, string>): string {
  let request = '-';
  const given = new Set<string>();
  const params = new Proxy(
    {},
    {
      get(_target, key) {
        given.add(String(key));
        return 'x';
      },
    },
  );
  for (const [field, client] of Object.entries(manager)) {
    const template = templates.get(client);
    if (template === undefined) continue;
    const notes = Object.keys(VERBS).map((verb): [string, Callable] => [
      verb,
      () => {
        if (request === '-') request = toRequest(template, verb, given);
        return Promise.resolve({});
      },
    ]);
    manager[field] = Object.fromEntries(notes);
  }
  for (const first of [params, 'x']) {
    if (request !== '-') break;
    try {
      const answer = (manager[name] as Callable)(first, params, params);
      if (answer instanceof Promise) answer.catch(() => undefined);
    } catch {
      // The method needs other arguments. So its name is known, but not its request.
    }
  }
  return request;
}

/** Finds the manager's method that the shortcut `name` of the client in version 3 (`getUsers`) calls. */
function traceShortcut(client: Record<string, unknown>, name: string, resources: Resources): string {
  let request = '-';
  for (const [field, methods] of resources) {
    if (field === '') continue;
    const notes = [...methods].map(([method, known]): [string, Callable] => [
      method,
      () => {
        request = known;
        return Promise.resolve({});
      },
    ]);
    client[field] = Object.fromEntries(notes);
  }
  try {
    (client[name] as Callable)({}, {});
  } catch {
    // The method needs other arguments, so its request stays unknown.
  }
  return request;
}

function methodNames(object: object): readonly string[] {
  const names = new Set<string>();
  for (let level = object; level !== Object.prototype && level !== null; level = Object.getPrototypeOf(level)) {
    for (const name of Object.getOwnPropertyNames(level)) {
      const isMethod = typeof Object.getOwnPropertyDescriptor(level, name)?.value === 'function';
      if (isMethod && name !== 'constructor' && !name.startsWith('_')) names.add(name);
    }
  }
  return [...names];
}

/** Version 3 has no types, so this creates its clients and inspects them. Nothing is sent. */
function readUntypedMajor(folder: string): Major {
  const templates = new Map<unknown, string>();
  const base = require(`${root}node_modules/${folder}/src/management/BaseManager.js`) as { prototype: object };
  Object.assign(base.prototype, {
    _getRestClient(template: string) {
      const client = {};
      templates.set(client, template);
      return client;
    },
  });
  const sdk = require(`${root}node_modules/${folder}`) as Record<string, new (options: object) => object>;
  const clients = new Map<string, Resources>();
  const options = { domain: 'tenant.example', token: 'x', clientId: 'x', clientSecret: 'x' };
  for (const [name, Client] of Object.entries(sdk)) {
    const fresh = (): Record<string, unknown> => new Client(options) as Record<string, unknown>;
    const resources: Resources = new Map();
    for (const [field, manager] of Object.entries(fresh())) {
      if (typeof manager !== 'object' || manager === null || field.startsWith('_')) continue;
      if (Object.getPrototypeOf(manager) === Object.prototype || manager instanceof Map) continue;
      const methods = methodNames(manager).map((method): [string, string] => {
        const subject = fresh()[field] as Record<string, unknown>;
        return [method, traceMethod(subject, method, templates)];
      });
      if (methods.length > 0) resources.set(field, new Map(methods));
    }
    const shortcuts = methodNames(fresh()).map((method): [string, string] => {
      return [method, traceShortcut(fresh(), method, resources)];
    });
    clients.set(name, resources.set('', new Map(shortcuts)));
  }
  return { major: '3', version: readVersion(folder), exported: Object.keys(sdk), clients };
}

/**
 * Returns the file of a version: an object with one resource on each line, so that a new release gives a readable diff.
 */
function toJson({ version, exported, clients }: Major): string {
  const byName = <T>(map: ReadonlyMap<string, T>) => [...map].sort(([a], [b]) => (a < b ? -1 : 1));
  const toClient = ([client, resources]: readonly [string, Resources]) => {
    const lines = byName(resources).map(([path, methods]) => {
      const calls = byName(methods).map(([name, request]) => `${name} ${request}`);
      return `      ${JSON.stringify(path)}: ${JSON.stringify(calls.join(', '))}`;
    });
    return `    ${JSON.stringify(client)}: {\n${lines.join(',\n')}\n    }`;
  };
  const head = [
    `  "version": ${JSON.stringify(version)},`,
    `  "exported": ${JSON.stringify([...exported].sort().join(' '))},`,
  ];
  const body = byName(clients).map(toClient).join(',\n');
  return ['{', ...head, '  "clients": {', body, '  }', '}', ''].join('\n');
}

/** Returns the data files by path, as the packages of this checkout give them. */
export function makeSdkFiles(): ReadonlyMap<string, string> {
  const typed = Object.entries(PACKAGES).filter(([major]) => major !== '3');
  const majors = [readUntypedMajor(PACKAGES[3] ?? ''), ...readTypedMajors(typed)];
  return new Map(majors.map((major) => [`src/lint/sdk/major-${major.major}.json`, toJson(major)]));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [path, text] of makeSdkFiles()) {
    writeFileSync(`${root}${path}`, text);
    console.log(`${path}: ${text.length} characters`);
  }
}
