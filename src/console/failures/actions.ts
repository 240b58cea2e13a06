/** Refusals about Actions and their modules. See sentence.ts. */
import type { Sentence } from './sentence.js';

const RELOAD = 'Reload the page.';

export const ACTION_SENTENCES: readonly Sentence[] = [
  ['The action does not exist.', '', 'This Action is not there any more. It may have been deleted meanwhile.'],
  ['An action with this name already exists.', 'name', 'Another Action has this name. Choose another one.'],
  ['The name of an action has 1 to … characters.', 'name', 'Write a name of 1 to $1 characters.'],
  ['The code cannot be read: ….', 'code', 'The code has a mistake: $1.'],
  ['A module cannot require another module: ….', 'code', 'A module cannot load another module, as it does with $1.'],
  [
    'The trigger … calls exports.…, and the code exports ….',
    'code',
    'At this place in a login the function exports.$2 is called, and the code exports $3. Name the function so.',
  ],
  ['The code of an action has at most … bytes.', 'code', 'The code is too long: at most $1 bytes are possible.'],
  [
    'The trigger … does not exist on this server: … do.',
    'supported_triggers',
    'This server has no moment of that name. Choose another one.',
  ],
  ['The trigger … is here in version ….', 'supported_triggers', 'This server has that moment in version $2.'],
  ['An action supports one trigger.', 'supported_triggers', 'An Action is for one moment alone. Choose one.'],
  [
    'You reached the limit of entities of this type for this tenant: ….',
    '',
    'There are $1 already, which is all that are possible. Delete one first.',
  ],
  ['There are at most … dependencies.', 'dependencies', 'At most $1 packages are possible.'],
  [
    'Each of the dependencies has a name and a version.',
    'dependencies',
    'Write each package with its version, as lodash@4.17.21.',
  ],
  ['dependencies names one package twice.', 'dependencies', 'One package is there twice. Remove one.'],
  [
    'Dependencies come with this server: registry_url is not supported.',
    'dependencies',
    'Packages come with this server: another registry is not possible.',
  ],
  ['There are at most … secrets.', 'secrets', 'At most $1 secrets are possible.'],
  ['The name of a secret has 1 to … characters.', 'secrets', 'Write a name of 1 to $1 characters.'],
  ['The value of the secret … is no text.', 'secrets', 'The value of $1 is missing. Type it.'],
  [
    'The value of the secret … has more than … characters.',
    'secrets',
    'The value of $1 is too long: at most $2 characters are possible.',
  ],
  ['The secret … is new and has no value.', 'secrets', '$1 is new and has no value yet. Type it.'],
  ['secrets names one secret twice.', 'secrets', 'One secret is there twice. Remove one.'],
  [
    'No such runtime: use …. The code runs on the Node.js of this server.',
    'runtime',
    'The code runs on the Node.js of this server, which is $1.',
  ],
  [
    "can't upgrade to this trigger.",
    '',
    'This version is for another moment, and cannot take the place of the deployed one.',
  ],
  ['Each of the modules has a module_id.', 'modules', `One of the modules is not there any more. ${RELOAD}`],
  ['The action module … does not exist.', 'modules', `One of the modules is not there any more. ${RELOAD}`],
  ['The action module … has the name ….', 'modules', `One of the modules has another name by now. ${RELOAD}`],
  ['Each of the modules has a module_version_id.', 'modules', 'Choose a version of each module.'],
  ['The action module … has no version ….', 'modules', `One of the versions is not there any more. ${RELOAD}`],
  [
    'The version … of the action module … has the number ….',
    'modules',
    `One of the versions is not there any more. ${RELOAD}`,
  ],
  [
    'The version … of the action module … does not exist any more: name another one.',
    'modules',
    'One of the versions is not there any more. Choose another one.',
  ],
  ['An action has at most … modules.', 'modules', 'An Action has at most $1 modules.'],
  ['modules names one module twice.', 'modules', 'One module is there twice. Remove one.'],
  ['The action version does not exist.', '', `This version is not there any more. ${RELOAD}`],
  [
    'Unable to delete an action bound to a trigger.',
    '',
    'The Action is in use. Take it out of its order first, then delete it.',
  ],
  [
    'Trying to create a binding for an action that does not exist.',
    'bindings',
    `One of the Actions is not there any more. ${RELOAD}`,
  ],
  [
    'Trying to create a binding between an incompatible action and trigger.',
    'bindings',
    'One of the Actions is for another moment.',
  ],
  [
    'Trying to create a binding for an action that has not been deployed yet.',
    'bindings',
    'One of the Actions is not deployed yet. Deploy it first.',
  ],
  ['The display_name of a binding has 1 to … characters.', 'bindings', 'A name has 1 to $1 characters.'],
  [
    'A trigger has at most … actions bound to it.',
    'bindings',
    'At most $1 Actions can run at one moment. Take one out first.',
  ],
  ['The execution does not exist.', '', 'This run is not kept any more.'],
  ['The action module does not exist.', '', 'This module is not there any more. It may have been deleted meanwhile.'],
  ['The action module version does not exist.', '', `This version is not there any more. ${RELOAD}`],
  ['An action module with the same name already exists.', 'name', 'Another module has this name. Choose another one.'],
  ['The name of an action module has 1 to 255 characters.', 'name', 'Write a name of 1 to 255 characters.'],
  ['No draft version is available to publish.', '', 'There is no draft to publish: it is published already.'],
  [
    'Maximum number of module versions reached. Consolidate versions used in actions before creating new ones.',
    '',
    'The module has as many versions as are possible. Let Actions use fewer of them first.',
  ],
  [
    'The Actions Module cannot be deleted because it is in use by one or more actions.',
    '',
    'An Action uses this module. Take it out there first, then delete it.',
  ],
  ['The specified version is already the current draft version.', '', 'The draft has this code already.'],
];
