/** The part of express that the demo application uses; the package brings no types of its own. */
declare module 'express' {
  import type { IncomingMessage, ServerResponse } from 'node:http';
  import type { OpenidRequest, OpenidResponse } from 'express-openid-connect';

  export interface Request extends IncomingMessage {
    readonly query: Readonly<Record<string, string | undefined>>;
    readonly path: string;
    readonly params: Readonly<Record<string, string | undefined>>;
    readonly oidc: OpenidRequest['oidc'];
  }
  export interface Response extends ServerResponse {
    readonly oidc: OpenidResponse['oidc'];
    status(code: number): Response;
    type(name: string): Response;
    set(headers: Readonly<Record<string, string>>): Response;
    send(body: string): Response;
    redirect(url: string): void;
  }
  export type Next = (error?: unknown) => void;
  export type RequestHandler = (request: Request, response: Response, next: Next) => unknown;
  export type ErrorHandler = (error: Error, request: Request, response: Response, next: Next) => unknown;
  export interface Application {
    (request: IncomingMessage, response: ServerResponse): void;
    use(handler: RequestHandler | ErrorHandler): void;
    get(path: string, ...handlers: RequestHandler[]): void;
    disable(setting: string): void;
  }
  export default function express(): Application;
}
