/** Every number of the pages, with its unit in the name and the reason beside it. */

/** A form of ours: a comment of 2000 characters, each at most 12 bytes when form-encoded, and the tokens. */
export const FORM_BYTES_MAX = 48 * 1024;
/** Any other body is refused by its length before it is read. */
export const BODY_BYTES_MAX = 64 * 1024;
/** 128 random bits: repeats of one form are told from two forms. */
export const IDEMPOTENCY_KEY_BYTES = 16;
/** 192 random bits in a mail link; 128 would do. */
export const LOCATOR_BYTES = 24;
/** Open plans looked at for one inbox; a deployment with more has another problem, and the page says so. */
export const INBOX_OPEN_PLANS_MAX = 60;
/** Finished plans below the open ones. */
export const INBOX_RECENT_PLANS_MAX = 20;
/** Plans whose events make the audit page. */
export const AUDIT_PLANS_MAX = 30;
export const AUDIT_EVENTS_MAX = 200;
export const ANOMALIES_MAX = 60;
/** The raw diff inside the page, all objects together; the rest is one link away and named. Keeps a page under 60 KB. */
export const RAW_DIFF_CHARACTERS_MAX = 12_000;
/** Form posts of one person in one window; a person who votes faster does not read. */
export const POSTS_MAX = 30;
export const POSTS_WINDOW_SECONDS = 60;
/** A mail's subject: what a list of mails shows. */
export const SUBJECT_CHARACTERS_MAX = 120;
/** An address (RFC 5321 section 4.5.3.1.3). */
export const ADDRESS_CHARACTERS_MAX = 254;
/** A display name on a page or in a mail. */
export const NAME_CHARACTERS_MAX = 80;
/** A value in an event's or a list's small print. */
export const FACT_CHARACTERS_MAX = 160;
/** What people compare of a digest beside its words. */
export const SHORT_DIGEST_HEX_DIGITS = 4;
