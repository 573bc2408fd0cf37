// Owns four time servers that tell the right time; run beside a machine, it prints their ports as JSON.

import { ntpServer } from '../clock/ntp-server.ts';

const forever = { after: () => undefined };
const servers = await Promise.all([1, 2, 3, 4].map(() => ntpServer(forever, '127.0.0.1')));
process.stdout.write(`${JSON.stringify(servers.map(({ port }) => port))}\n`);
