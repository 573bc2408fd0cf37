// Owns taking secrets out of what a stranger said: a server may repeat what it was told.

const HIDDEN = '•••';
/** A shorter piece may stand in an honest answer by chance. */
const PIECE = 12;

/** The text without the secrets, plain or in base64, whole or in pieces of 12 characters and more. */
export function hush(text: string, secrets: readonly string[]): string {
  let hushed = text;
  for (const secret of secrets.filter(({ length }) => length > 0)) {
    for (const form of [secret, Buffer.from(secret).toString('base64')]) {
      hushed = withoutPieces(hushed.replaceAll(form, HIDDEN), form);
    }
  }
  return hushed;
}

function withoutPieces(text: string, form: string): string {
  let kept = '';
  let at = 0;
  while (at < text.length) {
    let end = at + PIECE;
    if (end > text.length || !form.includes(text.slice(at, end))) {
      kept += text[at];
      at += 1;
      continue;
    }
    while (end < text.length && form.includes(text.slice(at, end + 1))) end += 1;
    kept += HIDDEN;
    at = end;
  }
  return kept;
}
