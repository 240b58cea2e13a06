/**
 * The address that browsers know, before several nodes: each request goes to the node that the test has chosen, so that a test says
 * which node does which step. Nothing is kept between requests.
 */
import { createServer, request as send } from 'node:http';
import { findFreePort } from './instance.js';

export interface Front {
  readonly origin: string;
  /** The port of the node that has the next requests. */
  choose(port: number): void;
  stop(): Promise<void>;
}

export async function startFront(): Promise<Front> {
  const port = await findFreePort();
  let chosen = 0;
  const server = createServer((incoming, outgoing) => {
    const { method, url, headers } = incoming;
    const onward = send({ host: '127.0.0.1', port: chosen, method, path: url, headers, agent: false }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
      answer.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    origin: `http://localhost:${port}`,
    choose(node) {
      chosen = node;
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
