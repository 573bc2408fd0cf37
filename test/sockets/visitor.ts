// Owns a client of its own process, so that a test can come as another user: one request, or a crowd.

import { once } from 'node:events';
import { connect } from 'node:net';

const [path = '', what = '', payload = ''] = process.argv.slice(2);

if (what === 'request') {
  const socket = connect(path);
  let failed: string | undefined;
  socket.on('error', (error: NodeJS.ErrnoException) => {
    failed = error.code;
  });
  socket.write(payload.length > 0 ? payload : 'GET /v1/ping HTTP/1.1\r\nConnection: close\r\n\r\n');
  let text = '';
  socket.setEncoding('utf8').on('data', (chunk) => {
    text += chunk;
  });
  socket.once('close', () => {
    const status = /^HTTP\/1\.1 (\d+)/.exec(text)?.[1];
    console.log(status === undefined ? `error ${failed}` : `answer ${status}`);
  });
} else {
  const sockets = [];
  for (let index = 0; index < Number(what); index += 1) {
    const socket = connect(path);
    socket.on('error', () => {});
    socket.once('close', () => console.log('closed'));
    socket.resume();
    await once(socket, 'connect');
    if (payload !== '') socket.write(payload);
    sockets.push(socket);
  }
  console.log('open');
  process.stdin.resume().once('end', () => process.exit(0));
}
