// Owns the proof that the published documents are OpenAPI 3.1 and say what the contracts say.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Validator } from '@seriousme/openapi-schema-validator';
import { adminContract } from '../../daemon/wire/admin.ts';
import type { Contract } from '../../daemon/wire/contract.ts';
import { loginContract } from '../../daemon/wire/login.ts';
import { openapiDocuments } from '../../daemon/wire/openapi.ts';
import { webContract } from '../../daemon/wire/web.ts';

interface Described {
  readonly operationId: string;
  readonly summary: string;
  readonly parameters?: readonly { name: string; in: string; required: boolean; schema: unknown }[];
  readonly requestBody?: { required: boolean; content: Record<string, { schema: Record<string, unknown> }> };
  readonly responses: Record<string, { description: string; content?: Record<string, { schema: object }> }>;
}

interface Document {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string };
  readonly paths: Record<string, Record<string, Described>>;
}

const documents = openapiDocuments('1.2.3') as Record<string, Document>;
const CONTRACTS: Readonly<Record<string, Contract>> = {
  'login.sock': loginContract,
  'web.sock': webContract,
  'admin.sock': adminContract,
};

test('one document a socket', () => {
  assert.deepEqual(Object.keys(documents), Object.keys(CONTRACTS));
  for (const [socket, { info }] of Object.entries(documents)) {
    assert.deepEqual(info, { title: `fygo-2fa ${socket}`, version: '1.2.3' });
  }
});

for (const [socket, contract] of Object.entries(CONTRACTS)) {
  const document = documents[socket];
  assert.ok(document);

  test(`${socket}: valid OpenAPI 3.1, and nothing but JSON`, async () => {
    const validator = new Validator();
    const { valid, errors } = await validator.validate(JSON.parse(JSON.stringify(document)));
    assert.deepEqual([valid, errors], [true, undefined]);
    assert.equal(validator.version, '3.1');
    const { info: _, ...broken } = document;
    assert.equal((await new Validator().validate(broken)).valid, false, 'the validator can say no');
  });

  test(`${socket}: every operation is there once, with a summary of its own, its body and its replies`, () => {
    const described = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, of]) => ({ path, method, of })),
    );
    const operations = Object.entries(contract);
    assert.equal(described.length, operations.length, 'no two share a method and a path');
    assert.equal(new Set(operations.map(([, { summary }]) => summary)).size, operations.length);
    for (const [id, { method, path, summary, body, replies }] of operations) {
      const of: Described | undefined = document.paths[path]?.[method.toLowerCase()];
      assert.ok(of, id);
      assert.deepEqual([of.operationId, of.summary], [id, summary]);
      assert.ok(summary.length >= 8, id);
      assert.ok(Object.keys(replies).length > 0, id);
      assert.deepEqual(Object.keys(of.responses).sort(), [...Object.keys(replies), 'default'].sort());
      for (const [status, schema] of Object.entries(replies)) {
        const content: object | undefined = of.responses[status]?.content;
        assert.deepEqual(
          content && Object.keys(content),
          schema ? ['application/json'] : undefined,
          `${id} ${status}`,
        );
      }
      assert.deepEqual(Object.keys(of.responses.default?.content ?? {}), ['application/problem+json']);
      assert.equal(of.requestBody?.required, body ? true : undefined, id);
      if (method === 'GET') assert.equal(body, undefined, `${id}: a GET has no body`);
    }
  });

  test(`${socket}: what stands in braces in a path is a required parameter, and nothing else is`, () => {
    for (const [path, methods] of Object.entries(document.paths)) {
      const braces = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
      for (const { operationId, parameters = [] } of Object.values(methods)) {
        const inPath = parameters.filter((one) => one.in === 'path');
        assert.deepEqual(
          inPath.map(({ name }) => name),
          braces,
          operationId,
        );
        for (const { in: where, required } of parameters)
          assert.equal(required, where === 'path', operationId);
      }
    }
  });
}

test('what is optional in a body is optional in the document, and bounds are told', () => {
  const body = documents['login.sock']?.paths['/v1/login/begin']?.post?.requestBody;
  const schema = body?.content['application/json']?.schema;
  assert.deepEqual(schema?.required, ['user', 'service']);
  const { uid, user } = (schema?.properties ?? {}) as Record<string, Record<string, unknown>>;
  assert.deepEqual([uid?.maximum, user?.maxLength], [4_294_967_294, 256]);
  const reset = documents['admin.sock']?.paths['/v1/users/{name}/reset']?.post?.requestBody;
  assert.deepEqual(reset?.content['application/json']?.schema.required, ['reason']);
});
