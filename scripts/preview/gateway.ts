// Owns the preview's gateway: it plays FygoOS on loopback, with a login form, sessions and a proxy to web.sock.

import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { ask, passOn } from './daemon.ts';
import { Forgot } from './forgot.ts';
import { html, page } from './html.ts';
import { type Mailbox, mailboxPage } from './mailbox.ts';
import { PHONE_SCRIPT, Phone, phonePage } from './phone.ts';
import { COOKIE, cookiesOf, type Session, Sessions } from './sessions.ts';
import { deniedPage, homePage, loginPage } from './views.ts';

export interface Person {
  readonly name: string;
  password: string;
  readonly administrator: boolean;
}

export interface Plan {
  /** The folder of the daemon's sockets. */
  readonly run: string;
  readonly people: readonly Person[];
  readonly now: () => number;
  /** 0: any that is free. */
  readonly port: number;
  readonly mailbox: Mailbox;
}

/** What a handler is given of a request. */
export interface Visit {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly session: Session;
  readonly form: URLSearchParams;
}

const MOST = 16_384;
const PASSED = /^\/(?:second-step|personal|system|troubleshooting(?:\.zh)?|assets\/[\w.-]+|api\/v1\/.*)$/;

export class Gateway {
  readonly phone: Phone;
  readonly mailbox: Mailbox;
  readonly #plan: Plan;
  readonly #sessions = new Sessions();
  readonly #forgot: Forgot;
  readonly #server: Server;

  constructor(plan: Plan) {
    this.#plan = plan;
    this.phone = new Phone(plan.now);
    this.mailbox = plan.mailbox;
    this.#forgot = new Forgot(join(plan.run, 'login.sock'), plan.people, this.#sessions);
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch((error: unknown) => {
        if (response.headersSent) {
          response.destroy();
          return;
        }
        const why = error instanceof Error ? error.message : 'unknown';
        response
          .writeHead(502, { 'Content-Type': 'text/plain; charset=utf-8' })
          .end(`The daemon does not answer: ${why}\n`);
      });
    });
  }

  /** Begins to listen; the address to open. @throws where the port is taken */
  async open(): Promise<string> {
    this.#server.listen(this.#plan.port, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '/', 'http://preview');
    const session = this.#sessions.of(cookiesOf(request.headers.cookie));
    if (PASSED.test(pathname)) {
      return passOn(join(this.#plan.run, 'web.sock'), request, response, session.user, (path, text) =>
        this.#look(path, text),
      );
    }
    const origin = request.headers.origin;
    if (request.method === 'POST' && origin !== undefined && new URL(origin).host !== request.headers.host) {
      return send(response, 403, page('Refused', html`<p>From another site.</p>`));
    }
    const form = request.method === 'POST' ? await formOf(request) : new URLSearchParams();
    await this.#route(`${request.method} ${pathname}`, { request, response, session, form });
  }

  async #route(what: string, visit: Visit): Promise<void> {
    const { response, session, form } = visit;
    switch (what) {
      case 'GET /':
        return this.#home(visit);
      case 'POST /login':
        return this.#login(visit);
      case 'POST /login/complete':
        return this.#complete(visit);
      case 'POST /logout':
        this.#sessions.signOut(session);
        return redirect(response, '/');
      case 'GET /session/user':
        return who(response, session.user);
      case 'GET /phone':
        return send(response, 200, phonePage(this.phone));
      case 'GET /phone/script.js':
        return send(response, 200, PHONE_SCRIPT, 'text/javascript');
      case 'GET /phone/state':
        return send(response, 200, JSON.stringify(this.phone.state()), 'application/json');
      case 'POST /phone/scan':
        this.phone.scan();
        return redirect(response, '/phone');
      case 'POST /phone/add':
        this.phone.add({ account: form.get('account') ?? '', secret: form.get('secret') ?? '' });
        return redirect(response, '/phone');
      case 'POST /phone/lose':
        this.phone.lose();
        return redirect(response, '/phone');
      case 'POST /phone/clock':
        this.phone.offset = Number(form.get('offset')) || 0;
        return redirect(response, '/phone');
      case 'GET /mailbox':
        return send(response, 200, mailboxPage(this.mailbox));
      default: {
        const answered = await this.#forgot.serve(what, visit);
        if (answered) return send(response, 200, answered);
        return send(response, 404, page('Not found', html`<h1>Not found</h1>`));
      }
    }
  }

  #home({ response, session }: Visit): void {
    const person = this.#plan.people.find(({ name }) => name === session.user);
    send(response, 200, person ? homePage(person) : loginPage(this.#plan.people, null), undefined, {
      'Set-Cookie': cookie(COOKIE, session.id),
    });
  }

  /** The password, and then what the daemon says. */
  async #login(visit: Visit): Promise<void> {
    const { request, response, session, form } = visit;
    const user = form.get('user') ?? '';
    const person = this.#plan.people.find(({ name }) => name === user);
    if (!person || person.password !== form.get('password')) {
      return send(response, 200, loginPage(this.#plan.people, 'Name or password is wrong.'));
    }
    const device = cookiesOf(request.headers.cookie)[deviceCookie(user)];
    const { status, body } = await this.#ask('begin', {
      user,
      service: 'web',
      remoteAddress: request.socket.remoteAddress ?? '127.0.0.1',
      userAgent: request.headers['user-agent']?.slice(0, 1024) ?? 'unknown',
      ...(device === undefined ? {} : { deviceToken: device }),
      locale: /^zh/i.test(request.headers['accept-language'] ?? '') ? 'zh-CN' : 'en',
    });
    if (status === 200) return this.#in(response, session, user, body);
    if (status === 401 && typeof body.login === 'string') {
      session.logins.set(body.login, user);
      const link = new URLSearchParams({ login: body.login, user, return: '/login/complete', again: '/' });
      return redirect(response, `/second-step#${link}`, [cookie(COOKIE, session.id)]);
    }
    return send(response, 200, deniedPage(String(body.because ?? body.detail ?? status)));
  }

  /** The browser brings the proof; it counts for a login that this very browser began. */
  async #complete({ response, session, form }: Visit): Promise<void> {
    const login = form.get('login') ?? '';
    const user = session.logins.get(login);
    if (user === undefined) return send(response, 403, deniedPage('not-begun-here'));
    const { status, body } = await this.#ask('redeem', { login, user, proof: form.get('proof') ?? '' });
    if (status === 200) return this.#in(response, session, user, body);
    return send(response, 403, deniedPage(String(body.because ?? body.code ?? status)));
  }

  #in(response: ServerResponse, session: Session, user: string, body: Record<string, unknown>): void {
    const { id } = this.#sessions.signIn(session, user);
    const token =
      typeof body.deviceToken === 'string' ? [cookie(deviceCookie(user), body.deviceToken, 31_536_000)] : [];
    redirect(response, '/', [cookie(COOKIE, id), ...token]);
  }

  #ask(operation: string, body: unknown) {
    return ask(join(this.#plan.run, 'login.sock'), 'POST', `/v1/login/${operation}`, body);
  }

  /** A QR code went to the browser: the preview's phone can scan it. */
  #look(path: string, text: string): void {
    if (!/\/(?:second-step\/enrol|me\/enrolment)$/.test(path)) return;
    const { account, secret } = JSON.parse(text) as { account?: string; secret?: string };
    if (account && secret) this.phone.show({ account, secret });
  }
}

/** For a web server that asks whose session it is (nginx: auth_request). */
function who(response: ServerResponse, user: string | null): void {
  if (user === null) response.writeHead(401).end();
  else response.writeHead(204, { 'X-User': Buffer.from(user, 'utf8').toString('latin1') }).end();
}

function deviceCookie(user: string): string {
  return `preview-device-${Buffer.from(user).toString('hex')}`;
}

function cookie(name: string, value: string, seconds?: number): string {
  return `${name}=${value}; Path=/; HttpOnly; SameSite=Lax${seconds === undefined ? '' : `; Max-Age=${seconds}`}`;
}

async function formOf(request: IncomingMessage): Promise<URLSearchParams> {
  let text = '';
  for await (const part of request.setEncoding('utf8')) {
    text += part as string;
    if (text.length > MOST) throw new Error('too much');
  }
  return new URLSearchParams(text);
}

function send(
  response: ServerResponse,
  status: number,
  text: string,
  type = 'text/html',
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, {
    'Content-Type': `${type}; charset=utf-8`,
    'Cache-Control': 'no-store',
    ...headers,
  });
  response.end(text);
}

function redirect(response: ServerResponse, to: string, cookies: readonly string[] = []): void {
  response.writeHead(303, { Location: to, 'Set-Cookie': [...cookies], 'Cache-Control': 'no-store' }).end();
}
