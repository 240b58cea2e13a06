/** Mounts the routes of nextjs-auth0. The SDK hands no `error_reference` on, so it is added to where a refused sign-in leads. */
import { auth0 } from './auth0.js';

export async function proxy(request) {
  const response = await auth0.middleware(request);
  const reference = request.nextUrl.searchParams.get('error_reference');
  const target = response.headers.get('location');
  if (reference !== null && target?.includes('/refused?'))
    response.headers.set('location', `${target}&${new URLSearchParams({ reference })}`);
  return response;
}
