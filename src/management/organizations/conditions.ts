/**
 * `POST /organizations/{id}/explain/condition`: tests a condition of auto-membership on claims before the condition is
 * saved. Reads no person and writes nothing: the request contains the claims.
 */

import { parseCondition } from '../../domain/companies/membership-condition.js';
import { emailDomain, parseEmail } from '../../domain/people/email.js';
import type { Call, Operation, Reply } from '../api/operation.js';
import { present, replyOf } from '../api/wire.js';
import { getOrganization } from './organization-of-path.js';

interface Body {
  readonly condition: string;
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly email?: string;
  readonly scim_groups?: readonly string[];
}

async function evaluate(call: Call): Promise<Reply> {
  await getOrganization(call);
  const { condition: text, claims = {}, email: given, scim_groups: groups = [] } = call.body as Body;
  const condition = parseCondition(text);
  if ('error' in condition) return { body: { usable: false, error: condition.error } };
  // The email address in the request or its claims; undefined when it is no plain address, as in a login.
  const email = parseEmail(given ?? claims.email);
  const holds = condition.evaluate({
    email: email ?? '',
    email_domain: email === undefined ? '' : emailDomain(email),
    claims,
    scim_groups: groups,
  });
  return { body: present({ usable: true, holds, email, reads_groups: condition.readsGroups }) };
}

/** Returns the operation `POST /organizations/{id}/explain/condition`. */
export function conditionOperations(): Operation[] {
  return [
    {
      method: 'post',
      path: '/organizations/{id}/explain/condition',
      summary: 'Try a condition of auto-membership on claims',
      reply: replyOf(
        { usable: 'boolean' },
        { holds: 'boolean', error: 'string', email: 'string', reads_groups: 'boolean' },
      ),
      refusals: [404],
      readsOnly: true,
      run: evaluate,
    },
  ];
}
