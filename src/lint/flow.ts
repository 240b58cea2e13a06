/**
 * Finds the statements that run after a statement, and the conditions under which it runs. Works within one function
 * and follows its callers in the file; knows nothing of Actions.
 */
import type { AnyNode } from 'acorn';
import { type AnyFunction, isFunction, type Tree } from './tree.js';
import type { Values } from './values.js';

/** Limits far above any real Action, so that hostile code takes less than a second. */
const MAX_CALLERS = 50;
const MAX_CONDITIONS = 500;
const MAX_EVIDENCE = 2000;
const MAX_STATEMENTS = 300;

function bodyOf(node: AnyNode): readonly AnyNode[] | undefined {
  if (node.type === 'BlockStatement' || node.type === 'Program' || node.type === 'StaticBlock') return node.body;
  return node.type === 'SwitchCase' ? node.consequent : undefined;
}

/** True for a statement after which no later statement of its block runs. */
export function isExit(node: AnyNode | null | undefined): boolean {
  if (node == null) return false;
  switch (node.type) {
    case 'ReturnStatement':
    case 'ThrowStatement':
    case 'ContinueStatement':
    case 'BreakStatement':
      return true;
    case 'BlockStatement':
      return node.body.some((statement) => isExit(statement));
    case 'IfStatement':
      return isExit(node.consequent) && isExit(node.alternate);
    case 'TryStatement':
      return isExit(node.finalizer) || (isExit(node.block) && (node.handler == null || isExit(node.handler.body)));
    default:
      return false;
  }
}

const LOOPS = new Set(['ForStatement', 'ForInStatement', 'ForOfStatement', 'WhileStatement', 'DoWhileStatement']);

/** True for each of the five kinds of loop. */
export function isLoop(node: AnyNode): boolean {
  return LOOPS.has(node.type);
}

/** Returns the statement that contains `node`. */
export function statementOf(tree: Tree, node: AnyNode): AnyNode {
  let at = node;
  for (const ancestor of tree.ancestors(node)) {
    if (bodyOf(ancestor)?.includes(at) === true) return at;
    if (ancestor.type === 'IfStatement' && ancestor.test !== at) return at;
    if (isLoop(ancestor) || isFunction(ancestor)) return at;
    at = ancestor;
  }
  return at;
}

/**
 * Lists statements of the same function that may run after the one containing `node`, up to the next exit; the nearest
 * 300.
 */
export function statementsAfter(tree: Tree, node: AnyNode): readonly AnyNode[] {
  const after: AnyNode[] = [];
  let at = statementOf(tree, node);
  let isSkipping: 'loop' | 'breakable' | undefined;
  if (at.type === 'ReturnStatement' || at.type === 'ThrowStatement') return after;
  for (const parent of tree.ancestors(at)) {
    if (isFunction(parent)) break;
    if (isSkipping !== undefined) {
      if (isLoop(parent) || (isSkipping === 'breakable' && parent.type === 'SwitchStatement')) isSkipping = undefined;
      at = parent;
      continue;
    }
    const siblings = bodyOf(parent) ?? [];
    const next = siblings.indexOf(at) + 1;
    // Without this limit, each of a thousand consecutive blocks would be visited a thousand times.
    const room = MAX_STATEMENTS - after.length;
    for (const sibling of siblings.slice(next, next + room)) {
      after.push(sibling);
      if (!isExit(sibling)) continue;
      if (sibling.type === 'BreakStatement') isSkipping = 'breakable';
      else if (sibling.type === 'ContinueStatement') isSkipping = 'loop';
      else return after;
      break;
    }
    if (parent.type === 'TryStatement' && parent.finalizer != null && parent.finalizer !== at)
      after.push(parent.finalizer);
    at = parent;
  }
  return after;
}

/**
 * Lists the conditions within one function that decide whether `node` runs: enclosing ones, and those of earlier exits.
 */
function localConditions(tree: Tree, node: AnyNode): readonly AnyNode[] {
  const conditions: AnyNode[] = [];
  let at = node;
  for (const parent of tree.ancestors(node)) {
    switch (parent.type) {
      case 'IfStatement':
      case 'ConditionalExpression':
      case 'WhileStatement':
        if (parent.test !== at) conditions.push(parent.test);
        break;
      case 'LogicalExpression':
        if (parent.right === at) conditions.push(parent.left);
        break;
      case 'SwitchCase':
        if (parent.test != null) conditions.push(parent.test);
        break;
      case 'SwitchStatement':
        if (parent.discriminant !== at) conditions.push(parent.discriminant);
        break;
      default:
    }
    const siblings = bodyOf(parent) ?? [];
    for (const sibling of siblings.slice(0, Math.max(0, siblings.indexOf(at)))) {
      // An earlier `if (…) return;` also decides whether `node` runs.
      if (sibling.type === 'IfStatement' && (isExit(sibling.consequent) || isExit(sibling.alternate))) {
        conditions.push(sibling.test);
      } else if (sibling.type === 'SwitchStatement') conditions.push(sibling.discriminant);
    }
    if (isFunction(parent)) break;
    at = parent;
  }
  return conditions;
}

/** True for a function written as an argument: it runs under the conditions of the call that receives it. */
function isCallback(tree: Tree, fn: AnyFunction): boolean {
  const parent = tree.findParent(fn);
  return parent?.type === 'CallExpression' && parent.callee !== fn;
}

export class Flow {
  private readonly ofFunctions = new Map<AnyFunction, readonly AnyNode[]>();
  private readonly evidence = new Map<AnyNode, ReadonlySet<AnyNode>>();

  constructor(
    private readonly tree: Tree,
    private readonly values: Values,
  ) {}

  /** Lists all conditions that decide whether `node` runs, including those of its function's callers in the file. */
  conditionsOf(node: AnyNode): readonly AnyNode[] {
    const home = this.tree.findFunction(node);
    const own = localConditions(this.tree, node);
    return home === undefined ? own : [...own, ...this.conditionsOfCalls(home)];
  }

  private conditionsOfCalls(fn: AnyFunction): readonly AnyNode[] {
    const known = this.ofFunctions.get(fn);
    if (known !== undefined) return known;
    // Ends the search for a recursive function, which adds only conditions that are collected anyway.
    this.ofFunctions.set(fn, []);
    const around = isCallback(this.tree, fn) ? this.conditionsOf(fn) : [];
    const conditions = new Set(around);
    for (const call of this.values.callsOf(fn).slice(0, MAX_CALLERS)) {
      for (const condition of this.conditionsOf(call)) conditions.add(condition);
    }
    const found = [...conditions].slice(0, MAX_CONDITIONS);
    this.ofFunctions.set(fn, found);
    return found;
  }

  /**
   * Collects everything that an expression depends on: its nodes, the values of its names, and the functions of the
   * file that it calls.
   */
  evidenceOf(node: AnyNode): ReadonlySet<AnyNode> {
    const known = this.evidence.get(node);
    if (known !== undefined) return known;
    const seen = new Set<AnyNode>();
    const roots = [node];
    for (let root = roots.pop(); root !== undefined && seen.size < MAX_EVIDENCE; root = roots.pop()) {
      if (seen.has(root)) continue;
      for (const inner of this.tree.within(root)) {
        if (seen.has(inner)) continue;
        seen.add(inner);
        if (inner.type === 'Identifier') {
          for (const write of this.tree.findBinding(inner)?.writes ?? []) roots.push(write.source);
        } else if (inner.type === 'CallExpression') {
          const callee = this.values.of(inner.callee);
          if (callee?.kind === 'function') roots.push(callee.node);
        }
      }
    }
    this.evidence.set(node, seen);
    return seen;
  }
}
