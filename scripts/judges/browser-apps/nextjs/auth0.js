/** Configures nextjs-auth0 as its guide does. The page `/refused` shows a refused sign-in. */
import { Auth0Client } from '@auth0/nextjs-auth0/server';
import { NextResponse } from 'next/server';

export const auth0 = new Auth0Client({
  // Without this option the SDK accepts neither localhost nor a port. The server's address is https all the same.
  allowInsecureRequests: true,
  authorizationParameters: { scope: 'openid profile email offline_access' },
  async onCallback(error, context) {
    const base = process.env.APP_BASE_URL;
    if (error === null) return NextResponse.redirect(new URL(context.returnTo ?? '/', base));
    const { code = error.code, message = error.message } = error.cause ?? {};
    return NextResponse.redirect(`${base}/refused?${new URLSearchParams({ error: code, description: message })}`);
  },
});
