/**
 * Lets the stage, and nobody else, show Vestibule's pages in a frame, and puts the autopilot into them. The server itself
 * forbids every frame and every foreign script; this loosens both for one origin of the demo, from outside.
 */
import type { FastifyInstance } from 'fastify';

/** For the `onApp` option of the server. `stage` is the origin of the stage. */
export function allowStage(stage: string): (app: FastifyInstance) => void {
  return (app) => {
    app.addHook('onSend', async (request, reply, payload) => {
      const policy = reply.getHeader('content-security-policy');
      if (typeof policy !== 'string' || typeof payload !== 'string') return payload;
      const nonce = /script-src 'nonce-([\w-]+)'/.exec(policy)?.[1];
      if (nonce === undefined) return payload;
      reply.removeHeader('x-frame-options');
      reply.header('content-security-policy', policy.replace("frame-ancestors 'none'", `frame-ancestors ${stage}`));
      // Browsers refuse to move the focus into a frame, and complain about it.
      const calm =
        request.headers['sec-fetch-dest'] === 'iframe' ? payload.replaceAll(/ autofocus(?=[ />])/g, '') : payload;
      return calm.replace('</body>', `<script nonce="${nonce}" src="${stage}/autopilot.js"></script></body>`);
    });
  };
}
