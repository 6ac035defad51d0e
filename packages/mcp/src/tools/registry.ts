/** The tools, in the order of tools/list. Another tool is a file and a line here; the snapshot test shows what it costs. */
import { canI } from './can-i.ts';
import { cancelPlan } from './cancel-plan.ts';
import { executeApprovedPlan } from './execute-approved-plan.ts';
import { executeKubectl } from './execute-kubectl.ts';
import { getAllowedNamespaces } from './get-allowed-namespaces.ts';
import { getApiResources } from './get-api-resources.ts';
import { getClusterHealth } from './get-cluster-health.ts';
import { getDaemonSetDiagnostics } from './get-daemon-set-diagnostics.ts';
import { getDeploymentDiagnostics } from './get-deployment-diagnostics.ts';
import { getHpaDiagnostics } from './get-hpa-diagnostics.ts';
import { getIngressDiagnostics } from './get-ingress-diagnostics.ts';
import { getJobDiagnostics } from './get-job-diagnostics.ts';
import { getK8sEvents } from './get-k8s-events.ts';
import { getK8sResource } from './get-k8s-resource.ts';
import { getK8sStatus } from './get-k8s-status.ts';
import { getPendingApprovals } from './get-pending-approvals.ts';
import { getPlanStatus } from './get-plan-status.ts';
import { getPodDiagnostics } from './get-pod-diagnostics.ts';
import { getPodLogs } from './get-pod-logs.ts';
import { getRolloutHistory } from './get-rollout-history.ts';
import { getServiceDiagnostics } from './get-service-diagnostics.ts';
import { getStatefulSetDiagnostics } from './get-stateful-set-diagnostics.ts';
import { listAnomalies } from './list-anomalies.ts';
import { listK8sResources } from './list-k8s-resources.ts';
import { proposeRemediation } from './propose-remediation.ts';
import { requestAnnotateResource } from './request-annotate-resource.ts';
import { requestApplyManifest } from './request-apply-manifest.ts';
import { requestDeleteManifest } from './request-delete-manifest.ts';
import { requestLabelResource } from './request-label-resource.ts';
import { requestPatchResource } from './request-patch-resource.ts';
import { requestRestartDeployment } from './request-restart-deployment.ts';
import { requestRollbackDeployment } from './request-rollback-deployment.ts';
import { requestScaleDeployment } from './request-scale-deployment.ts';
import { requestSetDeploymentImage } from './request-set-deployment-image.ts';
import { requestSeveralChanges } from './request-several-changes.ts';
import { requestUndo } from './request-undo.ts';
import type { Tool } from './tool.ts';
import type { ToolName } from './tool-names.ts';
import { TOOL_NAMES } from './tool-names.ts';
import { waitForPlanApproval } from './wait-for-plan-approval.ts';

const BY_NAME: Readonly<Record<ToolName, Tool>> = {
  get_allowed_namespaces: getAllowedNamespaces,
  get_k8s_status: getK8sStatus,
  get_k8s_events: getK8sEvents,
  get_pod_logs: getPodLogs,
  list_k8s_resources: listK8sResources,
  get_k8s_resource: getK8sResource,
  get_api_resources: getApiResources,
  get_deployment_diagnostics: getDeploymentDiagnostics,
  get_pod_diagnostics: getPodDiagnostics,
  get_service_diagnostics: getServiceDiagnostics,
  get_statefulset_diagnostics: getStatefulSetDiagnostics,
  get_daemonset_diagnostics: getDaemonSetDiagnostics,
  get_job_diagnostics: getJobDiagnostics,
  get_ingress_diagnostics: getIngressDiagnostics,
  get_hpa_diagnostics: getHpaDiagnostics,
  get_rollout_history: getRolloutHistory,
  get_cluster_health: getClusterHealth,
  can_i: canI,
  list_anomalies: listAnomalies,
  request_restart_deployment: requestRestartDeployment,
  request_scale_deployment: requestScaleDeployment,
  request_set_deployment_image: requestSetDeploymentImage,
  request_rollback_deployment: requestRollbackDeployment,
  request_apply_manifest: requestApplyManifest,
  request_delete_manifest: requestDeleteManifest,
  request_patch_resource: requestPatchResource,
  request_label_resource: requestLabelResource,
  request_annotate_resource: requestAnnotateResource,
  request_change: requestSeveralChanges,
  request_undo: requestUndo,
  propose_remediation: proposeRemediation,
  execute_kubectl: executeKubectl,
  execute_approved_plan: executeApprovedPlan,
  get_plan_status: getPlanStatus,
  wait_for_plan_approval: waitForPlanApproval,
  get_pending_approvals: getPendingApprovals,
  cancel_plan: cancelPlan,
};

export const TOOLS: readonly Tool[] = TOOL_NAMES.map((name) => BY_NAME[name]);

/** Exact names only: no alias, no hidden tool (CVE-2026-46519). */
export const toolNamed = (name: string): Tool | undefined => TOOLS.find((tool) => tool.name === name);
