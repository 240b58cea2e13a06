/** A single-page application with Vue and auth0-vue, for the quickstarts. Pure; never includes secrets. */
import { type CodeFacts, domainOf, type Kit, VITE } from '../../../src/console/pages/applications/kits/kit.js';

const main = (facts: CodeFacts) => `import { createAuth0 } from '@auth0/auth0-vue';
import { createApp } from 'vue';
import App from './App.vue';

// A reload keeps people signed in where this page and the server are of one site, both https.
createApp(App)
  .use(
    createAuth0({
      domain: '${domainOf(facts)}',
      clientId: '${facts.clientId}',
      authorizationParams: { redirect_uri: '${facts.callback}', scope: 'openid profile email' },
    }),
  )
  .mount('#app');
`;

const PAGE = `<script setup>
import { useAuth0 } from '@auth0/auth0-vue';

// Links of invitations bring the organization and the invitation in the address; a refusal brings the reference to quote.
const asked = Object.fromEntries(new URLSearchParams(window.location.search));
const { organization, invitation, error_reference: reference } = asked;

const { isLoading, error, user, isAuthenticated, loginWithRedirect, logout } = useAuth0();
const signIn = () => loginWithRedirect({ authorizationParams: { organization, invitation } });
const signOut = () => logout({ logoutParams: { returnTo: window.location.origin } });
if (invitation) signIn();
</script>

<template>
  <p v-if="isAuthenticated">
    {{ user.email }}
    <button @click="signOut">Sign out</button>
  </p>
  <template v-else-if="!isLoading && !invitation">
    <p v-if="error">{{ error.message }}</p>
    <p v-if="error && reference">Reference: {{ reference }}</p>
    <button @click="signIn">Sign in</button>
  </template>
</template>
`;

export const VUE: Kit = {
  ...VITE,
  name: 'Vue',
  tried: 'auth0-vue 2.10.0, Vue 3.5.45',
  install: () =>
    'npm create --yes vite@latest my-app -- --template vue --no-interactive\ncd my-app\nnpm install\nnpm install @auth0/auth0-vue',
  files: (facts) => [
    { name: 'my-app/src/main.js', text: main(facts) },
    { name: 'my-app/src/App.vue', text: PAGE },
  ],
};
