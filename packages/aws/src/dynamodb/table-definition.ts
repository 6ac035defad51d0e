/**
 * The two tables as data, without an import, so that whoever declares them (the stack, one machine, a test) declares the same.
 * What lies in them: docs/storage-schema.md.
 */
export interface TableDefinition {
  readonly partitionKey: 'pk';
  readonly sortKey: 'sk';
  /** Sparse: only records with both attributes are in it. For lists alone; never a base for a decision. */
  readonly index: {
    readonly name: 'byList';
    readonly partitionKey: 'listPk';
    readonly sortKey: 'listSk';
    readonly projectedAttributes: readonly string[];
  } | null;
  readonly stream: 'NEW_IMAGE' | null;
  /** Housekeeping, never authority: deadlines are compared in conditions. */
  readonly timeToLiveAttribute: 'expiresAtEpoch' | null;
  readonly pointInTimeRecovery: boolean;
  readonly deletionProtection: boolean;
}

/** Everything but people's keys. */
export const MAIN_TABLE: TableDefinition = {
  partitionKey: 'pk',
  sortKey: 'sk',
  index: {
    name: 'byList',
    partitionKey: 'listPk',
    sortKey: 'listSk',
    // Enough for a list of plans and for the sweeper's list of overdue outbox records; anomalies are read from the base table.
    projectedAttributes: [
      'format',
      'planId',
      'status',
      'createdAt',
      'updatedAt',
      'notAfter',
      'outboxId',
      'kind',
      'pointer',
      'notice',
      'dueAt',
    ],
  },
  stream: 'NEW_IMAGE',
  timeToLiveAttribute: 'expiresAtEpoch',
  pointInTimeRecovery: true,
  deletionProtection: true,
};

/** People's keys (`PASSKEYS#person`, delegations): only functions/enrol may write here. */
export const PEOPLE_TABLE: TableDefinition = {
  partitionKey: 'pk',
  sortKey: 'sk',
  index: null,
  stream: null,
  timeToLiveAttribute: null,
  pointInTimeRecovery: true,
  deletionProtection: true,
};

export interface TableNames {
  readonly main: string;
  readonly people: string;
}
