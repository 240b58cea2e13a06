/** The parts of samlp and xml-encryption that are used here; the packages bring no types of their own. */
declare module 'samlp' {
  export interface ParsedRequest {
    readonly id: string;
    readonly issuer: string;
    readonly assertionConsumerServiceURL: string;
    readonly destination?: string;
    readonly forceAuthn?: string;
  }
  interface Request {
    readonly method: string;
    readonly query: Readonly<Record<string, string>>;
    readonly body: Readonly<Record<string, string>>;
    readonly url: string;
  }
  /** A service that the person is signed in to. */
  export interface SessionParticipant {
    readonly serviceProviderId: string;
    readonly nameId: string;
    readonly nameIdFormat?: string;
    readonly sessionIndex: string;
    readonly serviceProviderLogoutURL: string;
  }
  type Options = Readonly<Record<string, unknown>>;
  type Done<T> = (error: Error | null, result?: T) => void;
  const samlp: {
    parseRequest(request: Request, options: Options, done: Done<ParsedRequest>): void;
    getSamlResponse(options: Options, user: Options, done: Done<string>): void;
    logout(
      options: Options,
    ): (
      request: Request,
      response: { set(): void; send(html: string | number): void; redirect(location: string): void },
      next: (error?: Error) => void,
    ) => void;
    sendError(
      options: Options,
    ): (request: Request, response: { set(): void; send(html: string): void }, next: Done<never>) => void;
  };
  export default samlp;
}

declare module 'xml-encryption' {
  const xmlenc: {
    encrypt(
      text: string,
      options: Readonly<Record<string, unknown>>,
      done: (error: Error | null, result?: string) => void,
    ): void;
  };
  export default xmlenc;
}
