/**
 * Finds a clean-up that removes too much: it denies a person and removes the member without checking that this login
 * created the membership. Auth0 does not say whether it did; the best sign is a first login without an invitation.
 */
import type { AnyNode } from 'acorn';
import type { Context, Report } from '../context.js';
import { removesMembers, requestOf } from '../effects.js';
import { makesRequest } from '../sdk-names.js';
import { pathOf } from '../values.js';

interface Asked {
  invited: boolean;
  longStanding: boolean;
}

/** Metadata counts only if its name suggests how a person became a member. */
const ABOUT_MEMBERSHIP = /member|organi[sz]ation|\borg|invit|join/i;

function askEvent(path: string, asked: Asked): void {
  if (path.startsWith('organization.membership')) {
    asked.invited = true;
    asked.longStanding = true;
  }
  if (path.startsWith('request.query.invitation')) asked.invited = true;
  if (path === 'stats.logins_count' || path === 'user.created_at' || path.startsWith('authorization.roles')) {
    asked.longStanding = true;
  }
  if (path.startsWith('user.app_metadata.') && ABOUT_MEMBERSHIP.test(path.slice('user.app_metadata.'.length))) {
    asked.longStanding = true;
  }
}

function askRequest(context: Context, node: AnyNode, asked: Asked): void {
  const call = requestOf(context, node);
  if (call === undefined) return;
  if (makesRequest(call, 'GET /logs')) {
    // The log line organization_member_added has a reason, which says whether a person became a member automatically.
    asked.invited = true;
    asked.longStanding = true;
  }
  if (makesRequest(call, 'GET /organizations/{}/invitations')) asked.invited = true;
  if (makesRequest(call, 'GET /organizations/{}/members/{}/roles')) asked.longStanding = true;
}

function findAskedBy(context: Context, condition: AnyNode): Asked {
  const asked: Asked = { invited: false, longStanding: false };
  for (const inner of context.flow.evidenceOf(condition)) {
    if (inner.type === 'CallExpression') askRequest(context, inner, asked);
    else if (inner.type === 'MemberExpression' || inner.type === 'Identifier') {
      const value = context.values.of(inner);
      if (value?.kind === 'event') askEvent(pathOf(value), asked);
    }
  }
  return asked;
}

/** Finds the checks that the code makes before `node`. */
function findAsked(context: Context, node: AnyNode, known: Map<AnyNode, Asked>): Asked {
  const all = context.flow.conditionsOf(node).map((condition) => {
    const asked = known.get(condition) ?? findAskedBy(context, condition);
    known.set(condition, asked);
    return asked;
  });
  return { invited: all.some(({ invited }) => invited), longStanding: all.some(({ longStanding }) => longStanding) };
}

const GUARD = [
  '// Vestibule says whether the membership was there before this login (and writes none for whom an Action denies).',
  '// Auth0 does not say it: a first login without an invitation is the nearest that it tells.',
  'const membership = event.organization?.membership;',
  'const isMadeByThisLogin = membership',
  "  ? !membership.exists && membership.via === 'auto'",
  '  : event.stats.logins_count === 1 && !event.request.query?.invitation;',
  'if (event.organization && isMadeByThisLogin) {',
  '  // remove the member here',
  '}',
].join('\n');

/** Yields the finding naive-clean-up. */
export function* checkCleanUp(context: Context): Iterable<Report> {
  if (context.trigger !== undefined && context.trigger.id !== 'post-login') return;
  const known = new Map<AnyNode, Asked>();
  for (const node of context.tree.ofType('CallExpression')) {
    if (!removesMembers(context, node)) continue;
    const asked = findAsked(context, node, known);
    const missed = [
      ...(asked.invited ? [] : ['somebody who was invited']),
      ...(asked.longStanding ? [] : ['a long-standing member']),
    ];
    if (missed.length === 0) continue;
    yield {
      id: 'naive-clean-up',
      node,
      message: `This removes ${missed.join(' or ')} just as a stranger whom auto-membership has let in.`,
      fix: GUARD,
    };
  }
}
