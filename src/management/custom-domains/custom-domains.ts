/**
 * `/custom-domains`: a single domain, this server's own address. As on Auth0, a tenant has none until somebody asks for
 * it, and its address is the canonical domain until then: so an export can be imported at another address. Tools that
 * need a ready domain (Terraform's branding) ask for it. An environment variable sets the address, so no request can
 * change it; a write that repeats the shown values succeeds. Must never call a domain ready at which the server does not
 * answer.
 */
import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { ManagementDeps } from '../api/deps.js';
import { badQuery, conflict, ManagementError, notFound } from '../api/errors.js';
import type { Call, Operation, Reply, Wire } from '../api/operation.js';
import { ANY_OBJECT, listOf, replyOf, TEXT_OR_NULL, viewOf } from '../api/wire.js';

const ONE_DOMAIN = 'Custom domains: this server has one, VESTIBULE_URL.';

const DOMAIN = viewOf<URL>({
  custom_domain_id: ['string', ({ host }) => `cd_${createHash('sha256').update(host).digest('hex').slice(0, 16)}`],
  domain: ['string', ({ host }) => host],
  primary: ['boolean', () => true],
  is_default: ['boolean', () => true],
  status: ['string', () => 'ready'],
  type: ['string', () => 'self_managed_certs'],
  verification: [
    replyOf({ methods: listOf(replyOf({ name: 'string', record: 'string', domain: 'string' })), status: 'string' }),
    ({ host }) => ({ methods: [{ name: 'cname', record: host, domain: host }], status: 'verified' }),
  ],
  custom_client_ip_header: [TEXT_OR_NULL, () => null],
  tls_policy: ['string', () => 'recommended'],
  domain_metadata: [ANY_OBJECT, () => ({})],
  relying_party_identifier: ['string', ({ hostname }) => hostname],
});

/** The default domain: a custom one, or the canonical one, of which only the name is shown. */
const DEFAULT = { ...DOMAIN.schema, required: ['domain'] };

const toWire = (origin: string): Wire => DOMAIN.show(new URL(origin));

/** Matches one condition of `q`: `name:value`. A value with `*` at its end matches any ending. */
const CONDITION = /^([a-z_]+):"?([^\s"()]+?)(\*?)"?$/;

/** True when the domain meets all conditions in `q`, which are joined by AND. Throws 400 for any other query. */
function isAskedFor(domain: Wire, q: unknown): boolean {
  if (typeof q !== 'string' || q.trim() === '') return true;
  const conditions = q
    .trim()
    .split(' AND ')
    .map((text) => {
      const [, name = '', value = '', star] = CONDITION.exec(text.trim()) ?? [];
      if (!Object.hasOwn(domain, name))
        throw badQuery("Query validation error: 'Write name:value, joined by AND' on property q.");
      return { shown: String(domain[name]), value, isOpen: star === '*' };
    });
  return conditions.every(({ shown, value, isOpen }) => (isOpen ? shown.startsWith(value) : shown === value));
}

/** Returns the domain in the path. Throws 404 for any other, and where nobody asked for it. */
async function getDomain(deps: Pick<ManagementDeps, 'origin'>, call: Call): Promise<Wire> {
  const domain = toWire(deps.origin);
  const isListed = call.params.id === domain.custom_domain_id && (await call.directory.tenant.hasOwnDomain());
  if (!isListed) throw notFound('Custom domain not found.');
  return domain;
}

/** Returns the default domain: the custom one, or the canonical one, of which only the name is shown. */
async function getDefault(deps: Pick<ManagementDeps, 'origin'>, call: Call): Promise<Wire> {
  const domain = toWire(deps.origin);
  return (await call.directory.tenant.hasOwnDomain()) ? domain : { domain: domain.domain };
}

/** Returns the domain unchanged. Throws 403 when the request asks for a change. */
function withoutChange(domain: Wire, body: unknown): Wire {
  const isNothing = (value: unknown) => value === null || value === '' || isDeepStrictEqual(value, {});
  const change = Object.entries(body as Wire).find(
    ([name, value]) => !isDeepStrictEqual(value, domain[name]) && !(isNothing(value) && isNothing(domain[name])),
  );
  if (change !== undefined)
    throw new ManagementError(403, `${ONE_DOMAIN} Its ${change[0]} cannot be changed.`, 'feature_not_enabled');
  return domain;
}

async function create(deps: Pick<ManagementDeps, 'origin'>, call: Call): Promise<Reply> {
  const { domain, verification_method: _method, ...settings } = call.body as Wire & { readonly domain: string };
  const own = toWire(deps.origin);
  if (domain.toLowerCase() !== own.domain)
    throw new ManagementError(403, `${ONE_DOMAIN} Start the server with another address.`, 'feature_not_enabled');
  withoutChange(own, settings);
  if (!(await call.directory.tenant.setOwnDomain(true))) throw conflict('Custom domain already exists.');
  return { body: own };
}

type Declared = Pick<Operation, 'method' | 'path' | 'summary' | 'run'> & Partial<Operation>;
const operation = (declared: Declared): Operation => ({
  reply: DOMAIN.schema,
  refusals: [404],
  readsOnly: true,
  ...declared,
});

function operationsOnOne(deps: ManagementDeps): Operation[] {
  const path = '/custom-domains/{id}';
  return [
    operation({
      method: 'get',
      path,
      summary: 'Get a custom domain',
      run: async (call) => ({ body: await getDomain(deps, call) }),
    }),
    operation({
      method: 'patch',
      path,
      summary: 'Update a custom domain',
      run: async (call) => ({ body: withoutChange(await getDomain(deps, call), call.body) }),
    }),
    {
      method: 'delete',
      path,
      summary: 'Delete a custom domain',
      async run(call) {
        // The server goes on answering at its address. As on Auth0, deleting a domain that does not exist succeeds.
        if (call.params.id === toWire(deps.origin).custom_domain_id) await call.directory.tenant.setOwnDomain(false);
        return {};
      },
    },
    operation({
      method: 'post',
      path: `${path}/verify`,
      summary: 'Verify a custom domain',
      run: async (call) => ({ body: await getDomain(deps, call) }),
    }),
    operation({
      method: 'post',
      path: `${path}/test`,
      summary: 'Test a custom domain',
      reply: replyOf({ success: 'boolean' }, { message: 'string' }),
      refusals: [404],
      async run(call) {
        await getDomain(deps, call);
        // No check is needed: this request came through the domain, so the domain works.
        return { body: { success: true, message: 'The server answers at this domain.' } };
      },
    }),
  ];
}

/** Returns the operations on `/custom-domains`. */
export function customDomainOperations(deps: ManagementDeps): Operation[] {
  return [
    operation({
      method: 'get',
      path: '/custom-domains',
      summary: 'List custom domains',
      refusals: [],
      list: { key: 'custom_domains', checkpoint: true },
      fields: true,
      async run({ query, paging, directory }) {
        const domain = toWire(deps.origin);
        const isListed = isAskedFor(domain, query.q) && (await directory.tenant.hasOwnDomain());
        const items = isListed && (paging.request.offset ?? 0) === 0 ? [domain] : [];
        return { page: { items, total: items.length } };
      },
    }),
    {
      method: 'post',
      path: '/custom-domains',
      summary: 'Create a custom domain',
      status: 201,
      reply: DOMAIN.schema,
      refusals: [409],
      run: (call) => create(deps, call),
    },
    operation({
      method: 'get',
      path: '/custom-domains/default',
      summary: 'Get the default custom domain',
      refusals: [],
      reply: DEFAULT,
      run: async (call) => ({ body: await getDefault(deps, call) }),
    }),
    operation({
      method: 'patch',
      path: '/custom-domains/default',
      summary: 'Set the default custom domain',
      reply: DEFAULT,
      refusals: [404],
      async run(call) {
        const domain = await getDefault(deps, call);
        if ((call.body as Wire).domain !== domain.domain) throw notFound('Custom domain not found.');
        return { body: domain };
      },
    }),
    ...operationsOnOne(deps),
  ];
}
