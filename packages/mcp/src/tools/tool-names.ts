/** Every tool, in the order of tools/list: stable, so that clients can cache it. There is none that approves. */
export const TOOL_NAMES = [
  'get_allowed_namespaces',
  'get_k8s_status',
  'get_k8s_events',
  'get_pod_logs',
  'get_k8s_resource',
  'get_deployment_diagnostics',
  'list_anomalies',
  'request_restart_deployment',
  'request_scale_deployment',
  'request_set_deployment_image',
  'execute_approved_plan',
  'get_plan_status',
  'wait_for_plan_approval',
  'get_pending_approvals',
  'cancel_plan',
] as const;
export type ToolName = (typeof TOOL_NAMES)[number];
