/**
 * `/identity-providers` and `/config/identity-providers`: the connections of the organization (ADR 0101). Members change a
 * connection as a whole only if they made it and nobody else uses it; call.ts checks that in each write. A connection is
 * stored only if its provider answers.
 */
import { destinationOf, isElsewhere, sendsClientSecret } from '../../domain/companies/idp-destination.js';
import type { ConnectionRecord } from '../../ports/directory/connections.js';
import type { Directory } from '../../ports/directory.js';
import { badQuery, conflict, notFound } from '../api/errors.js';
import type { Wire } from '../api/operation.js';
import type { Invocation } from '../api/run-write.js';
import { present } from '../api/wire.js';
import { keepTenant } from '../connections/connection-tenant.js';
import { toOptionsRevision } from '../connections/options-revision.js';
import { countQuestion } from '../self-service/question-limits.js';
import { attributeOptions } from './attributes.js';
import { forbidden, makeConnection, type OrganizationCall, type Rules, type Run, write } from './call.js';
import { hasAdministrator, keepingAdministrator } from './ceiling.js';
import {
  hasMembershipRequired,
  nameConnection,
  showIdpConfiguration,
  toNewSettings,
  toSettingChanges,
} from './connection-profile.js';
import { getOrganization } from './details.js';
import { findChecks } from './idp-check.js';
import { checkDomains, toDomainNames } from './idp-domains.js';
import {
  getOwnStrategy,
  OWN_STRATEGIES,
  type OwnStrategy,
  readOptions,
  strategiesFor,
  toConnectionOptions,
} from './idp-options.js';
import { toIdp } from './idp-shape.js';
import { findMember, type Member } from './member.js';
import { findOwn, getDetachable, getEditable, listOwn, type OwnConnection } from './own-connection.js';
import { getProfiles } from './profiles.js';
import { checkTitle, faultAt } from './requests.js';

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

const idOf = ({ params }: OrganizationCall) => params.idp_id ?? '';

const profilesOf = ({ deps, member }: OrganizationCall) => getProfiles(deps.directory, member.configuration);

/** Shows what members may set, and the features of each strategy. */
export const showConfigurationOfIdps: Run = async (call) => {
  if (call.member.configuration === undefined) throw notFound('The application has no my_organization_configuration.');
  return showIdpConfiguration((await profilesOf(call)).connection, strategiesFor(call));
};

export const listIdps: Run = async (call) => {
  if (call.query.member_access_level !== undefined)
    throw badQuery('member_access_level: connections have no access level for members on this server.');
  const { directory } = call.deps;
  const found = await listOwn(call, directory);
  const { attributes } = await profilesOf(call);
  const checks = await findChecks(call, found);
  const all = await Promise.all(found.map((own) => toIdp(directory, own, attributes, checks.get(own.connection.id))));
  const { is_enabled: wanted } = call.query;
  return { identity_providers: all.filter((idp) => wanted === undefined || idp.is_enabled === wanted) };
};

export const showIdp: Run = async (call) => {
  const { directory } = call.deps;
  const own = await findOwn(call, directory, idOf(call));
  const checks = await findChecks(call, [own]);
  return toIdp(directory, own, (await profilesOf(call)).attributes, checks.get(own.connection.id));
};

/** Throws 409 when the organization has {@link MOST_OWN} connections of its own, also detached ones. */
async function checkCount({ organizationId }: OrganizationCall, directory: Directory): Promise<void> {
  // Attack: connections by the thousand, each of which the server looks after. A detached one is still there.
  if ((await directory.connections.countManagedBy(organizationId)) >= MOST_OWN)
    throw conflict(
      `The organization has ${MOST_OWN} identity providers of its own, with those that it detached. Delete one, or ask the operator to delete a detached one.`,
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
  const profiles = await profilesOf(call);
  const name = nameConnection(profiles.connection, await getOrganization(call), body.name);
  checkTitle(body.display_name);
  const domains = toDomainNames(body.domains ?? []);
  const settings = toNewSettings(profiles.connection, body);
  // Attack: a member has this server ask an address again and again.
  await countQuestion(deps.attempts, 'provider', { organizationId }, deps.clock.now());
  const connection = {
    ...{ name, strategy, display_name: body.display_name ?? body.name, needs_organization: true },
    options: { ...options, ...attributeOptions(strategy, profiles.attributes), domain_aliases: domains },
  };
  const enablement = {
    ...{ ...settings, is_enabled: body.is_enabled ?? true },
    ...{
      organization_access_level: 'full',
      ...(body.name.length <= 50 && { organization_connection_name: body.name }),
    },
  };
  const id = await makeConnection(call, connection, enablement, {
    membershipRequired: hasMembershipRequired(profiles.connection),
    async before(directory) {
      await checkCount(call, directory);
      await checkDomains(call, directory, domains);
    },
  });
  return toIdp(deps.directory, await findOwn(call, deps.directory, id), profiles.attributes);
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
 * Adds a rule: an administrator can still sign in after the write or, where there was none, the member who writes.
 * Attack, or mistake: the last way in is taken away, and nobody in the organization can bring it back.
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

/**
 * Throws 409 when the answer to a change of a connection says that its people are refused from now on, because the issuer
 * changed. Attack, or mistake: they could not sign in until an operator says who they are (ADR 0102), and nobody in the
 * organization could undo it. As a second identity provider the new one binds them by the proved domain.
 */
function checkNobodyIsRefused(answers: readonly unknown[]): void {
  const warned = answers.map(
    (answer) => (answer as { readonly warnings?: readonly Wire[] } | undefined)?.warnings ?? [],
  );
  if (warned.flat().some(({ id }) => id === 'people_of_former_issuer'))
    throw conflict(
      'The provider has another issuer, and people are known by the present one. Connect it as a second identity provider and use it for your domains: they keep their accounts.',
    );
}

/**
 * Throws 403 when a member would turn auto-membership on below `full`. Attack: an organization lets in everybody of a
 * connection that serves other customers too, or that an operator took over a moment ago.
 */
function checkMembership({ level, enablement }: OwnConnection, { assign_membership_on_login: wanted }: IdpBody): void {
  if (wanted !== true || level === 'full' || enablement.assignMembershipOnLogin) return;
  throw forbidden('assign_membership_on_login: an operator switches it on for an identity provider that they set up.');
}

export const updateIdp: Run = async (call) => {
  const { deps } = call;
  const own = await getDetachable(call, deps.directory, idOf(call));
  const { connection, enablement } = own;
  const body = call.body as IdpBody;
  const given = readOptions(connection.strategy as OwnStrategy, body as unknown as Wire, connection.options);
  checkMembership(own, body);
  const { connection: profile } = await profilesOf(call);
  const settings = present({ ...toSettingChanges(profile, body), is_enabled: body.is_enabled });
  const params = { connection_id: enablement.connectionId };
  const changes = [
    ...(await toConnectionChange(call, own, given)),
    ...(Object.keys(settings).length > 0 ? [{ key: `patch ${ENABLEMENT}`, params, body: settings }] : []),
  ];
  const rules: Rules = {
    async before(directory) {
      if (body.assign_membership_on_login !== true) return;
      // Locked: an operator who takes the connection over waits, or comes first and wins.
      await directory.connections.findForUpdate(connection.id);
      checkMembership(await findOwn(call, directory, connection.id), body);
    },
    after: async (_directory, _member, answers) => checkNobodyIsRefused(answers),
  };
  if (changes.length > 0) await write(call, changes, keepingWayIn(call, rules));
  return showIdp(call);
};

/** Throws 409 when people of the connection belong to others, or for any people where the application says so. */
async function checkPeople(directory: Directory, { token, configuration }: Member, connectionId: string) {
  // The locks of the deletion come first, in the order of a login's commit: connection, enablement, then people.
  await directory.members.lockWaysIn({ connectionId });
  const people = await directory.myOrganization.findPeopleOf(connectionId, token.organizationId);
  // Attack: a member deletes accounts that other organizations have as members.
  if (people.elsewhere)
    throw conflict('People of this identity provider are members of other organizations. Detach it instead.');
  if (people.any && configuration?.deletionBehavior === 'allow_if_empty')
    throw conflict('People have signed in with this identity provider. Detach it instead, or ask the operator.');
}

/** Deletes a connection of the organization, and the accounts that no other connection signs in. */
export const deleteIdp: Run = async (call) => {
  const { directory } = call.deps;
  const id = idOf(call);
  const { level } = await getDetachable(call, directory, id);
  if (level !== 'full')
    throw conflict('An operator set this identity provider up, or others use it too. Detach it instead.');
  const rules: Rules = { before: (inside, now) => checkPeople(inside, now, id) };
  await write(call, [{ key: `delete ${CONNECTION}`, params: { id } }], keepingWayIn(call, rules));
};

/** Ends the organization's use of a connection. The connection and the accounts stay. */
export const detachIdp: Run = async (call) => {
  const { connection } = await getDetachable(call, call.deps.directory, idOf(call));
  const params = { connection_id: connection.id };
  await write(call, [{ key: `delete ${ENABLEMENT}`, params }], keepingWayIn(call));
};
