/**
 * `/connection-profiles` and `/user-attribute-profiles`: what customers may set up by the My Organization API, and where
 * the attributes of their people come from. The effect is in my-organization/connection-profile.ts and
 * attribute-profile.ts. A profile that an application names cannot be deleted: the application would lose its limits.
 */
import { newId } from '../../kernel/ids.js';
import type { ProfileKind, ProfileRecord } from '../../ports/directory/profiles.js';
import type { ManagementDeps } from '../api/deps.js';
import { badBody, conflict, notFound } from '../api/errors.js';
import type { Call, JsonSchema, Operation, Reply, Wire } from '../api/operation.js';
import { ANY_OBJECT, listOf, orConflict, present, type Rows, replyOf, viewOf } from '../api/wire.js';
import { type ProfileAttribute, USUAL_USER_ID } from '../my-organization/attributes.js';
import { ATTRIBUTE_TEMPLATES, CONNECTION_TEMPLATES, type Template } from './templates.js';

/** This server's limits; Auth0's document names none. */
const MAX_PROFILES = 50;
const MAX_CHARACTERS = 65_536;
/** As in Auth0's document. Its SDKs ask for 50 items, and its document has at most 10 for connection profiles. */
const PAGE_SIZE = 5;

interface Resource {
  readonly kind: ProfileKind;
  readonly path: string;
  readonly noun: string;
  /** The property of the lists: of profiles, and of templates. */
  readonly key: string;
  readonly prefix: 'cop' | 'uap';
  readonly templates: readonly Template[];
  readonly rows: Rows<Wire>;
  /** Completes the settings of a write, and checks what Auth0's document does not. Throws 400. */
  complete(settings: Wire): Wire;
}

const shown = (name: string, schema: string | JsonSchema) => [schema, (profile: Wire) => profile[name]] as const;

/** Fields that no attribute may set. Attack: a profile makes an address verified, or says who somebody is. */
const OTHER_FIELDS: Readonly<Record<string, string>> = {
  user_id: 'name the attribute in user_id of the profile',
  email_verified: 'no profile makes an address verified',
  phone_verified: 'no profile makes a number verified',
};
/** Attack: a field such as `__proto__`, which changes what all objects have. */
const FIELD = /^(?!.*(?:__proto__|constructor|prototype))[A-Za-z][\w:/-]*(?:\.[\w:/-]+)*$/;
/** A reference to a claim. `userinfo` means the same here as `tokenset`: claims are read from the ID token. */
const REFERENCE = /\$\{context\.(?:tokenset|userinfo)\.[\w.:-]{1,50}\}/g;

function checkAttribute(key: string, attribute: ProfileAttribute): void {
  const { auth0_mapping: field, strategy_overrides: overrides = {} } = attribute;
  const claims = [attribute, ...Object.values(overrides)].map((one) => one?.oidc_mapping?.mapping ?? '');
  const where = `user_attributes.${key.slice(0, 50)}`;
  const reason = Object.hasOwn(OTHER_FIELDS, field) ? OTHER_FIELDS[field] : undefined;
  if (reason !== undefined) throw badBody(`${where}.auth0_mapping: ${field} is set otherwise: ${reason}.`);
  if (!FIELD.test(field)) throw badBody(`${where}.auth0_mapping: it is no name of a field.`);
  // Attack: a template that is not filled in, which would be the name of everybody.
  if (claims.some((mapping) => mapping.replaceAll(REFERENCE, '').includes('${')))
    throw badBody(`${where}.oidc_mapping: write a claim as \${context.tokenset.NAME}.`);
}

function completeAttributes(settings: Wire): Wire {
  const { user_id: userId, user_attributes: given } = settings;
  const attributes = Object.entries((given ?? {}) as Readonly<Record<string, ProfileAttribute>>);
  for (const [key, attribute] of attributes) checkAttribute(key, attribute);
  const fields = attributes.map(([, { auth0_mapping: field }]) => field);
  const twice = fields.find((field, index) => fields.indexOf(field) !== index);
  if (twice !== undefined) throw badBody(`user_attributes: two of them set ${twice}. Remove one.`);
  return { ...settings, user_id: { ...USUAL_USER_ID, ...(userId as Wire | null | undefined) } };
}

const RESOURCES: readonly Resource[] = [
  {
    kind: 'connection',
    path: '/connection-profiles',
    noun: 'connection profile',
    key: 'connection_profile',
    prefix: 'cop',
    templates: CONNECTION_TEMPLATES,
    rows: {
      'organization?': shown('organization', ANY_OBJECT),
      'connection_name_prefix_template?': shown('connection_name_prefix_template', 'string'),
      'enabled_features?': shown('enabled_features', listOf('string')),
      'connection_config?': shown('connection_config', ANY_OBJECT),
      'strategy_overrides?': shown('strategy_overrides', ANY_OBJECT),
    },
    complete: (settings) => settings,
  },
  {
    kind: 'user_attribute',
    path: '/user-attribute-profiles',
    noun: 'user attribute profile',
    key: 'user_attribute_profile',
    prefix: 'uap',
    templates: ATTRIBUTE_TEMPLATES,
    rows: { user_id: shown('user_id', ANY_OBJECT), user_attributes: shown('user_attributes', ANY_OBJECT) },
    complete: completeAttributes,
  },
];

/** Returns the settings to store: those of `before` with those of the request. Null takes a property away. */
function toSettings({ complete }: Resource, before: Wire, given: Wire): Wire {
  const merged = Object.entries({ ...before, ...given }).filter(([name, value]) => name !== 'name' && value !== null);
  const settings = complete(Object.fromEntries(merged));
  // Attack: a profile of megabytes, which every call of every customer's administrator reads.
  if (JSON.stringify(settings).length > MAX_CHARACTERS)
    throw badBody(`The profile is longer than ${MAX_CHARACTERS} characters as JSON.`);
  return settings;
}

const capital = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
const noProfile = ({ noun }: Resource) => notFound(`${capital(noun)} not found.`);

async function create(deps: ManagementDeps, resource: Resource, call: Call): Promise<ProfileRecord> {
  const { profiles } = call.directory;
  const { kind, noun, prefix } = resource;
  const { name, ...given } = call.body as Wire & { readonly name: string };
  if ((await profiles.count(kind)) >= MAX_PROFILES)
    throw conflict(`There are ${MAX_PROFILES} ${noun}s already: delete one first.`);
  const settings = toSettings(resource, {}, given);
  const profile = { id: newId(deps.entropy, prefix), name, settings, createdAt: call.now };
  await orConflict(`A ${noun} with this name exists already.`, profiles.create(kind, profile));
  return profile;
}

async function getProfile({ directory, params }: Call, resource: Resource): Promise<ProfileRecord> {
  const profile = await directory.profiles.find(resource.kind, params.id ?? '');
  if (profile === undefined) throw noProfile(resource);
  return profile;
}

async function update(resource: Resource, call: Call): Promise<ProfileRecord> {
  const { kind, noun } = resource;
  // Two changes at once: the later one starts from the earlier one.
  await call.directory.locks.lock('profile', [call.params.id ?? '']);
  const before = await getProfile(call, resource);
  const { name = before.name, ...given } = call.body as Wire & { readonly name?: string };
  const settings = toSettings(resource, before.settings, given);
  const after = await orConflict(
    `A ${noun} with this name exists already.`,
    call.directory.profiles.update(kind, { id: before.id, name, settings }),
  );
  if (after === undefined) throw noProfile(resource);
  return after;
}

/** Deletes the profile. As in Auth0's document, one that does not exist is 204. */
async function remove({ kind, noun }: Resource, { directory: { profiles }, params }: Call): Promise<Reply> {
  const id = params.id ?? '';
  await profiles.remove(kind, id);
  // Attack: an application begins to name the profile at this moment. It waits for the deleted row, then finds none.
  const users = await profiles.listUsers(kind, id);
  if (users.length > 0)
    throw conflict(`Applications use this ${noun} (${users.join(', ')}): name another one there first.`);
  return {};
}

function templateOperations({ path, noun, key, templates }: Resource): Operation[] {
  const reply = replyOf({ id: 'string', display_name: 'string', template: ANY_OBJECT });
  return [
    {
      method: 'get',
      path: `${path}/templates`,
      summary: `List templates of ${noun}s`,
      reply: replyOf({ [`${key}_templates`]: listOf(reply) }),
      run: async () => ({ body: { [`${key}_templates`]: templates } }),
    },
    {
      method: 'get',
      path: `${path}/templates/{id}`,
      summary: `Get a template of ${noun}s`,
      reply,
      refusals: [404],
      async run({ params }) {
        const found = templates.find(({ id }) => id === params.id);
        if (found === undefined) throw notFound(`${capital(noun)} template not found.`);
        return { body: found };
      },
    },
  ];
}

function operationsOf(deps: ManagementDeps, resource: Resource): Operation[] {
  const { kind, path, noun, key, rows } = resource;
  const view = viewOf<Wire>({ id: shown('id', 'string'), name: shown('name', 'string'), ...rows });
  const show = ({ id, name, settings }: ProfileRecord) => view.show(present({ id, name, ...settings }));
  const reply = view.schema;
  const one = `${path}/{id}`;
  return [
    {
      method: 'get',
      path,
      summary: `List ${noun}s`,
      reply,
      list: { key: `${key}s`, form: 'object', checkpoint: true, defaultPageSize: PAGE_SIZE },
      async run({ directory, paging }) {
        const page = await directory.profiles.list(kind, paging.request);
        return { page: { ...page, items: page.items.map(show) } };
      },
    },
    {
      method: 'post',
      path,
      summary: `Create a ${noun}`,
      status: 201,
      reply,
      refusals: [409],
      run: async (call) => ({ body: show(await create(deps, resource, call)) }),
    },
    ...templateOperations(resource),
    {
      method: 'get',
      path: one,
      summary: `Get a ${noun}`,
      reply,
      refusals: [404],
      run: async (call) => ({ body: show(await getProfile(call, resource)) }),
    },
    {
      method: 'patch',
      path: one,
      summary: `Update a ${noun}`,
      reply,
      refusals: [404, 409],
      run: async (call) => ({ body: show(await update(resource, call)) }),
    },
    {
      method: 'delete',
      path: one,
      summary: `Delete a ${noun}`,
      refusals: [409],
      run: (call) => remove(resource, call),
    },
  ];
}

/** Returns the operations on connection profiles and on user attribute profiles. */
export function profileOperations(deps: ManagementDeps): Operation[] {
  return RESOURCES.flatMap((resource) => operationsOf(deps, resource));
}
