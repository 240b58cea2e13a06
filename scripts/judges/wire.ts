/**
 * Records the calls of a run: an https server in front of the real one, which stores every call to the Management API
 * with its answer. Forwards each request unchanged.
 */
import { readFileSync } from 'node:fs';
import { request as send } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TestCertificate } from '../../test/support/certificate.js';
import type { Call } from '../../test/support/wire.js';

export interface WireFront {
  readonly port: number;
  readonly calls: readonly Call[];
  stop(): Promise<void>;
}

const toJson = (text: string): unknown => (text === '' ? undefined : JSON.parse(text));

async function read(stream: AsyncIterable<unknown>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/**
 * Starts the recorder on loopback. The real server is at `http://127.0.0.1:PORT` as soon as `target` returns its port.
 */
export async function startWireFront(certificate: TestCertificate, target: () => number): Promise<WireFront> {
  const calls: Call[] = [];
  const tls = { cert: readFileSync(certificate.cert), key: readFileSync(certificate.key) };
  const server = createServer(tls, async (incoming, outgoing) => {
    const { method = 'GET', url = '/', headers } = incoming;
    const body = await read(incoming);
    const { 'accept-encoding': _, ...sentHeaders } = headers;
    const onward = send({ host: '127.0.0.1', port: target(), method, path: url, headers: sentHeaders, agent: false });
    onward.on('error', () => outgoing.destroy());
    onward.on('response', async (answer) => {
      const text = await read(answer);
      outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders).end(text);
      const [, path] = /^\/api\/v2(\/.*)$/.exec(url) ?? [];
      if (path === undefined) return;
      const sent = toJson(body.toString('utf8'));
      const answered = toJson(text.toString('utf8'));
      calls.push({ method, path, sent, status: answer.statusCode ?? 502, answered });
    });
    onward.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    calls,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
