// Owns a process that serves one request and closes, to show that nothing is left that keeps it alive.

import { elapsed } from '../../daemon/native/elapsed.ts';
import { createApp } from '../../daemon/sockets/app.ts';
import { listen } from '../../daemon/sockets/listen.ts';
import { ask } from './bench.ts';
import { handlers, probe } from './probe.ts';

const [, , path = ''] = process.argv;
const log = () => {};
const app = createApp({ name: 'web.sock', contract: probe, handlers, admits: () => true, log, elapsed });
const listening = await listen({ name: 'web.sock', app, where: { path, mode: 0o600 }, log });
await ask(path, { path: '/v1/ping' });
await listening.close(60_000);
process.disconnect();
