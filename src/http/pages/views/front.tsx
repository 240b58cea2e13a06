/** The page at the root of the server: its purpose and the next step. It tells strangers no more than the discovery document. */
import type { FrontPage } from '../models.js';
import type { View } from './layout.js';
import { toSafeUrl } from './parts.js';

/** For people who came here by themselves, and for engineers who look for the addresses. */
export function viewFront(page: FrontPage): View {
  return {
    tab: 'Sign-in server',
    heading: 'This is a sign-in server',
    unnamed: true,
    script: [],
    content: (
      <>
        <p class="body">
          There is nothing to do on this page. Open the application that you want to use: it brings you here.
        </p>
        <p class="body">
          For people who connect applications: the Management API is below <code>/api/v2/</code>, and the documentation
          in the folder <code>docs</code> of Vestibule.
        </p>
        <p class="quiet row">
          <a href={toSafeUrl(page.discoveryUrl)}>OpenID Connect discovery</a>
          <a href="/api/v2/openapi.json">OpenAPI document</a>
        </p>
      </>
    ),
  };
}
