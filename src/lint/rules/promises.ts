/** Finds promises that no code awaits, and properties that are read from a promise. */
import type { AnyNode } from 'acorn';
import type { CallNode, Context, Report } from '../context.js';
import { findHttpClient } from '../effects.js';
import { findKey, isFunction } from '../tree.js';
import { pathOf } from '../values.js';

/** Methods of a promise. The SDK adds `withRawResponse`, from major version 5 on. */
const OF_PROMISES = new Set(['then', 'catch', 'finally', 'withRawResponse']);

/** Names a called function that returns a promise, for messages. */
function namePromise(context: Context, node: AnyNode): string | undefined {
  if (node.type === 'ChainExpression') return namePromise(context, node.expression);
  if (node.type !== 'CallExpression') return undefined;
  const { values, tree } = context;
  const { callee } = node;
  if (callee.type === 'MemberExpression') {
    const key = findKey(callee.property, callee.computed);
    if (key !== undefined && OF_PROMISES.has(key)) return namePromise(context, callee.object);
  }
  const use = context.sdkByNode.get(node);
  if (use !== undefined) return use.path;
  if (findHttpClient(context, node) !== undefined) return tree.textOf(callee);
  const value = values.of(callee);
  if (value?.kind === 'global' && /^Promise\.(all|allSettled|any|race)$/.test(pathOf(value))) return pathOf(value);
  if (value?.kind !== 'function' || !value.node.async || value.node.generator) return undefined;
  return tree.within(value.node).some((inner) => inner.type === 'AwaitExpression') ? tree.textOf(callee) : undefined;
}

function* checkFloating(context: Context): Iterable<Report> {
  const { tree, values } = context;
  for (const statement of tree.ofType('ExpressionStatement')) {
    // The module's top level runs at load, where `await` is not possible.
    if (tree.findFunction(statement) === undefined) continue;
    const { expression } = statement;
    const name = namePromise(context, expression);
    if (name !== undefined) {
      const fix = `await ${tree.textOf(expression)};`;
      yield { id: 'floating-promise', node: expression, message: `Nobody waits for ${name}.`, fix };
      continue;
    }
    if (expression.type !== 'CallExpression' || expression.callee.type !== 'MemberExpression') continue;
    if (findKey(expression.callee.property, expression.callee.computed) !== 'forEach') continue;
    const [first] = expression.arguments;
    const callback = first === undefined ? undefined : values.of(first);
    if (callback?.kind !== 'function' || !callback.node.async) continue;
    if (!tree.within(callback.node).some((node) => node.type === 'AwaitExpression')) continue;
    const list = tree.textOf(expression.callee.object);
    yield {
      id: 'floating-promise',
      node: expression,
      message: 'forEach does not wait for an async function.',
      fix: `for (const item of ${list}) {\n  await …;\n}`,
    };
  }
}

/** Checks `promise.data` and `const { data } = promise`. */
function* checkReads(context: Context): Iterable<Report> {
  const { tree } = context;
  const toReport = (node: AnyNode, name: string, call: AnyNode): Report => ({
    id: 'missing-await',
    node,
    message: `The result of ${name} is read before it is there.`,
    fix: `await ${tree.textOf(call)}`,
  });
  for (const member of tree.ofType('MemberExpression')) {
    const name = namePromise(context, member.object);
    const key = findKey(member.property, member.computed);
    if (name !== undefined && key !== undefined && !OF_PROMISES.has(key)) yield toReport(member, name, member.object);
  }
  for (const declarator of tree.ofType('VariableDeclarator')) {
    if (declarator.init == null) continue;
    const name = namePromise(context, declarator.init);
    if (name === undefined) continue;
    if (declarator.id.type === 'ObjectPattern') yield toReport(declarator, name, declarator.init);
    if (declarator.id.type !== 'Identifier') continue;
    const read = findRead(context, declarator.id);
    if (read !== undefined) yield toReport(read, name, declarator.init);
  }
}

/** Returns a read of one of the name's properties, if the name is used in no other way and so never awaited. */
function findRead({ tree }: Context, declared: Extract<AnyNode, { type: 'Identifier' }>): AnyNode | undefined {
  const binding = tree.findBinding(declared);
  const uses = binding === undefined ? [] : tree.usesOf(binding);
  let read: AnyNode | undefined;
  for (const use of uses) {
    const parent = tree.findParent(use);
    if (parent?.type !== 'MemberExpression' || parent.object !== use) return undefined;
    const key = findKey(parent.property, parent.computed);
    if (key === undefined || OF_PROMISES.has(key)) return undefined;
    read ??= parent;
  }
  return binding === undefined || binding.writes.length !== 1 ? undefined : read;
}

/** Checks `if (isMember(event))` with an async function: a promise is always truthy. */
function* checkTests(context: Context): Iterable<Report> {
  const { tree, values } = context;
  for (const call of tree.ofType('CallExpression')) {
    const callee = values.of(call.callee);
    if (callee?.kind !== 'function' || !isFunction(callee.node) || !callee.node.async) continue;
    if (!isTested(context, call)) continue;
    yield {
      id: 'missing-await',
      node: call,
      message: `${tree.textOf(call.callee)} is async: what is tested here is a promise, which is always true.`,
      fix: `await ${tree.textOf(call)}`,
    };
  }
}

function isTested({ tree }: Context, call: CallNode): boolean {
  const parent = tree.findParent(call);
  if (parent?.type === 'UnaryExpression') return parent.operator === '!';
  return (parent?.type === 'IfStatement' || parent?.type === 'ConditionalExpression') && parent.test === call;
}

/** Yields the findings floating-promise and missing-await. */
export function* checkPromises(context: Context): Iterable<Report> {
  yield* checkFloating(context);
  yield* checkReads(context);
  yield* checkTests(context);
}
