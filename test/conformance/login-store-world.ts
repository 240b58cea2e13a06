/**
 * A small world for the contract of the login store: one organization with its sign-in, and the plans of the logins that
 * happen in it. Every test makes its own, beside those of the tests before: nothing there may disturb it.
 */
import { randomBytes } from 'node:crypto';
import type { Voucher } from '../../src/domain/people/account.js';
import type { Email } from '../../src/domain/people/email.js';
import { hashSecret, newLogId, newSecret, systemEntropy } from '../../src/kernel/ids.js';
import type { CommitPlan, LoginCommit, LoginReads } from '../../src/ports/login-store.js';
import type { Snapshot } from '../support/database.js';
import type { ManualClock } from '../support/manual-clock.js';

export type Row = Readonly<Record<string, unknown>>;

/** Rows, written past the store. Columns are those of the schema; `update` and `remove` fail unless they hit one row. */
export interface Change {
  insert(table: string, row: Row): Promise<void>;
  update(table: string, where: Row, row: Row): Promise<void>;
  remove(table: string, where: Row): Promise<void>;
}

/** Changes of somebody else's transaction, which nobody sees until it commits. */
export interface HeldChange extends Change {
  commit(): Promise<void>;
  rollback(): Promise<void>;
}

export interface Seed extends Change {
  hold(): Promise<HeldChange>;
}

export interface LoginStoreRig {
  readonly reads: LoginReads;
  readonly commit: LoginCommit;
  /** The store's; begins at {@link AT}. */
  readonly clock: ManualClock;
  readonly seed: Seed;
  /** Seals secret options of a connection as the product does. */
  sealSecrets(connectionId: string, secrets: Row): Buffer;
  /** Opens the content of a mail in the outbox. */
  openMail(id: string, sealed: Buffer): unknown;
  /** Every row of every table. */
  snapshot(): Promise<Snapshot>;
  stop(): Promise<void>;
}

export const AT = new Date('2026-03-01T10:00:00.000Z');
export const LATER = new Date('2026-03-02T10:00:00.000Z');
export const EARLIER = new Date('2026-02-01T10:00:00.000Z');

export interface World {
  readonly key: string;
  readonly domain: string;
  readonly client: string;
  readonly organization: string;
  readonly database: string;
  readonly sso: string;
  readonly role: string;
  /** A member who has used the membership; has a password. */
  readonly dana: { readonly userId: string; readonly email: Email; readonly hash: string };
  readonly invitation: { readonly id: string; readonly ticket: string; readonly email: Email };
}

export interface UserOptions {
  readonly email?: string | null;
  readonly verified?: boolean;
  readonly password?: string;
  /** Organization ids. */
  readonly memberOf?: readonly string[];
  readonly fields?: Row;
}

/** A user with what the options say. */
export async function addUser(seed: Change, world: World, userId: string, options: UserOptions = {}): Promise<void> {
  const { email = null, verified = true, password, memberOf = [], fields = {} } = options;
  await seed.insert('users', {
    user_id: userId,
    email,
    email_vouched_by: verified ? 'mail' : null,
    created_at: EARLIER,
    updated_at: EARLIER,
    ...fields,
  });
  if (password !== undefined) {
    const row = { user_id: userId, connection_id: world.database, email, hash: password, changed_at: EARLIER };
    await seed.insert('password_credentials', row);
  }
  for (const id of memberOf) await addMember(seed, id, userId);
}

export function addMember(seed: Change, organizationId: string, userId: string, fields: Row = {}): Promise<void> {
  const row = { organization_id: organizationId, user_id: userId, via: 'management', created_at: EARLIER, ...fields };
  return seed.insert('members', row);
}

export async function addOrganization(seed: Change, id: string, fields: Row = {}): Promise<void> {
  const name = id.replace('org_', '').toLowerCase();
  await seed.insert('organizations', { id, name, created_at: EARLIER, updated_at: EARLIER, ...fields });
}

export function addConnection(seed: Change, id: string, fields: Row = {}): Promise<void> {
  const base = { id, name: `name-of-${id}`, strategy: 'oidc', revision: 'c1' };
  return seed.insert('connections', { ...base, created_at: EARLIER, updated_at: EARLIER, ...fields });
}

export function enable(seed: Change, organizationId: string, connectionId: string, fields: Row = {}): Promise<void> {
  return seed.insert('organization_connections', {
    organization_id: organizationId,
    connection_id: connectionId,
    revision: 'e1',
    created_at: EARLIER,
    ...fields,
  });
}

export function addDomain(seed: Change, organizationId: string, domain: string, fields: Row = {}): Promise<void> {
  return seed.insert('discovery_domains', {
    organization_id: organizationId,
    id: `ord_${randomBytes(8).toString('hex')}`,
    domain,
    status: 'verified',
    verification_txt: 'txt',
    created_at: EARLIER,
    ...fields,
  });
}

/** A proof by DNS that ends at `expiresAt`, in place of an operator's word. */
export function dnsProof(expiresAt: Date): Row {
  return { proof: 'dns', verified_at: EARLIER, checked_at: EARLIER, expires_at: expiresAt };
}

export function addIdentity(seed: Change, userId: string, connectionId: string, fields: Row): Promise<void> {
  const id = randomBytes(8).toString('hex');
  const row = {
    user_id: userId,
    id,
    connection_id: connectionId,
    status: 'bound',
    issuer: 'https://idp',
    created_at: EARLIER,
  };
  return seed.insert('identities', { ...row, ...fields });
}

export async function addInvitation(
  seed: Change,
  world: World,
  id: string,
  email: string,
  fields: Row = {},
): Promise<string> {
  const ticket = `ticket-of-${id}`;
  await seed.insert('invitations', {
    organization_id: world.organization,
    id,
    ticket_hash: hashSecret(ticket),
    ticket_sealed: Buffer.from('sealed'),
    client_id: world.client,
    connection_id: world.sso,
    inviter_name: 'Olga',
    invitee_email: email,
    roles: [world.role],
    created_at: EARLIER,
    expires_at: LATER,
    ...fields,
  });
  return ticket;
}

export function addSession(
  seed: Change,
  userId: string,
  connectionId: string,
  secret: string,
  fields: Row = {},
): Promise<void> {
  return seed.insert('sessions', {
    user_id: userId,
    session_hash: hashSecret(secret),
    id: `ses_${secret}`,
    connection_id: connectionId,
    authenticated_at: EARLIER,
    created_at: EARLIER,
    last_used_at: AT,
    expires_at: LATER,
    ...fields,
  });
}

/** The organization, its two ways in, its proved domain, a role, a member and an invitation for a newcomer. */
export async function makeWorld(rig: LoginStoreRig): Promise<World> {
  const { seed } = rig;
  const key = randomBytes(4).toString('hex');
  const domain = `${key}.example`;
  const world: World = {
    key,
    domain,
    client: `app_${key}`,
    organization: `org_${key}`,
    database: `con_db_${key}`,
    sso: `con_sso_${key}`,
    role: `rol_${key}`,
    dana: { userId: `auth0|dana${key}`, email: `dana@${domain}` as Email, hash: `hash-${key}` },
    invitation: { id: `uinv_${key}`, ticket: `ticket-of-uinv_${key}`, email: `ivy@${domain}` as Email },
  };
  await seed.insert('clients', {
    client_id: world.client,
    name: 'Notebook',
    callbacks: ['https://app.example/callback'],
    created_at: EARLIER,
    updated_at: EARLIER,
  });
  await addConnection(seed, world.database, { strategy: 'auth0' });
  await addConnection(seed, world.sso, {
    options: { issuer: 'https://idp' },
    secrets_sealed: rig.sealSecrets(world.sso, { client_secret: 'hush' }),
    domain_aliases: [domain],
  });
  await addOrganization(seed, world.organization, { display_name: `Acme ${key}` });
  for (const id of [world.database, world.sso]) await enable(seed, world.organization, id);
  await addDomain(seed, world.organization, domain);
  await seed.insert('roles', { id: world.role, name: `editor ${key}`, created_at: EARLIER });
  await addUser(seed, world, world.dana.userId, { email: world.dana.email, password: world.dana.hash });
  await addMember(seed, world.organization, world.dana.userId, { first_used_at: EARLIER });
  await addInvitation(seed, world, world.invitation.id, world.invitation.email);
  return world;
}

/** The parts of every plan: a session, a code and a line of the log. */
function basePlan(world: World, userId: string): CommitPlan {
  const secret = newSecret(systemEntropy);
  return {
    at: AT,
    transactionId: newSecret(systemEntropy),
    clientId: world.client,
    organizationId: world.organization,
    connectionId: world.sso,
    relyFingerprint: 'c1.e1',
    relyUnserved: false,
    relyProvedDomains: [],
    relyUnclaimedDomain: undefined,
    relyAccount: undefined,
    userId,
    newUser: undefined,
    bind: undefined,
    refreshIdentity: undefined,
    password: undefined,
    vouchForEmail: undefined,
    usesMembership: false,
    membership: undefined,
    consumeInvitationId: undefined,
    session: {
      kind: 'new',
      sessionId: `ses_${secret}`,
      sessionHash: hashSecret(secret),
      authenticatedAt: AT,
      expiresAt: LATER,
      replaces: undefined,
    },
    code: {
      codeHash: hashSecret(newSecret(systemEntropy)),
      redirectUri: 'https://app.example/callback',
      redirectUriSent: true,
      scope: 'openid',
      audience: 'https://api.example',
      nonce: 'nonce',
      codeChallenge: 'challenge',
      authenticatedAt: AT,
      expiresAt: new Date(AT.getTime() + 60_000),
      familyId: newSecret(systemEntropy),
      factorPassed: false,
    },
    ip: '192.0.2.1',
    log: [
      {
        logId: newLogId(systemEntropy, AT),
        date: AT,
        type: 's',
        organizationId: world.organization,
        clientId: world.client,
        userId,
        connectionId: world.sso,
        ip: '192.0.2.1',
        userAgent: 'Test',
        details: { rule: 'member' },
      },
    ],
    mail: [],
  };
}

export function bindingOf(world: World, subject: string): NonNullable<CommitPlan['bind']> {
  return {
    identityId: newSecret(systemEntropy),
    connectionId: world.sso,
    issuer: 'https://idp',
    subject,
    profile: { groups: ['staff'] },
    emailVouchedBy: undefined,
    rule: 'silent',
    evidence: { email: 'e' },
    replacesExpected: undefined,
    revokeOlder: true,
  };
}

/** Dana as she is stored. */
export function relyOnDana(world: World): NonNullable<CommitPlan['relyAccount']> {
  return {
    email: world.dana.email,
    addressProved: true,
    member: true,
    breakGlass: false,
    noOtherOrganizations: false,
    factorsRevision: 0,
  };
}

type Changes = Partial<CommitPlan>;

/** Dana comes through the company's sign-in for the first time and is bound silently. */
export function silentPlan(world: World, changes: Changes = {}): CommitPlan {
  return {
    ...basePlan(world, world.dana.userId),
    relyProvedDomains: [world.domain],
    relyAccount: { ...relyOnDana(world), noOtherOrganizations: true },
    bind: bindingOf(world, `idp-dana-${world.key}`),
    ...changes,
  };
}

/** Dana, bound already. */
export function knownPlan(world: World, changes: Changes = {}): CommitPlan {
  return {
    ...basePlan(world, world.dana.userId),
    relyAccount: relyOnDana(world),
    refreshIdentity: {
      connectionId: world.sso,
      subject: `idp-dana-${world.key}`,
      data: { groups: ['new'] },
      profile: { name: 'Dana New' },
      vouchedEmail: undefined,
      emailVouchedBy: undefined,
    },
    ...changes,
  };
}

export function bindDana(seed: Change, world: World, fields: Row = {}): Promise<void> {
  return addIdentity(seed, world.dana.userId, world.sso, { subject: `idp-dana-${world.key}`, ...fields });
}

/** Dana types her password. */
/** Dana, bound already, in the groups that the directory of the company gave them. */
export async function groupDana(seed: Change, world: World, names: readonly string[]): Promise<void> {
  await bindDana(seed, world, { id: `in_groups_${world.key}` });
  await seed.insert('scim_configurations', {
    connection_id: world.sso,
    user_id_attribute: 'externalId',
    created_at: AT,
    updated_at: AT,
  });
  for (const name of names) {
    const id = `grp_${name}_${world.key}`;
    const times = { created_at: AT, updated_at: AT };
    await seed.insert('scim_groups', { id, connection_id: world.sso, display_name: name, ...times });
    await seed.insert('scim_group_members', {
      user_id: world.dana.userId,
      identity_id: `in_groups_${world.key}`,
      group_id: id,
      created_at: AT,
    });
  }
}

/** Dana came, and a condition looked at their groups. */
export function groupsPlan(world: World, names: readonly string[]): CommitPlan {
  return knownPlan(world, {
    relyScimGroups: { issuer: 'https://idp/', subject: `idp-dana-${world.key}`, names },
  });
}

export function passwordPlan(world: World, changes: Changes = {}): CommitPlan {
  return {
    ...basePlan(world, world.dana.userId),
    connectionId: world.database,
    usesMembership: true,
    relyAccount: { ...relyOnDana(world), passwordHash: world.dana.hash },
    ...changes,
  };
}

/** An invited newcomer through the company's sign-in. `who` tells newcomers of one world apart. */
export function newcomerPlan(world: World, changes: Changes = {}, who = 'ivy'): CommitPlan {
  const userId = `oidc|name-of-${world.sso}|${who}`;
  return {
    ...basePlan(world, userId),
    relyProvedDomains: [world.domain],
    newUser: {
      email: `${who}@${world.domain}` as Email,
      emailVouchedBy: world.organization as Voucher,
      newIdPrefix: undefined,
      profile: { name: 'Ivy Invited', givenName: 'Ivy', familyName: 'Invited', nickname: 'iv', picture: 'https://p' },
      appMetadata: { plan: 'pro' },
      userMetadata: { color: 'red' },
    },
    bind: { ...bindingOf(world, `idp-${who}-${world.key}`), rule: 'newcomer', revokeOlder: false },
    membership: { via: 'invited', create: true, roles: [world.role] },
    consumeInvitationId: world.invitation.id,
    ...changes,
  };
}
