// Owns the tests of the guess whether a request has come whole.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isWhole } from '../../daemon/sockets/whole.ts';

for (const [what, text, whole] of [
  ['without a body', 'GET / HTTP/1.1\r\nHost: x\r\n\r\n', true],
  ['with its body', 'POST / HTTP/1.1\r\ncontent-length: 2 \r\nHost: x\r\n\r\n{}', true],
  ['with another behind it', 'POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}GET /', true],
  ['a byte short', 'POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\n{}', false],
  ['inside the head', 'POST / HTTP/1.1\r\nContent-Length: 2\r\n', false],
  ['in chunks', 'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', false],
  ['nothing', '', false],
] as const) {
  test(`a request ${what}: ${whole ? 'whole' : 'not whole'}`, () => {
    assert.equal(isWhole(Buffer.from(text, 'latin1')), whole);
  });
}
