// Owns a local user who floods a socket: a process of its own, so that it can have a uid of its own.

import { connect, type Socket } from 'node:net';

/** `idle` says nothing, `half` stops inside a request, `slow` drips it, `answers` asks for as much as it may, `connects` only comes and goes. */
export type Flood = 'idle' | 'half' | 'slow' | 'answers' | 'connects';

const [path = '', what = 'idle', size = '1', user = '', aMinute = '0'] = process.argv.slice(2);
const count = Number(size);
const HALF =
  'POST /v1/login/answer HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 90\r\n\r\n{';
const DRIP_MS = 50;
/** Requests that a connection has under way at once; more would be hung up on. */
const PIPELINED = 8;

const seen = { connects: 0, drops: 0, replies: 0 };
let over = false;
let credit = 0;
let login = '';
const hungry = new Set<() => void>();

function requestOf(operation: string, document: unknown): string {
  const body = JSON.stringify(document);
  return `POST /v1/login/${operation} HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

/** Keeps `PIPELINED` wrong answers under way, as far as the minute's credit goes. */
function answering(socket: Socket): void {
  const text = requestOf('answer', { login, user, method: 'totp', code: '000000' });
  let underWay = 0;
  const more = () => {
    hungry.delete(more);
    let batch = '';
    while (underWay < PIPELINED && (aMinute === '0' || credit >= 1)) {
      credit--;
      underWay++;
      batch += text;
    }
    if (batch !== '') socket.write(batch);
    if (underWay < PIPELINED) hungry.add(more);
  };
  socket.setEncoding('latin1').on('data', (part: string) => {
    const replies = part.split('HTTP/1.1 ').length - 1;
    underWay -= replies;
    seen.replies += replies;
    more();
  });
  socket.once('close', () => hungry.delete(more));
  more();
}

function speak(socket: Socket): void {
  if (what === 'half') socket.write(HALF);
  if (what === 'answers') answering(socket);
  if (what === 'connects') socket.destroy();
  if (what !== 'slow') return;
  socket.write('GET /v1/health HTTP/1.1\r\nX-Slow: ');
  const drip = setInterval(() => socket.write('x'), DRIP_MS);
  socket.once('close', () => clearInterval(drip));
}

/** One connection; whenever it is dropped it comes again. */
function come(): void {
  if (over) return;
  const socket = connect(path);
  socket.on('error', () => {});
  socket.once('connect', () => {
    if (++seen.connects === count) console.log('open');
    speak(socket);
  });
  socket.once('close', () => {
    seen.drops++;
    setImmediate(come);
  });
  socket.resume();
}

async function begun(): Promise<string> {
  const socket = connect(path);
  let text = '';
  for await (const part of socket.setEncoding('utf8').end(requestOf('begin', { user, service: 'web' }))) {
    text += part;
    const found = /"login":"([^"]+)"/.exec(text)?.[1];
    if (found) return found;
  }
  throw new Error(`no login: ${text}`);
}

if (what === 'answers') {
  login = await begun();
  const each = Number(aMinute) / 60_000;
  let last = performance.now();
  const refill = setInterval(() => {
    const now = performance.now();
    credit = Math.min(credit + (now - last) * each, each * 1_000);
    last = now;
    for (const more of [...hungry]) more();
  }, 5);
  refill.unref();
}
for (let i = 0; i < count; i++) come();
process.stdin.resume().once('end', () => {
  over = true;
  console.log(JSON.stringify(seen));
  process.exit(0);
});
