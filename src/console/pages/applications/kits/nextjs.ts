/** The kit for a web application with Next.js and nextjs-auth0. Pure. */
import { baseOf, type CodeFacts, type Kit, portOf } from './kit.js';

/**
 * True if nextjs-auth0 accepts the server's origin by default: https, a host name, and no port. For other origins and
 * localhost the code sets `allowInsecureRequests`.
 */
const isPlainName = ({ origin }: CodeFacts): boolean => {
  const { protocol, port, hostname } = new URL(origin);
  return protocol === 'https:' && port === '' && hostname !== 'localhost' && !/^[\d.]+$|^\[/.test(hostname);
};

const client = (facts: CodeFacts) => `import { Auth0Client } from '@auth0/nextjs-auth0/server';

export const auth0 = new Auth0Client({
  authorizationParameters: { scope: 'openid profile email' },${
    isPlainName(facts)
      ? ''
      : '\n  // For a server on this machine, or at a port of its own.\n  allowInsecureRequests: true,'
  }
});
`;

const PROXY = `import { NextResponse } from 'next/server';
import { auth0 } from './lib/auth0';

// Mounts /auth/login, /auth/logout and /auth/callback. /auth/login hands organization and invitation on.
export async function proxy(request) {
  const { pathname, searchParams } = request.nextUrl;
  // The library keeps the reference of a refusal to itself, so the page /refused shows it.
  if (pathname === '/auth/callback' && searchParams.has('error'))
    return NextResponse.redirect(new URL(\`/refused?\${searchParams}\`, process.env.APP_BASE_URL));
  return auth0.middleware(request);
}
`;

const LAYOUT = `export default function Layout({ children }) {
  return (
    <html lang="en">
      <body>{children}</body>
    </html>
  );
}
`;

const PAGE = `import { auth0 } from '../lib/auth0';

export default async function Home() {
  const session = await auth0.getSession();
  if (session === null) return <a href="/auth/login">Sign in</a>;
  return (
    <p>
      {session.user.email} <a href="/auth/logout">Sign out</a>
    </p>
  );
}
`;

const REFUSED = `// Somebody who is refused reads why, and the reference to quote.
export default async function Refused({ searchParams }) {
  const { error_description: description, error_reference: reference } = await searchParams;
  return (
    <>
      <p>{description}</p>
      {reference && <p>Reference: {reference}</p>}
      <a href="/auth/login">Sign in</a>
    </>
  );
}
`;

const environment = (facts: CodeFacts) => `APP_BASE_URL=${baseOf(facts)}
AUTH0_DOMAIN=${isPlainName(facts) ? new URL(facts.origin).host : facts.origin}
AUTH0_CLIENT_ID=${facts.clientId}
# From the page of the application's credentials.
AUTH0_CLIENT_SECRET=
# openssl rand -hex 32
AUTH0_SECRET=
`;

export const NEXTJS: Kit = {
  name: 'Next.js',
  kinds: ['regular_web'],
  tried: 'nextjs-auth0 4.30.0, Next.js 16.4.6',
  callbackPath: '/auth/callback',
  isCallbackFixed: true,
  addresses: (facts) => ({ callback: facts.callback, logout: baseOf(facts), login: `${baseOf(facts)}/auth/login` }),
  install: () => 'npm install next react react-dom @auth0/nextjs-auth0',
  files: (facts) => [
    { name: 'lib/auth0.js', text: client(facts) },
    { name: 'proxy.js', text: PROXY },
    { name: 'app/layout.jsx', text: LAYOUT },
    { name: 'app/page.jsx', text: PAGE },
    { name: 'app/refused/page.jsx', text: REFUSED },
    { name: '.env.local', text: environment(facts) },
  ],
  start: (facts) => `npx next dev --port ${portOf(facts)}`,
  values: () => [],
};
