// Owns the OpenAPI 3.1 documents: derived from the contracts, so that they cannot say anything else.

import { toJsonSchema } from '@valibot/to-json-schema';
import { adminContract } from './admin.ts';
import type { Contract, Operation, Schema } from './contract.ts';
import { loginContract } from './login.ts';
import { problem } from './problem.ts';
import { webContract } from './web.ts';

/** One document a socket, by the socket's name. */
export function openapiDocuments(version: string): Record<string, unknown> {
  return {
    'login.sock': documentOf('login.sock', loginContract, version),
    'web.sock': documentOf('web.sock', webContract, version),
    'admin.sock': documentOf('admin.sock', adminContract, version),
  };
}

function documentOf(socket: string, operations: Contract, version: string) {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const [id, operation] of Object.entries(operations)) {
    const path = paths[operation.path] ?? {};
    path[operation.method.toLowerCase()] = describe(id, operation);
    paths[operation.path] = path;
  }
  return { openapi: '3.1.0', info: { title: `fygo-2fa ${socket}`, version }, paths };
}

function describe(operationId: string, operation: Operation) {
  const { summary, body, params, query, replies, role, stepUp } = operation;
  const parameters = [...parametersOf('path', params), ...parametersOf('query', query)];
  const responses: Record<string, unknown> = {};
  for (const [status, schema] of Object.entries(replies)) {
    responses[status] = schema
      ? { description: summary, content: { 'application/json': { schema: json(schema, 'output') } } }
      : { description: summary };
  }
  responses.default = {
    description: 'A problem of the exchange itself (RFC 9457)',
    content: { 'application/problem+json': { schema: json(problem, 'output') } },
  };
  return {
    operationId,
    summary,
    ...(role ? { 'x-role': role } : {}),
    ...(stepUp ? { 'x-step-up': true } : {}),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(body
      ? { requestBody: { required: true, content: { 'application/json': { schema: json(body, 'input') } } } }
      : {}),
    responses,
  };
}

function parametersOf(where: 'path' | 'query', schema: Schema | undefined): unknown[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = json(schema, 'input') as {
    properties?: Record<string, unknown>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, of]) => ({
    name,
    in: where,
    required: required.includes(name),
    schema: of,
  }));
}

function json(schema: Schema, typeMode: 'input' | 'output') {
  // A check that JSON Schema has no word for (control characters) stays with the daemon.
  return toJsonSchema(schema as Parameters<typeof toJsonSchema>[0], {
    errorMode: 'ignore',
    typeMode,
    target: 'draft-2020-12',
  });
}
