/**
 * `/guardian`: which second factors the tenant accepts, and whom it asks for one. Every login reads these settings with
 * the tenant's row, so a change applies on all nodes at once. Must never accept a factor that this server does not have,
 * nor ask for one that nobody could set up.
 */
import { type StoredGuardian, toTenantFactors } from '../../domain/factors/factor.js';
import { FACTOR_NAMES, type FactorName, type SupportedFactor } from '../../facts/factors.js';
import { notSupported } from '../api/errors.js';
import type { Call, Operation, Reply } from '../api/operation.js';
import { listOf, replyOf, wordOf } from '../api/wire.js';
import { checkAvailable, checkTenantCanRequire } from './required-factors.js';

async function change(call: Call, merge: (before: StoredGuardian) => StoredGuardian): Promise<StoredGuardian> {
  const { tenant } = call.directory;
  const before = await tenant.getGuardianForUpdate();
  const after = merge(before);
  await checkTenantCanRequire(call, before, after);
  await tenant.replaceGuardian(after);
  return after;
}

async function listFactors(call: Call): Promise<Reply> {
  const { accepts } = toTenantFactors(await call.directory.tenant.getGuardian());
  const isOn = (name: FactorName) => (accepts as readonly FactorName[]).includes(name);
  return { body: FACTOR_NAMES.map((name) => ({ name, enabled: isOn(name), trial_expired: false })) };
}

async function putFactor(call: Call): Promise<Reply> {
  const name = call.params.name as FactorName;
  const { enabled } = call.body as { readonly enabled: boolean };
  if (enabled) checkAvailable([name]);
  await change(call, (before) => ({
    ...before,
    factors: { ...before.factors, [name as SupportedFactor]: enabled },
  }));
  return { body: { enabled } };
}

async function putPolicies(call: Call): Promise<Reply> {
  const policies = call.body as readonly string[];
  if (policies.includes('confidence-score'))
    throw notSupported(
      'confidence-score: this server does not estimate the risk of a login. Use all-applications, or an Action that asks for a factor.',
    );
  return { body: (await change(call, (before) => ({ ...before, policies: [...new Set(policies)] }))).policies };
}

interface WebAuthnBody {
  readonly userVerification?: NonNullable<StoredGuardian['roaming']>['userVerification'];
  readonly overrideRelyingParty?: boolean;
  readonly relyingPartyIdentifier?: string | null;
}

/** Throws 400 for another relying party: keys are made for the host of this server, and work there alone. */
function checkRelyingParty({ overrideRelyingParty, relyingPartyIdentifier }: WebAuthnBody): void {
  if (overrideRelyingParty === true || (relyingPartyIdentifier ?? '') !== '')
    throw notSupported(
      'overrideRelyingParty: keys are made for the host of this server. Leave it out, and relyingPartyIdentifier too.',
    );
}

const RELYING_PARTY = { overrideRelyingParty: false };
const toRoaming = (stored: StoredGuardian) => ({
  userVerification: toTenantFactors(stored).keyVerification,
  ...RELYING_PARTY,
});

async function putRoaming(call: Call): Promise<Reply> {
  const body = call.body as WebAuthnBody;
  checkRelyingParty(body);
  const { userVerification } = body;
  const after = await change(call, (before) => ({
    ...before,
    ...(userVerification !== undefined && { roaming: { userVerification } }),
  }));
  return { body: toRoaming(after) };
}

const FACTOR = replyOf({ name: wordOf(...FACTOR_NAMES), enabled: 'boolean', trial_expired: 'boolean' });
const POLICIES = listOf(wordOf('all-applications', 'confidence-score'));
const PLATFORM = replyOf({ overrideRelyingParty: 'boolean' });
const ROAMING = replyOf({
  userVerification: wordOf('discouraged', 'preferred', 'required'),
  overrideRelyingParty: 'boolean',
});

/** The operations on `webauthn-roaming/settings` and `webauthn-platform/settings`. Auth0's document lacks them. */
const SETTINGS: readonly Operation[] = [
  {
    method: 'get',
    path: '/guardian/factors/webauthn-roaming/settings',
    summary: 'Get the settings of security keys',
    reply: ROAMING,
    run: async (call) => ({ body: toRoaming(await call.directory.tenant.getGuardian()) }),
  },
  {
    method: 'put',
    path: '/guardian/factors/webauthn-roaming/settings',
    summary: 'Update the settings of security keys',
    reply: ROAMING,
    refusals: [409],
    run: putRoaming,
  },
  {
    method: 'get',
    path: '/guardian/factors/webauthn-platform/settings',
    summary: 'Get the settings of devices as a second factor',
    reply: PLATFORM,
    run: async () => ({ body: RELYING_PARTY }),
  },
  {
    method: 'put',
    path: '/guardian/factors/webauthn-platform/settings',
    summary: 'Update the settings of devices as a second factor',
    reply: PLATFORM,
    async run(call) {
      checkRelyingParty(call.body as WebAuthnBody);
      return { body: RELYING_PARTY };
    },
  },
];

/** Returns the operations on `/guardian` that exist here. */
export function guardianOperations(): Operation[] {
  return [
    {
      method: 'get',
      path: '/guardian/factors',
      summary: 'List the second factors, and which are enabled',
      reply: listOf(FACTOR),
      run: listFactors,
    },
    {
      method: 'put',
      path: '/guardian/factors/{name}',
      summary: 'Enable or disable a second factor',
      reply: replyOf({ enabled: 'boolean' }),
      refusals: [409],
      run: putFactor,
    },
    {
      method: 'get',
      path: '/guardian/policies',
      summary: 'Get the policies that ask for a second factor',
      reply: POLICIES,
      run: async (call) => ({ body: (await call.directory.tenant.getGuardian()).policies ?? [] }),
    },
    {
      method: 'put',
      path: '/guardian/policies',
      summary: 'Replace the policies that ask for a second factor',
      reply: POLICIES,
      refusals: [409],
      run: putPolicies,
    },
    ...SETTINGS,
  ];
}
