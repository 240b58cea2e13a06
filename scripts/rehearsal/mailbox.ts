/**
 * The rehearsal's mail server, in a process of the machine's network. Accepts every mail on port 587 with user and
 * password over STARTTLS, and prints each as a line of JSON. Its arguments are the files of a certificate and its key.
 */
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';

const server = new SMTPServer({
  authMethods: ['PLAIN', 'LOGIN'],
  cert: readFileSync(process.argv[2] ?? ''),
  key: readFileSync(process.argv[3] ?? ''),
  onAuth: ({ username, password }, _session, done) =>
    username === 'user' && password === 'password' ? done(null, { user: username }) : done(new Error('wrong password')),
  onData: (stream, session, done) => {
    const to = session.envelope.rcptTo.map(({ address }) => address);
    text(stream).then((mail) => {
      process.stdout.write(`${JSON.stringify({ to, mail })}\n`);
      done();
    }, done);
  },
});
server.listen(587, '0.0.0.0', () => process.stdout.write('{}\n'));
process.on('SIGTERM', () => process.exit());
