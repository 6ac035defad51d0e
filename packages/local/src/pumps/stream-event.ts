import type { _Record, AttributeValue as StreamValue } from '@aws-sdk/client-dynamodb-streams';
import type { AttributeValue, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';

/** The event that Lambda makes of stream records: as read, with binaries in base64 and the time in whole seconds. */
export function createStreamEvent(records: readonly _Record[], streamArn: string): DynamoDBStreamEvent {
  return { Records: records.map((record) => createRecord(record, streamArn)) };
}

function createRecord({ dynamodb, ...record }: _Record, streamArn: string): DynamoDBRecord {
  const {
    Keys,
    NewImage,
    OldImage,
    ApproximateCreationDateTime: created,
    SequenceNumber,
    SizeBytes,
    StreamViewType,
  } = dynamodb ?? {};
  return {
    ...(record.eventID ? { eventID: record.eventID } : {}),
    ...(record.eventName ? { eventName: record.eventName } : {}),
    ...(record.eventVersion ? { eventVersion: record.eventVersion } : {}),
    ...(record.eventSource ? { eventSource: record.eventSource } : {}),
    ...(record.awsRegion ? { awsRegion: record.awsRegion } : {}),
    ...(record.userIdentity ? { userIdentity: record.userIdentity } : {}),
    dynamodb: {
      ...(created ? { ApproximateCreationDateTime: Math.floor(created.getTime() / 1000) } : {}),
      ...(Keys ? { Keys: createImage(Keys) } : {}),
      ...(NewImage ? { NewImage: createImage(NewImage) } : {}),
      ...(OldImage ? { OldImage: createImage(OldImage) } : {}),
      ...(SequenceNumber ? { SequenceNumber } : {}),
      ...(SizeBytes === undefined ? {} : { SizeBytes }),
      ...(StreamViewType ? { StreamViewType } : {}),
    },
    eventSourceARN: streamArn,
  };
}

function createImage(image: Readonly<Record<string, StreamValue>>): Record<string, AttributeValue> {
  return Object.fromEntries(Object.entries(image).map(([name, value]) => [name, createValue(value)]));
}

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');

function createValue(value: StreamValue): AttributeValue {
  if (value.B !== undefined) return { B: base64(value.B) };
  if (value.BS !== undefined) return { BS: value.BS.map(base64) };
  if (value.L !== undefined) return { L: value.L.map(createValue) };
  if (value.M !== undefined) return { M: createImage(value.M) };
  if (value.S !== undefined) return { S: value.S };
  if (value.N !== undefined) return { N: value.N };
  if (value.SS !== undefined) return { SS: value.SS };
  if (value.NS !== undefined) return { NS: value.NS };
  if (value.BOOL !== undefined) return { BOOL: value.BOOL };
  return { NULL: true };
}
