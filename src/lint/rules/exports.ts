/** Checks that the trigger finds the function that it calls. */

import { findNearest } from '../../kernel/similar-names.js';
import type { Context, Report } from '../context.js';
import { findTriggerOfHandler, TRIGGERS } from '../triggers.js';

const HANDLER_NAMES = TRIGGERS.flatMap(({ handlers }) => handlers.map(({ name }) => name));

function toSkeleton(name: string): string {
  return `exports.${name} = async (event, api) => {\n  // …\n};`;
}

/** Yields the findings nothing-exported and wrong-handler. */
export function* checkExports({ source, exports, trigger, tree }: Context): Iterable<Report> {
  if (exports.isOpen) return;
  const expected = trigger?.handlers[0]?.name;
  const names = exports.exported.map(({ name }) => name);
  if (exports.bare !== undefined && names.length === 0) {
    yield {
      id: 'wrong-handler',
      node: exports.bare,
      message: `The function is the module itself, but ${expected ?? 'a handler such as onExecutePostLogin'} must be a property of exports.`,
      fix: toSkeleton(expected ?? 'onExecutePostLogin'),
    };
    return;
  }
  const first = exports.exported[0];
  if (first === undefined) {
    yield {
      id: 'nothing-exported',
      node: tree.program,
      message: `The Action exports nothing${expected === undefined ? '' : `; ${trigger?.id} calls ${expected}`}.`,
      fix: toSkeleton(expected ?? 'onExecutePostLogin'),
    };
    return;
  }
  if (expected !== undefined && !names.includes(expected)) {
    // Reports the handler of another trigger if there is one, else the first export.
    const foreign = exports.exported.find(({ name }) => findTriggerOfHandler(name) !== undefined) ?? first;
    yield {
      id: 'wrong-handler',
      node: foreign.node,
      message: `${trigger?.id} calls ${expected}, but the Action exports ${names.join(', ')}.`,
      fix: toSkeleton(expected),
    };
    return;
  }
  if (expected !== undefined || source.trigger !== undefined) return;
  for (const { name, node } of exports.exported) {
    const nearest = findNearest(name, HANDLER_NAMES);
    if (nearest === undefined || nearest === name) continue;
    yield {
      id: 'wrong-handler',
      node,
      message: `No trigger calls ${name}; ${findTriggerOfHandler(nearest)?.id} calls ${nearest}.`,
      fix: toSkeleton(nearest),
    };
  }
}
