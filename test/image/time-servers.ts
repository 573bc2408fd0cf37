// Owns time servers that tell the right time, one at each address that is given, where clients look for them; says when they answer.

import { ntpServer } from '../clock/ntp-server.ts';

const PORT = 123;

const forever = { after: () => undefined };
await Promise.all(process.argv.slice(2).map((address) => ntpServer(forever, address, {}, PORT)));
process.stdout.write('ready\n');
