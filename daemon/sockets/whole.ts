// Owns the guess whether a request has come whole. It decides who goes first where there is a crowd, and nothing else: HTTP is read by Node.

const END = '\r\n\r\n';

/** Do these bytes hold a request from its head to the last byte of its body? Of one sent in chunks that is not known: no. */
export function isWhole(bytes: Buffer): boolean {
  const end = bytes.indexOf(END);
  if (end < 0) return false;
  const head = bytes.toString('latin1', 0, end);
  if (/^transfer-encoding:/im.test(head)) return false;
  const length = Number(/^content-length:[ \t]*([0-9]{1,9})[ \t]*$/im.exec(head)?.[1] ?? 0);
  return bytes.length - end - END.length >= length;
}
