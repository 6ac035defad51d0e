import type { DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { relayRecords } from './relay-records.ts';

const record = (
  over: Partial<DynamoDBRecord> = {},
  pk = 'OUTBOX#execute.pln_x.4',
  kind = 'execute',
): DynamoDBRecord => ({
  eventName: 'INSERT',
  dynamodb: { SequenceNumber: '111', NewImage: { pk: { S: pk }, sk: { S: 'OUTBOX' }, kind: { S: kind } } },
  ...over,
});
const relayed = (...Records: DynamoDBRecord[]) => relayRecords({ Records });

describe('relayRecords', () => {
  it('finds new outbox records, in order, with the place to begin again', () => {
    expect(relayed(record(), record({}, 'OUTBOX#b', 'notify'))).toEqual([
      { outboxId: 'execute.pln_x.4', kind: 'execute', sequenceNumber: '111' },
      { outboxId: 'b', kind: 'notify', sequenceNumber: '111' },
    ]);
  });

  it('passes over changed and removed records, and records of any other kind', () => {
    expect(relayed(record({ eventName: 'MODIFY' }), record({ eventName: 'REMOVE' }))).toEqual([]);
    expect(relayed(record({}, 'PLAN#OUTBOX#x'), record({}, 'outbox#x'), record({}, 'OUTBOX#'))).toEqual([]);
    expect(
      relayed(record({}, 'OUTBOX#a', 'apply-now'), record({}, `OUTBOX#${'x'.repeat(300)}`), record({}, 'OUTBOX#a b')),
    ).toEqual([]);
  });

  it('throws for no event at all', () => {
    expect(relayRecords({})).toEqual([]);
    fc.assert(
      fc.property(
        fc.array(fc.anything({ maxDepth: 3 }).map((value) => ({ dynamodb: { NewImage: value } }))),
        (Records) => {
          expect(Array.isArray(relayRecords({ Records } as unknown as DynamoDBStreamEvent))).toBe(true);
        },
      ),
    );
  });
});
