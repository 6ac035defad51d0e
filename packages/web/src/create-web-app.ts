/** The people's pages and their JSON: one route table, in which everything that is not written down is refused. */
import { publicRefusal, type Refusal } from '@countersign/approvals';
import { type Context, type Handler, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { ASSETS, type Asset } from './assets/assets.ts';
import { faultMessage, METHOD_NOT_ALLOWED, NOT_FOUND, TOO_LARGE, wrongHost } from './http/messages.ts';
import { securityHeaders } from './http/security-headers.ts';
import { signedIn, signedInApi } from './http/signed-in.ts';
import { page, SIGNED_OUT, type Site } from './http/site.ts';
import { BODY_BYTES_MAX } from './limits.ts';
import { type Message, MessagePage } from './pages/message-page.tsx';
import type { WebConfig, WebPorts } from './ports.ts';
import { apiPlanRoute, apiPlansRoute } from './routes/api-routes.ts';
import { decisionRoute } from './routes/decision-route.ts';
import { anomaliesRoute, auditRoute, inboxRoute } from './routes/list-routes.ts';
import { locatorRoute } from './routes/locator-route.ts';
import {
  cancelRoute,
  lookAgainRoute,
  revokeRoute,
  settleNotWrittenRoute,
  settleWrittenRoute,
} from './routes/plan-action-routes.ts';
import { planPageRoute, rawDiffRoute } from './routes/plan-page-route.ts';
import { beginSignIn, completeSignIn, signedOutPage, signOut } from './routes/sign-in-routes.ts';

export interface Route {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly handler: (site: Site) => Handler;
}

/** GET also answers HEAD. Only the POSTs change a record. */
export const WEB_ROUTES: readonly Route[] = [
  { method: 'GET', path: '/', handler: (site) => signedIn(site, inboxRoute(site)) },
  { method: 'GET', path: '/plans/:planId', handler: (site) => signedIn(site, planPageRoute(site)) },
  { method: 'GET', path: '/plans/:planId/diff', handler: (site) => signedIn(site, rawDiffRoute(site)) },
  { method: 'POST', path: '/plans/:planId/decision', handler: decisionRoute },
  { method: 'POST', path: '/plans/:planId/cancel', handler: cancelRoute },
  { method: 'POST', path: '/plans/:planId/revoke', handler: revokeRoute },
  { method: 'POST', path: '/plans/:planId/settle-written', handler: settleWrittenRoute },
  { method: 'POST', path: '/plans/:planId/settle-not-written', handler: settleNotWrittenRoute },
  { method: 'POST', path: '/plans/:planId/look-again', handler: lookAgainRoute },
  { method: 'GET', path: '/r/:locator', handler: (site) => signedIn(site, locatorRoute(site)) },
  { method: 'GET', path: '/anomalies', handler: (site) => signedIn(site, anomaliesRoute(site)) },
  { method: 'GET', path: '/audit', handler: (site) => signedIn(site, auditRoute(site)) },
  { method: 'GET', path: '/api/plans', handler: (site) => signedInApi(site, apiPlansRoute(site)) },
  { method: 'GET', path: '/api/plans/:planId', handler: (site) => signedInApi(site, apiPlanRoute(site)) },
  { method: 'GET', path: '/signin', handler: beginSignIn },
  { method: 'GET', path: '/signin/callback', handler: completeSignIn },
  { method: 'POST', path: '/signout', handler: signOut },
  { method: 'GET', path: '/signed-out', handler: () => signedOutPage },
  { method: 'GET', path: '/healthz', handler: () => (c) => c.text('ok') },
  ...ASSETS.map((asset): Route => ({ method: 'GET', path: asset.path, handler: () => serveAsset(asset) })),
];

export function createWebApp(ports: WebPorts, config: WebConfig): Hono {
  const site: Site = { ...ports, ...config };
  const app = new Hono();
  app.use(securityHeaders());
  app.use(onlyOurHost(config.pagesOrigin));
  app.use(
    bodyLimit({
      maxSize: BODY_BYTES_MAX,
      onError: (c) => page(c, 413, MessagePage({ message: TOO_LARGE, frame: SIGNED_OUT })),
    }),
  );
  for (const route of WEB_ROUTES) app.on(route.method, route.path, route.handler(site));
  for (const path of new Set(WEB_ROUTES.map((route) => route.path))) app.all(path, methodNotAllowed(path));
  app.notFound((c) => answer(c, 404, NOT_FOUND, { code: 'plan.not_found' }));
  app.onError((error, c) => {
    ports.reportFault({ route: `${c.req.method} ${c.req.routePath}`, error });
    return answer(c, ...faultMessage(error), { code: 'internal.unavailable' });
  });
  return app;
}

/** A small page; for the API the same as JSON. */
function answer(
  c: Context,
  status: ContentfulStatusCode,
  message: Message,
  refusal: Refusal,
): Response | Promise<Response> {
  if (c.req.path.startsWith('/api/')) return c.json({ error: publicRefusal(refusal) }, status);
  return page(c, status, MessagePage({ message, frame: SIGNED_OUT }));
}

/** Stops DNS rebinding: a name of somebody else that resolves to this machine. */
function onlyOurHost(pagesOrigin: string): Handler {
  const { host } = new URL(pagesOrigin);
  return async (c, next) => {
    if ((c.req.header('host') ?? new URL(c.req.url).host) === host) return next();
    return page(c, 421, MessagePage({ message: wrongHost(pagesOrigin), frame: SIGNED_OUT }));
  };
}

function methodNotAllowed(path: string): Handler {
  const allowed = WEB_ROUTES.filter((route) => route.path === path).flatMap(({ method }) =>
    method === 'GET' ? ['GET', 'HEAD'] : [method],
  );
  return (c) => {
    c.header('allow', allowed.join(', '));
    return page(c, 405, MessagePage({ message: METHOD_NOT_ALLOWED, frame: SIGNED_OUT }));
  };
}

const serveAsset =
  (asset: Asset): Handler =>
  (c) =>
    c.body(asset.body, 200, { 'content-type': asset.type, 'cache-control': 'public, max-age=31536000, immutable' });
