/** Finds requests to the Management API in every login. */
import type { Context, Report } from '../context.js';
import { isFunction } from '../tree.js';

/**
 * Yields the finding management-call-each-login for the first unconditional call, in code that stores nothing in the
 * cache.
 */
export function* checkCosts(context: Context): Iterable<Report> {
  const { tree, values, flow, trigger, apiUses, handlers } = context;
  if (trigger?.id !== 'post-login' || apiUses.some((use) => use.path === 'cache.get')) return;
  const first = context.sdkUses.find((use) => {
    const isReached = [...tree.ancestors(use.node)].some(
      (node) =>
        isFunction(node) && (handlers.get(node)?.name === 'onExecutePostLogin' || values.callsOf(node).length > 0),
    );
    return isReached && use.client === 'ManagementClient' && flow.conditionsOf(use.node).length === 0;
  });
  if (first === undefined) return;
  yield {
    id: 'management-call-each-login',
    node: first.node,
    message: `Every login calls ${first.path}.`,
    fix: "const cached = api.cache.get('key');\nif (!cached) {\n  // ask, then keep it for a while\n  api.cache.set('key', JSON.stringify(answer), { ttl: 15 * 60 * 1000 });\n}",
  };
}
