/**
 * Mounts the routes of nextjs-auth0. The SDK does not pass `error_reference` on, so this adds it to the redirect after
 * a refused sign-in.
 */
import { auth0 } from './auth0.js';

export async function proxy(request) {
  const response = await auth0.middleware(request);
  const reference = request.nextUrl.searchParams.get('error_reference');
  const target = response.headers.get('location');
  if (reference !== null && target?.includes('/refused?'))
    response.headers.set('location', `${target}&${new URLSearchParams({ reference })}`);
  return response;
}
