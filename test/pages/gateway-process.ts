// Owns a gateway in a process of its own, so that a test can kill it: `gateway-process.ts RUN PORT USER PASSWORD`.

import { Gateway } from '../../scripts/preview/gateway.ts';
import { Mailbox } from '../../scripts/preview/mailbox.ts';

const [run = '', port = '0', name = '', password = ''] = process.argv.slice(2);
const people = [{ name, password, administrator: false }];
const mailbox = await Mailbox.open();
const gateway = new Gateway({ run, people, now: Date.now, port: Number(port), mailbox });
process.stdout.write(`${await gateway.open()}\n`);
