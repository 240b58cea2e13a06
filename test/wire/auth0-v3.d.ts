/** What the wire test calls of SDK 3, which comes without types. */
declare module 'auth0-v3' {
  interface Bindings {
    readonly bindings: readonly {
      readonly ref: { readonly type: string; readonly value: string };
      readonly display_name: string;
    }[];
  }

  export class ManagementClient {
    constructor(
      options: { readonly domain: string; readonly clientId: string } & (
        | { readonly clientSecret: string }
        | { readonly clientAssertionSigningKey: string }
      ),
    );
    readonly clients: {
      get(parameters: { readonly client_id: string }): Promise<{ readonly client_id: string }>;
    };
    readonly actions: {
      create(action: Readonly<Record<string, unknown>>): Promise<{ readonly id: string }>;
      deploy(parameters: { readonly id: string }): Promise<{ readonly deployed: boolean }>;
      updateTriggerBindings(parameters: { readonly trigger_id: string }, body: Bindings): Promise<unknown>;
      getAll(): Promise<{ readonly actions: readonly unknown[] }>;
      delete(parameters: { readonly id: string; readonly force: boolean }): Promise<unknown>;
    };
  }
}
