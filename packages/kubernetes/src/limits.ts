/** Every number of the cluster adapter, with its unit in the name and the reason beside it. */
import { CLUSTER_REQUEST_TIMEOUT_SECONDS } from '@countersign/approvals';

/** From the first byte sent to the last byte read; the core's lease counts on it. */
export const REQUEST_TIMEOUT_MILLISECONDS = CLUSTER_REQUEST_TIMEOUT_SECONDS * 1000;
/** An answer beyond this is no answer: a list of a namespace's pods with all their fields is far below it. */
export const RESPONSE_BYTES_MAX = 32 * 1024 * 1024;
/** Connections of one identity; more would only queue in the API server's fairness. */
export const CONNECTIONS_MAX = 16;
/** Idle connections kept open; idle ones are closed before a usual load balancer (60 s) does it under a request. */
export const CONNECTIONS_IDLE_MAX = 4;
export const CONNECTION_IDLE_MILLISECONDS = 30_000;

/** Objects per page of a list; the API server's own clients use the same. */
export const LIST_PAGE_OBJECTS = 500;
/** Pages of one list; a namespace with more objects is answered with a refusal, never with a part of it. */
export const LIST_PAGES_MAX = 20;
/** A list whose continue token expired (410) starts anew this often. */
export const LIST_RESTARTS_MAX = 2;

/** How long the list of served kinds is believed: a CRD that was just installed is found by the miss below. */
export const DISCOVERY_AGE_MILLISECONDS_MAX = 60_000;
/** A name that is not served makes us look again, at most this often. */
export const DISCOVERY_MISS_AGE_MILLISECONDS_MIN = 5_000;
/** A cluster with many operators serves some hundred kinds. */
export const DISCOVERY_KINDS_MAX = 5_000;
export const DISCOVERY_GROUP_VERSIONS_MAX = 300;
export const DISCOVERY_SHORT_NAMES_MAX = 10;
/** A label, a dot and an RFC 1123 subdomain. */
export const KIND_NAME_CHARACTERS_MAX = 317;
export const KIND_CANDIDATES_MAX = 20;

/** Bytes of one patch or manifest as canonical JSON: intent and review of a plan share one record with it. */
export const DOCUMENT_BYTES_MAX = 200_000;
/** Members and items of one patch or manifest; a person reads the result. */
export const DOCUMENT_VALUES_MAX = 10_000;
/** Levels of one patch or manifest; canonical JSON ends at 64, and a plan wraps it in a few. */
export const DOCUMENT_LEVELS_MAX = 40;
/** Operations of one JSON patch. */
export const JSON_PATCH_OPERATIONS_MAX = 500;
/** What a refusal says of an input that is wrong in many places. */
export const ISSUES_MAX = 10;
/** Conflicts of a server-side apply that are named one by one. */
export const FIELD_CONFLICTS_MAX = 20;
/** Of a field's path and of a field manager's name. */
export const CONFLICT_CHARACTERS_MAX = 200;

/** Differences that are named one by one; more tell a reader nothing. */
export const CHANGED_PATHS_MAX = 50;
/** A dry run that meets a newer object (409) is repeated on a fresh read this often. */
export const PREPARE_CONFLICT_RETRIES_MAX = 3;
/** `from` and `to` of one change; what is longer is cut, named and never low risk. */
export const CHANGE_VALUE_CHARACTERS_MAX = 2_000;
/** Changes listed one by one. */
export const CHANGES_MAX = 200;
/** Warnings of the API server on one dry run. */
export const WARNINGS_MAX = 10;
/** The raw diff; what is longer is cut, named and never low risk. */
export const RAW_DIFF_CHARACTERS_MAX = 60_000;
/** Findings and touches: a sentence. */
export const SENTENCE_CHARACTERS_MAX = 500;
/** A hidden value that turns up in the open: as a whole text, and within one. Shorter ones are in every text. */
export const COPIED_CHARACTERS_MIN = 4;
export const COPIED_WITHIN_CHARACTERS_MIN = 6;
/** 128 bits: a salt that nobody can guess keeps a commitment from telling its value. */
export const SALT_BYTES = 16;

/** Text from the cluster (messages, labels) that agents and pages are shown. */
export const TEXT_CHARACTERS_MAX = 1_000;
/** Selectors of a read; the API server judges their grammar. */
export const SELECTOR_CHARACTERS_MAX = 500;
/** More requirements in one selector are nobody's question. */
export const SELECTOR_TERMS_MAX = 20;
/** A continue token of ours, the API server's within: that one holds a name and a resource version. */
export const CONTINUE_CHARACTERS_MAX = 2_048;
/** Entries of one list answer. */
export const LIST_ENTRIES_MAX = 500;
/** Objects that are held at once while a list is read for an agent: at 10 KB a pod, one megabyte. */
export const LIST_CHUNK_OBJECTS = 100;
/** Of one list answer as JSON: it must still fit what the endpoint shows of others' text, twice (structured and as text). */
export const LIST_BYTES_MAX = 40_000;
/** One entry beyond this is told of by its name alone. */
export const LIST_ENTRY_BYTES_MAX = 20_000;
/** One object as YAML. */
export const YAML_CHARACTERS_MAX = 40_000;
/** Events that are looked through for the newest: 10 pages. The API cannot sort them. */
export const EVENT_PAGES_MAX = 10;
/** Events beside one described object. */
export const RELATED_EVENTS_MAX = 20;
/** Findings of one diagnosis: the worst come first. */
export const FINDINGS_MAX = 40;
/** Pods that one finding names; the rest are counted. */
export const FINDING_OBJECTS_MAX = 5;
/** Last lines of the log of a container that fails: why it ended usually stands there. */
export const DIAGNOSIS_LOG_LINES = 15;
/** Values of one label that are named where a selector matches none. */
export const LABEL_VALUES_MAX = 10;
/** Routes of an Ingress and jobs of a CronJob that are looked at one by one. */
export const DIAGNOSED_PARTS_MAX = 50;
/** Nodes that are told of one by one; all are counted. */
export const NODES_SHOWN_MAX = 100;
/** Revisions of one workload: Kubernetes keeps ten unless told otherwise. */
export const REVISIONS_SHOWN_MAX = 50;
/** Newest events that are looked through for whether an old revision ever ran. */
export const HISTORY_EVENTS_MAX = 500;
/** Namespaces whose pods are counted at once. */
export const NAMESPACES_AT_ONCE = 4;
/** A whole object: how deep, how long its lists, how many members of one map. */
export const SHOWN_DEPTH_MAX = 20;
export const SHOWN_LIST_ITEMS_MAX = { concise: 30, detailed: 200 } as const;
export const SHOWN_MEMBERS_MAX = 200;
export const ANNOTATIONS_SHOWN_MAX = 50;
/** Columns of a Table that the server made. */
export const TABLE_COLUMNS_MAX = 12;
/** Objects of one kind in an agent's overview. */
export const OVERVIEW_OBJECTS_MAX = 200;
/** What an agent gets of a log: the newest bytes. */
export const LOG_BYTES_MAX = 64 * 1024;
/** What is fetched of it: the API server cuts at the newest end, so more is fetched and cut here at the oldest. */
export const LOG_FETCH_BYTES_MAX = 1024 * 1024;
/** A longer line is cut before any pattern looks at it: patterns take time that grows with the line. */
export const LOG_LINE_CHARACTERS_MAX = 4_000;
export const LOG_TAIL_LINES_MAX = 500;

/** How deep in an object a pod's template is looked for: a CronJob's is four members down. */
export const POD_SPEC_DEPTH_MAX = 32;
/** Nodes of a policy's expression: what it costs to judge grows with it. */
export const EXPRESSION_NODES_MAX = 300;
/** `exists` within `all`: each level multiplies by the length of a list. */
export const EXPRESSION_LOOPS_NESTED_MAX = 2;
/** Bytes of the object that an expression is asked about; the API server takes objects of 1.5 MB. */
export const EXPRESSION_OBJECT_BYTES_MAX = 1024 * 1024;
/**
 * Steps that one expression may take on one object, estimated before it runs: its nodes, times the longest list for each loop within loop,
 * times the object's size in KiB (one step may compare so much text). About a second of one core.
 */
export const EXPRESSION_STEPS_MAX = 5_000_000;
/** Deeper than any kind of Kubernetes; what lies below is hidden whole. */
export const OBJECT_DEPTH_MAX = 64;

/** Pages of one list that a blast radius looks through: 2000 objects. Where there are more, it says so. */
export const SURROUNDINGS_PAGES_MAX = 4;
/** Names in one sentence of the blast radius; the rest is a number. */
export const BLAST_NAMES_MAX = 5;
/** What counts as a last change worth telling. */
export const LAST_CHANGES_MINUTES = 60;
/** Somebody else's change so recent that both may be at the same work. */
export const JUST_CHANGED_MINUTES = 10;
/** What writes an object within this time of its creation is still making it. */
export const CREATION_SECONDS = 60;
