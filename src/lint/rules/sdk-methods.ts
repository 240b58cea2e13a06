/** Finds calls that the auth0 package in use does not have, and suggests the equivalent call that it has. */
import type { AnyNode } from 'acorn';
import { findNearest } from '../../kernel/similar-names.js';
import type { Context, Report, SdkUse } from '../context.js';
import { type Major, SDK_MAJORS } from '../sdk/sdk-major.js';
import { callsOf, exportsOf, findSameCall, type SdkCall, versionOf } from '../sdk-names.js';
import { findKey } from '../tree.js';
import { pathOf } from '../values.js';

/** First major version that takes the parts of a path as separate arguments. */
const POSITIONAL = 5;

function parametersOf(request: string): readonly string[] {
  return request.split('/').flatMap((part) => (part.startsWith('{') ? [part.slice(1, -1)] : []));
}

/** Lists major versions as text: `3, 5, 6 and 7`. */
function listMajors(majors: readonly Major[]): string {
  const [last, ...others] = [...majors].reverse();
  return others.length === 0 ? String(last) : `${others.reverse().join(', ')} and ${last}`;
}

/** Writes the arguments of a call for the major version in use. */
function toArguments({ tree }: Context, use: SdkUse, call: SdkCall): string {
  const texts = use.node.arguments.map((argument) => tree.textOf(argument));
  const names = call.request === undefined ? [] : parametersOf(call.request);
  const [first] = use.node.arguments;
  if (first === undefined || names.length === 0) return texts.join(', ');
  const takesObject = use.major < POSITIONAL;
  if (first.type !== 'ObjectExpression') {
    if (!takesObject) return texts.join(', ');
    const parts = names.map((name, index) => (texts[index] === undefined ? name : `${name}: ${texts[index]}`));
    return [`{ ${parts.join(', ')} }`, ...texts.slice(names.length)].join(', ');
  }
  if (takesObject) return texts.join(', ');
  const parts = new Map<string, string>();
  for (const property of first.properties) {
    const key = property.type === 'Property' ? findKey(property.key, property.computed) : undefined;
    if (property.type === 'Property' && key !== undefined) parts.set(key, tree.textOf(property.value));
  }
  const taken = names.map((name) => parts.get(name) ?? name);
  const left = [...parts].filter(([key]) => !names.includes(key)).map(([key, text]) => `${key}: ${text}`);
  return [...taken, ...(left.length === 0 ? [] : [`{ ${left.join(', ')} }`]), ...texts.slice(1)].join(', ');
}

/**
 * Writes the callee of `call` with the variable that `use` begins with, which holds the client or one of its resources.
 */
function calleeText({ tree, values }: Context, use: SdkUse, call: SdkCall): string {
  let at: AnyNode = use.node.callee;
  while (at.type === 'MemberExpression' && pathOf(values.of(at)) !== '') at = at.object;
  const start = pathOf(values.of(at));
  if (start === '') return `${tree.textOf(at)}.${call.path}`;
  const isBelow = at.type === 'Identifier' && call.path.startsWith(`${start}.`);
  return isBelow ? `${tree.textOf(at)}${call.path.slice(start.length)}` : `management.${call.path}`;
}

/** Writes `call` as code that can replace `use`, with its arguments on one line. */
export function toCode(context: Context, use: SdkUse, call: SdkCall): string {
  const list = toArguments(context, use, call)
    .split('\n')
    .map((line) => line.trim())
    .join(' ');
  return `await ${calleeText(context, use, call)}(${list});`;
}

/** Returns the node of the last name in `a.b.c`, where the mistake is. */
function lastName(node: AnyNode): AnyNode {
  return node.type === 'MemberExpression' ? node.property : node;
}

function isFunctionMethod(use: SdkUse): boolean {
  const parts = use.path.split('.');
  const last = parts.pop() ?? '';
  return ['bind', 'call', 'apply'].includes(last) && callsOf(use.major, use.client).has(parts.join('.'));
}

function toUnknownMethod(context: Context, use: SdkUse): Report {
  const { path, major, client } = use;
  const { majors = [], call, meant } = use.suggestion ?? {};
  const release = `auth0 ${versionOf(major)}`;
  const where =
    majors.length === 0
      ? `${path} exists in no release of the auth0 package (3 to 7)`
      : `${path} belongs to release ${listMajors(majors)} of the auth0 package; here ${release} is used`;
  const node = lastName(use.node.callee);
  if (call !== undefined) {
    const others = meant === undefined ? '' : listOthers(meant, call, major, client);
    const message = `${where}. In ${major} the call is ${call.path}.`;
    return { id: 'unknown-sdk-method', node, message, fix: `${toCode(context, use, call)}${others}` };
  }
  const resource = path.slice(0, Math.max(0, path.lastIndexOf('.')));
  const names = [...callsOf(major, client).keys()].filter((name) => name.startsWith(`${resource}.`));
  const fix =
    resource === '' || names.length === 0
      ? `Look for the call in the reference of ${release}, or send the request with axios.`
      : `${release} has: ${names.join(', ')}.`;
  return { id: 'unknown-sdk-method', node, message: `${where}.`, fix };
}

/**
 * Lists the names in other major versions: `(3: organizations.removeMembers; 5, 6 and 7:
 * organizations.members.delete)`, or ''.
 */
function listOthers(meant: SdkCall, call: SdkCall, major: Major, client: string): string {
  const byName = new Map<string, Major[]>();
  for (const other of SDK_MAJORS) {
    const name = other === major ? undefined : findSameCall(meant, other, client)?.path;
    if (name !== undefined && name !== call.path) byName.set(name, [...(byName.get(name) ?? []), other]);
  }
  const items = [...byName].map(([name, majors]) => `auth0 ${listMajors(majors)}: ${name}`);
  return items.length === 0 ? '' : `\n// ${items.join('; ')}`;
}

/** Checks argument forms: `deleteMembers('org_1', …)` in 4, `members.delete({ id }, …)` in 7. */
function checkArguments(context: Context, use: SdkUse): Report | undefined {
  const { call, major, node } = use;
  const [first] = node.arguments;
  if (call?.request === undefined || first === undefined || parametersOf(call.request).length === 0) return undefined;
  const kind = context.values.of(first)?.kind;
  const isObject = kind === 'object';
  const isPart = kind === 'text' || first.type === 'TemplateLiteral' || isIdOfEvent(context, first);
  if (major >= POSITIONAL ? !isObject : !isPart || major === 3) return undefined;
  const takes =
    major >= POSITIONAL ? 'the parts of its path as separate arguments' : 'the parts of its path as an object';
  return {
    id: 'sdk-arguments',
    node: first,
    message: `${call.path} of auth0 ${versionOf(major)} takes ${takes}.`,
    fix: first.type === 'Identifier' ? `Pass ${parametersOf(call.request).join(', ')}.` : toCode(context, use, call),
  };
}

function isIdOfEvent({ values }: Context, node: AnyNode): boolean {
  const value = values.of(node);
  return value?.kind === 'event' && ['organization.id', 'user.user_id'].includes(pathOf(value));
}

function* checkExports({ tree, values, major }: Context): Iterable<Report> {
  const names = exportsOf(major);
  const seen = new Set<AnyNode>();
  for (const node of [...tree.ofType('NewExpression'), ...tree.ofType('CallExpression')]) {
    const callee = values.of(node.callee);
    const name = callee?.kind === 'package' && callee.name === 'auth0' ? callee.path[0] : undefined;
    if (name === undefined || name === 'default' || names.includes(name) || seen.has(node.callee)) continue;
    seen.add(node.callee);
    const majors = SDK_MAJORS.filter((other) => exportsOf(other).includes(name));
    const nearest = findNearest(name, names);
    const where = majors.length === 0 ? 'no release has it' : `it belongs to release ${listMajors(majors)}`;
    yield {
      id: 'unknown-sdk-export',
      node: node.callee,
      message: `auth0 ${versionOf(major)} exports no ${name}: ${where}.`,
      fix:
        nearest !== undefined
          ? `const { ${nearest} } = require('auth0');`
          : majors.length > 0 && major >= POSITIONAL
            ? `Declare auth0 ${versionOf(majors.at(-1) ?? 4)} as the dependency, or use ManagementClient.`
            : 'Use ManagementClient.',
    };
  }
}

/** Yields the findings unknown-sdk-method, sdk-arguments and unknown-sdk-export. */
export function* checkSdkMethods(context: Context): Iterable<Report> {
  for (const use of context.sdkUses) {
    if (use.call === undefined) {
      if (!isFunctionMethod(use)) yield toUnknownMethod(context, use);
      continue;
    }
    const report = checkArguments(context, use);
    if (report !== undefined) yield report;
  }
  yield* checkExports(context);
}
