/**
 * `/identity-providers/{idp_id}/provisioning`: SCIM of a connection that the organization made (ADR 0042, ADR 0101). Each
 * write is an operation of the Management API on that connection alone. Tokens never outlive the connection, and are shown
 * once. A customer never chooses how attributes are mapped: the operator's profile or the defaults do.
 */
import { findScimSubject } from '../../facts/strategies.js';
import type { ScimConfiguration } from '../../ports/directory/scim.js';
import { notFound } from '../api/errors.js';
import type { Wire } from '../api/operation.js';
import type { Invocation } from '../api/run-write.js';
import { present } from '../api/wire.js';
import { toListedToken } from '../scim/scim-tokens.js';
import { type AttributeProfile, provisioningAttributesOf, scimMappingOf, scimSubjectOf } from './attributes.js';
import { forbidden, type OrganizationCall, type Run, write } from './call.js';
import { hasFeature } from './connection-profile.js';
import { nameOf } from './idp-shape.js';
import { getEditable, type OwnConnection } from './own-connection.js';
import { getProfiles } from './profiles.js';

const PATH = '/connections/{id}/scim-configuration';

const idOf = ({ params }: OrganizationCall) => params.idp_id ?? '';

const noProvisioning = () => notFound('The identity provider has no provisioning configuration.');

/** Returns the operator's profile of attributes for the application of the call; undefined for the strategy's defaults. */
export async function findProfile({ deps, member }: OrganizationCall): Promise<AttributeProfile | undefined> {
  return (await getProfiles(deps.directory, member.configuration)).attributes;
}

/** Returns the connection and its SCIM configuration. Throws 403 and 404. */
async function getProvisioned(
  call: OrganizationCall,
): Promise<OwnConnection & { readonly configuration: ScimConfiguration }> {
  const { directory } = call.deps;
  const own = await getEditable(call, directory, idOf(call));
  const configuration = await directory.scim.findConfiguration(own.connection.id);
  if (configuration === undefined) throw noProvisioning();
  return { ...own, configuration };
}

async function show(call: OrganizationCall, profile: AttributeProfile | undefined): Promise<Wire> {
  const { configuration, ...own } = await getProvisioned(call);
  const { connection } = own;
  return {
    identity_provider_id: connection.id,
    identity_provider_name: nameOf(own) ?? connection.name,
    strategy: connection.strategy,
    method: 'scim',
    attributes: provisioningAttributesOf(connection.strategy, configuration, profile),
    user_id_attribute: configuration.userIdAttribute,
    created_at: configuration.createdAt.toISOString(),
    updated_on: configuration.updatedAt.toISOString(),
  };
}

/** Runs one operation on the connection of the call, and returns its answer. */
async function change(call: OrganizationCall, invocation: Invocation): Promise<Wire> {
  const params = { ...invocation.params, id: idOf(call) };
  const [answer] = await write(call, [{ ...invocation, params }]);
  return answer as Wire;
}

export const showProvisioning: Run = async (call) => show(call, await findProfile(call));

/**
 * Throws 403 where the operator's profile, as it is now, has no SCIM for the strategy. Attack: a customer's directory
 * makes accounts at an application whose operator did not allow it.
 */
async function checkAllowed({ deps, member }: OrganizationCall, strategy: string): Promise<void> {
  const { connection: limits } = await getProfiles(deps.directory, member.configuration);
  if (findScimSubject(strategy) !== undefined && !hasFeature(limits, strategy, 'scim'))
    throw forbidden('The operator of this application did not allow provisioning for such an identity provider.');
}

/** Lets the company's directory in. Until it has a token, nothing can be written. */
export const createProvisioning: Run = async (call) => {
  const profile = await findProfile(call);
  const { strategy } = (await getEditable(call, call.deps.directory, idOf(call))).connection;
  await checkAllowed(call, strategy);
  const userIdAttribute = scimSubjectOf(strategy, profile);
  const body = profile && { user_id_attribute: userIdAttribute, mapping: scimMappingOf(strategy, profile) };
  await change(call, { key: `post ${PATH}`, body: body ?? {} });
  return show(call, profile);
};

/** Ends SCIM of the connection, with its tokens. The people whom it created stay. */
export const removeProvisioning: Run = async (call) => {
  await getProvisioned(call);
  await change(call, { key: `delete ${PATH}` });
};

/** Maps attributes as the operator says now. A change that somebody made by hand is lost. */
export const updateProvisioningAttributes: Run = async (call) => {
  const profile = await findProfile(call);
  const { connection, configuration } = await getProvisioned(call);
  const { strategy } = connection;
  const userIdAttribute = scimSubjectOf(strategy, profile) ?? configuration.userIdAttribute;
  const body = { user_id_attribute: userIdAttribute, mapping: scimMappingOf(strategy, profile) };
  await change(call, { key: `patch ${PATH}`, body });
  return show(call, profile);
};

/** Leaves out what Auth0's form does not have. */
function toToken({ token_id, scopes, created_at, valid_until, token }: Wire): Wire {
  return present({ token_id, scopes, created_at, valid_until, token });
}

export const listTokens: Run = async (call) => {
  const { configuration } = await getProvisioned(call);
  const tokens = await call.deps.directory.scim.listTokens(configuration.connectionId);
  return { scim_tokens: tokens.map((token) => toToken(toListedToken(token))) };
};

/** Issues a token for people, not for groups. The answer is the only one that has it. */
export const createToken: Run = async (call) => {
  const { connection } = await getProvisioned(call);
  await checkAllowed(call, connection.strategy);
  const { token_lifetime } = call.body as { readonly token_lifetime?: number };
  return toToken(await change(call, { key: `post ${PATH}/tokens`, body: present({ token_lifetime }) }));
};

export const revokeToken: Run = async (call) => {
  await getProvisioned(call);
  const tokenId = call.params.idp_scim_token_id ?? '';
  await change(call, { key: `delete ${PATH}/tokens/{tokenId}`, params: { tokenId } });
};
