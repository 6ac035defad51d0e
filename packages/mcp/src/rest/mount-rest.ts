/** Puts the REST into the endpoint's application: the same token, scopes, budgets, bindings, guard and access log as for /mcp. */
import type { Context, Hono } from 'hono';
import { authenticated, type Edge, scopeRefusal } from '../http/authenticate.ts';
import { type EdgeRefusal, publicEdgeRefusal } from '../http/edge-refusal.ts';
import { faultResponse } from '../http/fault-response.ts';
import { readJson } from '../http/read-message.ts';
import { unreadable } from '../http/unreadable.ts';
import { runTool } from '../server/call-tool.ts';
import { DECISION_PATHS, REST_ROUTES, type RestRoute } from './rest-routes.ts';
import { statusOf } from './status-of.ts';

export function mountRest(app: Hono, site: Edge): void {
  for (const path of new Set(REST_ROUTES.map((route) => route.path)))
    app.all(path, (c) =>
      serve(
        c,
        REST_ROUTES.filter((route) => route.path === path),
        site,
      ),
    );
  for (const path of DECISION_PATHS) app.all(path, (c) => undecided(c, site));
}

async function serve(c: Context, routes: readonly RestRoute[], site: Edge): Promise<Response> {
  const request = c.req.raw;
  const principal = await authenticated(request, site, 'rest');
  if (!principal.ok) return principal.refusal;
  const route = routes.find(({ method }) => method === request.method);
  if (route === undefined)
    return refused(405, { code: 'http.method_not_allowed' }, { allow: routes.map(({ method }) => method).join(', ') });
  const body = route.method === 'POST' ? await readJson(request) : undefined;
  if (body !== undefined && !body.ok) return unreadable(body.refusal, 'rest');
  const { tool, input } = route.asks({ id: c.req.param('id') ?? null, query: c.req.query(), body: body?.value });
  const scoped = await scopeRefusal(
    tool.scopesFor(input),
    { principal: principal.value, tool: tool.name },
    site,
    'rest',
  );
  if (scoped !== undefined) return scoped;
  const { ports, config, entries } = site;
  const call = { principal: principal.value, ports, config, signal: request.signal };
  const result = await runTool(tool, input, call, entries);
  if (!result.ok) return faultResponse(statusOf(result.refusal.code), result.refusal, {}, 'rest');
  const { status, body: answer } = route.answers(result.value.structured, config);
  return Response.json(answer, { status });
}

/** The same for every plan, existing or not, and whoever asks: no token decides anything. */
async function undecided(c: Context, site: Edge): Promise<Response> {
  const principal = await authenticated(c.req.raw, site, 'rest');
  if (!principal.ok) return principal.refusal;
  await site.entries.add('tool.refused', principal.value.id, { tool: null, code: 'decision.not_here' });
  return refused(403, { code: 'decision.not_here' });
}

const refused = (status: number, refusal: EdgeRefusal, headers: { readonly [name: string]: string } = {}): Response =>
  faultResponse(status, publicEdgeRefusal(refusal), headers, 'rest');
