/** Every number of the real control plane's harness, with its unit in its name. */

/** The first build compiles most of Kubernetes: minutes on two cores. Afterwards Go's build cache has it. */
export const BUILD_TIMEOUT_MILLISECONDS = 30 * 60_000;
export const START_TIMEOUT_MILLISECONDS = 120_000;
export const STOP_TIMEOUT_MILLISECONDS = 20_000;
/** An admission policy holds once the API server's own watch has seen it: moments, but not at once. */
export const GUARDS_IN_FORCE_TIMEOUT_MILLISECONDS = 60_000;
export const NAMESPACE_GONE_TIMEOUT_MILLISECONDS = 120_000;
/** Between two looks at something that a cluster brings about by itself. */
export const LOOK_AGAIN_MILLISECONDS = 50;
/** What the API server gives at least; longer than any run of the suite. */
export const TOKEN_SECONDS = 4 * 3_600;
/** Kept of what the control plane says, to be shown where it does not start. */
export const LAST_WORDS_BYTES = 8_000;
/** For whatever controllers and the kubelet double bring about. */
export const LOOK_TIMEOUT_MILLISECONDS = 30_000;
