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
  socket.once('close', () => setTimeout(onEnd, 50));
  return socket;
}

/** The next request as soon as the answer to the last one is there. */
function askAgainAndAgain() {
  open((socket) => {
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
  }, askAgainAndAgain);
}

/** A packet of requests whose answers are not read. */
function sendMany() {
  const socket = open(() => socket.write(request.repeat(400)), sendMany);
  socket.pause();
}

/** A request, and the connection is closed before the answer may have come. */
function leaveSoon() {
  const socket = open(() => {
    socket.write(request);
    setTimeout(() => socket.destroy(), 500);
  }, leaveSoon);
}

const FORMS = { crowd: [2_500, askAgainAndAgain], pipelined: [50, sendMany], leaving: [20, leaveSoon] };
const [count, send] = FORMS[form];
for (let at = 0; at < count; at++) setTimeout(send, at / 5);
setTimeout(() => process.send?.('sending'), count / 5 + 1_000);
