// Owns the preview's phone: an authenticator app for who has no phone at hand, with a clock that can be put wrong.

import { generateSync } from 'otplib';
import { html, page } from './html.ts';

const STEP = 30_000;

interface Entry {
  readonly account: string;
  readonly secret: string;
}

export class Phone {
  readonly #entries = new Map<string, string>();
  readonly #now: () => number;
  /** What the phone's clock is wrong by, in seconds; positive when it is fast. */
  offset = 0;
  /** A QR code that a page shows and that was not scanned yet. */
  #shown: Entry | null = null;

  constructor(now: () => number) {
    this.#now = now;
  }

  add({ account, secret }: Entry): void {
    this.#entries.set(account, secret.replaceAll(/\s/g, ''));
  }

  /** A page shows a QR code. */
  show(entry: Entry): void {
    this.#shown = entry;
  }

  scan(): void {
    if (this.#shown) this.add(this.#shown);
    this.#shown = null;
  }

  lose(): void {
    this.#entries.clear();
  }

  /** What the app shows now. */
  codes(): { readonly account: string; readonly code: string }[] {
    const epoch = Math.floor((this.#now() + this.offset * 1000) / 1000);
    return [...this.#entries].map(([account, secret]) => ({
      account,
      code: generateSync({ secret, epoch }),
    }));
  }

  state() {
    const clock = this.#now() + this.offset * 1000;
    const left = Math.ceil((STEP - (clock % STEP)) / 1000);
    return { codes: this.codes(), left, clock, offset: this.offset, waiting: this.#shown?.account ?? null };
  }
}

const SCRIPT = `
const draw = async () => {
  const { codes, left, clock, offset, waiting } = await (await fetch('/phone/state')).json();
  document.getElementById('clock').textContent = new Date(clock).toLocaleTimeString() + (offset ? ' (' + (offset > 0 ? '+' : '') + offset + ' s)' : '');
  document.getElementById('left').textContent = codes.length ? 'new codes in ' + left + ' s' : 'no account yet';
  const list = document.getElementById('codes');
  list.replaceChildren(...codes.map(({ account, code }) => {
    const item = document.createElement('li');
    const shown = document.createElement('div');
    shown.className = 'big-time mono';
    shown.textContent = code.slice(0, 3) + ' ' + code.slice(3);
    item.append(account, shown);
    return item;
  }));
  const scan = document.getElementById('scan');
  scan.hidden = waiting === null;
  scan.querySelector('button').textContent = 'Scan the QR code of ' + waiting;
};
draw();
setInterval(draw, 1000);`;

export const PHONE_SCRIPT = SCRIPT;

export function phonePage(phone: Phone): string {
  return page(
    'Phone',
    html`<h1>Phone</h1>
<p class="soft">An authenticator app, for who has no phone at hand.</p>
<form method="post" action="/phone/scan" id="scan" hidden><button class="button main full">Scan</button></form>
<ul class="list" id="codes"></ul><p class="soft small" id="left" role="status"></p>
<dl class="facts"><dt>Clock of this phone</dt><dd class="number" id="clock"></dd></dl>
<form method="post" action="/phone/clock" class="row">
<label class="grow field">Wrong by (seconds)<input class="input" name="offset" type="number" value="${phone.offset}" min="-7200" max="7200"></label>
<button class="button">Set</button></form>
<details><summary>Add an account by hand, or lose the phone</summary><div class="stack">
<form method="post" action="/phone/add" class="stack">
<label class="field">Account<input class="input" name="account" required></label>
<label class="field">Secret Key<input class="input" name="secret" required></label>
<button class="button">Add</button></form>
<form method="post" action="/phone/lose"><button class="button danger">Lose the phone</button></form>
</div></details><script src="/phone/script.js"></script>`,
  );
}
