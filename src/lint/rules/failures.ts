/** Finds failures that are only printed, although they leave a member behind or admit a stranger. */
import type { AnyNode } from 'acorn';
import type { CallNode, Context, Report } from '../context.js';
import { findHttpClient, isDenial, removesMembers, requestOf } from '../effects.js';
import { statementsAfter } from '../flow.js';
import { findKey } from '../tree.js';
import { pathOf } from '../values.js';

/** Paths at which a DELETE or a block must not fail unnoticed. A grant that fails does no harm. */
const GUARDED = [
  '/organizations/',
  '/users/',
  '/roles/',
  '/sessions/',
  '/refresh-tokens/',
  '/grants/',
  '/user-blocks/',
];

function isSilentExpression(context: Context, node: AnyNode): boolean {
  if (node.type === 'AwaitExpression') return isSilentExpression(context, node.argument);
  if (node.type === 'Literal' || (node.type === 'Identifier' && node.name === 'undefined')) return true;
  if (node.type === 'UnaryExpression') return node.operator === 'void';
  if (node.type === 'ObjectExpression') return node.properties.length === 0;
  if (node.type !== 'CallExpression') return false;
  const callee = context.values.of(node.callee);
  return callee?.kind === 'global' && callee.path[0] === 'console';
}

/** True if a block only prints, and does nothing about the failure. */
function isSilent(context: Context, statements: readonly AnyNode[]): boolean {
  return statements.every((statement) => {
    if (statement.type === 'EmptyStatement') return true;
    if (statement.type === 'ReturnStatement') return statement.argument == null;
    return statement.type === 'ExpressionStatement' && isSilentExpression(context, statement.expression);
  });
}

/** Names the change of rights that a call makes, for the message. */
function nameGuardedWrite(context: Context, node: CallNode): string | undefined {
  const use = context.sdkByNode.get(node);
  if (use === undefined) return removesMembers(context, node) ? context.tree.textOf(node.callee) : undefined;
  const request = requestOf(context, node)?.request;
  const [verb = '', path = ''] = (request ?? '').split(' ');
  if (!GUARDED.some((prefix) => path.startsWith(prefix))) return undefined;
  const takesAway = verb === 'DELETE' || (verb === 'PATCH' && context.tree.textOf(node).includes('blocked'));
  return takesAway ? use.path : undefined;
}

function findDenial(context: Context, node: AnyNode): AnyNode | undefined {
  return context.apiUses.find((use) => isDenial(use.path) && context.tree.isWithin(use.node, node))?.node;
}

/** True if every path after the statement is refused: an unconditional denial follows. */
function isRefusedAfter({ tree, apiByNode }: Context, node: AnyNode): boolean {
  return statementsAfter(tree, node).some((statement) => {
    const expression =
      statement.type === 'ExpressionStatement'
        ? statement.expression
        : statement.type === 'ReturnStatement'
          ? statement.argument
          : undefined;
    return expression != null && isDenial(apiByNode.get(expression)?.path ?? '');
  });
}

type Try = Extract<AnyNode, { type: 'TryStatement' }>;

/** Checks for `catch { return; }` between a request and the denial that should follow it. */
function checkLeft(context: Context, node: Try): Report | undefined {
  if (node.handler == null || !isRefusedAfter(context, node)) return undefined;
  const exit = node.handler.body.body.find((statement) => statement.type === 'ReturnStatement');
  const request = context.tree
    .within(node.block)
    .find((inner) => inner.type === 'AwaitExpression' && isRequest(context, inner));
  if (exit === undefined || request === undefined) return undefined;
  return {
    id: 'fails-open',
    node: node.handler,
    message: `If line ${request.loc?.start.line} fails, this catch leaves before the denial after it: the person gets in.`,
    fix: "catch (error) {\n  console.log('Failed:', error.message);\n  // no return: the denial below has to be reached\n}",
  };
}

/** Checks for a denial in a `try` that depends on a request in the same `try`, where `catch` lets everybody through. */
function checkOpen(context: Context, node: Try): Report | undefined {
  const { tree, flow } = context;
  const denial = findDenial(context, node.block);
  if (denial === undefined || node.handler == null || isRefusedAfter(context, node)) return undefined;
  const request = tree
    .within(node.block)
    .find((inner) => inner.type === 'AwaitExpression' && inner.start < denial.start && isRequest(context, inner));
  const isConditional = flow.conditionsOf(denial).some((condition) => tree.isWithin(condition, node.block));
  if (request === undefined || !isConditional) return undefined;
  return {
    id: 'fails-open',
    node: node.handler,
    message: `If line ${request.loc?.start.line} fails, this catch lets the person in.`,
    fix: `catch (error) {\n  console.log('The check failed:', error.message);\n  return ${tree.textOf(denial)};\n}`,
  };
}

function isRequest(context: Context, node: Extract<AnyNode, { type: 'AwaitExpression' }>): boolean {
  const { argument } = node;
  if (argument.type !== 'CallExpression') return false;
  if (context.values.of(argument.callee)?.kind === 'function') return true;
  return context.sdkByNode.has(argument) || findHttpClient(context, argument) !== undefined;
}

function toSwallowed(node: AnyNode, name: string): Report {
  return {
    id: 'swallowed-failure',
    node,
    message: `If ${name} fails, this catch only prints it.`,
    fix: "catch (error) {\n  console.log('Failed:', error.message);\n  throw error; // or api.access.deny(…) and return: the login must not go on as if it had worked\n}",
  };
}

function checkTry(context: Context, node: Try): Report | undefined {
  if (node.handler == null || !isSilent(context, node.handler.body.body)) return undefined;
  const open = checkOpen(context, node) ?? checkLeft(context, node);
  if (open !== undefined) return open;
  // A return reacts to the failure; checkLeft judges whether it skips a denial.
  if (node.handler.body.body.some((statement) => statement.type === 'ReturnStatement')) return undefined;
  for (const inner of context.tree.within(node.block)) {
    const name = inner.type === 'CallExpression' ? nameGuardedWrite(context, inner) : undefined;
    if (name !== undefined) return toSwallowed(node.handler, name);
  }
  return undefined;
}

/** Checks `.catch(() => {})` and `.catch(console.error)`. */
function checkCatchCall(context: Context, node: CallNode): Report | undefined {
  const { callee } = node;
  if (callee.type !== 'MemberExpression' || findKey(callee.property, callee.computed) !== 'catch') return undefined;
  const name = context.tree
    .within(callee.object)
    .map((inner) => (inner.type === 'CallExpression' ? nameGuardedWrite(context, inner) : undefined))
    .find((found) => found !== undefined);
  const [first] = node.arguments;
  if (name === undefined || first === undefined) return undefined;
  const value = context.values.of(first);
  if (value?.kind === 'global') return pathOf(value).startsWith('console.') ? toSwallowed(node, name) : undefined;
  if (value?.kind !== 'function') return undefined;
  const { body } = value.node;
  const silent = body.type === 'BlockStatement' ? isSilent(context, body.body) : isSilentExpression(context, body);
  return silent ? toSwallowed(node, name) : undefined;
}

/** Yields the findings swallowed-failure and fails-open. */
export function* checkFailures(context: Context): Iterable<Report> {
  for (const node of context.tree.ofType('TryStatement')) {
    const report = checkTry(context, node);
    if (report !== undefined) yield report;
  }
  for (const node of context.tree.ofType('CallExpression')) {
    const report = checkCatchCall(context, node);
    if (report !== undefined) yield report;
  }
}
