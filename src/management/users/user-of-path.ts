/** Finds the user of a path that begins with `/users/{…}`, for operations that need only the user's id. */
import { noUser } from '../api/errors.js';
import type { Call } from '../api/operation.js';

/** Returns the id of the user in the path, if they exist. Throws 404 `inexistent_user`. */
export async function getUserId(call: Call): Promise<string> {
  const [userId] = await call.directory.users.findExisting([call.params.id ?? call.params.user_id ?? '']);
  if (userId === undefined) throw noUser();
  return userId;
}
