/** Finds calls with an effect (denials, changes by `api`, requests), for the rules about order and failure. */
import type { AnyNode } from 'acorn';
import type { CallNode, Context } from './context.js';
import { makesRequest, type SdkCall } from './sdk-names.js';
import { pathOf } from './values.js';

const DENIALS = new Set(['access.deny', 'admission.deny', 'validation.error']);

/** Methods of `api` that only return a value. */
const QUESTIONS = [
  'cache.get',
  'redirect.canRedirect',
  'redirect.encodeToken',
  'redirect.validateToken',
  'rules.wasExecuted',
];

const AXIOS = new Set(['', 'get', 'post', 'put', 'patch', 'delete', 'request', 'head', 'postForm', 'putForm']);

/** True for methods that deny: `api.access.deny` and its equivalents. */
export function isDenial(path: string): boolean {
  return DENIALS.has(path);
}

/** True if the method of `api` changes something when the Action ends. */
export function isApiWrite(path: string): boolean {
  return !QUESTIONS.includes(path) && !path.startsWith('groups.') && !path.startsWith('roles.');
}

/** Returns the name of the HTTP client with which a call sends a request, if it does. */
export function findHttpClient({ values }: Context, node: CallNode): string | undefined {
  const callee = values.of(node.callee);
  if (callee?.kind === 'global' && pathOf(callee) === 'fetch') return 'fetch';
  if (callee?.kind === 'package' && callee.name === 'axios') {
    const path = pathOf(callee);
    return AXIOS.has(path) || AXIOS.has(path.replace('default.', '')) ? 'axios' : undefined;
  }
  if (callee?.kind === 'package' && callee.name === 'node-fetch' && callee.path.length === 0) return 'node-fetch';
  if (callee?.kind === 'made' && callee.name === 'axios' && callee.by.at(-1) === 'create') {
    return AXIOS.has(pathOf(callee)) ? 'axios' : undefined;
  }
  return undefined;
}

/** Returns the request that an SDK call makes, or was probably meant to make. */
export function requestOf(context: Context, node: AnyNode): SdkCall | undefined {
  const use = context.sdkByNode.get(node);
  return use?.call ?? use?.suggestion?.call ?? use?.suggestion?.meant;
}

/**
 * True if `node` removes members of an organization, by the SDK (even under a wrong name) or by an HTTP request of its
 * own.
 */
export function removesMembers(context: Context, node: CallNode): boolean {
  const call = requestOf(context, node);
  if (call !== undefined) return makesRequest(call, 'DELETE /organizations/{}/members');
  const callee = context.values.of(node.callee);
  const [address] = node.arguments;
  if (findHttpClient(context, node) !== 'axios' || pathOf(callee) !== 'delete') return false;
  if (address?.type !== 'TemplateLiteral') return false;
  const text = address.quasis.map((quasi) => quasi.value.cooked ?? '').join('{}');
  return text.includes('/organizations/') && text.endsWith('/members');
}

interface Effect {
  readonly node: AnyNode;
  readonly name: string;
}

const known = new WeakMap<Context, Map<AnyNode, readonly Effect[]>>();

/** Lists the effects of a statement, in text order. */
export function effectsIn(context: Context, statement: AnyNode): readonly Effect[] {
  const memo = known.get(context) ?? new Map<AnyNode, readonly Effect[]>();
  known.set(context, memo);
  const found = memo.get(statement);
  if (found !== undefined) return found;
  const effects = context.tree
    .within(statement)
    .flatMap((node) => {
      const name = nameEffect(context, node);
      return name === undefined ? [] : [{ node, name }];
    })
    .sort((a, b) => a.node.start - b.node.start);
  memo.set(statement, effects);
  return effects;
}

/** Names the effect of a call for messages; undefined if it has none that is known. */
function nameEffect(context: Context, node: AnyNode): string | undefined {
  if (node.type !== 'CallExpression') return undefined;
  const api = context.apiByNode.get(node);
  if (api !== undefined) return isApiWrite(api.path) ? `api.${api.path}` : undefined;
  const sdk = context.sdkByNode.get(node);
  if (sdk !== undefined) return requestOf(context, node)?.request?.startsWith('GET ') === true ? undefined : sdk.path;
  return findHttpClient(context, node) === undefined ? undefined : context.tree.textOf(node.callee);
}
