/** The user of a path that begins with `/users/{…}`, where only the id is needed. */
import { noUser } from '../api/errors.js';
import type { Call } from '../api/operation.js';

/** Throws 404 `inexistent_user`. */
export async function getUserId(call: Call): Promise<string> {
  const [userId] = await call.directory.users.findExisting([call.params.id ?? call.params.user_id ?? '']);
  if (userId === undefined) throw noUser();
  return userId;
}
