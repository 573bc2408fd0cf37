// Owns the preview's way back to a forgotten password: the mailed code, then a new password.

import { ask } from './daemon.ts';
import type { Person, Visit } from './gateway.ts';
import { html, page } from './html.ts';
import type { Sessions } from './sessions.ts';

export class Forgot {
  readonly #socket: string;
  readonly #people: readonly Person[];
  readonly #sessions: Sessions;

  constructor(socket: string, people: readonly Person[], sessions: Sessions) {
    this.#socket = socket;
    this.#people = people;
    this.#sessions = sessions;
  }

  /** The page to show; `null` where the path is none of these. */
  async serve(what: string, visit: Visit): Promise<string | null> {
    if (what === 'GET /forgot') return askName();
    if (what === 'POST /forgot') return this.#begin(visit);
    if (what === 'POST /forgot/code') return this.#redeem(visit);
    return null;
  }

  async #begin({ session, form }: Visit): Promise<string> {
    const user = form.get('user') ?? '';
    const { body } = await ask(this.#socket, 'POST', '/v1/password-reset/begin', { user });
    session.reset = { id: String(body.reset ?? ''), user };
    return askCode(null);
  }

  async #redeem({ session, form }: Visit): Promise<string> {
    const { reset } = session;
    const person = this.#people.find(({ name }) => name === reset?.user);
    if (!reset) return askName();
    const redeem = { reset: reset.id, user: reset.user, code: form.get('code') ?? '' };
    const { status, body } = await ask(this.#socket, 'POST', '/v1/password-reset/redeem', redeem);
    if (status !== 201 || !person) return askCode(String(body.because ?? body.code ?? status));
    person.password = form.get('password') ?? '';
    session.reset = null;
    this.#sessions.endAll(person.name);
    await ask(this.#socket, 'POST', '/v1/account-event', { user: person.name, event: 'password-changed' });
    return page(
      'Password changed',
      html`<h1>Password changed</h1><p><a class="button main" href="/">Sign in</a></p>`,
    );
  }
}

function askName(): string {
  return page(
    'Forgot password',
    html`<h1>Forgot password</h1><p>A code is mailed to the Security Email of this user.</p>
<form method="post" action="/forgot" class="stack"><label class="field">Name<input class="input" name="user" required></label>
<button class="button main">Mail me a code</button></form>`,
  );
}

function askCode(error: string | null): string {
  return page(
    'Forgot password',
    html`<h1>Type the mailed code</h1>
${error === null ? null : html`<p class="note bad" role="alert">Refused: ${error}</p>`}
<p>If this user exists and has a Security Email, a code is on its way.</p>
<form method="post" action="/forgot/code" class="stack">
<label class="field">Code<input class="input" name="code" required></label>
<label class="field">New password<input class="input" name="password" type="password" required></label>
<button class="button main">Change the password</button></form>`,
  );
}
