// Owns the pipeline under load: logins at a steady rate, each on a connection of its own, and how each of them went.
// load.mjs SECONDS PER_SECOND USER; prints "started", then one JSON document.
import { request } from 'node:http';

const [seconds, perSecond, user] = [Number(process.argv[2]), Number(process.argv[3]), process.argv[4]];
const body = JSON.stringify({ user, service: 'web' });

function login() {
  const began = process.hrtime.bigint();
  const done = (how) => ({ how, ms: Number(process.hrtime.bigint() - began) / 1e6 });
  return new Promise((resolve) => {
    request({
      socketPath: '/run/fygo-2fa/login.sock',
      method: 'POST',
      path: '/v1/login/begin',
      agent: false,
      headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
    })
      .on('response', (response) => {
        response.resume().on('end', () => resolve(done(String(response.statusCode))));
      })
      .on('error', (error) => resolve(done(error.code)))
      .end(body);
  });
}

const logins = [];
process.stdout.write('started\n');
await new Promise((resolve) => {
  const timer = setInterval(() => {
    logins.push(login());
    if (logins.length < seconds * perSecond) return;
    clearInterval(timer);
    resolve();
  }, 1000 / perSecond);
});
const all = await Promise.all(logins);
const hows = {};
for (const { how } of all) hows[how] = (hows[how] ?? 0) + 1;
const times = all.map(({ ms }) => ms).sort((a, b) => a - b);
const waited = times.filter((ms) => ms > 100).length;
process.stdout.write(`${JSON.stringify({ hows, waited, longest: Math.round(times.at(-1)) })}\n`);
