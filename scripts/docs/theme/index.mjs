/**
 * The look of the site, and how its pages follow each other. In the console every page is an origin of its own (the server's policy says `sandbox`),
 * where a browser lets no script change the address: there each page is fetched as a whole.
 */
import { onContentUpdated } from 'vitepress';
import theme from 'vitepress/theme-without-fonts';
import './style.css';

/** The list at the left is longer than the window: brings the row of this page into view. */
function showRow() {
  const list = document.querySelector('.VPSidebar');
  const row = [...document.querySelectorAll('.VPSidebarItem.is-link.is-active > .item')].at(-1);
  if (list === null || row === undefined) return;
  const below = row.getBoundingClientRect().top - list.getBoundingClientRect().top;
  if (below < 0 || below > list.clientHeight - 40) list.scrollTop += below - list.clientHeight / 2;
}

export default {
  extends: theme,
  setup() {
    onContentUpdated(() => requestAnimationFrame(showRow));
  },
  enhanceApp({ router }) {
    // The build writes the pages without a browser.
    if (typeof window === 'undefined') return;
    router.onBeforeRouteChange = (to) => {
      const here = window.location;
      if (window.origin !== 'null' || new URL(to, here.href).pathname === here.pathname) return true;
      here.assign(to);
      return false;
    };
  },
};
