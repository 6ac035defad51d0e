/** Commands that are refused by design: what to use in their place. */
import { NotUnderstood } from './not-understood.ts';

const LOOK = 'Use get_pod_logs, get_k8s_events and get_deployment_diagnostics to look into a workload.';
const MANIFEST = 'Use request_apply_manifest with the manifest that you want.';
const NODES = 'Plans change objects of a namespace only; ask an operator of this deployment.';
const HERE = 'Leave it out: no kubectl runs here.';

const INSTEAD: Readonly<Record<string, string>> = {
  exec: LOOK,
  attach: LOOK,
  debug: LOOK,
  cp: LOOK,
  'port-forward': 'Use get_deployment_diagnostics, which shows Services and their ready endpoints.',
  proxy: 'Use the get_* tools, which read the API for you.',
  run: MANIFEST,
  expose: MANIFEST,
  autoscale: MANIFEST,
  edit: 'Use request_patch_resource with the fields to change.',
  replace: MANIFEST,
  convert: HERE,
  kustomize: HERE,
  diff: 'Use request_apply_manifest: the plan that it stores shows the diff and changes nothing.',
  drain: NODES,
  cordon: NODES,
  uncordon: NODES,
  taint: NODES,
  certificate: NODES,
  config: HERE,
  plugin: HERE,
  completion: HERE,
  alpha: HERE,
  kuberc: HERE,
  options: HERE,
  wait: 'Use wait_for_plan_approval and get_plan_status.',
  top: 'Usage is not read here; get_k8s_status and get_deployment_diagnostics show restarts, limits and readiness.',
  explain: 'Use get_api_resources for kinds; field documentation is not read here.',
  'cluster-info': 'Use get_allowed_namespaces, which names the cluster; its addresses are not shown.',
  version: 'No kubectl runs here; get_api_resources says what the cluster serves.',
  'api-versions': 'Use api-resources, or get_api_resources.',
};

export function refuseVerb(verb: string): void {
  if (!Object.hasOwn(INSTEAD, verb)) return;
  throw new NotUnderstood(`kubectl ${verb} is refused by design`, INSTEAD[verb] ?? HERE);
}
