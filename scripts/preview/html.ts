// Owns how the preview writes its own few pages: text is escaped unless it was made here.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const STYLE = readFileSync(join(import.meta.dirname, '../../daemon/pages/shared/style.css'), 'utf8');

/** HTML that is safe to be put into HTML. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Part = string | number | null | Html | readonly Html[];

function escaped(part: Part): string {
  if (part === null) return '';
  if (part instanceof Html) return part.text;
  if (Array.isArray(part)) return part.map((one: Html) => one.text).join('');
  return String(part).replaceAll(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(strings.map((text, index) => text + escaped(parts[index] ?? null)).join(''));
}

/** A whole page of the preview, marked as one. */
export function page(title: string, body: Html): string {
  return html`<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1"><title>${title}</title>
<link rel="icon" href="data:,"><style>${new Html(STYLE)}</style></head>
<body><div class="shell narrow stack">
<p class="note warn"><strong>Preview</strong>This plays the part of FygoOS on this computer only. It is not the product.</p>
<main class="card stack">${body}</main>
<nav class="foot"><a href="/">Home</a><a href="/phone" target="phone">Phone</a><a href="/mailbox" target="mailbox">Mailbox</a></nav>
</div></body></html>`.text;
}
