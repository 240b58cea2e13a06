/**
 * Finds the exports of an Action: the functions that a trigger calls. Every form counts (`exports.x = …`,
 * `module.exports = { x }`, a function wrapped by another).
 */
import type { AnyNode } from 'acorn';
import { type AnyFunction, findKey, type Tree } from './tree.js';
import { pathOf, type Values } from './values.js';

export interface Exported {
  readonly name: string;
  readonly node: AnyNode;
  /** The exported function itself, if the code shows it directly. */
  readonly fn?: AnyFunction;
}

export interface Exports {
  readonly exported: readonly Exported[];
  /** True when the code may export more than it shows directly (`module.exports = build()`). */
  readonly isOpen: boolean;
  /** The statement `module.exports = function`, which Auth0 never calls. */
  readonly bare?: AnyNode;
}

/** Returns the function that `node` is, or that it wraps (`withLog(async (event, api) => …)`). */
function findHandlerFunction(node: AnyNode, values: Values): AnyFunction | undefined {
  const value = values.of(node);
  if (value?.kind === 'function') return value.node;
  if (node.type !== 'CallExpression') return undefined;
  const inner = node.arguments
    .map((argument) => values.of(argument))
    .filter((argument) => argument?.kind === 'function');
  return inner.length === 1 ? inner[0]?.node : undefined;
}

function toExported(name: string, node: AnyNode, source: AnyNode, values: Values): Exported {
  const fn = findHandlerFunction(source, values);
  return { name, node, ...(fn === undefined ? {} : { fn }) };
}

function fromObject(object: Extract<AnyNode, { type: 'ObjectExpression' }>, values: Values): Exports {
  const exported: Exported[] = [];
  let isOpen = false;
  for (const property of object.properties) {
    const name = property.type === 'Property' ? findKey(property.key, property.computed) : undefined;
    if (property.type === 'Property' && name !== undefined) {
      exported.push(toExported(name, property, property.value, values));
    } else isOpen = true;
  }
  return { exported, isOpen };
}

/** Finds all exports of the module. */
export function findExports(tree: Tree, values: Values): Exports {
  const exported: Exported[] = [];
  let isOpen = false;
  let bare: AnyNode | undefined;
  for (const node of tree.ofType('AssignmentExpression')) {
    const target = node.left.type === 'MemberExpression' ? values.of(node.left) : undefined;
    if (target?.kind !== 'exports') continue;
    const name = pathOf(target);
    if (name !== '') {
      if (!name.includes('.')) exported.push(toExported(name, node, node.right, values));
      continue;
    }
    const value = values.of(node.right);
    if (value?.kind === 'object') {
      const inner = fromObject(value.node, values);
      exported.push(...inner.exported);
      isOpen ||= inner.isOpen;
    } else if (value?.kind === 'function') bare = node;
    else if (value?.kind !== 'exports') isOpen = true;
  }
  for (const call of tree.ofType('CallExpression')) {
    // A function that receives the exports may add some: Object.assign(exports, …), Object.defineProperty(exports, …).
    if (call.arguments.some((argument) => values.of(argument)?.kind === 'exports')) isOpen = true;
  }
  for (const member of tree.ofType('MemberExpression')) {
    const isWritten = tree.findParent(member)?.type === 'AssignmentExpression';
    if (isWritten && member.computed && findKey(member.property, true) === undefined) {
      if (values.of(member.object)?.kind === 'exports') isOpen = true;
    }
  }
  return { exported, isOpen, ...(bare === undefined ? {} : { bare }) };
}
