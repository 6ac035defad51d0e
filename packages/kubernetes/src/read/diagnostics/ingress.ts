/** get_ingress_diagnostics: each route to its Service, port and ready endpoints. */
import { listAll } from '../../connection/list.ts';
import { DIAGNOSED_PARTS_MAX } from '../../limits.ts';
import { countEndpoints } from '../../objects/endpoint-count.ts';
import { ENDPOINT_SLICES, SERVICES } from '../../objects/resource-kinds.ts';
import type { EndpointSlice, Ingress, Service } from '../../objects/wire.ts';
import { safeWord } from '../safe-text.ts';
import { type IngressRoute, ingressSummary, routeJson, routesOf } from '../summaries/network.ts';
import type { Diagnose } from './diagnose.ts';
import { type FindingList, findingList } from './findings.ts';
import { relatedEvents } from './related-events.ts';

export const diagnoseIngress: Diagnose = async ({ connection, namespace, limit }, object) => {
  const ingress = object as Ingress;
  const all = routesOf(ingress);
  const routes = all.slice(0, DIAGNOSED_PARTS_MAX);
  const named = new Set(routes.flatMap(({ service }) => (service === undefined ? [] : [service])));
  const services = (await listAll<Service>(connection, SERVICES, namespace)).filter(({ metadata }) =>
    named.has(metadata?.name ?? ''),
  );
  const names = services.map(({ metadata }) => metadata?.name ?? '');
  const slices =
    names.length === 0
      ? []
      : await listAll<EndpointSlice>(connection, ENDPOINT_SLICES, namespace, {
          labelSelector: `kubernetes.io/service-name in (${names.join(',')})`,
        });
  const findings = findingList();
  ingressFindings(ingress, findings);
  const byName = new Map(services.map((service) => [service.metadata?.name, service]));
  const backends = routes.map((route) => {
    const service = byName.get(route.service ?? '');
    const endpoints = service === undefined ? { ready: 0, total: 0 } : countEndpoints(route.service ?? '', slices);
    routeFindings(route, service, endpoints.ready, findings);
    return { ...Object(routeJson(route)), serviceExists: service !== undefined, endpoints };
  });
  const uids = new Set([ingress.metadata?.uid, ...services.map(({ metadata }) => metadata?.uid)]);
  const { events, more } = await relatedEvents(connection, namespace, uids, limit);
  return {
    ingress: ingressSummary(ingress),
    findings: findings.json(),
    backends: backends.slice(0, limit),
    events: [...events],
    truncated: all.length > Math.min(limit, DIAGNOSED_PARTS_MAX) || more,
  };
};

function ingressFindings({ spec, metadata, status }: Ingress, findings: FindingList): void {
  if (spec?.ingressClassName === undefined && metadata?.annotations?.['kubernetes.io/ingress.class'] === undefined) {
    const message = 'It names no class: only a default class of the cluster would serve it.';
    findings.add({ code: 'ingress.no-class', severity: 'warning', message });
  }
  if ((status?.loadBalancer?.ingress ?? []).length === 0) {
    const message = 'It has no address: no controller has taken it up, or none says so.';
    findings.add({ code: 'ingress.no-address', severity: 'warning', message });
  }
  if ((spec?.rules ?? []).length === 0 && spec?.defaultBackend === undefined) {
    findings.add({
      code: 'ingress.no-route',
      severity: 'error',
      message: 'It has neither a rule nor a default backend.',
    });
  }
}

function routeFindings(route: IngressRoute, service: Service | undefined, ready: number, findings: FindingList): void {
  const about = `${route.host}${route.path}`;
  const name = safeWord(route.service);
  if (route.service === undefined) return;
  if (service === undefined) {
    const message = `The Service ${name} does not exist.`;
    findings.add({ code: 'ingress.service-missing', severity: 'error', message }, about);
    return;
  }
  const ports = service.spec?.ports ?? [];
  if (route.port !== undefined && !ports.some(({ name: named, port }) => route.port === port || route.port === named)) {
    const offered = ports.map(({ name: named, port }) => safeWord(named ?? String(port))).join(', ');
    const message = `The Service ${name} has no port ${safeWord(String(route.port))} (it has ${offered || 'none'}).`;
    findings.add({ code: 'ingress.port-missing', severity: 'error', message }, about);
  }
  if (ready === 0 && service.spec?.type !== 'ExternalName') {
    const message = `The Service ${name} has no ready endpoint.`;
    findings.add({ code: 'ingress.no-endpoints', severity: 'error', message, next: 'get_service_diagnostics' }, about);
  }
}
