/**
 * `PUT /identity-providers/{idp_id}/update-attributes`: maps the attributes of a connection as the operator says now: by
 * the profile, or by the strategy's defaults. Changes no address, certificate, domain or secret.
 */

import { present } from '../api/wire.js';
import { toOptionsRevision } from '../connections/options-revision.js';
import { mappingOptions } from './attributes.js';
import { type Run, write } from './call.js';
import { getEditable } from './own-connection.js';
import { findProfile } from './provisioning.js';

/** Returns the operation, which answers as `showIdp` does. */
export function updateAttributes(showIdp: Run): Run {
  return async (call) => {
    const { idp_id: id = '' } = call.params;
    const { connection } = await getEditable(call, call.deps.directory, id);
    const mapping = mappingOptions(connection.strategy, await findProfile(call));
    const options = present({ ...connection.options, domain_aliases: connection.domainAliases, ...mapping });
    // The whole `options` are sent, because a PATCH replaces them. The revision refuses to undo somebody else's change.
    // Attack: a member has this server ask the provider again and again. No address changes, so nobody is asked.
    const query = { options_revision: toOptionsRevision(connection), check_discovery: false };
    if (Object.keys(mapping).length > 0)
      await write(call, [{ key: 'patch /connections/{id}', params: { id }, query, body: { options } }]);
    return showIdp(call);
  };
}
