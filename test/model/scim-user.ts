/** A person as a directory of the histories sends them. */
import { createHash } from 'node:crypto';

/** As a directory names a person: the subject is `externalId`. Names are compared without regard to case, subjects with it. */
export function toScimUser(subject: string, email: string | undefined) {
  const userName = createHash('sha256').update(subject).digest('hex');
  return {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
    userName,
    externalId: subject,
    emails: [{ value: email, primary: true }],
  };
}
