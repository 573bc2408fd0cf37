// Owns the NTP server of the tests that answers as it is told: right, wrong, late, twisted or not at all.

import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { TestContext } from 'node:test';

const NTP_EPOCH = Date.UTC(1900, 0, 1);

/** An NTP timestamp (RFC 5905 §6) of a moment in ms. */
export function timestamp(ms: number): Buffer {
  const since = ms - NTP_EPOCH;
  const field = Buffer.alloc(8);
  field.writeUInt32BE(Math.floor(since / 1000) % 2 ** 32, 0);
  field.writeUInt32BE(Math.floor(((since % 1000) / 1000) * 2 ** 32), 4);
  return field;
}

export interface Manner {
  /** Ahead of the true time, ms. */
  readonly ahead?: number;
  /** Changes the reply before it is sent. */
  readonly twist?: (reply: Buffer) => Buffer;
  /** Waits before sending, after the time was taken. */
  readonly delay?: number;
  /** Answers from another port. */
  readonly otherPort?: boolean;
  readonly silent?: boolean;
}

export interface NtpServer {
  readonly host: string;
  readonly port: number;
  /** Requests it got. */
  asked: number;
  manner: Manner;
}

/** A server on a loopback address, closed with the test; on a port of its own, or the one that is given. */
export async function ntpServer(
  t: Pick<TestContext, 'after'>,
  host: string,
  manner: Manner = {},
  port = 0,
): Promise<NtpServer> {
  const socket = createSocket('udp4');
  socket.bind(port, host);
  await once(socket, 'listening');
  const other = createSocket('udp4');
  other.bind(0, host);
  await once(other, 'listening');
  const server: NtpServer = { host, port: socket.address().port, asked: 0, manner };
  t.after(() => {
    socket.close();
    other.close();
  });
  socket.on('message', (request, { port, address }) => {
    server.asked += 1;
    const { silent, delay, otherPort, twist } = server.manner;
    if (silent) return;
    const reply = replyTo(request, Date.now() + (server.manner.ahead ?? 0));
    const send = (from: Socket) => from.send(twist ? twist(reply) : reply, port, address);
    if (delay === undefined) send(otherPort ? other : socket);
    else setTimeout(() => send(socket), delay).unref();
  });
  return server;
}

function replyTo(request: Buffer, now: number): Buffer {
  const reply = Buffer.alloc(48);
  // LI 0, version 4, mode 4; stratum 2; poll 6; precision 2^-20 s.
  reply.set([0x24, 2, 6, 0xec], 0);
  reply.writeUInt32BE(0x7f7f0101, 12);
  timestamp(now - 1_000).copy(reply, 16);
  request.copy(reply, 24, 40, 48);
  timestamp(now).copy(reply, 32);
  timestamp(now).copy(reply, 40);
  return reply;
}
