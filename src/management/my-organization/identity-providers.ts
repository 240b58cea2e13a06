/**
 * `/identity-providers` and `/config/identity-providers`: the connections of the organization (ADR 0101). Members change a
 * connection as a whole only if they made it and nobody else uses it; call.ts checks that in each write. A connection is
 * stored only if its provider answers.
 */
import { destinationOf, isElsewhere, sendsClientSecret } from '../../domain/companies/idp-destination.js';
import type { ConnectionRecord } from '../../ports/directory/connections.js';
import type { Directory } from '../../ports/directory.js';
import { badBody, badQuery, conflict, notFound } from '../api/errors.js';
import type { Wire } from '../api/operation.js';
import type { Invocation } from '../api/run-write.js';
import { present } from '../api/wire.js';
import { keepTenant } from '../connections/connection-tenant.js';
import { toOptionsRevision } from '../connections/options-revision.js';
import { countQuestion } from '../self-service/question-limits.js';
import { forbidden, makeConnection, type OrganizationCall, type Rules, type Run, write } from './call.js';
import { hasAdministrator, keepingAdministrator } from './ceiling.js';
import { checkDomains, toDomainNames } from './idp-domains.js';
import { getOwnStrategy, OWN_STRATEGIES, type OwnStrategy, readOptions, toConnectionOptions } from './idp-options.js';
import { settle, USUAL_PROFILE } from './idp-profile.js';
import { domainsOf, toIdp } from './idp-shape.js';
import { findMember } from './member.js';
import { findOwn, getDetachable, getEditable, listOwn, type OwnConnection } from './own-connection.js';
import { faultAt } from './requests.js';

interface IdpBody {
  readonly name: string;
  readonly strategy: string;
  readonly domains?: readonly string[];
  readonly display_name?: string;
  readonly show_as_button?: boolean;
  readonly assign_membership_on_login?: boolean;
  readonly is_enabled?: boolean;
}

const ENABLEMENT = '/organizations/{id}/connections/{connection_id}';
const CONNECTION = '/connections/{id}';
/** Most connections that an organization makes for itself. */
const MOST_OWN = 20;
/** The longest name of a connection. */
const MAX_NAME = 128;
const NAME = /^[a-zA-Z0-9](?:-?[a-zA-Z0-9])*$/;

const idOf = ({ params }: OrganizationCall) => params.idp_id ?? '';

/** Returns the strategies that the application lets members set up, and that this server has. */
export function strategiesFor({ member: { configuration } }: OrganizationCall): readonly OwnStrategy[] {
  return OWN_STRATEGIES.filter((strategy) => configuration?.allowedStrategies.includes(strategy));
}

/** Shows what members may set, and the features of each strategy. */
export const showIdpConfiguration: Run = async (call) => {
  if (call.member.configuration === undefined) throw notFound('The application has no my_organization_configuration.');
  const { showAsButton, assignMembershipOnLogin, featuresOf } = USUAL_PROFILE;
  const entries = strategiesFor(call).map((strategy): [string, Wire] => {
    const features = featuresOf(strategy);
    const methods = features.includes('provisioning') ? ['scim'] : [];
    return [strategy, { enabled_features: features, provisioning_methods: methods }];
  });
  // Auth0's document says `googleapps`; its components look for the strategy's name.
  const google = entries.filter(([strategy]) => strategy === 'google-apps').map(([, one]) => ['googleapps', one]);
  return {
    organization: {
      can_set_show_as_button: showAsButton === 'optional',
      can_set_assign_membership_on_login: assignMembershipOnLogin === 'optional',
    },
    strategies: Object.fromEntries([...entries, ...google]),
  };
};

export const listIdps: Run = async (call) => {
  if (call.query.member_access_level !== undefined)
    throw badQuery('member_access_level: connections have no access level for members on this server.');
  const { directory } = call.deps;
  const found = await listOwn(call, directory);
  return { identity_providers: await Promise.all(found.map((own) => toIdp(directory, own))) };
};

export const showIdp: Run = async (call) => {
  const { directory } = call.deps;
  return toIdp(directory, await findOwn(call, directory, idOf(call)));
};

/**
 * Throws 400 for a title that is more than one line. Attack: the button of a sign-in page says something else than its
 * place does. Pages and mails escape it besides.
 */
function checkTitle(title: string | undefined): void {
  if (title !== undefined && /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(title))
    throw badBody('display_name: one line of visible characters is needed.');
}

function toName(organizationId: string, given: string): string {
  const name = USUAL_PROFILE.prefixFor(organizationId) + given;
  if (!NAME.test(given)) throw badBody('name: letters and digits are needed, with single hyphens between them.');
  if (name.length > MAX_NAME) throw badBody(`name: at most ${MAX_NAME - (name.length - given.length)} characters.`);
  return name;
}

/** Adds to `rules` that the organization has at most {@link MOST_OWN} connections of its own. */
async function checkCount(call: OrganizationCall, directory: Directory): Promise<void> {
  const own = (await listOwn(call, directory)).filter(
    ({ connection }) => connection.managedByOrganization === call.organizationId,
  );
  // Attack: connections by the thousand, each of which the server looks after.
  if (own.length >= MOST_OWN)
    throw conflict(`The organization has ${MOST_OWN} identity providers of its own. Delete one first.`);
}

/** Throws 400 unless a domain of the organization leads to the connection: others could be let in by their own word. */
function checkAssigns(assigns: boolean, domains: readonly string[]): void {
  if (assigns && domains.length === 0)
    throw badBody(
      'assign_membership_on_login: associate a verified domain with this identity provider first. It lets in only people of that domain.',
    );
}

/** Makes a connection of the organization. */
export const createIdp: Run = async (call) => {
  const { deps, organizationId } = call;
  const body = call.body as IdpBody;
  if (!OWN_STRATEGIES.some((name) => name === body.strategy) && !['adfs', 'pingfederate'].includes(body.strategy))
    throw faultAt('/strategy', `must be one of ${OWN_STRATEGIES.join(', ')}`);
  const strategy = getOwnStrategy(body.strategy);
  const given = readOptions(strategy, body as unknown as Wire) ?? {};
  if (!strategiesFor(call).includes(strategy))
    throw forbidden(`strategy: this application sets up ${strategiesFor(call).join(', ') || 'none'}.`);
  const options = toConnectionOptions(strategy, given);
  if (sendsClientSecret({ strategy, options }) && !given.client_secret)
    throw faultAt('/options/client_secret', 'is required');
  const name = toName(organizationId, body.name);
  checkTitle(body.display_name);
  const domains = toDomainNames(body.domains ?? []);
  const assigns = settle(
    'assign_membership_on_login',
    USUAL_PROFILE.assignMembershipOnLogin,
    body.assign_membership_on_login,
    false,
  );
  checkAssigns(assigns, domains);
  // Attack: a member has this server ask an address again and again.
  await countQuestion(deps.attempts, 'provider', { organizationId }, deps.clock.now());
  const connection = {
    ...{ name, strategy, display_name: body.display_name ?? body.name, needs_organization: true },
    options: { ...options, domain_aliases: domains },
  };
  const enablement = {
    show_as_button: settle('show_as_button', USUAL_PROFILE.showAsButton, body.show_as_button, true),
    ...{ assign_membership_on_login: assigns, is_enabled: body.is_enabled ?? true },
    ...{
      organization_access_level: 'full',
      ...(body.name.length <= 50 && { organization_connection_name: body.name }),
    },
  };
  const id = await makeConnection(call, connection, enablement, {
    async before(directory) {
      await checkCount(call, directory);
      await checkDomains(call, directory, domains);
    },
  });
  return toIdp(deps.directory, await findOwn(call, deps.directory, id));
};

/** Throws 400 when the write would leave the connection without the secret that it sends. */
async function checkSecret(call: OrganizationCall, before: ConnectionRecord, given: Wire, next: Wire): Promise<void> {
  const { strategy } = before;
  if (given.client_secret || !sendsClientSecret({ strategy, options: next })) return;
  const options = keepTenant(before, next);
  const moves = isElsewhere(destinationOf(before), destinationOf({ strategy, options }));
  // Attack: a changed address gets the secret that the old one was given.
  const isOther = moves || before.options.client_id !== options.client_id;
  if (isOther || !(await call.deps.directory.connections.hasSecrets(before.id)))
    throw faultAt('/options/client_secret', 'is required, since the address or the client ID changed');
}

/** Returns the write of display name and options, if the request has them. */
async function toConnectionChange(
  call: OrganizationCall,
  { connection }: OwnConnection,
  given: Wire | undefined,
): Promise<Invocation[]> {
  const { display_name: title } = call.body as IdpBody;
  if (given === undefined && title === undefined) return [];
  await getEditable(call, call.deps.directory, connection.id);
  checkTitle(title);
  const key = `patch ${CONNECTION}`;
  const params = { id: connection.id };
  if (given === undefined) return [{ key, params, body: { display_name: title } }];
  const { strategy, options: before } = connection;
  if (!strategiesFor(call).some((name) => name === strategy))
    throw forbidden(`strategy: this application does not set ${strategy} up.`);
  const next = toConnectionOptions(strategy as OwnStrategy, given, before);
  await checkSecret(call, connection, given, next);
  await countQuestion(call.deps.attempts, 'provider', call, call.deps.clock.now());
  const options = { ...next, domain_aliases: connection.domainAliases };
  const query = { options_revision: toOptionsRevision(connection) };
  return [{ key, params, query, body: present({ display_name: title, options }) }];
}

/**
 * Adds to `rules` that an administrator stays who can sign in, and if there was none, the member who writes. Attack, or
 * mistake: the last way in is taken away, and nobody in the organization can bring it back.
 */
function keepingWayIn({ deps, organizationId, member }: OrganizationCall, rules: Rules = {}): Rules {
  const kept = keepingAdministrator(deps.origin, organizationId, rules);
  return {
    ...kept,
    async after(directory, now, answers) {
      await kept.after?.(directory, now, answers);
      if (await hasAdministrator(deps.origin, organizationId, directory)) return;
      if ((await findMember(deps.origin, directory, member.token, 'read')) === undefined)
        throw conflict('You would not be able to sign in any more, and no other administrator could undo this.');
    },
  };
}

export const updateIdp: Run = async (call) => {
  const { deps } = call;
  const own = await getDetachable(call, deps.directory, idOf(call));
  const { connection, enablement } = own;
  const body = call.body as IdpBody;
  const given = readOptions(connection.strategy as OwnStrategy, body as unknown as Wire, connection.options);
  const { show_as_button: shows, assign_membership_on_login: assigns, is_enabled: isEnabled } = body;
  const settings = present({
    show_as_button: shows === undefined ? undefined : settle('show_as_button', USUAL_PROFILE.showAsButton, shows, true),
    assign_membership_on_login:
      assigns === undefined
        ? undefined
        : settle('assign_membership_on_login', USUAL_PROFILE.assignMembershipOnLogin, assigns, false),
    is_enabled: isEnabled,
  });
  const params = { connection_id: enablement.connectionId };
  const changes = [
    ...(await toConnectionChange(call, own, given)),
    ...(Object.keys(settings).length > 0 ? [{ key: `patch ${ENABLEMENT}`, params, body: settings }] : []),
  ];
  const rules: Rules = {
    async before(directory) {
      if (assigns) checkAssigns(true, await domainsOf(directory, await findOwn(call, directory, connection.id)));
    },
  };
  if (changes.length > 0) await write(call, changes, keepingWayIn(call, rules));
  return showIdp(call);
};

/** Throws 409 when people of the connection belong to others, or for any people where the application says so. */
async function checkPeople({ organizationId, member }: OrganizationCall, directory: Directory, connectionId: string) {
  const people = await directory.myOrganization.findPeopleOf(connectionId, organizationId);
  // Attack: a member deletes the accounts of another organization's people, whose connection was theirs first.
  if (people.elsewhere)
    throw conflict('People of this identity provider are members of other organizations. Detach it instead.');
  if (people.any && member.configuration?.deletionBehavior === 'allow_if_empty')
    throw conflict('People have signed in with this identity provider. Detach it instead, or ask the operator.');
}

/** Deletes a connection of the organization, and the accounts that no other connection signs in. */
export const deleteIdp: Run = async (call) => {
  const { directory } = call.deps;
  const id = idOf(call);
  const { level } = await getDetachable(call, directory, id);
  if (level !== 'full')
    throw conflict('An operator set this identity provider up, or others use it too. Detach it instead.');
  const rules: Rules = { before: (inside) => checkPeople(call, inside, id) };
  await write(call, [{ key: `delete ${CONNECTION}`, params: { id } }], keepingWayIn(call, rules));
};

/** Ends the organization's use of a connection. The connection and the accounts stay. */
export const detachIdp: Run = async (call) => {
  const { connection } = await getDetachable(call, call.deps.directory, idOf(call));
  const params = { connection_id: connection.id };
  await write(call, [{ key: `delete ${ENABLEMENT}`, params }], keepingWayIn(call));
};
