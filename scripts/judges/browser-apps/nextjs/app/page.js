/** The state of the application as JSON in `#state`, as the pages of the single-page applications have it. */
import { createElement } from 'react';
import { auth0 } from '../auth0.js';

export default async function Page() {
  const session = await auth0.getSession();
  return createElement('pre', { id: 'state' }, JSON.stringify({ user: session?.user ?? null }));
}
