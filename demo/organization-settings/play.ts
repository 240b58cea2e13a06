/**
 * Plays story 38: Acme turns on its own sign-in, by its administrator alone, in the application. Sign-ins and requests are
 * the real ones. Decides nothing about any login.
 */
import type { Server } from '../../src/compose/server.js';
import { signIn, toArrival, Walker } from '../actions/walker.js';
import type { Addresses } from '../addresses.js';
import { SAML } from '../idp/saml.js';
import { compare, forgetAttempts, snapshot } from '../ledger.js';
import type { NameServer } from '../name-server.js';
import type { Operator, Tenant } from '../operator.js';
import { CAST, type Person } from '../people.js';
import { ledTo } from '../set-up/administrator.js';
import { DOMAIN, OWN, restoreAcme, takeSsoAway } from './acme.js';
import { type Answer, Visitor } from './ada.js';
import {
  isRefused,
  isSame,
  judgeConnected,
  judgeDirectory,
  judgeDomain,
  judgeOff,
  judgeOpened,
  judgeSaml,
  judgeTeam,
  judgeTried,
} from './judge.js';
import type { OwnSsoState } from './state.js';
import { ADA } from './tenant.js';

/** Values that Ada finds at Acme's identity provider. */
export interface ProviderValues {
  readonly clientId: string;
  readonly clientSecret: string;
}

export interface OwnSsoDeps {
  readonly server: Pick<Server, 'pool'>;
  readonly operator: Operator;
  readonly tenant: Tenant;
  readonly addresses: Addresses;
  readonly provider: ProviderValues;
  readonly names: Pick<NameServer, 'publish'>;
}

interface Stage {
  readonly deps: OwnSsoDeps;
  readonly state: OwnSsoState;
  readonly ada: Visitor;
  /** User ids from before. */
  readonly ids: { readonly ada: string; readonly dana: string };
}

/** Runs the work, and returns what it found with what changed meanwhile. */
async function during<T>({ server }: OwnSsoDeps, work: () => Promise<T>) {
  const before = await snapshot(server.pool);
  const found = await work();
  return { found, ledger: compare(before, await snapshot(server.pool)) };
}

const isLedThere = async ({ addresses, tenant }: OwnSsoDeps, person: Person): Promise<boolean> =>
  (await ledTo(addresses, tenant.acmeId, person)) === addresses.acmeIdp;

async function open({ deps, state, ada }: Stage) {
  await ada.signIn();
  await ada.call('reads the details', 'GET', '/details');
  const dana = new Visitor(deps, CAST.dana, state.answers);
  await dana.signIn();
  return judgeOpened(ada.scopes, dana.scopes, await dana.call('asks for the members', 'GET', '/members'));
}

/** Publishes the TXT records of Acme's domains that are pending, as the person does who manages its DNS. */
export async function publishRecords({ operator, tenant, names }: OwnSsoDeps): Promise<void> {
  const domains = (await operator.sdk.organizations.discoveryDomains.list(tenant.acmeId)).data;
  for (const { verification_host: host, verification_txt: text } of domains)
    if (host !== undefined && text !== undefined) names.publish(host, text);
}

async function proveDomain({ deps, ada }: Stage) {
  const { found, ledger } = await during(deps, async () => {
    const { body } = await ada.call(`adds ${DOMAIN}`, 'POST', '/domains', { domain: DOMAIN });
    const verify = (did: string) => ada.call(did, 'POST', `/domains/${body.id}/verify`);
    const early = await verify('verifies too early');
    await publishRecords(deps);
    return { early, late: await verify('verifies again') };
  });
  return judgeDomain(found.early, found.late, ledger);
}

const pathOf = ({ body }: Answer): string => `/identity-providers/${body.id}`;

/** Connects the provider; `keep` gets the new connection. */
async function connect({ deps, ada }: Stage, keep: (provider: Answer) => void) {
  const { clientId: client_id, clientSecret: client_secret } = deps.provider;
  const create = (did: string, discovery_url: string) =>
    ada.call(did, 'POST', '/identity-providers', {
      ...{ strategy: 'oidc', name: OWN.oidc, display_name: 'Acme', show_as_button: false },
      options: { type: 'back_channel', discovery_url, client_id, client_secret },
    });
  const { acmeIdp } = deps.addresses;
  const wrong = await during(deps, () => create('types a wrong address', `${acmeIdp}/typo`));
  const right = await during(deps, () => create('types the right one', acmeIdp));
  keep(right.found);
  return judgeConnected(wrong.found, wrong.ledger, right.found, right.ledger, await isLedThere(deps, CAST.dana));
}

/** Uses the provider for the domain and signs in by its name, before anybody is led there. */
async function tryOut({ deps, ada, ids }: Stage, path: string, name: string) {
  await ada.call(`uses it for ${DOMAIN}`, 'POST', `${path}/domains`, { domain: DOMAIN });
  const userId = await ada.signIn({ connection: name, prompt: 'login' });
  return judgeTried(userId, ids.ada, await isLedThere(deps, CAST.dana));
}

/** Leads everybody to the provider. Dana signs in by it, and Sam tries. */
async function lead({ deps, ada, ids }: Stage, path: string) {
  const { addresses, tenant } = deps;
  await ada.call('leads everybody there', 'PATCH', path, { show_as_button: true });
  const dana = isSame('Dana', await signIn(addresses, tenant.acmeId, CAST.dana), ids.dana);
  const { found, ledger } = await during(deps, () => signIn(addresses, tenant.acmeId, CAST.sam));
  return [dana, isRefused(ledger, found)];
}

/** Ivy opens the link of the invitation. */
async function accept({ addresses }: OwnSsoDeps, link: string) {
  const walker = new Walker();
  const accepted = await walker.press(await walker.visit(link), 'action', 'default');
  const end = accepted.url.origin === addresses.acmeIdp ? await walker.signInAtIdp(accepted, CAST.ivy.key) : accepted;
  return toArrival(end);
}

async function invite({ deps, ada }: Stage) {
  const { roles } = deps.tenant;
  const { found, ledger } = await during(deps, () =>
    ada.call('invites Ivy', 'POST', '/member-invitations', {
      invitees: [{ email: CAST.ivy.email, roles: [roles.editor] }],
    }),
  );
  const [{ invitation_url: link = '' } = {}] = found.body as unknown as { invitation_url?: string }[];
  return judgeTeam(found, ledger, await accept(deps, link));
}

async function syncDirectory({ deps, ada }: Stage, path: string, id: unknown) {
  await ada.call('turns directory sync on', 'POST', `${path}/provisioning`);
  const made = await ada.call('makes a token', 'POST', `${path}/provisioning/scim-tokens`, {});
  const listed = await ada.call('looks at the tokens', 'GET', `${path}/provisioning/scim-tokens`);
  const answer = await fetch(`${deps.addresses.vestibule}/scim/v2/connections/${id}/Users`, {
    headers: { authorization: `Bearer ${made.body.token}` },
  });
  return judgeDirectory(made, listed, answer.status);
}

/** Connects the provider by SAML and tries it, then turns the connection at `before` off. `keep` gets the new one. */
async function moveToSaml(stage: Stage, before: string, keep: (provider: Answer) => void) {
  const { deps, ada, ids } = stage;
  const made = await ada.call('connects it by SAML', 'POST', '/identity-providers', {
    ...{ strategy: 'samlp', name: OWN.saml, display_name: 'Acme (SAML)', show_as_button: false },
    options: { metadataUrl: `${deps.addresses.acmeIdp}${SAML.metadata}`, signSAMLRequest: true },
  });
  keep(made);
  const path = pathOf(made);
  await ada.call(`uses it for ${DOMAIN}`, 'POST', `${path}/domains`, { domain: DOMAIN });
  const userId = await ada.signIn({ connection: String(made.body.name), prompt: 'login' });
  await ada.call('turns the other one off', 'PATCH', before, { is_enabled: false });
  return [...judgeSaml(made, userId, ids.ada), ...(await lead(stage, path))];
}

/** Plays the story from beginning to end; `state` has its progress. Passes on errors of the server. */
export async function playOwnSso(deps: OwnSsoDeps, state: OwnSsoState): Promise<void> {
  const { pool } = deps.server;
  await forgetAttempts(pool);
  const ids = await takeSsoAway(deps.operator, deps.tenant);
  const ada = new Visitor(deps, ADA, state.answers);
  const stage = { deps, state, ada, ids };
  const before = await snapshot(pool);
  try {
    await state.step('open', () => open(stage));
    await state.step('domain', () => proveDomain(stage));
    const provider = await state.step<Answer>('connect', (keep) => connect(stage, keep));
    const path = pathOf(provider);
    await state.step('try', () => tryOut(stage, path, String(provider.body.name)));
    await state.step('lead', () => lead(stage, path));
    await state.step('team', () => invite(stage));
    await state.step('directory', () => syncDirectory(stage, path, provider.body.id));
    const saml = await state.step<Answer>('saml', (keep) => moveToSaml(stage, path, keep));
    await state.step('off', async () => {
      await ada.call('turns it off', 'PATCH', pathOf(saml), { is_enabled: false });
      const led = await isLedThere(deps, CAST.dana);
      state.ledger = compare(before, await snapshot(pool));
      return judgeOff(led, state.ledger);
    });
  } finally {
    // The other stories need Acme with the operator's connection.
    await restoreAcme(deps.operator, deps.tenant);
  }
}
