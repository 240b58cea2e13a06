/** Finds loops that read every member of an organization, or every user of a role or the tenant, during a login. */
import type { AnyNode } from 'acorn';
import type { Context, Report } from '../context.js';
import { requestOf } from '../effects.js';
import { isLoop } from '../flow.js';
import type { Major } from '../sdk/sdk-major.js';
import { makesRequest } from '../sdk-names.js';

const LISTS = ['GET /organizations/{}/members', 'GET /roles/{}/users', 'GET /users', 'GET /organizations'];
const COMPARISONS = new Set(['<', '<=', '>', '>=']);

/** True for a limit that ends the loop whatever the answers are: `page < 20`, `seen.size >= MAX`. */
function hasCap({ tree }: Context, loop: AnyNode): boolean {
  const counted = new Set<string>();
  for (const node of tree.within(loop)) {
    if (node.type === 'UpdateExpression' && node.argument.type === 'Identifier') counted.add(node.argument.name);
    if (node.type === 'AssignmentExpression' && node.operator === '+=' && node.left.type === 'Identifier') {
      counted.add(node.left.name);
    }
  }
  return tree.within(loop).some((node) => {
    if (node.type !== 'BinaryExpression' || !COMPARISONS.has(node.operator)) return false;
    return [node.left, node.right].some(
      (side) => (side.type === 'Identifier' && counted.has(side.name)) || isClock(tree.textOf(side)),
    );
  });
}

/** Longest text that is searched for a clock, since the search is repeated for each enclosing loop. */
const MAX_CLOCK = 500;

function isClock(text: string): boolean {
  if (text.length > MAX_CLOCK) return false;
  return text.includes('Date.now()') || text.includes('performance.now()');
}

/** True if the body can end the loop, as a `for await` over a list does after it has found an element. */
function canStop({ tree }: Context, loop: AnyNode): boolean {
  return tree
    .withinSameFunction(loop)
    .some(
      (node) => node.type === 'BreakStatement' || node.type === 'ReturnStatement' || node.type === 'ThrowStatement',
    );
}

function toFix(major: Major): string {
  const call =
    major >= 5
      ? 'const page = await management.users.organizations.list(event.user.user_id);\nconst isMember = page.data.some(({ id }) => id === event.organization.id);'
      : 'const { data } = await management.users.getUserOrganizations({ id: event.user.user_id });\nconst isMember = data.some(({ id }) => id === event.organization.id);';
  return `// Ask about the one person, or give the loop a last page (for (let page = 0; page < 10; page += 1)):\n${call}`;
}

/** Returns the nodes of `outer` and of the functions in the file that it calls. */
function withCalled({ tree, values }: Context, outer: AnyNode): readonly AnyNode[] {
  return tree.within(outer).flatMap((node) => {
    const callee = node.type === 'CallExpression' ? values.of(node.callee) : undefined;
    return callee?.kind === 'function' ? [node, ...tree.within(callee.node)] : [node];
  });
}

/** Returns the expression of the list in a `for await`, and the expressions assigned to names in it. */
function sourcesOf({ tree }: Context, list: AnyNode): readonly AnyNode[] {
  const names = tree.within(list).filter((node) => node.type === 'Identifier');
  return [list, ...names.flatMap((name) => tree.findBinding(name)?.writes.map(({ source }) => source) ?? [])];
}

/** Yields the finding unbounded-paging. */
export function* checkLoops(context: Context): Iterable<Report> {
  for (const loop of context.tree.nodes) {
    if (!isLoop(loop) || hasCap(context, loop)) continue;
    const isOverPages = loop.type === 'ForOfStatement';
    // A loop `for (const … of list)` ends with its list, unless that is the SDK's page, which fetches further pages.
    if (isOverPages && (!loop.await || canStop(context, loop))) continue;
    const regions = isOverPages ? sourcesOf(context, loop.right) : [loop];
    const list = regions
      .flatMap((region) => withCalled(context, region))
      .find((node) => {
        const call = requestOf(context, node);
        return call !== undefined && LISTS.some((request) => makesRequest(call, request));
      });
    if (list === undefined) continue;
    const path = context.sdkByNode.get(list)?.path ?? '';
    yield {
      id: 'unbounded-paging',
      node: loop,
      message: `The loop calls ${path} until there is nothing left, however long that takes.`,
      fix: toFix(context.major),
    };
  }
}
