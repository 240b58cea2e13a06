/** The parts of passport-auth0 and passport that the test uses; neither has types of its own. */
declare module 'passport-auth0' {
  type Done = (error: unknown, user?: object) => void;
  export class Strategy {
    constructor(
      options: {
        domain: string;
        clientID: string;
        clientSecret: string;
        callbackURL: string;
        scope?: string;
        state?: boolean;
      },
      verify: (
        accessToken: string,
        refreshToken: string | undefined,
        extra: Readonly<Record<string, unknown>>,
        profile: Readonly<Record<string, unknown>>,
        done: Done,
      ) => void,
    );
    authorizationParams(options: object): Record<string, string>;
  }
}

declare module 'passport' {
  import type { RequestHandler } from 'express';

  type Answer = (error: unknown, user: object | false | null, info: unknown) => void;
  export class Authenticator {
    use(strategy: object): this;
    authenticate(name: string, options: object, answer?: Answer): RequestHandler;
    initialize(): RequestHandler;
  }
}
