/**
 * Converts modules of Actions and their versions to Auth0's JSON. Of a secret, it shows name and date, never the value.
 */
import type { ModuleRecord, ModuleUse, ModuleVersionRecord } from '../../ports/directory/action-modules.js';
import { viewOf } from '../api/wire.js';
import { CODE, SUPPORTED } from './action-wire.js';

const PUBLISHED = viewOf<ModuleVersionRecord>({
  id: ['string', ({ id }) => id],
  version_number: ['integer', ({ number }) => number],
  ...CODE,
  created_at: ['string', ({ createdAt }) => createdAt.toISOString()],
});

/** A version of a module. */
export const MODULE_VERSION = viewOf<ModuleVersionRecord>({
  id: ['string', ({ id }) => id],
  module_id: ['string', ({ moduleId }) => moduleId],
  ...PUBLISHED.rows,
});

/** A module in a list: its draft. */
export const LISTED_MODULE = viewOf<ModuleRecord>({
  id: ['string', ({ id }) => id],
  name: ['string', ({ name }) => name],
  ...CODE,
  actions_using_module_total: ['integer', ({ deployedUses }) => deployedUses],
  all_changes_published: ['boolean', ({ hasDraft }) => !hasDraft],
  'latest_version_number?': ['integer', ({ latest }) => latest?.number],
  created_at: ['string', ({ createdAt }) => createdAt.toISOString()],
  updated_at: ['string', ({ updatedAt }) => updatedAt.toISOString()],
});

/** A module: its draft and its newest version. */
export const MODULE = viewOf<ModuleRecord>({
  ...LISTED_MODULE.rows,
  'latest_version?': [PUBLISHED.schema, ({ latest }) => latest && PUBLISHED.show(latest)],
});

/** An Action that loads a module. */
export const MODULE_USE = viewOf<ModuleUse>({
  action_id: ['string', ({ actionId }) => actionId],
  action_name: ['string', ({ actionName }) => actionName],
  module_version_id: ['string', ({ versionId }) => versionId],
  module_version_number: ['integer', ({ number }) => number],
  ...SUPPORTED,
});
