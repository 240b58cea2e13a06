/** Fetches a new access token with the refresh token of the session. */
import { auth0 } from '../../auth0.js';

export async function GET() {
  try {
    return Response.json(await auth0.getAccessToken({ refresh: true }));
  } catch (error) {
    return Response.json({ error: error.code, message: error.message }, { status: 400 });
  }
}
