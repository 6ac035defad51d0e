/** Every number of the endpoint, with its unit in the name and the reason beside it. */

/** Largest request body: the largest honest call holds a manifest or two. */
export const REQUEST_BODY_BYTES_MAX = 262_144;
/** Requests of one principal: an eager agent polling several plans at once stays below. */
export const CALLS_PER_MINUTE_MAX = 600;
/** Proposals of one principal: each one costs a dry run, a mail and a person's attention. */
export const PROPOSALS_PER_MINUTE_MAX = 30;
export const BUDGET_WINDOW_SECONDS = 60;

/** API Gateway gives up after 30 s: the longest wait stays below, with room for the answer. */
export const WAIT_SECONDS_DEFAULT = 20;
export const WAIT_SECONDS_MAX = 25;
/** How long execute_approved_plan waits for the outcome; it also seals a release before. */
export const OUTCOME_WAIT_MILLISECONDS_MAX = 22_000;
export const POLL_MILLISECONDS = 200;
/** A plan that has not moved for this long is looked at less often. */
export const POLL_EAGER_MILLISECONDS = 4_000;
export const POLL_SLOW_MILLISECONDS = 1_000;

export const EVENTS_DEFAULT = 50;
export const EVENTS_MAX = 100;
/** Pods, events and other parts of one diagnosis: the worst and the newest come first. */
export const DIAGNOSTICS_DEFAULT = 20;
/** Nodes that are told of one by one; all are counted. */
export const NODES_DEFAULT = 20;
export const NODES_MAX = 100;
export const REVISIONS_DEFAULT = 10;
export const REVISIONS_MAX = 50;
/** Namespaces whose pods one call counts. */
export const HEALTH_NAMESPACES_MAX = 50;
/** Entries of a list: what a model reads without losing the thread; the adapter also cuts at its bytes. */
export const LIST_DEFAULT = 50;
export const LIST_MAX = 500;
export const KIND_CHARACTERS_MAX = 317;
export const CONTINUE_CHARACTERS_MAX = 2_048;
export const API_RESOURCES_DEFAULT = 50;
export const API_RESOURCES_MAX = 200;
export const API_RESOURCES_OFFSET_MAX = 10_000;
/** One object as YAML is one text. */
export const OBJECT_TEXT_CHARACTERS_MAX = 50_000;
export const LOG_LINES_DEFAULT = 200;
export const LOG_LINES_MAX = 500;
export const ANOMALIES_DEFAULT = 20;
export const ANOMALIES_MAX = 100;
/** Read from the store before namespaces are filtered. */
export const ANOMALIES_READ_MAX = 500;
/** Open plans that are looked through for those that the caller may see, and how many at once. */
export const OPEN_PLANS_READ_MAX = 200;
export const OPEN_PLANS_READ_AT_ONCE = 20;
export const PENDING_APPROVALS_MAX = 50;
export const TIMELINE_EVENTS_MAX = 100;
export const SELECTOR_CHARACTERS_MAX = 300;
/** Kubernetes allows more, a plan does not: see the policy's own bounds, which decide. */
export const REPLICAS_MAX = 1_000;
export const IMAGE_CHARACTERS_MAX = 512;
/** Values in one manifest or patch; a body of the largest size could hold ten times as many. */
export const DOCUMENT_VALUES_MAX = 20_000;
/** Levels of one manifest or patch: the deepest field of a Pod lies at 14, a CRD's schema a little deeper. */
export const DOCUMENT_DEPTH_MAX = 40;
/** A YAML text, before anything is made of it. */
export const YAML_CHARACTERS_MAX = 200_000;
/** Empty documents count, too. */
export const YAML_DOCUMENTS_MAX = 50;
/** One kubectl command: a patch in quotes is the longest honest one. */
export const COMMAND_CHARACTERS_MAX = 8_000;
/** A word of the caller's that a refusal repeats. */
export const QUOTED_WORD_CHARACTERS_MAX = 40;
/** What an agent says of one command, and how it calls its danger. */
export const EXPLANATION_CHARACTERS_MAX = 1_000;
export const SAFETY_LEVEL_CHARACTERS_MAX = 40;
/** Replaced values of an RFC 6902 patch. */
export const JSON_PATCH_OPERATIONS_MAX = 100;
export const JSON_POINTER_CHARACTERS_MAX = 2_000;

/** Untrusted text in one answer: some clients cut a result at 25,000 tokens. */
export const UNTRUSTED_CHARACTERS_MAX = 65_536;
/** A single text of this size is no answer of a cluster: it is kept out whole, not cut. */
export const QUARANTINE_CHARACTERS_MIN = 1_000_000;
/** Of a caller's arguments; what lies beyond is flagged as too long to be looked through. */
export const SCREENED_CHARACTERS_MAX = 300_000;
/** One text within it; pod logs have a limit of their own. */
export const UNTRUSTED_TEXT_CHARACTERS_MAX = 4_000;
export const LOG_CHARACTERS_MAX = 60_000;
/** Longest secret that a pattern takes for one; a text is cut at least this far before a limit that falls into a word. */
export const SECRET_CHARACTERS_MAX = 8_192;
export const UNTRUSTED_DEPTH_MAX = 24;
/** Properties of one object that are kept, cut short, after the budget is used up. */
export const UNTRUSTED_PROPERTIES_KEPT = 40;
/** Flags named in one answer; more say nothing more. */
export const FLAGS_MAX = 20;
/** Words between the two halves of a suspicious passage. */
export const FLAG_DISTANCE_WORDS_MAX = 10;
/** base64 of base64. */
export const BASE64_DEPTH_MAX = 2;
/** A refusal's sentence may quote the API server. */
export const REFUSAL_CHARACTERS_MAX = 1_000;

/** What a client keeps of a description and of the instructions (2 KB in the strictest known client). */
export const DESCRIPTION_CHARACTERS_MAX = 600;
export const INSTRUCTIONS_CHARACTERS_MAX = 2_000;
/** All tool definitions together, as tools/list answers them: what every conversation pays. */
export const TOOL_DEFINITIONS_CHARACTERS_MAX = 80_000;

/** How long clients may keep the resource metadata. */
export const METADATA_AGE_SECONDS = 300;
export const RETRY_AFTER_SECONDS = 5;
export const FAULT_ID_BYTES = 9;
