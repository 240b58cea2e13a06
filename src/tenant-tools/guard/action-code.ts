/**
 * The source of the Post-Login Action that `guard install` puts on an Auth0 tenant. It is text because it runs on Auth0
 * (Node 22, auth0 4), outside our compiler; a test requires that `guard check` finds nothing in it. Holds no tenant and
 * no secret.
 */

/** The Action's source text above its settings. */
export const ACTION_HEAD = `/**
 * Vestibule guard, post-login. Written by \`vestibule guard install\`; change the settings with it, not here.
 *
 * For an organization with auto-membership on an enterprise connection. Auth0 makes everybody who signs in through that connection a
 * member first, and asks this Action afterwards. So the Action lets in
 *   1. members with a role in the organization: a role is given on purpose, and goes away with the membership. The Action gives the role
 *      "Vestibule guard: let in", which has no permissions, to people whom it lets in by rule 2 or 3;
 *   2. people whose verified address is that of exactly one verified password account, a member of this organization and of no other,
 *      in a domain that the operator has listed as proved, if their new user belongs to no other organization: the two become one user,
 *      the old one, with its roles;
 *   3. people for whose verified address an invitation waits, or who accepted one, as the tenant's log says.
 * Everybody else is refused. The membership is taken back only if the log says that it came by auto-membership in this very login.
 * The log is a few seconds behind: the Action waits for it, and if it stays silent, refuses and takes nothing.
 * \`vestibule guard sweep\` finds later what was left.
 *
 * Dependency: auth0 4. Secrets: DOMAIN, CLIENT_ID, CLIENT_SECRET of a machine client with read:organization_member_roles,
 * create:organization_member_roles, read:organization_invitations, delete:organization_invitations, delete:organization_members,
 * read:organizations, read:users, update:users, read:logs.
 */
const { AuthenticationClient, ManagementClient } = require('auth0');

`;

/** The Action's source text below its settings. */
export const ACTION_BODY = `
/** Auth0 ends all Actions of a login together after 20 seconds; other Actions need some of them. */
const PATIENCE_MS = 11_000;
const PAUSE_MS = 700;
const REQUEST_MS = 4_000;
/** The Action starts within this time after the person has signed in at the identity provider. */
const LOGIN_MS = 60_000;
const TOKEN_KEY = 'vestibule-guard-token';

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** A token for the Management API; kept for the next logins, since tokens are counted and each costs a request. */
async function getToken(event, api) {
  const { DOMAIN, CLIENT_ID, CLIENT_SECRET } = event.secrets;
  const kept = api.cache.get(TOKEN_KEY);
  if (kept) return kept.value;
  const client = new AuthenticationClient({
    domain: DOMAIN,
    clientId: CLIENT_ID,
    clientSecret: CLIENT_SECRET,
    timeoutDuration: REQUEST_MS,
  });
  const { data } = await client.oauth.clientCredentialsGrant({ audience: \`https://\${DOMAIN}/api/v2/\` });
  // Not kept if it is too long for the cache: the next login asks again.
  api.cache.set(TOKEN_KEY, data.access_token, { ttl: Math.max(data.expires_in - 300, 60) * 1000 });
  return data.access_token;
}

async function connect(event, api) {
  const token = await getToken(event, api);
  return new ManagementClient({
    domain: event.secrets.DOMAIN,
    token,
    timeoutDuration: REQUEST_MS,
    retry: { enabled: true, maxRetries: 2 },
  });
}

/** The roles that this user has in this organization. */
async function readRoles(management, event, userId) {
  const { data } = await management.organizations.getMemberRoles({ id: event.organization.id, user_id: userId });
  return data;
}

/** Marks a membership as one that was let in. */
async function markLetIn(management, event, userId) {
  const member = { id: event.organization.id, user_id: userId };
  await management.organizations.addMemberRoles(member, { roles: [SETTINGS.role] });
}

function findProvedAddress(user, place) {
  if (user.email_verified !== true || !user.email) return undefined;
  const email = user.email.toLowerCase();
  const parts = email.split('@');
  return parts.length === 2 && place.domains.includes(parts[1]) ? email : undefined;
}

/** True for a user with one way in and no data: only such a one may vanish into another by being linked. */
function isBlank(user) {
  const metadata = { ...user.app_metadata, ...user.user_metadata };
  return user.identities.length === 1 && Object.keys(metadata).length === 0;
}

/** The one password account that this person had before, if the rule of linking allows to take it. */
async function findOldAccount(management, event, place) {
  const { user, connection, organization } = event;
  const email = findProvedAddress(user, place);
  if (!email || !isBlank(user)) return undefined;
  const { data: accounts } = await management.usersByEmail.getByEmail({ email });
  const others = accounts.filter((account) => account.user_id !== user.user_id);
  // Two accounts with one address: which of them is meant is for a person to say.
  if (others.length !== 1) return undefined;
  const [account] = others;
  if (account.email_verified !== true || account.blocked || account.email.toLowerCase() !== email) return undefined;
  if (account.identities[0].provider !== 'auth0') return undefined;
  // Another subject of the company's identity provider has this account already.
  if (account.identities.some((identity) => identity.connection === connection.name)) return undefined;
  const { data: organizations } = await management.users.getUserOrganizations({ id: account.user_id, per_page: 2 });
  // One customer's identity provider must not open an account that belongs to another customer as well.
  if (organizations.length !== 1 || organizations[0].id !== organization.id) return undefined;
  const { data: own } = await management.users.getUserOrganizations({ id: user.user_id, per_page: 2 });
  // A membership that this user has in another organization would be lost when the user is linked as a secondary
  // identity.
  return own.every(({ id }) => id === organization.id) ? account : undefined;
}

/** Makes the two users one. Two logins of one person at once may both try: the second finds it done. */
async function linkTo(management, event, account) {
  const [{ provider, user_id: subject }] = event.user.identities;
  await markLetIn(management, event, account.user_id);
  try {
    await management.users.link({ id: account.user_id }, { provider, user_id: subject });
  } catch (error) {
    const { data: now } = await management.users.get({ id: account.user_id });
    const isDone = now.identities.some((identity) => identity.provider === provider && identity.user_id === subject);
    if (!isDone) throw error;
  }
}

/** The lines of the log about how this user became a member of this organization, or accepted an invitation to it; newest first. */
async function findLines(management, event) {
  const userId = event.user.user_id;
  const q = \`(type:organization_member_added OR type:si) AND user_id:"\${userId}"\`;
  const { data: lines } = await management.logs.getAll({ q, sort: 'date:-1', per_page: 50 });
  // The subject comes from an identity provider and could end the quotes: what the log answers is compared again.
  return lines.filter((line) => line.user_id === userId && line.organization_id === event.organization.id);
}

/**
 * The line that says how they came: the newest, or an acceptance of the same minute. Somebody whom a login at the same time has made a member
 * accepts an invitation that brings no membership any more, and the two lines come in any order.
 */
function findComing(lines) {
  const [newest] = lines;
  const isNear = (line) => Math.abs(Date.parse(line.date) - Date.parse(newest.date)) <= LOGIN_MS;
  return lines.find((line) => line.type === 'si' && isNear(line)) || newest;
}

/**
 * When this login began: a line of the log from before belongs to another one. Not a number if Auth0 does not say it, or if the person used
 * a session of earlier: then an old line and a new one cannot be told apart.
 */
function findBegin(event, startedAt) {
  const methods = event.authentication ? event.authentication.methods : [];
  const federated = methods.filter(({ name }) => name === 'federated').map(({ timestamp }) => Date.parse(timestamp));
  const last = Math.max(...federated);
  return last >= startedAt - LOGIN_MS ? last : Number.NaN;
}

const isInvited = (line) => line.type === 'si' || line.details.reason === 'invitation';
const isSince = (line, begin) => Date.parse(line.date) >= begin;

/** Waits until the log has a line of this login. Returns the line that says how they came, as far as the log knows when patience ends. */
async function awaitComing(management, event, startedAt, begin) {
  for (;;) {
    const lines = await findLines(management, event);
    const isFresh = lines.length > 0 && isSince(lines[0], begin);
    if (isFresh || Date.now() + PAUSE_MS - startedAt > PATIENCE_MS) return findComing(lines);
    await pause(PAUSE_MS);
  }
}

/** True if this user has been in this organization since that line: then it says nothing about the present membership. */
async function wasInSince(management, event, line) {
  const userId = event.user.user_id;
  const q = \`type:s AND user_id:"\${userId}"\`;
  const { data: logins } = await management.logs.getAll({ q, sort: 'date:-1', per_page: 50 });
  // A full page may end before that line: the login may be on the next one.
  if (logins.length >= 50 && Date.parse(logins[logins.length - 1].date) >= Date.parse(line.date)) return true;
  return logins.some(
    (login) =>
      login.user_id === userId &&
      Date.parse(login.date) >= Date.parse(line.date) &&
      (!login.organization_id || login.organization_id === event.organization.id),
  );
}

/**
 * The invitation that waits for this address, one that may be used before any other (those that are over stay in the list for a while);
 * isKnown is false if there are too many to find it.
 */
async function readInvitation(management, event) {
  const email = (event.user.email || '').toLowerCase();
  let other;
  for (let page = 0; page < 5; page += 1) {
    const { data } = await management.organizations.getInvitations({ id: event.organization.id, per_page: 100, page });
    const own = data.filter((invitation) => invitation.invitee.email.toLowerCase() === email);
    const found = own.find((invitation) => mayUse(invitation, event));
    if (found) return { found, isKnown: true };
    other = other || own[0];
    if (data.length < 100) return { found: other, isKnown: true };
  }
  return { found: other, isKnown: false };
}

/** True if the invitation may be used in this login although its link was not opened: the company vouches for the address. */
function mayUse(invitation, event) {
  if (!invitation || event.user.email_verified !== true) return false;
  if (Date.parse(invitation.expires_at) <= Date.now()) return false;
  return !invitation.connection_id || invitation.connection_id === event.connection.id;
}

/** Gives what the invitation promises, and ends it. The mark comes with the roles, so a repetition finds the person in. */
async function useInvitation(management, event, invitation) {
  const member = { id: event.organization.id, user_id: event.user.user_id };
  await management.organizations.addMemberRoles(member, { roles: [SETTINGS.role, ...(invitation.roles || [])] });
  // A login that came by the link uses the invitation up itself, and would be refused without it.
  if (event.request.query && event.request.query.invitation) return;
  try {
    await management.organizations.deleteInvitation({ id: event.organization.id, invitation_id: invitation.id });
  } catch (error) {
    // Another login of this person has ended it meanwhile.
    if (error.statusCode !== 404) throw error;
  }
}

/** A text that changes when this user signs in elsewhere at the same time, by accepting an invitation for example. */
async function readLogins(management, event) {
  const { data: user } = await management.users.get({ id: event.user.user_id, fields: 'last_login,logins_count' });
  return JSON.stringify([user.last_login, user.logins_count]);
}

/** True if the membership came by auto-membership in this very login, and nothing speaks for the person. Asked last of all. */
async function mayTakeBack(management, event, judged) {
  if (judged.line.details.reason !== 'auto_membership' || !isSince(judged.line, judged.begin)) return false;
  if (Date.parse(judged.line.date) < Date.parse(SETTINGS.since)) return false;
  if (event.request.query && event.request.query.invitation) return false;
  const { found, isKnown } = await readInvitation(management, event);
  if (found || !isKnown) return false;
  if ((await readLogins(management, event)) !== judged.logins) return false;
  const coming = findComing(await findLines(management, event));
  if (!coming || coming.log_id !== judged.line.log_id) return false;
  const roles = await readRoles(management, event, event.user.user_id);
  return roles.length === 0;
}

async function judge(management, event, place) {
  const startedAt = Date.now();
  const userId = event.user.user_id;
  if ((await readRoles(management, event, userId)).length > 0) return { end: 'in' };

  const account = await findOldAccount(management, event, place);
  if (account) {
    await linkTo(management, event, account);
    return { end: 'linked', userId: account.user_id };
  }

  const { found: invitation } = await readInvitation(management, event);
  if (mayUse(invitation, event)) {
    await useInvitation(management, event, invitation);
    return { end: 'in' };
  }

  const logins = await readLogins(management, event);
  const begin = findBegin(event, startedAt);
  const line = await awaitComing(management, event, startedAt, begin);
  if (!line) return { end: 'unclear' };
  if (isInvited(line)) {
    // An old line of somebody who was in: they were taken out since, and the log does not say yet how they came back.
    if (!isSince(line, begin) && (await wasInSince(management, event, line))) return { end: 'unclear' };
    await markLetIn(management, event, userId);
    return { end: 'in' };
  }
  if (await mayTakeBack(management, event, { line, logins, begin })) {
    await management.organizations.deleteMembers({ id: event.organization.id }, { members: [userId] });
    return { end: 'stranger', left: false };
  }
  return { end: 'stranger', left: true };
}

exports.onExecutePostLogin = async (event, api) => {
  // No organization, another one, or another way in: not this Action's business.
  const place = SETTINGS.organizations.find(({ id }) => event.organization && id === event.organization.id);
  if (!place || !place.connections.includes(event.connection.id)) return;
  // Nobody becomes a member by a refresh token, so there is nothing to take back.
  if (event.transaction && event.transaction.protocol === 'oauth2-refresh-token') return;

  let answer;
  try {
    const management = await connect(event, api);
    answer = await judge(management, event, place);
    // Another login of this person at the same time may have let them in: by the invitation that this one did not find any more.
    const isOut = answer.end === 'unclear' || answer.left === true;
    if (isOut && (await readRoles(management, event, event.user.user_id)).length > 0) return;
  } catch (error) {
    // The kept token may have been revoked.
    api.cache.delete(TOKEN_KEY);
    console.log(\`guard: refused, \${String(error.statusCode || error.message).slice(0, 120)}\`);
    return api.access.deny(SETTINGS.texts.unclear);
  }
  if (answer.end === 'in') return;
  if (answer.end === 'linked') {
    api.authentication.setPrimaryUser(answer.userId);
    return;
  }
  if (answer.end === 'unclear') {
    console.log('guard: refused, the log says nothing about this membership; it stays');
    return api.access.deny(SETTINGS.texts.unclear);
  }
  if (answer.left) console.log('guard: refused a stranger, the membership stays; sweep finds it');
  return api.access.deny(SETTINGS.texts.stranger);
};
`;
