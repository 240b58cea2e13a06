/** The console's start: sign-in first, pages after it. A client of the Management API like any other; it knows no other way to the server. */
import '@mantine/core/styles.css';
import './console.css';
import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { queryClient } from './api/query';
import { listenForTries } from './last-tries';
import { router } from './router';
import { readNonce } from './server-facts';
import { Gate } from './session/Gate';
import { SessionOver } from './session/SessionOver';
import { theme, variables } from './theme';

// Dialogs hold the page still with a style of their own, which needs the nonce; their library asks for it under this name.
Object.assign(globalThis, { __webpack_nonce__: readNonce() });

listenForTries();

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no place for the console.');
createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} defaultColorScheme="auto" cssVariablesResolver={variables} getStyleNonce={readNonce}>
      <QueryClientProvider client={queryClient}>
        <Gate>
          <RouterProvider router={router} />
          <SessionOver />
        </Gate>
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
