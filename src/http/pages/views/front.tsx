/** The page at the root of the server: its purpose and the next step. It tells strangers no more than the discovery document. */
import type { FrontPage } from '../models.js';
import type { View } from './layout.js';
import { toSafeUrl } from './parts.js';
import type { Talk } from './talk.js';

/** For people who came here by themselves, and for engineers who look for the addresses. */
export function viewFront(page: FrontPage, { words, say }: Talk): View {
  return {
    tab: words.front.tab,
    heading: words.front.heading,
    unnamed: true,
    script: [],
    content: (
      <>
        <p class="body">{words.front.nothing}</p>
        <p class="body">{say(words.front.developers, { path: <code>/api/v2/</code>, folder: <code>docs</code> })}</p>
        <p class="quiet row">
          <a href={toSafeUrl(page.discoveryUrl)}>{words.front.discovery}</a>
          <a href="/api/v2/openapi.json">{words.front.openapi}</a>
        </p>
      </>
    ),
  };
}
