/**
 * Finds unchecked assumptions about the person and the login: that there is an organization, that groups are complete,
 * that the address is theirs.
 */
import type { AnyNode } from 'acorn';
import type { Context, Report } from '../context.js';
import { requestOf } from '../effects.js';
import { pathOf } from '../values.js';

const OPTIONAL_ORGANIZATION = new Set(['post-login', 'credentials-exchange']);

/** True if the code tests the node for truthiness, or compares it. */
function isAsked({ tree, values }: Context, node: AnyNode): boolean {
  const parent = tree.findParent(node);
  switch (parent?.type) {
    case 'IfStatement':
    case 'ConditionalExpression':
    case 'WhileStatement':
      return parent.test === node;
    case 'LogicalExpression':
      return true;
    case 'UnaryExpression':
      return parent.operator === '!' || parent.operator === 'typeof';
    case 'BinaryExpression':
      return true;
    case 'CallExpression':
      // True for Boolean(event.organization), or for a function that may check it.
      return parent.callee !== node;
    case 'MemberExpression': {
      const value = values.of(parent);
      return (
        parent.object === node &&
        (parent.optional || (value?.kind === 'event' && isAsked({ tree, values } as Context, parent)))
      );
    }
    case 'ChainExpression':
      return true;
    default:
      return false;
  }
}

/** Yields the finding organization-unchecked for the first read, if no code checks that there is an organization. */
function* checkOrganization(context: Context): Iterable<Report> {
  const { tree, values, trigger } = context;
  if (trigger === undefined || !OPTIONAL_ORGANIZATION.has(trigger.id)) return;
  const isOrganization = (node: AnyNode): boolean => {
    if (node.type !== 'MemberExpression' && node.type !== 'Identifier') return false;
    const value = values.of(node);
    return value?.kind === 'event' && pathOf(value) === 'organization';
  };
  const mentions = tree.nodes.filter(isOrganization);
  const isChecked = mentions.some((node) => {
    const parent = tree.findParent(node);
    if (parent?.type !== 'MemberExpression' || parent.object !== node) return isAsked(context, node);
    // `event.organization.id === 'org_1'` reads the property; `event.organization?.id` checks first.
    return parent.optional;
  });
  if (isChecked) return;
  const reads = mentions.filter((node) => {
    const parent = tree.findParent(node);
    if (parent?.type === 'MemberExpression') return parent.object === node;
    return parent?.type === 'VariableDeclarator' && parent.id.type === 'ObjectPattern' && parent.init === node;
  });
  const [first] = [...reads].sort((a, b) => a.start - b.start);
  if (first === undefined) return;
  yield {
    id: 'organization-unchecked',
    node: first,
    message: 'event.organization is read without asking whether there is one.',
    fix: 'if (!event.organization) return; // or deny, if nobody may come in without one',
  };
}

/**
 * Yields the finding groups-of-any-company for the first read of groups, if no code checks the connection or the
 * organization.
 */
function* checkGroups({ tree, values, trigger, source }: Context): Iterable<Report> {
  if (trigger?.id !== 'post-login' || !source.code.includes('groups')) return;
  const reads = (path: string) =>
    tree.nodes.filter((node) => {
      if (node.type !== 'MemberExpression') return false;
      const value = values.of(node);
      return value?.kind === 'event' && pathOf(value) === path;
    });
  if (reads('connection').length > 0 || reads('organization').length > 0) return;
  const [first] = reads('user.groups').sort((a, b) => a.start - b.start);
  if (first === undefined) return;
  yield {
    id: 'groups-of-any-company',
    node: first,
    message: 'Groups decide, and nothing asks which company says so.',
    fix: "if (event.connection.name !== 'acme-oidc') return; // groups are the word of this connection's provider alone",
  };
}

/** Effects that grant or refuse access. */
const DECISIONS = new Set([
  'access.deny',
  'accessToken.addScope',
  'admission.allow',
  'admission.deny',
  'authentication.setPrimaryUser',
  'user.setAppMetadata',
]);

const GRANTS = ['/roles', '/identities', '/members', '/permissions', '/users'];

function isGrant(context: Context, node: AnyNode): boolean {
  const [verb, path = ''] = (requestOf(context, node)?.request ?? '').split(' ');
  return verb === 'POST' && GRANTS.some((end) => path.endsWith(end));
}

function isEmail({ values }: Context, node: AnyNode): boolean {
  if (node.type !== 'MemberExpression' && node.type !== 'Identifier') return false;
  const value = values.of(node);
  return value?.kind === 'event' && pathOf(value) === 'user.email';
}

/** True if a condition compares the address; testing whether there is one is not enough. */
function comparesEmail({ tree }: Context, node: AnyNode): boolean {
  const parent = tree.findParent(node);
  if (parent?.type === 'LogicalExpression' && parent.right !== node) return false;
  const asksOnly = ['IfStatement', 'UnaryExpression', 'ConditionalExpression', 'LogicalExpression'];
  return parent !== undefined && !asksOnly.includes(parent.type);
}

function mentionsVerified({ tree, source }: Context): boolean {
  if (!source.code.includes('email_verified')) return false;
  return tree.nodes.some((node) => {
    if (node.type === 'MemberExpression') return tree.textOf(node.property).includes('email_verified');
    if (node.type === 'Property') return tree.textOf(node.key).includes('email_verified');
    return node.type === 'Literal' && typeof node.value === 'string' && node.value.includes('email_verified');
  });
}

/** True if everybody is denied except a list of addresses. Denying a list trusts no address. */
function isAllowList({ tree }: Context, condition: AnyNode, denial: AnyNode): boolean {
  const parent = tree.findParent(condition);
  if (parent?.type !== 'IfStatement') return false;
  const isNegated = tree.within(condition).some((node) => {
    if (node.type === 'UnaryExpression' && node.operator === '!') return node.argument.type !== 'MemberExpression';
    return node.type === 'BinaryExpression' && (node.operator === '!==' || node.operator === '!=');
  });
  return isNegated || !tree.isWithin(denial, parent.consequent);
}

/**
 * Yields the finding unverified-email for a right that depends on the address, in code that never checks whether the
 * address is verified.
 */
function* checkEmail(context: Context): Iterable<Report> {
  const { flow, trigger } = context;
  if (trigger?.id !== 'post-login' || mentionsVerified(context)) return;
  const denials = context.apiUses.filter((use) => DECISIONS.has(use.path));
  const grants = context.sdkUses.filter((use) => isGrant(context, use.node));
  const emails = new Map<AnyNode, AnyNode | undefined>();
  const findEmail = (condition: AnyNode): AnyNode | undefined => {
    if (!emails.has(condition)) {
      const evidence = [...flow.evidenceOf(condition)];
      emails.set(
        condition,
        evidence.find((inner) => isEmail(context, inner) && comparesEmail(context, inner)),
      );
    }
    return emails.get(condition);
  };
  for (const { node, path } of [...denials, ...grants]) {
    for (const condition of flow.conditionsOf(node)) {
      const email = findEmail(condition);
      if (email === undefined) continue;
      if (path.endsWith('.deny') && !isAllowList(context, condition, node)) continue;
      yield {
        id: 'unverified-email',
        node: email,
        message: `${path} in line ${node.loc?.start.line} depends on an address that may not be the person's own.`,
        fix: "if (!event.user.email_verified) {\n  return api.access.deny('Please verify your e-mail address first.');\n}",
      };
      return;
    }
  }
}

/** Yields the findings organization-unchecked, groups-of-any-company and unverified-email. */
export function* checkEvent(context: Context): Iterable<Report> {
  yield* checkOrganization(context);
  yield* checkGroups(context);
  yield* checkEmail(context);
}
