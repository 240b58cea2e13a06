/** Checks calls of `api`: whether the trigger has the method, and accepts these arguments. */

import { findNearest } from '../../kernel/similar-names.js';
import type { ApiUse, Context, Report } from '../context.js';
import { isFunction } from '../tree.js';
import { type Handler, TRIGGERS } from '../triggers.js';
import { pathOf } from '../values.js';

/**
 * Claims reserved by the token service: https://auth0.com/docs/secure/tokens/json-web-tokens/create-custom-claims
 * (restricted claims).
 */
const RESERVED = new Set(
  (
    'acr act active amr at_hash ath attest aud auth_time authorization_details azp c_hash client_id cnf cty dest ' +
    'entitlements events exp groups gty htm htu iat internalService iss jcard jku jti jwe jwk kid may_act mky nbf nonce ' +
    'object_id org_id org_name orig origid permissions roles rph s_hash sid sip_callid sip_cseq_num sip_date ' +
    'sip_from_tag sip_via_branch sub sub_jwk toe txn typ uuid vot vtm x5t#S256'
  ).split(' '),
);

/** Methods that only record an effect for the end of the Action, so that awaiting them does nothing. */
const NOTES = new Set([
  'access.deny',
  'accessToken.addScope',
  'accessToken.removeScope',
  'accessToken.setCustomClaim',
  'admission.allow',
  'admission.deny',
  'authentication.challengeWith',
  'authentication.challengeWithAny',
  'authentication.enrollWith',
  'authentication.enrollWithAny',
  'idToken.setCustomClaim',
  'multifactor.enable',
  'redirect.sendUserTo',
  'user.setAppMetadata',
  'user.setUserMetadata',
]);

function hasMethod(handler: Handler, path: string): boolean {
  const [resource = ''] = path.split('.');
  return handler.methods.some(
    (method) => method === path || method === `${resource}.*` || path.startsWith(`${method}.`),
  );
}

/** Lists the handlers that may be running at `use`: the enclosing one, else all of the trigger. */
function handlersAround({ tree, handlers, trigger }: Context, use: ApiUse): readonly Handler[] {
  for (const ancestor of tree.ancestors(use.node)) {
    if (!isFunction(ancestor) || !handlers.has(ancestor)) continue;
    const handler = handlers.get(ancestor);
    return handler === undefined ? [] : [handler];
  }
  return trigger?.handlers ?? [];
}

const ownMethods = new WeakMap<Context, ReadonlySet<string>>();

/** True if the code itself adds this method to `api` (`api.log = api.log || …`). */
function isOwnMethod(context: Context, path: string): boolean {
  const known = ownMethods.get(context) ?? findOwnMethods(context);
  ownMethods.set(context, known);
  return known.has(path);
}

function findOwnMethods({ tree, values }: Context): ReadonlySet<string> {
  const targets = tree
    .ofType('AssignmentExpression')
    .map(({ left }) => (left.type === 'MemberExpression' ? values.of(left) : undefined));
  return new Set(targets.filter((target) => target?.kind === 'api').map(pathOf));
}

function checkMethod(context: Context, use: ApiUse): Report | undefined {
  if (isOwnMethod(context, use.path)) return undefined;
  const around = handlersAround(context, use);
  if (around.length === 0 || around.some((handler) => hasMethod(handler, use.path))) return undefined;
  const name = around[0]?.name ?? '';
  const methods = around.flatMap((handler) => handler.methods);
  const others = TRIGGERS.flatMap(({ handlers }) => handlers.filter((handler) => hasMethod(handler, use.path)));
  const nearest = findNearest(use.path, methods);
  const [resource = ''] = use.path.split('.');
  const own = methods.filter((method) => method.startsWith(`${resource}.`));
  const fix =
    nearest !== undefined
      ? `api.${nearest}(…);`
      : resource === 'organization'
        ? 'An Action changes memberships through the Management API only: management.organizations.'
        : own.length > 0
          ? `api.${resource} has here: ${own.map((method) => method.slice(resource.length + 1)).join(', ')}.`
          : `${name} has: ${[...new Set(methods.map((method) => `api.${method.split('.')[0]}`))].join(', ')}.`;
  const where =
    others.length === 0 ? 'no trigger has it' : `it belongs to ${others.map((handler) => handler.name).join(', ')}`;
  return {
    id: 'unknown-api-method',
    node: use.node.callee,
    message: `${name} has no api.${use.path}: ${where}.`,
    fix,
  };
}

function checkClaim({ values }: Context, use: ApiUse): Report | undefined {
  if (!use.path.endsWith('.setCustomClaim')) return undefined;
  const [first] = use.node.arguments;
  const claim = values.findText(first);
  if (first === undefined || claim === undefined || !RESERVED.has(claim)) return undefined;
  const mine = claim === 'org_id' || claim === 'org_name';
  return {
    id: 'reserved-claim',
    node: first,
    message: `The claim ${claim} is reserved: an Action cannot set it.`,
    fix: mine
      ? `Leave it out: a login with an organization has ${claim} by itself. Any other name is yours: 'https://example.com/${claim}'.`
      : `api.${use.path}('https://example.com/${claim}', …);`,
  };
}

function checkAwait({ tree }: Context, use: ApiUse): Report | undefined {
  const parent = tree.findParent(use.node);
  if (parent?.type !== 'AwaitExpression' || !NOTES.has(use.path)) return undefined;
  return {
    id: 'await-nothing',
    node: parent,
    message: `api.${use.path} returns at once: there is nothing to await.`,
    fix: `${tree.textOf(use.node)};`,
  };
}

/** Yields the findings unknown-api-method, reserved-claim and await-nothing. */
export function* checkApiMethods(context: Context): Iterable<Report> {
  for (const use of context.apiUses) {
    for (const check of [checkMethod, checkClaim, checkAwait]) {
      const report = check(context, use);
      if (report !== undefined) yield report;
    }
  }
}
