/**
 * The look of the site, and the way from page to page. In the console every page has an origin of its own (the server's
 * policy says `sandbox`). There a script cannot change the address, so each page is loaded as a whole.
 */
import { onContentUpdated } from 'vitepress';
import theme from 'vitepress/theme-without-fonts';
import './style.css';

/** Scrolls the list at the left so that this page's row is visible. */
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
    // The build renders the pages without a browser.
    if (typeof window === 'undefined') return;
    router.onBeforeRouteChange = (to) => {
      const here = window.location;
      if (window.origin !== 'null' || new URL(to, here.href).pathname === here.pathname) return true;
      here.assign(to);
      return false;
    };
  },
};
