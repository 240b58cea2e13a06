/**
 * The look of the site, and how its pages follow each other. In the console every page is an origin of its own (the server's policy says `sandbox`),
 * where a browser lets no script change the address: there each page is fetched as a whole.
 */
import theme from 'vitepress/theme-without-fonts';
import './style.css';

export default {
  extends: theme,
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
