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
/** 128 bits: a salt that nobody can guess keeps a commitment from telling its value. */
export const SALT_BYTES = 16;

/** Text from the cluster (messages, labels) that agents and pages are shown. */
export const TEXT_CHARACTERS_MAX = 1_000;
/** Selectors of a read; the API server judges their grammar. */
export const SELECTOR_CHARACTERS_MAX = 500;
/** Objects of one kind in an agent's overview. */
export const OVERVIEW_OBJECTS_MAX = 200;
/** What an agent gets of a log: the newest bytes. */
export const LOG_BYTES_MAX = 64 * 1024;
/** What is fetched of it: the API server cuts at the newest end, so more is fetched and cut here at the oldest. */
export const LOG_FETCH_BYTES_MAX = 1024 * 1024;
/** A longer line is cut before any pattern looks at it: patterns take time that grows with the line. */
export const LOG_LINE_CHARACTERS_MAX = 4_000;
export const LOG_TAIL_LINES_MAX = 500;
/** Lines of a private key: RSA with 16384 bits has fewer. */
export const PEM_LINES_MAX = 250;
