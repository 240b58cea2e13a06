/**
 * `/self-service-profiles`: the tenant's settings for pages on which customers' administrators set up their own
 * sign-in.
 */
import type { NeededAttribute, SelfServiceProfile } from '../../domain/self-service.js';
import { newId } from '../../kernel/ids.js';
import type { ProfileChanges } from '../../ports/directory/self-service.js';
import type { ManagementDeps } from '../api/deps.js';
import { badBody, conflict, notFound } from '../api/errors.js';
import type { Call, Operation, Reply } from '../api/operation.js';
import { changed, listOf, present, replyOf, viewOf } from '../api/wire.js';

interface ProfileBody {
  readonly name?: string;
  readonly description?: string | null;
  readonly branding?: { readonly logo_url?: string; readonly colors?: { readonly primary: string } } | null;
  readonly allowed_strategies?: readonly string[];
  readonly user_attributes?:
    | readonly {
        readonly name: string;
        readonly description: string;
        readonly is_optional: boolean;
      }[]
    | null;
}

/** Auth0's limits ("Self-Service Enterprise Configuration"): 20 profiles, each with 20 attributes. */
const MAX_PROFILES = 20;
const MAX_ATTRIBUTES = 20;

export const noProfile = () => notFound('The self-service profile does not exist.');

/**
 * Returns the strategies for an answer. An empty list is stored for "all"; it is omitted, since no request may send an
 * empty one.
 */
const shownStrategies = ({ allowedStrategies }: SelfServiceProfile) =>
  allowedStrategies.length === 0 ? undefined : allowedStrategies;

const showBranding = ({ logoUrl, primaryColor }: NonNullable<SelfServiceProfile['branding']>) =>
  present({ logo_url: logoUrl, colors: primaryColor === undefined ? undefined : { primary: primaryColor } });

const ATTRIBUTE = viewOf<NeededAttribute>({
  name: ['string', ({ name }) => name],
  description: ['string', ({ description }) => description],
  is_optional: ['boolean', ({ isOptional }) => isOptional],
});

const PROFILE = viewOf<SelfServiceProfile>({
  id: ['string', ({ id }) => id],
  name: ['string', ({ name }) => name],
  user_attributes: [listOf(ATTRIBUTE.schema), ({ userAttributes }) => userAttributes.map(ATTRIBUTE.show)],
  created_at: ['string', ({ createdAt }) => createdAt.toISOString()],
  updated_at: ['string', ({ updatedAt }) => updatedAt.toISOString()],
  'description?': ['string', ({ description }) => description],
  'allowed_strategies?': [listOf('string'), shownStrategies],
  'branding?': [
    replyOf({}, { logo_url: 'string', colors: replyOf({ primary: 'string' }) }),
    ({ branding }) => branding && showBranding(branding),
  ],
});

function toAttributes(given: ProfileBody['user_attributes']): readonly NeededAttribute[] {
  if ((given?.length ?? 0) > MAX_ATTRIBUTES) throw badBody(`user_attributes takes at most ${MAX_ATTRIBUTES} items.`);
  return (given ?? []).map(({ name, description, is_optional: isOptional }) => ({ name, description, isOptional }));
}

function toBranding(given: ProfileBody['branding']): SelfServiceProfile['branding'] {
  if (!given) return undefined;
  const { logo_url: logoUrl, colors } = given;
  return { ...(logoUrl !== undefined && { logoUrl }), ...(colors && { primaryColor: colors.primary }) };
}

function toChanges(body: ProfileBody): ProfileChanges {
  return {
    ...changed<Pick<ProfileChanges, 'name' | 'allowedStrategies'>>({
      name: body.name,
      allowedStrategies: body.allowed_strategies,
    }),
    ...(body.description !== undefined && { description: body.description ?? undefined }),
    ...(body.branding !== undefined && { branding: toBranding(body.branding) }),
    ...(body.user_attributes !== undefined && { userAttributes: toAttributes(body.user_attributes) }),
  } as ProfileChanges;
}

async function create(deps: ManagementDeps, call: Call): Promise<Reply> {
  const { selfService } = call.directory;
  if ((await selfService.countProfiles()) >= MAX_PROFILES)
    throw conflict(`There are ${MAX_PROFILES} self-service profiles already: delete one first.`);
  const profile: SelfServiceProfile = {
    name: '',
    description: undefined,
    userAttributes: [],
    branding: undefined,
    allowedStrategies: [],
    ...toChanges(call.body as ProfileBody),
    id: newId(deps.entropy, 'ssp'),
    createdAt: call.now,
    updatedAt: call.now,
  };
  await selfService.createProfile(profile);
  return { body: PROFILE.show(profile) };
}

async function update(call: Call): Promise<Reply> {
  const changes = { ...toChanges(call.body as ProfileBody), updatedAt: call.now };
  const profile = await call.directory.selfService.updateProfile(call.params.id ?? '', changes);
  if (profile === undefined) throw noProfile();
  return { body: PROFILE.show(profile) };
}

/** Returns the operations on `/self-service-profiles`, except tickets. */
export function selfServiceProfileOperations(deps: ManagementDeps): Operation[] {
  const path = '/self-service-profiles';
  const reply = PROFILE.schema;
  return [
    {
      method: 'get',
      path,
      summary: 'List self-service profiles',
      reply,
      list: { key: 'self_service_profiles', checkpoint: false },
      async run(call) {
        const page = await call.directory.selfService.listProfiles(call.paging.request);
        return { page: { ...page, items: page.items.map(PROFILE.show) } };
      },
    },
    {
      method: 'post',
      path,
      summary: 'Create a self-service profile',
      status: 201,
      reply,
      refusals: [409],
      run: (call) => create(deps, call),
    },
    {
      method: 'get',
      path: `${path}/{id}`,
      summary: 'Get a self-service profile',
      reply,
      refusals: [404],
      async run(call) {
        const profile = await call.directory.selfService.findProfile(call.params.id ?? '');
        if (profile === undefined) throw noProfile();
        return { body: PROFILE.show(profile) };
      },
    },
    {
      method: 'patch',
      path: `${path}/{id}`,
      summary: 'Update a self-service profile',
      reply,
      refusals: [404],
      run: update,
    },
    {
      method: 'delete',
      path: `${path}/{id}`,
      summary: 'Delete a self-service profile, and the tickets that were made with it',
      refusals: [404],
      async run(call) {
        if (!(await call.directory.selfService.deleteProfile(call.params.id ?? ''))) throw noProfile();
        return {};
      },
    },
  ];
}
