/**
 * Allows the stage, and nobody else, to show Vestibule's pages in a frame, and adds the autopilot to them. The server
 * itself forbids every frame and every foreign script. This loosens both for one origin of the demo, without a change
 * of the server.
 */
import type { FastifyInstance } from 'fastify';

/** Returns a function for the server's `onApp` option. `stage` is the origin of the stage. */
export function allowStage(stage: string): (app: FastifyInstance) => void {
  return (app) => {
    app.addHook('onSend', async (request, reply, payload) => {
      const policy = reply.getHeader('content-security-policy');
      if (typeof policy !== 'string' || typeof payload !== 'string') return payload;
      const nonce = /script-src 'nonce-([\w-]+)'/.exec(policy)?.[1];
      if (nonce === undefined) return payload;
      reply.removeHeader('x-frame-options');
      reply.header('content-security-policy', policy.replace("frame-ancestors 'none'", `frame-ancestors ${stage}`));
      // Browsers do not move the focus into a frame, and log an error. So the page's request for the focus is removed.
      const calm =
        request.headers['sec-fetch-dest'] === 'iframe' ? payload.replaceAll(/ autofocus(?=[ />])/g, '') : payload;
      return calm.replace('</body>', `<script nonce="${nonce}" src="${stage}/autopilot.js"></script></body>`);
    });
  };
}
