/** Finds code that continues where its author expected it to stop: after a denial, in a loop, after a redirect. */
import type { AnyNode } from 'acorn';
import type { ApiUse, Context, Report } from '../context.js';
import { effectsIn, isDenial } from '../effects.js';
import { isExit, isLoop, statementOf, statementsAfter } from '../flow.js';
import { isFunction, type Tree } from '../tree.js';

/** Array methods that call a function for every element. */
const EACH = new Set(['forEach', 'map', 'filter', 'some', 'every', 'reduce', 'flatMap']);

/** Returns names assigned in the statements beside the denial: `denied = true`. */
function flagsBeside(tree: Tree, node: AnyNode): ReadonlySet<string> {
  const block = tree.findParent(statementOf(tree, node));
  const statements = block?.type === 'BlockStatement' ? block.body : [];
  const names = statements.flatMap((statement) => {
    const expression = statement.type === 'ExpressionStatement' ? statement.expression : undefined;
    return expression?.type === 'AssignmentExpression' && expression.left.type === 'Identifier'
      ? [expression.left.name]
      : [];
  });
  return new Set(names);
}

function without(text: string, mark: string): string {
  const inner = text.startsWith(mark) ? text.slice(mark.length).trim() : text;
  return inner.startsWith('(') && inner.endsWith(')') ? inner.slice(1, -1) : inner;
}

/**
 * True if `effect` runs only where the denial does not: under the opposite condition, or under a flag set beside it.
 */
function isExclusive({ tree, flow }: Context, denial: AnyNode, effect: AnyNode): boolean {
  const flags = flagsBeside(tree, denial);
  const home = tree.findFunction(denial);
  const denying = flow.conditionsOf(denial).map((condition) => tree.textOf(condition));
  return flow
    .conditionsOf(effect)
    .filter((condition) => tree.findFunction(condition) === home)
    .some((condition) => {
      if (tree.within(condition).some((node) => node.type === 'Identifier' && flags.has(node.name))) return true;
      const text = tree.textOf(condition);
      return denying.some(
        (other) =>
          (text.startsWith('!') && without(text, '!') === without(other, '')) ||
          (other.startsWith('!') && without(other, '!') === without(text, '')),
      );
    });
}

/** Finds the first effect after `node` for which `isFine` is false. */
function findEffectAfter(
  context: Context,
  node: AnyNode,
  isFine: (name: string) => boolean,
): { readonly name: string; readonly line: number } | undefined {
  const { tree } = context;
  for (const statement of statementsAfter(tree, node)) {
    for (const effect of effectsIn(context, statement)) {
      if (isFine(effect.name) || isExclusive(context, node, effect.node)) continue;
      return { name: effect.name, line: effect.node.loc?.start.line ?? 0 };
    }
  }
  return undefined;
}

/** Finds the loop around `node` that a denial does not leave: a statement, or a function called for every element. */
function findLoop(tree: Tree, node: AnyNode): AnyNode | undefined {
  let at = statementOf(tree, node);
  if (at.type === 'ReturnStatement' && !isInEach(tree, node)) return undefined;
  for (const parent of tree.ancestors(at)) {
    if (isFunction(parent)) return isInEach(tree, node) ? parent : undefined;
    const siblings: readonly AnyNode[] =
      parent.type === 'BlockStatement' ? parent.body : parent.type === 'SwitchCase' ? parent.consequent : [];
    const after = siblings.slice(siblings.indexOf(at) + 1);
    if (after.some((sibling) => isExit(sibling) && sibling.type !== 'ContinueStatement')) {
      return isInEach(tree, node) ? parent : undefined;
    }
    if (isLoop(parent)) return parent;
    at = parent;
  }
  return undefined;
}

function isInEach(tree: Tree, node: AnyNode): boolean {
  const home = tree.findFunction(node);
  const call = home === undefined ? undefined : tree.findParent(home);
  return (
    call?.type === 'CallExpression' &&
    call.callee.type === 'MemberExpression' &&
    call.callee.property.type === 'Identifier' &&
    EACH.has(call.callee.property.name)
  );
}

function checkDenial(context: Context, use: ApiUse): Report | undefined {
  const { tree } = context;
  if (findLoop(tree, use.node) !== undefined) {
    return {
      id: 'deny-in-loop',
      node: use.node,
      message: `api.${use.path} is called in a loop that goes on.`,
      fix: `const isDenied = list.some((item) => /* the condition */);\nif (isDenied) {\n  return ${tree.textOf(use.node)};\n}`,
    };
  }
  // A second denial after the first does no harm.
  const effect = findEffectAfter(context, use.node, (name) => isDenial(name.slice('api.'.length)));
  if (effect === undefined) return undefined;
  return {
    id: 'deny-without-return',
    node: use.node,
    message: `The code goes on after api.${use.path}: line ${effect.line} still calls ${effect.name}.`,
    fix: `return ${tree.textOf(use.node)};`,
  };
}

/** Yields the findings deny-without-return, deny-in-loop and code-after-redirect. */
export function* checkDenials(context: Context): Iterable<Report> {
  for (const use of context.apiUses) {
    if (isDenial(use.path)) {
      const report = checkDenial(context, use);
      if (report !== undefined) yield report;
    } else if (use.path === 'redirect.sendUserTo') {
      const effect = findEffectAfter(context, use.node, () => false);
      if (effect === undefined) continue;
      yield {
        id: 'code-after-redirect',
        node: use.node,
        message: `The code goes on after api.redirect.sendUserTo: line ${effect.line} calls ${effect.name} before the person has been there.`,
        fix: `return ${context.tree.textOf(use.node)};\n// and in exports.onContinuePostLogin what is to happen afterwards`,
      };
    }
  }
}
