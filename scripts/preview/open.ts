// Owns the opening of the preview for `npm start`: its usual address, or another where that is taken.

import { join } from 'node:path';
import { ask } from './daemon.ts';
import { Gateway, type Person } from './gateway.ts';
import { Mailbox } from './mailbox.ts';

const PORT = 8200;
const MAIL_PORT = 2525;

export interface Preview {
  readonly address: string;
  readonly gateway: Gateway;
  readonly mailbox: Mailbox;
  readonly close: () => Promise<void>;
}

/** @param run the folder of the daemon's sockets */
export async function openPreview(run: string, people: readonly Person[]): Promise<Preview> {
  const mailbox = await elsewhere(MAIL_PORT, (port) => Mailbox.open(port));
  await sendTo(mailbox, join(run, 'admin.sock'));
  const { address, gateway } = await elsewhere(PORT, async (port) => {
    const gateway = new Gateway({ run, people, now: Date.now, port, mailbox });
    return { gateway, address: await gateway.open() };
  });
  const close = async () => {
    await gateway.close();
    await mailbox.close();
  };
  return { address, gateway, mailbox, close };
}

/** Lets the daemon send mail to the preview's mailbox, unless somebody has set up another server. */
async function sendTo(mailbox: Mailbox, socket: string): Promise<void> {
  const { body } = await ask(socket, 'GET', '/v1/mail');
  if (body.provider !== null && body.host !== '127.0.0.1') return;
  const here = { host: '127.0.0.1', port: mailbox.port, security: 'plain', user: null };
  const wanted = { provider: 'smtp', from: 'nas@example.com', ...here };
  await ask(socket, 'PUT', '/v1/mail', wanted, { 'If-Match': `"${body.version}"` });
}

/** Opens at `port`, or at any that is free. */
async function elsewhere<T>(port: number, open: (port: number) => Promise<T>): Promise<T> {
  try {
    return await open(port);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    return open(0);
  }
}
