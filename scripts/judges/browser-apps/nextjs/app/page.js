/** Shows the application's state as JSON in `#state`, as the single-page applications do. */
import { createElement } from 'react';
import { auth0 } from '../auth0.js';

export default async function Page() {
  const session = await auth0.getSession();
  return createElement('pre', { id: 'state' }, JSON.stringify({ user: session?.user ?? null }));
}
