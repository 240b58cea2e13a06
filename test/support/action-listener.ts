/** Where an Action of a test reports to: a server on loopback that keeps what it was told, and may keep the Action waiting. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Json } from './instance.js';

export interface ActionListener {
  readonly url: string;
  readonly heard: Json[];
  /** Called with each report; the Action waits for it. */
  onReport: (event: Json) => Promise<void> | void;
  /** Waits until `count` reports came, or gives up after ten seconds. */
  wait(count: number): Promise<readonly Json[]>;
  stop(): Promise<void>;
}

/** The body of a handler that reports its event. */
export function reportTo(listener: ActionListener): string {
  return `const answer = await fetch(${JSON.stringify(listener.url)}, { method: 'POST', body: JSON.stringify(event) });
  if (!answer.ok) throw new Error('the listener said no');`;
}

export async function startActionListener(): Promise<ActionListener> {
  const heard: Json[] = [];
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', async () => {
      const event = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Json;
      heard.push(event);
      await listener.onReport(event);
      response.end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const listener: ActionListener = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    heard,
    onReport: () => {},
    async wait(count) {
      for (let waited = 0; heard.length < count && waited < 200; waited++)
        await new Promise((resolve) => setTimeout(resolve, 50));
      return heard;
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return listener;
}
