/**
 * A stranger with one address who sends as much as they can, as a process of its own: what it does must not slow the measurement down.
 * `node greedy-sender.mjs PORT FROM FORM PATH`, until it is killed. Loopback only.
 */
import { connect } from 'node:net';

const [port, from, form, path] = process.argv.slice(2);
const request = `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`;

function open(onConnect, onEnd) {
  const socket = connect({ port: Number(port), host: '127.0.0.1', localAddress: from });
  socket.on('error', () => undefined);
  socket.once('connect', () => onConnect(socket));
  socket.once('close', onEnd);
  return socket;
}

/** The next request as soon as the answer to the last one is there. */
function askAgainAndAgain() {
  open(
    (socket) => {
      let text = '';
      socket.setEncoding('latin1');
      socket.on('data', (chunk) => {
        text += chunk;
        const end = text.indexOf('\r\n\r\n');
        const [, length = '0'] = /content-length: (\d+)/i.exec(text) ?? [];
        if (end < 0 || text.length < end + 4 + Number(length)) return;
        text = '';
        socket.write(request);
      });
      socket.write(request);
    },
    () => setTimeout(askAgainAndAgain, 50),
  );
}

/** A packet of requests whose answers are not read: 3 MB of all connections together, in three seconds, again and again. */
function sendMany() {
  const socket = open(
    () => socket.write(request.repeat(400)),
    () => setTimeout(sendMany, 3_000),
  );
  socket.pause();
}

/** A request, and the connection is closed before the answer may have come. */
function leaveSoon() {
  const socket = open(
    () => {
      socket.write(request);
      setTimeout(() => socket.destroy(), 500);
    },
    () => setTimeout(leaveSoon, 50),
  );
}

/** How many connections, the milliseconds between the first requests of two, and what each does. */
const FORMS = { crowd: [2_500, 0.2, askAgainAndAgain], pipelined: [50, 60, sendMany], leaving: [20, 25, leaveSoon] };
const [count, apartMs, send] = FORMS[form];
for (let at = 0; at < count; at++) setTimeout(send, at * apartMs);
setTimeout(() => process.send?.('sending'), count * apartMs + 1_000);
