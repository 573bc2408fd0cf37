// Owns a daemon of one operation, started the way systemd starts one, for the tests of socket activation.

import { spawnSync } from 'node:child_process';
import { elapsed } from '../../daemon/native/elapsed.ts';
import { passedSockets, SOCKET_NAMES } from '../../daemon/sockets/activation.ts';
import { createApp } from '../../daemon/sockets/app.ts';
import { listen } from '../../daemon/sockets/listen.ts';
import { handlers, probe } from './probe.ts';

try {
  const passed = passedSockets(process.env, process.pid, SOCKET_NAMES);
  for (const [name, fd] of passed) {
    const app = createApp({ name, contract: probe, handlers, admits: () => true, log: () => {}, elapsed });
    const listening = await listen({ name, app, where: { fd }, log: () => {} });
    process.stdin.resume().once('end', () => listening.close(0));
  }
  const child = spawnSync('sh', ['-c', 'test -e /proc/self/fd/3 && echo inherited || echo private'], {
    encoding: 'utf8',
  });
  console.log(`ready ${[...passed.keys()].join(',')} ${child.stdout.trim()}`);
} catch (error) {
  console.log(`fault ${(error as { code?: string }).code}`);
}
