// Owns the opening of the preview for `npm start`: its usual address, or another where that is taken.

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

/** Opens at `port`, or at any that is free. */
async function elsewhere<T>(port: number, open: (port: number) => Promise<T>): Promise<T> {
  try {
    return await open(port);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    return open(0);
  }
}
