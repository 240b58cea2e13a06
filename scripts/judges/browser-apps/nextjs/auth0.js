/** nextjs-auth0 as its guide has it; a refused sign-in is shown by the page `/refused`. */
import { Auth0Client } from '@auth0/nextjs-auth0/server';
import { NextResponse } from 'next/server';

export const auth0 = new Auth0Client({
  // Without it the SDK takes no localhost and no port. The server's address is https all the same.
  allowInsecureRequests: true,
  authorizationParameters: { scope: 'openid profile email offline_access' },
  async onCallback(error, context) {
    const base = process.env.APP_BASE_URL;
    if (error === null) return NextResponse.redirect(new URL(context.returnTo ?? '/', base));
    const { code = error.code, message = error.message } = error.cause ?? {};
    return NextResponse.redirect(`${base}/refused?${new URLSearchParams({ error: code, description: message })}`);
  },
});
