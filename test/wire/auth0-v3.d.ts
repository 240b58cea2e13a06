/** The part of SDK 3 that the wire test calls; SDK 3 comes without types. */
declare module 'auth0-v3' {
  // biome-ignore lint/suspicious/noExplicitAny: answers of a library without types.
  type Call = (...args: readonly unknown[]) => Promise<any>;

  export class ManagementClient {
    constructor(
      options: { readonly domain: string; readonly clientId: string } & (
        | { readonly clientSecret: string }
        | { readonly clientAssertionSigningKey: string }
      ),
    );
    readonly clients: { readonly get: Call };
    readonly actions: Readonly<Record<string, Call>>;
    readonly organizations: Readonly<Record<string, Call>>;
    readonly createConnection: Call;
    readonly createClient: Call;
    readonly createUser: Call;
    readonly createRole: Call;
    readonly getUsers: Call;
    readonly getUsersByEmail: Call;
    readonly getConnections: Call;
    readonly linkUsers: Call;
    readonly unlinkUsers: Call;
  }

  class AuthenticationClient {
    constructor(options: { readonly domain: string; readonly clientId: string; readonly clientSecret: string });
    readonly clientCredentialsGrant: Call;
  }

  const sdk: {
    readonly ManagementClient: typeof ManagementClient;
    readonly AuthenticationClient: typeof AuthenticationClient;
  };
  export default sdk;
}
