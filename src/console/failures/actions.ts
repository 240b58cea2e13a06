/** The console's words for refusals about Actions and their modules. sentence.ts says how they are matched. */
import type { Sentence } from './sentence.js';

const RELOAD = 'Reload the page.';

export const ACTION_SENTENCES: readonly Sentence[] = [
  ['The action does not exist.', '', 'This Action no longer exists. Somebody may have deleted it.'],
  [
    'An action with this name already exists.',
    'name',
    'Another Action already has this name. Choose a different name.',
  ],
  ['The name of an action has 1 to … characters.', 'name', 'Write a name of 1 to $1 characters.'],
  ['The code cannot be read: ….', 'code', 'The code has a mistake: $1.'],
  [
    'A module cannot require another module: ….',
    'code',
    'A module cannot load another module, but this one loads $1. Remove that line.',
  ],
  [
    'The trigger … calls exports.…, and the code exports ….',
    'code',
    'This trigger calls the function exports.$2, but the code exports $3. Rename the exported function.',
  ],
  ['The code of an action has at most … bytes.', 'code', 'The code is too long. The maximum is $1 bytes.'],
  [
    'The trigger … does not exist on this server: … do.',
    'supported_triggers',
    'This server has no trigger of that name. Choose another trigger.',
  ],
  [
    'The trigger … is here in version ….',
    'supported_triggers',
    'This server supports version $2 of that trigger. Choose that version.',
  ],
  ['An action supports one trigger.', 'supported_triggers', 'An Action belongs to exactly one trigger. Choose one.'],
  [
    'You reached the limit of entities of this type for this tenant: ….',
    '',
    'The limit of $1 is reached. Delete one first.',
  ],
  ['There are at most … dependencies.', 'dependencies', 'An Action can use at most $1 packages. Remove some.'],
  [
    'Each of the dependencies has a name and a version.',
    'dependencies',
    'Write each package with its version, for example lodash@4.17.21.',
  ],
  ['dependencies names one package twice.', 'dependencies', 'A package is listed twice. Remove one of them.'],
  [
    'Dependencies come with this server: registry_url is not supported.',
    'dependencies',
    'Only packages that come with this server can be used. Remove the registry address.',
  ],
  ['There are at most … secrets.', 'secrets', 'An Action can have at most $1 secrets. Remove one first.'],
  ['The name of a secret has 1 to … characters.', 'secrets', 'Write a name of 1 to $1 characters.'],
  ['The value of the secret … is no text.', 'secrets', 'The value of $1 is missing. Enter it.'],
  [
    'The value of the secret … has more than … characters.',
    'secrets',
    'The value of $1 is too long. The maximum is $2 characters.',
  ],
  ['The secret … is new and has no value.', 'secrets', 'The secret $1 is new and has no value yet. Enter one.'],
  ['secrets names one secret twice.', 'secrets', 'A secret is listed twice. Remove one of them.'],
  [
    'No such runtime: use …. The code runs on the Node.js of this server.',
    'runtime',
    'The code runs on this server’s Node.js version, which is $1. Choose that version.',
  ],
  [
    "can't upgrade to this trigger.",
    '',
    'This version was written for another trigger, so it cannot be deployed here.',
  ],
  ['Each of the modules has a module_id.', 'modules', `One of the modules no longer exists. ${RELOAD}`],
  ['The action module … does not exist.', 'modules', `One of the modules no longer exists. ${RELOAD}`],
  ['The action module … has the name ….', 'modules', `One of the modules was renamed. ${RELOAD}`],
  ['Each of the modules has a module_version_id.', 'modules', 'Choose a version for each module.'],
  ['The action module … has no version ….', 'modules', `One of the module versions no longer exists. ${RELOAD}`],
  [
    'The version … of the action module … has the number ….',
    'modules',
    `One of the module versions no longer exists. ${RELOAD}`,
  ],
  [
    'The version … of the action module … does not exist any more: name another one.',
    'modules',
    'One of the module versions no longer exists. Choose another version.',
  ],
  ['An action has at most … modules.', 'modules', 'An Action can load at most $1 modules. Remove one first.'],
  ['modules names one module twice.', 'modules', 'A module is listed twice. Remove one of them.'],
  ['The action version does not exist.', '', `This version no longer exists. ${RELOAD}`],
  [
    'Unable to delete an action bound to a trigger.',
    '',
    'The Action is in use. Remove it from the order of its trigger first, then delete it.',
  ],
  [
    'Trying to create a binding for an action that does not exist.',
    'bindings',
    `One of the Actions no longer exists. ${RELOAD}`,
  ],
  [
    'Trying to create a binding between an incompatible action and trigger.',
    'bindings',
    'One of the Actions belongs to another trigger. Remove it from this order.',
  ],
  [
    'Trying to create a binding for an action that has not been deployed yet.',
    'bindings',
    'One of the Actions was never deployed. Deploy it first.',
  ],
  ['The display_name of a binding has 1 to … characters.', 'bindings', 'Write a name of 1 to $1 characters.'],
  [
    'A trigger has at most … actions bound to it.',
    'bindings',
    'A trigger can run at most $1 Actions. Remove one from the order first.',
  ],
  ['The execution does not exist.', '', 'This execution is no longer in the log.'],
  ['The action module does not exist.', '', 'This module no longer exists. Somebody may have deleted it.'],
  ['The action module version does not exist.', '', `This version no longer exists. ${RELOAD}`],
  [
    'An action module with the same name already exists.',
    'name',
    'Another module already has this name. Choose a different name.',
  ],
  ['The name of an action module has 1 to 255 characters.', 'name', 'Write a name of 1 to 255 characters.'],
  ['No draft version is available to publish.', '', 'There is nothing to publish. The draft is already published.'],
  [
    'Maximum number of module versions reached. Consolidate versions used in actions before creating new ones.',
    '',
    'The module has reached its limit of versions. Change Actions so that they use fewer different versions.',
  ],
  [
    'The Actions Module cannot be deleted because it is in use by one or more actions.',
    '',
    'An Action uses this module. Remove it from that Action first, then delete it.',
  ],
  [
    'The specified version is already the current draft version.',
    '',
    'The draft already has the code of this version.',
  ],
];
