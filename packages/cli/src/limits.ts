/** What a cluster gives at least. A doctor's visit is shorter. */
export const TOKEN_SECONDS = 600;
/** ValidatingAdmissionPolicies are stable from this minor version of Kubernetes 1. */
export const KUBERNETES_MINOR_VERSION_MIN = 30;
