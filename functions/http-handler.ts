/** A Hono application as the handler of an API Gateway HTTP API (payload format 2.0). */
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Hono } from 'hono';
import { handle } from 'hono/aws-lambda';

export type HttpHandler = (event: APIGatewayProxyEventV2) => Promise<APIGatewayProxyStructuredResultV2>;

/** Hono describes the same events with types of its own, which differ in optional members only. */
export const httpHandler = (app: Hono): HttpHandler => handle(app) as unknown as HttpHandler;
